"""Uploads as they arrive: each file of a form is kept or refused before the next one is read.

Werkzeug would hold a thousand files open at once; here it is one, and never whole in memory.
"""

import shutil
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import request
from werkzeug.exceptions import BadRequest
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from verso.current import get_settings, get_store
from verso.db import writing
from verso.errors.problem import Problem
from verso.media.collection import add, files_to_keep, kept
from verso.media.images import ImageRefused, Reason
from verso.media.preparing import Prepared, prepare, workspace
from verso.models import Media
from verso.people import audit

PIECE = 64 * 1024
# Of what a form may carry beside its files.
MAX_FIELDS_BYTES = 1024 * 1024
MAX_PARTS = 5000
FILE_FIELD = "file"


@dataclass(frozen=True, slots=True)
class Received:
    """A file that has arrived, under the name that its sender gave it."""

    name: str
    path: Path
    size: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: a medium, or the reason why not."""

    name: str
    media: Media | None
    refused: ImageRefused | None = None


def take_all(user_id: int) -> Iterator[Taken]:
    """Keep or refuse each file of the request; what is kept stays, also if the connection breaks."""
    with workspace(get_settings().INSTANCE_PATH) as folder:
        for number, received in enumerate(files_of_request(folder)):
            made = folder / str(number)
            try:
                prepared = prepared_from(received, made)
            except ImageRefused as refused:
                yield Taken(received.name, None, refused)
                shutil.rmtree(made, ignore_errors=True)
                continue
            yield Taken(received.name, _keep(prepared, received.name, user_id))
            shutil.rmtree(made, ignore_errors=True)


def prepared_from(received: Received, folder: Path) -> Prepared:
    """Check a file that arrived and write it anew into a folder; ImageRefused."""
    most = get_settings().MAX_UPLOAD_BYTES
    if received.size > most:
        raise ImageRefused(Reason.TOO_LARGE, megabytes=most // 1024 // 1024)
    folder.mkdir()
    return prepare(received.path, received.name, folder)


def files_of_request(folder: Path) -> Generator[Received]:
    """The files of the request's form, one by one; each is gone when the next is asked for.

    The problem unsupported-media-type for what is no multipart form; BadRequest for one that ends
    too early.
    """
    boundary = request.mimetype_params.get("boundary", "")
    if request.mimetype != "multipart/form-data" or not boundary:
        raise Problem("unsupported-media-type")
    decoder = MultipartDecoder(boundary.encode(), MAX_FIELDS_BYTES, max_parts=MAX_PARTS)
    most = get_settings().MAX_UPLOAD_BYTES
    for number, part in enumerate(_parts(decoder)):
        path = folder / f"{number}.upload"
        try:
            size = _write(part, path, most)
            if part.name == FILE_FIELD and part.filename:
                yield Received(Path(part.filename.replace("\\", "/")).name, path, size)
        finally:
            path.unlink(missing_ok=True)


@dataclass(slots=True)
class _Part:
    name: str | None
    filename: str | None
    pieces: Iterator[bytes]


def _parts(decoder: MultipartDecoder) -> Iterator[_Part]:
    """The parts of the form; the pieces of one are read before the next."""
    events = _events(decoder)
    for event in events:
        if isinstance(event, File | Field):
            filename = event.filename if isinstance(event, File) else None
            yield _Part(event.name, filename, _pieces(events))


def _pieces(events: Iterator[object]) -> Iterator[bytes]:
    for event in events:
        if isinstance(event, Data):
            yield event.data
            if not event.more_data:
                return


def _events(decoder: MultipartDecoder) -> Iterator[object]:
    try:
        while True:
            event = decoder.next_event()
            while isinstance(event, NeedData):
                # An empty piece is the end; a decoder that still waits then says so.
                decoder.receive_data(request.stream.read(PIECE) or None)
                event = decoder.next_event()
            if isinstance(event, Epilogue):
                return
            yield event
    except ValueError:
        raise BadRequest from None


def _write(part: _Part, path: Path, most: int) -> int:
    """Write the pieces of a part, but none beyond what is accepted; how many bytes there were."""
    size = 0
    with path.open("wb") as file:
        for piece in part.pieces:
            size += len(piece)
            if size <= most:
                file.write(piece)
    return size


def _keep(prepared: Prepared, name: str, user_id: int) -> Media:
    store, files = get_store(), files_to_keep(prepared)
    with kept(store, files), writing() as session:
        media = add(session, prepared, name=name, user_id=user_id, now=datetime.now(UTC))
        audit.record(session, user_id, "medium-uploaded", audit.of_medium(media))
    return media
