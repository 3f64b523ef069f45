"""The record of a site's last backup, in its instance folder: `verso doctor` reads it."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from verso.backup.writer import new_file

FILE = "last-backup.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The newest backup from which this very site can be restored."""

    file: str
    # The moment that a restore goes back to.
    when: datetime
    is_proven: bool
    is_complete: bool
    # Whether the site was itself restored from it.
    was_restored: bool = False


def write_record(instance: Path, record: Record) -> None:
    """Keep the record in place of the one before; OSError."""
    values = {**asdict(record), "when": record.when.isoformat()}
    with new_file(instance / FILE, force=True) as file:
        file.write(json.dumps(values, indent=2).encode())


def read_record(instance: Path) -> Record | None:
    """The record; None where there is none, or none that can be read."""
    try:
        values = json.loads((instance / FILE).read_bytes())
        record = Record(**{**values, "when": datetime.fromisoformat(values["when"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return record if record.when.tzinfo else None
