"""Health: whether the database answers, how large it is, and how much room the disk has."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

# Below so much room an administrator should do something.
LITTLE_BYTES = 1024**3
LITTLE_PART = 0.05


@dataclass(frozen=True, slots=True)
class Health:
    """What was measured: the database's kind, milliseconds and bytes; the disk's free and total bytes."""

    database: str
    milliseconds: float
    database_bytes: int
    free_bytes: int
    disk_bytes: int

    @property
    def disk_is_short(self) -> bool:
        """Whether room runs out: less than 1 GiB, or than a twentieth."""
        return self.free_bytes < max(LITTLE_BYTES, self.disk_bytes * LITTLE_PART)


def measure(session: Session, folder: Path) -> Health:
    """Ask the database something, and the disk that a folder is on; their errors come through."""
    began = time.perf_counter()
    session.execute(text("SELECT 1"))
    spent = (time.perf_counter() - began) * 1000
    bind = session.get_bind()
    if bind.dialect.name == "sqlite":
        query = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    else:
        query = "SELECT pg_database_size(current_database())"
    size = int(session.execute(text(query)).scalar_one())
    disk = shutil.disk_usage(folder)
    names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    return Health(names[bind.dialect.name], spent, size, disk.free, disk.total)
