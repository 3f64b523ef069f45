"""The media folder: each file once, under the digest of its bytes."""

import hashlib
import os
import re
import tempfile
import unicodedata
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from verso.models import Media

KEY_LENGTH = 16
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
    media_path: Path,
    *,
    name: str,
    data: bytes,
    content_type: str,
    width: int | None,
    height: int | None,
    now: datetime,
) -> Media:
    """Keep a file; the same bytes are kept once, under their first name.

    ValueError for a type that media cannot have.
    """
    if content_type not in _SUFFIX_OF_TYPE:
        raise ValueError(f"{content_type!r} is no type of media: {', '.join(_SUFFIX_OF_TYPE)}")
    digest = hashlib.sha256(data).hexdigest()
    media = session.scalar(select(Media).where(Media.digest == digest))
    if media is None:
        media = Media(
            digest=digest,
            name=safe_name(name, content_type),
            content_type=content_type,
            width=width,
            height=height,
            size=len(data),
            created_at=now,
        )
        session.add(media)
        session.flush()
    _write(file_of(media_path, media), data)
    return media


def file_of(media_path: Path, media: Media) -> Path:
    """Where the bytes of a medium are."""
    suffix = _SUFFIX_OF_TYPE[media.content_type]
    return media_path / media.digest[:2] / f"{media.digest}{suffix}"


def media_url(media: Media) -> str:
    """The URL path of a medium; its bytes never change, so it may be cached for ever."""
    return media_address(media.digest, media.name)


def media_address(digest: str, name: str) -> str:
    """The URL path of the medium of a digest, which may not be stored yet."""
    return f"/media/{digest[:KEY_LENGTH]}/{quote(name)}"


def find_by_url(session: Session, key: str) -> Media | None:
    """The medium whose digest begins with the key in its URL, or None."""
    if not _KEY.fullmatch(key):
        return None
    query = select(Media).where(Media.digest >= key, Media.digest < f"{key}g")
    return session.scalars(query.order_by(Media.digest)).first()


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


def _write(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all, also after a power cut."""
    if path.is_file() and path.stat().st_size == len(data):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
