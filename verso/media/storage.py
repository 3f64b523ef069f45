"""Media in the store: names, URLs, and each file once under the digest of its bytes."""

import hashlib
import re
import unicodedata
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from verso.media.encoding import Focus, derived_names
from verso.media.stores import Store
from verso.models import Media
from verso.models.media import KEY_LENGTH

MAX_NAME_BYTES = 150

_KEY = re.compile(r"[0-9a-f]{16}")
_NOT_IN_NAMES = re.compile(r"[^\w.~-]+")
_SUFFIX_OF_TYPE = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "image/gif": ".gif",
    "image/svg+xml": ".svg",
}


def store(
    session: Session,
    files: Store,
    *,
    name: str,
    data: bytes,
    content_type: str,
    width: int | None,
    height: int | None,
    now: datetime,
) -> Media:
    """Keep a file as it is; the same bytes are kept once, under their first name.

    What an editor has put in place of these bytes since stays there. ValueError for a type that
    media cannot have.
    """
    if content_type not in _SUFFIX_OF_TYPE:
        raise ValueError(f"{content_type!r} is no type of media: {', '.join(_SUFFIX_OF_TYPE)}")
    digest = hashlib.sha256(data).hexdigest()
    media = find_by_key(session, digest[:KEY_LENGTH])
    if media is None:
        media = Media(
            key=digest[:KEY_LENGTH],
            digest=digest,
            name=safe_name(name, content_type),
            content_type=content_type,
            width=width,
            height=height,
            size=len(data),
            created_at=now,
            updated_at=now,
        )
        session.add(media)
        session.flush()
    if media.digest == digest:
        files.put(file_of(media), data)
    return media


def file_of(media: Media) -> str:
    """The name of a medium's file in the store."""
    return original_name(media.digest, media.content_type)


def original_name(digest: str, content_type: str) -> str:
    """The name in the store of a file with a digest."""
    return f"{digest[:2]}/{digest}{_SUFFIX_OF_TYPE[content_type]}"


def derived_file(digest: str, name: str) -> str:
    """The name in the store of a size or crop, as in `320.avif`, of a picture with a digest."""
    return f"{digest[:2]}/{digest}-{name}"


def derived_of(media: Media) -> tuple[str, ...]:
    """The names of a medium's sizes and crops."""
    focus = Focus(media.focus_x, media.focus_y)
    return derived_names(numbers(media.widths), numbers(media.cards), focus)


def files_of(media: Media) -> list[str]:
    """Everything in the store that belongs to a medium as it is now."""
    return [file_of(media), *(derived_file(media.digest, name) for name in derived_of(media))]


def numbers(joined: str) -> tuple[int, ...]:
    """`320,640` as numbers."""
    return tuple(int(part) for part in joined.split(",") if part)


def media_url(media: Media) -> str:
    """The URL path of a medium; a replacement has the same."""
    return media_address(media.key, media.name)


def version_url(media: Media, name: str) -> str:
    """The URL path of a size, a crop or the whole picture as it is now: its bytes never change."""
    return f"/media/{media.key}/{media.digest[:KEY_LENGTH]}/{quote(name)}"


def media_address(digest: str, name: str) -> str:
    """The URL path of the medium with a key or digest, which may not be stored yet."""
    return f"/media/{digest[:KEY_LENGTH]}/{quote(name)}"


def find_by_key(session: Session, key: str) -> Media | None:
    """The medium with the key of a URL, or None."""
    if not _KEY.fullmatch(key):
        return None
    return session.scalar(select(Media).where(Media.key == key))


def with_ending(name: str, content_type: str) -> str:
    """A name with the ending of a type, where it has that of another or none."""
    suffix = _SUFFIX_OF_TYPE[content_type]
    stem, _, ending = name.rpartition(".")
    known = f".{ending.lower()}"
    if known == suffix or (known, suffix) == (".jpeg", ".jpg"):
        return name
    is_image = known == ".jpeg" or known in _SUFFIX_OF_TYPE.values()
    return f"{stem if stem and is_image else name}{suffix}"


def safe_name(name: str, content_type: str) -> str:
    """A file name that may stand in a URL and on any disk, with the ending of its type."""
    name = _NOT_IN_NAMES.sub("-", unicodedata.normalize("NFC", name)).strip("-.~")
    stem, dot, ending = name.rpartition(".")
    suffix = _SUFFIX_OF_TYPE[content_type]
    is_right = f".{ending.lower()}" in {suffix, ".jpeg" if suffix == ".jpg" else suffix}
    stem, suffix = (stem, f".{ending}") if dot and is_right else (name, suffix)
    while len(stem.encode()) > MAX_NAME_BYTES:
        stem = stem[:-1]
    return f"{stem or 'image'}{suffix}"
