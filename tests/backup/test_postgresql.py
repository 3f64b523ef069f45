"""On PostgreSQL its own tools copy and restore; nothing is left on the server, and no password shows."""

import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from tests.backup.sites import add_picture, back_up, files_in, restore, rows_of, site_of
from tests.factories import Factory
from tests.postgresql import SERVER, fresh_database, skip_or_fail
from verso.app import create_app
from verso.backup import BackupError
from verso.backup.postgresql import TRIAL, PostgresqlCopies
from verso.db import Database
from verso.runtime.instance import expect_finished

pytestmark = pytest.mark.postgresql


@pytest.fixture(autouse=True)
def _needs_its_tools() -> None:
    if not shutil.which("pg_dump"):
        skip_or_fail("pg_dump and pg_restore are not installed: they come with postgresql-client")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "site.tar"


@contextmanager
def app_on(url: str, folder: Path) -> Iterator[Flask]:
    app = create_app({"INSTANCE_PATH": folder, "DATABASE_URL": url, "LOG_LEVEL": "error"})
    yield app
    app.extensions["verso.db"].close()


@pytest.fixture
def served(postgresql_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A site on PostgreSQL."""
    with app_on(postgresql_url, tmp_path / "one") as app:
        yield app


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Flask]:
    """An application on a PostgreSQL database without tables."""
    with fresh_database() as url, app_on(url, tmp_path / "two") as app:
        yield app


@pytest.fixture
def weak_role(served: Flask) -> Iterator[str]:
    """The URL of the site's database for a role that may create no database."""
    name = f"verso_weak_{secrets.token_hex(4)}"
    database = site_of(served).database.url.database
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'pass word'")
        with psycopg.connect(SERVER, dbname=database, autocommit=True) as own:
            own.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}")
            own.execute(f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}")
        yield f"postgresql://{name}:pass%20word@{SERVER.rpartition('@')[2].partition('/')[0]}/{database}"
        with psycopg.connect(SERVER, dbname=database, autocommit=True) as own:
            own.execute(f"DROP OWNED BY {name}")
        server.execute(f"DROP ROLE {name}")


def trials() -> list[str]:
    with psycopg.connect(SERVER) as server:
        query = "SELECT datname FROM pg_database WHERE datname LIKE %s"
        return [name for (name,) in server.execute(query, [f"{TRIAL}%"])]


def factory_of(app: Flask) -> Factory:
    return Factory(site_of(app).database, ("en",))


def rows(app: Flask) -> dict[str, list[object]]:
    return rows_of(site_of(app).database)


def test_a_restored_site_is_the_one_that_was_backed_up(
    served: Flask, empty: Flask, file: Path
) -> None:
    factory_of(served).post("Hello", tags=("one",))
    add_picture(served, factory_of(served), b"a picture")
    made = back_up(served, file)
    assert made.is_proven and made.is_complete
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    restored = restore(empty, file)
    assert rows(empty) == rows(served)
    assert restored.kept == []
    assert empty.test_client().get("/en/blog/hello").status_code == 200
    assert trials() == []


def test_a_site_that_is_there_is_dumped_aside(served: Flask, empty: Flask, file: Path) -> None:
    factory_of(served).post("Hello")
    back_up(served, file)
    restore(empty, file)
    factory_of(empty).post("Later")
    before = rows(empty)
    with pytest.raises(BackupError, match="there is a site already"):
        restore(empty, file)
    assert rows(empty) == before
    [kept] = restore(empty, file, force=True).kept
    assert rows(empty) == rows(served)
    with PostgresqlCopies(site_of(empty).database).trial(kept / "database.dump") as database:
        assert rows_of(database) == before


def test_other_sessions_are_in_the_way(served: Flask, empty: Flask, file: Path) -> None:
    back_up(served, file)
    with (
        psycopg.connect(site_of(empty).settings.database_url),
        pytest.raises(BackupError, match=r"other sessions use .* \(1 of them\): stop the site"),
    ):
        restore(empty, file)


