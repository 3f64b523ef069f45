"""The manifest, an archive's first member, and the seal, its last: what is in it, and that it is whole."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from verso.backup import BackupError

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an archive holds. Times are ISO 8601 in UTC; the state is that of a moment within them."""

    verso: str
    schema: str
    # "sqlite" or "postgresql".
    database: str
    # When the copy of the database was begun and ended.
    began: str
    copied: str
    # Rows by table.
    rows: dict[str, int]
    images: int
    has_key: bool
    # Why the archive was not proven by restoring it; empty if it was, before it got its name.
    unproven: str
    settings: dict[str, str] = field(default_factory=dict)
    # Names of settings that hold secrets, and what of the instance is not in the archive.
    settings_left_out: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    format: int = FORMAT

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), indent=2, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """When an archive was complete, the SHA-256 of each other member, and files that were missing."""

    ended: str
    missing: list[str]
    sha256: dict[str, str]

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1, ensure_ascii=False).encode()


def read_manifest(content: bytes) -> Manifest:
    """The manifest in a member; BackupError for one that is not ours, or of a later format."""
    values = _object(content)
    version = values.get("format")
    if isinstance(version, int) and version > FORMAT:
        raise BackupError(
            f"it is a backup of a newer Verso (format {version}, this one knows {FORMAT}): install that "
            f"Verso, {values.get('verso', 'of unknown version')}"
        )
    manifest: Manifest = _made(Manifest, values)
    for name in ("began", "copied"):
        _expect_time(name, getattr(manifest, name))
    return manifest


def read_seal(content: bytes) -> Seal:
    """The seal in a member; BackupError for one that is not ours."""
    seal: Seal = _made(Seal, _object(content))
    return seal


def _object(content: bytes) -> dict[str, Any]:
    try:
        values = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BackupError(
            "its manifest is no JSON: it is damaged, or no backup of Verso"
        ) from error
    if not isinstance(values, dict):
        raise BackupError("its manifest is no JSON object: it is no backup of Verso")
    return values


def _made(cls: Any, values: dict[str, Any]) -> Any:
    """An instance of a dataclass whose fields have the types that its annotations say, one level deep."""
    try:
        made = cls(**values)
    except TypeError as error:
        raise BackupError(f"its manifest does not fit: {error}") from error
    for name, annotation in cls.__annotations__.items():
        kind = getattr(annotation, "__origin__", annotation)
        if type(getattr(made, name)) is not kind:
            raise BackupError(f"its manifest does not fit: {name} is no {kind.__name__}")
        _expect_items(name, getattr(made, name), getattr(annotation, "__args__", ()))
    return made


def _expect_time(name: str, value: str) -> None:
    try:
        is_aware = datetime.fromisoformat(value).tzinfo is not None
    except ValueError as error:
        raise BackupError(f"its manifest does not fit: {name} is {value!r}") from error
    if not is_aware:
        raise BackupError(f"its manifest does not fit: {name} has no time zone")


def _expect_items(name: str, value: Any, kinds: tuple[type, ...]) -> None:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if any(type(item) is not kinds[-1] for item in items):
        raise BackupError(f"its manifest does not fit: {name} holds something else")
