"""Health: what is measured is there, on both databases, and little room is told from enough."""

from pathlib import Path

from verso.db import Database
from verso.health import Health, measure


def test_database_and_disk_are_measured(any_database: Database, tmp_path: Path) -> None:
    with any_database.reader() as session:
        health = measure(session, tmp_path)
    assert health.database in ("SQLite", "PostgreSQL")
    assert health.milliseconds > 0 and health.database_bytes > 10_000
    assert 0 < health.free_bytes < health.disk_bytes


def test_little_room_is_told_from_enough() -> None:
    gigabyte = 1024**3
    for free, disk, is_short in ((2, 10, False), (0.5, 10, True), (2, 100, True), (6, 100, False)):
        health = Health("SQLite", 1.0, 1, int(free * gigabyte), disk * gigabyte)
        assert health.disk_is_short is is_short, (free, disk)
