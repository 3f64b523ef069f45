"""Code and schema of different age, and databases of other programs: refused in words, left as they are."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tests.cli.shell import Nursery, Shell, nursery
from tests.conftest import MakeApp
from tests.factories import Factory
from verso import schema
from verso.db import Database
from verso.models import Document
from verso.revision import REVISION
from verso.schema import SchemaError

NEWER = "0099"
PATHS = ("/en/", "/en/blog/", "/api/v1/posts", "/readyz")


@pytest.fixture(scope="module")
def process() -> Iterator[Nursery]:
    with nursery() as made:
        yield made


@pytest.fixture
def verso(process: Nursery, tmp_path: Path) -> Shell:
    """The command on a site that has been made."""
    shell = Shell(process, tmp_path / "instance")
    assert shell("init", "--no-link")[0] == 0
    return shell


def stamp(database: Database, revision: str) -> None:
    with schema.migration_engine(database).begin() as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{revision}'"))


def stamp_file(file: Path, revision: str) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = ?", (revision,))


def test_the_code_names_the_newest_migration(database: Database) -> None:
    with database.engine.connect() as connection:
        scripts = ScriptDirectory.from_config(schema.alembic_config(connection))
    assert scripts.get_heads() == [REVISION]


@pytest.mark.parametrize("revision", ["0010", NEWER])
def test_a_site_that_starts_on_another_schema_is_not_ready_and_writes_nothing(
    make_app: MakeApp, app: Flask, revision: str
) -> None:
    database: Database = app.extensions["verso.db"]
    stamp(database, revision)
    client = make_app(TESTING=True).test_client()
    for path in PATHS:
        answer = client.get(path)
        assert answer.status_code == 503, path
        assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/healthz").status_code == 204


def test_a_schema_that_changes_under_a_running_site_stops_the_next_write(
    any_database: Database,
) -> None:
    factory = Factory(any_database, ("en",))
    factory.page("Before")
    stamp(any_database, NEWER)
    with pytest.raises(OperationalError, match="newer Verso"):
        factory.page("After")
    stamp(any_database, REVISION)
    factory.page("Again")
    with any_database.reader() as session:
        assert session.query(Document).count() == 2


def test_readiness_follows_the_schema_of_a_running_site(
    client: FlaskClient, database: Database
) -> None:
    assert client.get("/readyz").status_code == 204
    stamp(database, "0010")
    assert client.get("/readyz").status_code == 503
    stamp(database, REVISION)
    assert client.get("/readyz").status_code == 204


@pytest.mark.parametrize("words", [("serve",), ("init",), ("doctor",), ("demo",), ("export", "x")])
def test_a_newer_schema_is_refused_by_every_command_with_the_way_out(
    verso: Shell, words: tuple[str, ...]
) -> None:
    file = verso.instance / "verso.db"
    stamp_file(file, NEWER)
    before = file.read_bytes()
    status, said = verso(*words)
    assert status == 1 and "Traceback" not in said
    assert "newer Verso" in said and "restore a backup" in said
    assert file.read_bytes() == before


@pytest.mark.parametrize("words", [("serve",), ("doctor",)])
def test_an_older_schema_is_refused_until_it_is_brought_up_to_date(
    verso: Shell, words: tuple[str, ...]
) -> None:
    database = Database(f"sqlite:///{verso.instance / 'verso.db'}")
    with schema.migration_engine(database).begin() as connection:
        command.downgrade(schema.alembic_config(connection), "0010")
    status, said = verso(*words)
    assert status == 1 and "older Verso" in said and "run `verso init`" in said
    assert verso("init", "--no-link")[0] == 0
    assert verso("doctor")[0] == 0


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_a_file_of_another_program_is_refused_and_left_as_it_is(
    verso: Shell, tmp_path: Path, journal: str
) -> None:
    file = tmp_path / "theirs.db"
    with closing(sqlite3.connect(file)) as theirs:
        theirs.execute(f"PRAGMA journal_mode={journal}")
        theirs.execute("CREATE TABLE x (a)")
        theirs.commit()
        before = [path.read_bytes() for path in sorted(tmp_path.glob("theirs*"))]
        status, said = verso("init", VERSO_DATABASE_URL=f"sqlite:///{file}")
        assert status == 1 and "another program" in said and "VERSO_DATABASE_URL" in said
        assert [path.read_bytes() for path in sorted(tmp_path.glob("theirs*"))] == before


@pytest.mark.parametrize(
    "content", [b"no database at all" * 300, b"SQLite format 3\0" + b"\7" * 4096]
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    verso: Shell, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "garbage.db"
    file.write_bytes(content)
    status, said = verso("init", VERSO_DATABASE_URL=f"sqlite:///{file}")
    assert status == 1 and "Traceback" not in said and "restore a backup" in said
    assert file.read_bytes() == content


def test_the_doctor_of_a_damaged_file_advises_a_backup(verso: Shell) -> None:
    file = verso.instance / "verso.db"
    content = bytearray(file.read_bytes())
    content[4096:-4096] = b"\7" * (len(content) - 8192)
    file.write_bytes(content)
    status, said = verso("doctor")
    assert status == 1 and "restore a backup" in said and "Traceback" not in said


@pytest.mark.postgresql
def test_tables_of_another_program_on_a_server_are_refused(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    with schema.migration_engine(database).begin() as connection:
        command.downgrade(schema.alembic_config(connection), "base")
        connection.execute(text("DROP TABLE alembic_version"))
        connection.execute(text("CREATE TABLE users (theirs integer)"))
    with pytest.raises(SchemaError, match="another program"):
        schema.upgrade(database)
    with schema.migration_engine(database).connect() as connection:
        tables = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        )
        assert list(tables) == ["users"]
    database.close()


@pytest.mark.postgresql
def test_a_server_whose_tables_are_gone_is_503(make_app: MakeApp, postgresql_url: str) -> None:
    app = make_app(TESTING=True, DATABASE_URL=postgresql_url)
    client = app.test_client()
    assert client.get("/en/").status_code == 200
    with schema.migration_engine(app.extensions["verso.db"]).begin() as connection:
        command.downgrade(schema.alembic_config(connection), "base")
    for path in ("/en/nope", "/api/v1/posts", "/readyz"):
        assert client.get(path).status_code == 503, path
