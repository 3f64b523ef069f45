"""Writing: private files that get their names when they are complete, and the archive's members."""

import errno
import hashlib
import io
import os
import secrets
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from verso.backup import BackupError
from verso.backup.archive import MANIFEST, SEAL
from verso.backup.manifest import Manifest, Seal
from verso.runtime.instance import sync_folder

PRIVATE = 0o600
# File systems that have no hard links say one of these.
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK})


@contextmanager
def new_file(path: Path, *, force: bool) -> Iterator[BinaryIO]:
    """A file that only its owner may read, and that gets its name when the block ends well.

    Without force a file that has the name by then is left as it is: BackupError.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC
    descriptor = os.open(temporary, flags, PRIVATE)
    try:
        with open(temporary, "r+b", opener=lambda *_: descriptor) as file:
            yield file
            file.flush()
            os.fsync(descriptor)
            _give_name(temporary, path, force=force)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def _give_name(temporary: Path, path: Path, *, force: bool) -> None:
    """A link fails where the name is taken, also by a backup that ended a moment ago."""
    if force:
        temporary.replace(path)
        return
    try:
        path.hardlink_to(temporary)
    except FileExistsError as error:
        raise BackupError(f"{path} is there already: name another file, or use --force") from error
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if path.exists():
            raise BackupError(
                f"{path} is there already: name another file, or use --force"
            ) from error
        temporary.replace(path)


class ArchiveWriter:
    """Writes members to a stream one after the other, and remembers the SHA-256 of each."""

    def __init__(self, stream: BinaryIO, manifest: Manifest) -> None:
        self._tar = tarfile.TarFile(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT)
        self._sha256: dict[str, str] = {}
        self.add_bytes(MANIFEST, manifest.to_json())

    def add_bytes(self, name: str, content: bytes) -> None:
        self._add(name, io.BytesIO(content), len(content))

    def add_file(self, name: str, path: Path) -> None:
        """Add a file of this machine; FileNotFoundError, with nothing written, if there is none."""
        with path.open("rb") as file:
            self._add(name, file, os.fstat(file.fileno()).st_size)

    def finish(self, *, ended: str, missing: list[str]) -> Seal:
        """Write the seal, without which an archive counts as cut off."""
        seal = Seal(ended=ended, missing=missing, sha256=dict(self._sha256))
        self.add_bytes(SEAL, seal.to_json())
        self._tar.close()
        return seal

    def _add(self, name: str, stream: BinaryIO, size: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, PRIVATE, int(time.time())
        hashed = _Hashed(stream)
        self._tar.addfile(member, hashed)
        self._sha256[name] = hashed.digest.hexdigest()


class _Hashed(io.RawIOBase):
    """A stream that computes the SHA-256 of what is read from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self._stream.read(size)
        self.digest.update(content)
        return content
