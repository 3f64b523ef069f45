"""The archive: an uncompressed tar of plain files, manifest first and seal last, and the names that they may have."""

from pathlib import Path, PurePosixPath

from verso.backup import BackupError

MANIFEST = "manifest.json"
SEAL = "seal.json"
KEY = "secret_key"
# The copy of the database, by kind.
DATABASES = {"sqlite": "database.sqlite", "postgresql": "database.dump"}
MEDIA = "media"
# Folders of the instance: catalogs of the site, and what was served of them last.
CATALOGS = ("translations", "last-good")
# A key of its own lies beside the archive under its name with this ending.
KEY_SUFFIX = ".key"

_FILES = frozenset({MANIFEST, SEAL, KEY, *DATABASES.values()})
_FOLDERS = frozenset({MEDIA, *CATALOGS})


def key_file(archive: Path) -> Path:
    """Where the signing key is kept that is not in an archive."""
    return archive.with_name(archive.name + KEY_SUFFIX)


def expect_safe(name: str) -> None:
    """Raise BackupError for a member that no backup has, above all one that leads out of its folder."""
    parts = name.split("/")
    is_file = len(parts) == 1 and name in _FILES
    is_below = len(parts) > 1 and parts[0] in _FOLDERS
    is_plain = all(part not in ("", ".", "..") and "\0" not in part for part in parts)
    if not ((is_file or is_below) and is_plain and PurePosixPath(name).parts == tuple(parts)):
        raise BackupError(
            f"it holds {name!r}, which no backup has: it is damaged, or was tampered with"
        )
