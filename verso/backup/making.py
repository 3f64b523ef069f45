"""Making a backup: the database first, then the files that it names, then the proof, then the name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from verso import __version__
from verso.backup import BackupError
from verso.backup.archive import CATALOGS, DATABASES, KEY, MEDIA, key_file
from verso.backup.inventory import Inventory
from verso.backup.manifest import Manifest, Seal
from verso.backup.proof import prove
from verso.backup.reader import manifest_of
from verso.backup.room import expect_room, workspace
from verso.backup.site import Site, catalog_files, left_out, settings_in_force
from verso.backup.writer import ArchiveWriter, new_file

# Told how many files of how many are in the archive.
Progress = Callable[[int, int], None]
# Beside the copy of the database lies the one that is restored from it, with its log.
COPIES = 3


@dataclass(frozen=True, slots=True)
class Backup:
    """An archive that was made, and what was wrong with the site: then it is not complete."""

    file: Path
    key_file: Path | None
    size: int
    manifest: Manifest
    seal: Seal
    complaints: list[str]

    @property
    def is_proven(self) -> bool:
        return not self.manifest.unproven

    @property
    def is_complete(self) -> bool:
        return not (self.seal.missing or self.complaints)


def make_backup(
    site: Site, target: Path, *, force: bool, with_key: bool, progress: Progress
) -> Backup:
    """Write a site that may be running to one file, private to its owner, and prove it.

    The file gets its name when it is proven; without force an earlier one is left alone. Media are
    copied after the database: their files are stored before a row names them. BackupError, OSError.
    """
    _expect_target(site, target, force=force)
    key = None if with_key else key_file(target)
    _expect_key(site, key)
    copies = site.copies
    with (
        workspace(COPIES * copies.size(), target.parent) as folder,
        new_file(target, force=force) as file,
    ):
        manifest, seal = _fill(site, file, folder, with_key=with_key, progress=progress)
        if seal.missing:
            # Images may have been deleted, with their rows, after the database was copied.
            manifest, seal = _fill(site, file, folder, with_key=with_key, progress=progress)
        complaints = prove(Path(file.name), copies, folder)
        _keep_key(site, key)
        size = file.tell()
    return Backup(target, key, size, manifest, seal, complaints)


def _expect_target(site: Site, target: Path, *, force: bool) -> None:
    """Raise BackupError for a file that cannot be written, or that must not be."""
    if not target.parent.is_dir():
        raise BackupError(f"there is no folder {target.parent}: make it first")
    for name in (MEDIA, *CATALOGS):
        if target.resolve().is_relative_to((site.instance / name).resolve()):
            raise BackupError(f"{target} is within {name}/ of the site: name a file somewhere else")
    if not target.exists():
        return
    if not force:
        raise BackupError(f"{target} is there already: name another file, or use --force")
    try:
        manifest_of(target)
    except (BackupError, IsADirectoryError) as error:
        raise BackupError(
            f"{target} is no backup, and --force replaces only one: name another file"
        ) from error


def _expect_key(site: Site, file: Path | None) -> None:
    """The same key may be there from an earlier backup; anything else is never replaced."""
    if file and file.exists() and file.read_bytes().strip() != site.key.encode():
        raise BackupError(
            f"{file} holds something else than this site's signing key, which would go there: move it away"
        )


def _keep_key(site: Site, file: Path | None) -> None:
    _expect_key(site, file)
    if file and not file.exists():
        with new_file(file, force=False) as stream:
            stream.write(site.key.encode())


def _expect_room(site: Site, inventory: Inventory, target: Path, folder: Path) -> None:
    """What is copied already needs no more room; what is to be restored on trial does."""
    needed = site.copies.size() + _size_of_media(site, inventory)
    needed += sum(path.stat().st_size for _, path in catalog_files(site.instance))
    if folder.stat().st_dev == target.stat().st_dev:
        needed += site.copies.size() * (COPIES - 1)
    expect_room(target, needed, "the backup")


def _size_of_media(site: Site, inventory: Inventory) -> int:
    """Bytes of all media files; an estimate for object storage, where asking for each takes long."""
    size = 0
    for medium in inventory.media:
        paths = [path for name in medium.files if (path := site.store.path(name))]
        size += sum(path.stat().st_size for path in paths) or 2 * medium.size
    return size


def _manifest(site: Site, inventory: Inventory, *, began: str, with_key: bool) -> Manifest:
    settings, settings_left_out = settings_in_force(site.settings)
    return Manifest(
        verso=__version__,
        schema=inventory.schema,
        database=site.copies.kind,
        began=began,
        copied=_now(),
        rows=inventory.rows,
        images=len(inventory.media),
        has_key=with_key,
        unproven=site.copies.proof() or "",
        settings=settings,
        settings_left_out=settings_left_out,
        left_out=left_out(site),
    )


def _fill(
    site: Site, file: BinaryIO, folder: Path, *, with_key: bool, progress: Progress
) -> tuple[Manifest, Seal]:
    """Write the whole archive from the beginning of the file."""
    file.seek(0)
    file.truncate()
    copy = folder / DATABASES[site.copies.kind]
    began = _now()
    inventory = site.copies.copy(copy)
    _expect_room(site, inventory, Path(file.name).parent, folder)
    manifest = _manifest(site, inventory, began=began, with_key=with_key)
    seal = _write(site, file, manifest, inventory, copy, progress)
    copy.unlink()
    return manifest, seal


def _write(
    site: Site,
    file: BinaryIO,
    manifest: Manifest,
    inventory: Inventory,
    copy: Path,
    progress: Progress,
) -> Seal:
    writer = ArchiveWriter(file, manifest)
    writer.add_file(DATABASES[manifest.database], copy)
    if manifest.has_key:
        writer.add_bytes(KEY, site.key.encode())
    media, catalogs = inventory.files, list(catalog_files(site.instance))
    missing = []
    for done, name in enumerate(media, 1):
        if not _add_medium(site, writer, name):
            missing.append(f"{MEDIA}/{name}")
        progress(done, len(media) + len(catalogs))
    for done, (name, path) in enumerate(catalogs, len(media) + 1):
        if not _add_catalog(writer, name, path):
            missing.append(name.encode(errors="backslashreplace").decode())
        progress(done, len(media) + len(catalogs))
    seal = writer.finish(ended=_now(), missing=missing)
    file.flush()
    return seal


def _add_medium(site: Site, writer: ArchiveWriter, name: str) -> bool:
    """Add a file of the store; False if it is not there, or may not be read."""
    path = site.store.path(name)
    try:
        if path:
            writer.add_file(f"{MEDIA}/{name}", path)
        else:
            writer.add_bytes(f"{MEDIA}/{name}", site.store.read(name))
    except (FileNotFoundError, PermissionError):
        return False
    return True


def _add_catalog(writer: ArchiveWriter, name: str, path: Path) -> bool:
    """Add a catalog as it is at one moment; False if it is gone, not readable, or its name no UTF-8."""
    try:
        name.encode()
        writer.add_bytes(name, path.read_bytes())
    except (FileNotFoundError, PermissionError, UnicodeEncodeError):
        return False
    return True


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
