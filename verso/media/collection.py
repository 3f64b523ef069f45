"""Media as people change them: add, replace, point at, describe, delete; files and rows together."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from verso.media.encoding import Focus
from verso.media.preparing import Prepared
from verso.media.storage import (
    derived_file,
    files_of,
    find_by_key,
    original_name,
    safe_name,
    with_ending,
)
from verso.media.stores import Store, StoreUnavailable
from verso.models import Media, MediaText
from verso.models.media import KEY_LENGTH

MAX_ALT = 1000


def get_media(session: Session, media_id: int) -> Media:
    """A medium, locked for this transaction; LookupError if there is none."""
    media = session.get(Media, media_id, with_for_update=True)
    if media is None:
        raise LookupError(f"there is no medium {media_id}")
    return media


@contextmanager
def kept(store: Store, files: Mapping[str, Path]) -> Iterator[None]:
    """Put files into the store, by their names there; take them out again if the block fails.

    The block writes the rows: what it does not commit leaves no file behind. Raises OSError for a
    full disk, StoreUnavailable.
    """
    put: list[str] = []
    try:
        for name, path in files.items():
            if store.size(name) is None:
                put.append(name)
            store.put(name, path.read_bytes())
        yield
    except BaseException:
        with suppress(OSError, StoreUnavailable):
            store.delete(put)
        raise


def files_to_keep(prepared: Prepared) -> dict[str, Path]:
    """What was prepared, by its names in the store."""
    original = original_name(prepared.digest, prepared.content_type)
    files = {derived_file(prepared.digest, name): prepared.folder / name for name in prepared.names}
    return {original: prepared.folder / "original", **files}


def drop(session: Session, store: Store, names: Iterable[str]) -> None:
    """Remove files from the store but those that a medium still shows; after the commit.

    A store that is away keeps them: nothing leads there any more.
    """
    unused = set(names)
    digests = {name.partition("/")[2][:64] for name in unused}
    for media in session.scalars(select(Media).where(Media.digest.in_(digests))):
        unused -= set(files_of(media))
    with suppress(OSError, StoreUnavailable):
        store.delete(sorted(unused))


def add(
    session: Session, prepared: Prepared, *, name: str, user_id: int | None, now: datetime
) -> Media:
    """A medium of what was prepared; the one that is there already if it shows the same bytes."""
    query = select(Media).where(Media.digest == prepared.digest).order_by(Media.id)
    media = session.scalars(query).first()
    if media is None:
        key = prepared.digest[:KEY_LENGTH]
        if find_by_key(session, key) is not None:
            # These bytes were a medium that something else has replaced since.
            key = secrets.token_hex(KEY_LENGTH // 2)
        media = Media(
            key=key,
            name=safe_name(with_ending(name, prepared.content_type), prepared.content_type),
            uploader_id=user_id,
            created_at=now,
            texts=[],
        )
        session.add(media)
    elif media.widths or not prepared.widths:
        return media
    _show(media, prepared, now)
    session.flush()
    return media


def replace(session: Session, media: Media, prepared: Prepared, now: datetime) -> list[str]:
    """Show something else at the same address; the files that it showed before, to be dropped."""
    before = files_of(media)
    _show(media, prepared, now)
    session.flush()
    return before


def set_focus(
    session: Session, media: Media, focus: Focus, cards: Iterable[int], now: datetime
) -> list[str]:
    """Crop around another point; the files that are not shown any more, to be dropped."""
    before = files_of(media)
    media.focus_x, media.focus_y = focus.x, focus.y
    media.cards, media.updated_at = ",".join(map(str, cards)), now
    session.flush()
    return before


def set_sizes(media: Media, widths: str, cards: str, now: datetime) -> None:
    """Remember the sizes that were made of a picture that was kept as it was."""
    media.widths, media.cards, media.updated_at = widths, cards, now


def describe(media: Media, alts: Mapping[str, str], now: datetime) -> None:
    """Set what the picture says, by locale; an empty text means that it says nothing there yet."""
    texts = {text.locale: text for text in media.texts}
    for locale, alt in alts.items():
        words = " ".join(alt.split())[:MAX_ALT]
        if locale in texts and not words:
            media.texts.remove(texts[locale])
        elif locale in texts:
            texts[locale].alt = words
        elif words:
            media.texts.append(MediaText(locale=locale, alt=words))
    media.updated_at = now


def delete(session: Session, media: Media) -> list[str]:
    """Delete a medium; its files, to be dropped. Whoever calls has seen to it that none shows it."""
    files = files_of(media)
    session.delete(media)
    session.flush()
    return files


def _show(media: Media, prepared: Prepared, now: datetime) -> None:
    media.digest, media.content_type = prepared.digest, prepared.content_type
    media.width, media.height, media.size = prepared.width, prepared.height, prepared.size
    media.widths = ",".join(map(str, prepared.widths))
    media.cards = ",".join(map(str, prepared.cards))
    media.focus_x, media.focus_y = prepared.focus.x, prepared.focus.y
    media.updated_at = now
