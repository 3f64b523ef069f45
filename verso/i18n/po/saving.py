"""Writing a `.po` file in one step, unless somebody else has written it meanwhile."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import NewType

from verso.i18n.po.document import Document

Signature = NewType("Signature", str)
# Of a file that is not there: to save with it makes the file, or finds that somebody else has.
ABSENT = Signature("")


class Conflict(OSError):
    """The file on disk is not the one that was read."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} was changed on disk since it was read, so nothing was written: "
            "read it again and repeat what you did."
        )


def read(path: Path) -> tuple[Document, Signature]:
    """The document in a file, and what to give to save."""
    data = path.read_bytes()
    return Document.parse(data), signature_of(data)


def save(path: Path, document: Document, expected: Signature) -> bool:
    """Write a document if the file still is as expected; False if it has these bytes already.

    Readers see the old file or the new one, never a part. A symbolic link stays one. Raises
    Conflict, or OSError where the disk refuses.
    """
    target = path.resolve()
    data = document.to_bytes()
    with _locked(target.parent) as folder:
        old = target.read_bytes() if target.exists() else None
        if (ABSENT if old is None else signature_of(old)) != expected:
            raise Conflict(path)
        if data == old:
            return False
        _replace(target, data)
        os.fsync(folder)
    return True


def signature_of(data: bytes) -> Signature:
    return Signature(sha256(data).hexdigest())


@contextmanager
def _locked(folder: Path) -> Iterator[int]:
    """Let nobody else of ours save in a folder; gives its descriptor."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _replace(target: Path, data: bytes) -> None:
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(6)}.tmp")
    try:
        with fresh.open("xb") as file:
            if target.exists():
                _keep_access(file.fileno(), target.stat())
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


def _keep_access(descriptor: int, old: os.stat_result) -> None:
    """Mode as before; owner too, where one may give files away."""
    with suppress(PermissionError):
        os.fchown(descriptor, old.st_uid, old.st_gid)
    os.fchmod(descriptor, old.st_mode & 0o7777)
