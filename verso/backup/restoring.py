"""Restoring a backup: unpacked beside the site, checked and upgraded there, then exchanged with what is there."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree

from verso.backup import BackupError
from verso.backup.archive import CATALOGS, DATABASES, KEY, MEDIA, key_file
from verso.backup.exchange import Exchange
from verso.backup.making import Progress
from verso.backup.manifest import Manifest
from verso.backup.reader import Contents, manifest_of, unpack
from verso.backup.record import FILE as RECORD
from verso.backup.record import Record, write_record
from verso.backup.room import expect_room
from verso.backup.site import Site, settings_in_force
from verso.backup.targets import Target, target_of
from verso.media.stores import LocalStore
from verso.revision import REVISION
from verso.runtime import instance
from verso.secret import FILE as KEY_FILE

SECRET_VALUE, UNSET = "(a secret)", "(unset)"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, where what was there before is now, and what is not as it was."""

    contents: Contents
    kept: list[Path]
    has_key: bool
    complaints: list[str]
    # Names of settings with their value in the backup and here.
    settings: dict[str, tuple[str, str]]


def restore_backup(site: Site, archive: Path, *, force: bool, progress: Progress) -> Restored:
    """Put a backup in the place of a site that no process uses; what was there is moved aside.

    Without force a site that is there is left alone. Nothing changes before all of the archive is
    unpacked and checked; a failure after that puts everything back. BackupError, InstanceUnusable,
    OSError.
    """
    manifest, target = manifest_of(archive), target_of(site)
    _expect_fit(archive, manifest, target.kind)
    with instance.alone(site.instance):
        target.expect_unused()
        has_site = _expect_empty(site, target, force=force)
        return _Restore(site, archive, target, has_site=has_site).run(progress)


def _expect_fit(archive: Path, manifest: Manifest, kind: str) -> None:
    """Raise BackupError for a backup that this site, or this Verso, cannot hold."""
    if manifest.database != kind:
        raise BackupError(
            f"{archive} is of a site on {manifest.database}, and this one is on {kind}: restore it into "
            f"an instance on {manifest.database} (VERSO_DATABASE_URL), then take it over with "
            "`verso export` and `verso import`"
        )
    if manifest.schema > REVISION:
        raise BackupError(
            f"{archive} is of a newer Verso (schema {manifest.schema}, this one knows {REVISION}): "
            f"install Verso {manifest.verso} or newer"
        )


def _expect_empty(site: Site, target: Target, *, force: bool) -> bool:
    """Whether a site is there; BackupError if it is and may not be replaced."""
    database = target.present()
    present = [database] if database else []
    for folder in (site.settings.media_path, site.instance / CATALOGS[0]):
        if folder.is_symlink() or (folder.is_dir() and any(folder.iterdir())):
            present.append(str(folder))
    if present and not force:
        raise BackupError(
            f"there is a site already ({', '.join(present)}): name another VERSO_INSTANCE_PATH, or use "
            "--force, which moves what is there aside"
        )
    return bool(present)


class _Restore:
    """One restore: where its parts go, and the steps in their order."""

    def __init__(self, site: Site, archive: Path, target: Target, *, has_site: bool) -> None:
        self._site, self._archive, self._target, self._has_site = site, archive, target, has_site
        self._exchange = Exchange(datetime.now(UTC), secrets.token_hex(2))
        self._key = site.instance / KEY_FILE
        self._folders = [site.instance / name for name in (MEDIA, *CATALOGS)]
        self._last_backup = site.instance / RECORD
        self._parts = [self._key, self._last_backup, *self._folders, target.place]

    def run(self, progress: Progress) -> Restored:
        """Unpack, check, exchange; the staging folders go in any case."""
        size = self._archive.stat().st_size
        self._exchange.remove_abandoned(self._site.instance)
        for folder in {part.parent for part in self._parts}:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            expect_room(folder, size, "the restore")
        try:
            contents = unpack(self._archive, self._place)
            has_key = self._stage_key()
            complaints = self._target.check(self._exchange.staged(self._target.place), contents)
            self._store_media(progress)
            self._stage_record(contents, complaints)
            self._exchange_parts(contents)
            kept = self._kept_folders()
        finally:
            self._exchange.clean(self._parts)
        differing = _differing_settings(self._site, contents.manifest)
        kept = [folder for folder in kept if folder.is_dir()]
        return Restored(contents, kept, has_key, complaints, differing)

    def _place(self, name: str) -> Path | None:
        """Where a member is unpacked to: the staging folder of its part."""
        if name == DATABASES[self._target.kind]:
            return self._exchange.stage(self._target.place)
        if name == KEY:
            return self._exchange.stage(self._key)
        first, _, rest = name.partition("/")
        return self._exchange.stage(self._site.instance / first) / rest if rest else None

    def _stage_key(self) -> bool:
        """Take the key from the archive, else from the file beside it; False if there is none."""
        staged, beside = self._exchange.stage(self._key), key_file(self._archive)
        if not staged.exists() and beside.exists():
            staged.touch(0o600)
            staged.write_bytes(beside.read_bytes())
        return staged.exists()

    def _store_media(self, progress: Progress) -> None:
        """Put files into object storage; a local folder is exchanged as a whole."""
        if isinstance(self._site.store, LocalStore):
            return
        folder = self._exchange.staged(self._site.instance / MEDIA)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        for done, path in enumerate(files, 1):
            self._site.store.put(path.relative_to(folder).as_posix(), path.read_bytes())
            progress(done, len(files))
        rmtree(folder, ignore_errors=True)

    def _exchange_parts(self, contents: Contents) -> None:
        """The database comes last: without it no other command takes the instance for a site."""
        kept = ", ".join(map(str, self._kept_folders()))
        exchange = self._exchange
        with instance.exchanging(self._site.instance, self._archive, kept, exchange.undo):
            if exchange.staged(self._key).exists():
                self._clear(self._key)
                exchange.put_in_place(self._key)
            for part in (*self._folders, self._last_backup):
                self._clear(part)
                exchange.put_in_place(part)
            self._target.replace(exchange, contents)

    def _clear(self, path: Path) -> None:
        """Move a part aside; where there was no site it was made a moment ago, by this command."""
        if self._has_site:
            self._exchange.move_aside(path)
        elif path.is_dir():
            rmtree(path)
        else:
            path.unlink(missing_ok=True)

    def _kept_folders(self) -> list[Path]:
        return sorted({self._exchange.kept(part).parent for part in self._parts})

    def _stage_record(self, contents: Contents, complaints: list[str]) -> None:
        """The last backup of the restored site is this one; that of the site before goes with it."""
        manifest = contents.manifest
        record = Record(
            file=str(self._archive.absolute()),
            when=datetime.fromisoformat(manifest.began),
            is_proven=True,
            is_complete=not (contents.seal.missing or complaints),
            was_restored=True,
        )
        write_record(self._exchange.stage(self._last_backup).parent, record)


def _differing_settings(site: Site, manifest: Manifest) -> dict[str, tuple[str, str]]:
    """Settings that a restored site does not have as it had them: Verso changes no variables."""
    here, secrets_here = settings_in_force(site.settings)
    before = {**dict.fromkeys(manifest.settings_left_out, SECRET_VALUE), **manifest.settings}
    here = {**dict.fromkeys(secrets_here, SECRET_VALUE), **here}
    return {
        name: (before.get(name, UNSET), here.get(name, UNSET))
        for name in sorted(before.keys() | here.keys())
        if before.get(name) != here.get(name)
    }
