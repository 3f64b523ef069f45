"""Reading an archive: every member is checked by name, kind and SHA-256 before anything relies on it."""

import hashlib
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from verso.backup import BackupError
from verso.backup.archive import MANIFEST, SEAL, expect_safe
from verso.backup.manifest import Manifest, Seal, read_manifest, read_seal

# Manifest and seal are read into memory: a backup of a million images has a seal of 150 MB.
MAX_LISTING = 512 * 1024**2
CHUNK = 1024 * 1024
# Where a member is written to, by its name; None for one that is only checked.
Place = Callable[[str], Path | None]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a whole archive says of itself, and the names of its other members."""

    manifest: Manifest
    seal: Seal

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.seal.sha256)


def manifest_of(path: Path) -> Manifest:
    """The manifest of an archive. BackupError for a file that is none, OSError."""
    with _opened(path) as tar, _naming(path):
        return read_manifest(_first(tar))


def unpack(path: Path, place: Place = lambda name: None) -> Contents:
    """Check a whole archive and write members to where `place` says; each file is new.

    BackupError for an archive that is cut off, damaged or tampered with; OSError.
    """
    with _opened(path) as tar, _naming(path):
        first = _first(tar)
        manifest, sha256 = read_manifest(first), {MANIFEST: hashlib.sha256(first).hexdigest()}
        while (member := tar.next()) is not None:
            if member.name == SEAL:
                seal = read_seal(_content(tar, member))
                _expect_end(tar)
                return _sealed(manifest, seal, sha256)
            _expect_plain(member, sha256)
            sha256[member.name] = _copy(tar, member, place(member.name))
        raise BackupError("it is cut off: its end is missing")


def _first(tar: tarfile.TarFile) -> bytes:
    member = tar.next()
    if member is None or member.name != MANIFEST:
        raise BackupError("it does not begin with a manifest: it is no backup of Verso")
    return _content(tar, member)


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    if not _is_plain(member) or member.size > MAX_LISTING:
        raise BackupError(f"{member.name} is no plain file of a reasonable size")
    content = _stream(tar, member).read()
    if len(content) != member.size:
        raise BackupError(f"it is cut off within {member.name}")
    return content


def _expect_plain(member: tarfile.TarInfo, earlier: dict[str, str]) -> None:
    expect_safe(member.name)
    if not _is_plain(member):
        raise BackupError(f"{member.name} is a link, a device or the like: it was tampered with")
    if member.name in earlier:
        raise BackupError(f"{member.name} is in it twice: it is damaged, or was tampered with")


def _is_plain(member: tarfile.TarInfo) -> bool:
    return member.type == tarfile.REGTYPE and not member.issparse() and member.size >= 0


def _copy(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path | None) -> str:
    """Write a member to a new file if there is a target; its SHA-256."""
    digest, left = hashlib.sha256(), member.size
    # Media and catalogs are no secret, and people edit catalogs in ways of their own.
    mode = 0o644 if "/" in member.name else 0o600
    source = _stream(tar, member)
    with _created(target, mode) if target else nullcontext() as file:
        while chunk := source.read(min(CHUNK, left)):
            left -= len(chunk)
            digest.update(chunk)
            if file:
                file.write(chunk)
    if left:
        raise BackupError(f"it is cut off within {member.name}")
    return digest.hexdigest()


def _created(target: Path, mode: int) -> BinaryIO:
    target.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.fdopen(os.open(target, flags, mode), "wb")


def _stream(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    stream = tar.extractfile(member)
    if stream is None:
        raise BackupError(f"{member.name} is no plain file")
    return stream


def _expect_end(tar: tarfile.TarFile) -> None:
    if (extra := tar.next()) is not None:
        raise BackupError(f"{extra.name} comes after its end: it was tampered with")


def _sealed(manifest: Manifest, seal: Seal, sha256: dict[str, str]) -> Contents:
    differing = [name for name, value in sha256.items() if seal.sha256.get(name) != value]
    lacking = sorted(seal.sha256.keys() - sha256.keys())
    if differing or lacking:
        raise BackupError(
            f"it is damaged: {len(differing) + len(lacking)} members differ from what was written, "
            f"as {', '.join((differing + lacking)[:3])}"
        )
    return Contents(manifest, seal)


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    with path.open("rb") as stream:
        try:
            tar = tarfile.TarFile(fileobj=stream)
        except (tarfile.TarError, ValueError, EOFError) as error:
            raise BackupError(
                f"{path} is no backup of Verso, or its beginning is damaged"
            ) from error
        with tar:
            yield tar


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Put the name of the archive in front of what is wrong with it."""
    try:
        yield
    except BackupError as error:
        raise BackupError(f"{path} cannot be used: {error}") from error
    except (tarfile.TarError, ValueError, EOFError) as error:
        raise BackupError(f"{path} cannot be used: it is cut off or damaged ({error})") from error