def test_tables_of_another_program_are_left_alone_even_with_force(
    served: Flask, empty: Flask, file: Path
) -> None:
    back_up(served, file)
    with psycopg.connect(site_of(empty).settings.database_url) as other:
        other.execute("CREATE TABLE theirs (x int)")
    with pytest.raises(BackupError, match="tables of another program"):
        restore(empty, file, force=True)
    assert list(rows(empty)) == ["theirs"]


def test_a_role_that_may_create_no_database_makes_a_backup_that_is_not_proven(
    weak_role: str, served: Flask, empty: Flask, tmp_path: Path, file: Path
) -> None:
    factory_of(served).post("Hello")
    with app_on(weak_role, tmp_path / "weak") as app:
        made = back_up(app, file)
    assert not made.is_proven
    assert "may not create a database" in made.manifest.unproven
    assert b"pass word" not in file.read_bytes()
    restore(empty, file)
    assert rows(empty) == rows(served)


def test_a_password_goes_to_the_tools_by_the_environment(
    weak_role: str, tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "bin" / "pg_dump"
    tool.parent.mkdir()
    real = shutil.which("pg_dump")
    tool.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/arguments\nexec {real} "$@"\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}:{os.environ['PATH']}")
    with app_on(weak_role, tmp_path / "weak") as app:
        back_up(app, file)
    arguments = (tmp_path / "arguments").read_text()
    assert "--dbname=postgresql://" in arguments
    assert "pass" not in arguments.replace("--no-password", "")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (None, "pg_dump is not on the PATH: install"),
        ("echo 'pg_dump (PostgreSQL) 9.6.1'", "install the client programs of"),
        ("test $1 = --version && echo '(PostgreSQL) 99' || { echo broken >&2; exit 1; }", "broken"),
    ],
)
def test_tools_that_are_missing_old_or_fail_are_told(
    served: Flask,
    tmp_path: Path,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: str | None,
    words: str,
) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    if script:
        (folder / "pg_dump").write_text(f"#!/bin/sh\n{script}\n")
        (folder / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(BackupError, match=words):
        back_up(served, file)
    assert not file.exists()


def test_a_trial_that_fails_leaves_no_database(served: Flask, tmp_path: Path) -> None:
    broken = tmp_path / "broken.dump"
    broken.write_bytes(b"PGDMP but not really")
    database = site_of(served).database
    with (
        pytest.raises(BackupError, match="pg_restore failed"),
        PostgresqlCopies(database).trial(broken),
    ):
        pass
    assert trials() == []


def test_a_restore_that_fails_on_the_server_brings_back_what_was_there(
    served: Flask, empty: Flask, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second call of pg_restore fails: after the trial, and after the tables were dropped."""
    back_up(served, file)
    restore(empty, file)
    factory_of(empty).post("Later")
    add_picture(empty, factory_of(empty), b"a later picture")
    before, media = rows(empty), files_in(site_of(empty).settings.media_path)
    tool = tmp_path / "bin" / "pg_restore"
    tool.parent.mkdir()
    count = f"{tmp_path}/count"
    tool.write_text(
        f"#!/bin/sh\necho x >> {count}\n[ $(wc -l < {count}) = 2 ] && exit 1\n"
        f'exec {shutil.which("pg_restore")} "$@"\n'
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}:{os.environ['PATH']}")
    with pytest.raises(BackupError, match="pg_restore failed: it ended with 1"):
        restore(empty, file, force=True)
    assert rows(empty) == before
    assert files_in(site_of(empty).settings.media_path) == media
    expect_finished(site_of(empty).instance)


def test_rows_that_are_written_meanwhile_are_in_the_counts_or_not_at_all(
    served: Flask, tmp_path: Path
) -> None:
    database: Database = site_of(served).database
    factory_of(served).post("Hello")
    inventory = PostgresqlCopies(database).copy(tmp_path / "copy.dump")
    factory_of(served).post("Later")
    with PostgresqlCopies(database).trial(tmp_path / "copy.dump") as copy:
        assert {name: len(entries) for name, entries in rows_of(copy).items()} == inventory.rows
