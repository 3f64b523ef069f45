"""The database: no update is lost, no file is invented, times keep their zone."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError, StatementError

from tests.conftest import MakeApp
from verso.db import PIECE, Database, delete_piece, reading
from verso.models import SiteSetting, Tag, User

THREADS, ROUNDS = 4, 50


@pytest.fixture
def counter(any_database: Database) -> Iterator[Database]:
    with any_database.writing() as session:
        session.add(SiteSetting(name="counter", locale="", value="0"))
    yield any_database


def test_no_update_is_lost_between_threads(counter: Database) -> None:
    acknowledged: list[int] = []

    def count() -> None:
        for _ in range(ROUNDS):
            # On a busy machine a writer may wait too long and be told so; that is no lost update.
            with suppress(OperationalError):
                with counter.writing() as session:
                    row = session.get_one(SiteSetting, ("counter", ""), with_for_update=True)
                    row.value = str(int(row.value) + 1)
                acknowledged.append(1)

    threads = [threading.Thread(target=count) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with counter.reader() as session:
        assert session.get_one(SiteSetting, ("counter", "")).value == str(len(acknowledged))
    assert len(acknowledged) > THREADS * ROUNDS / 2


def test_an_error_rolls_the_whole_transaction_back(any_database: Database) -> None:
    with pytest.raises(RuntimeError), any_database.writing() as session:
        session.add(Tag(slug="lost"))
        session.flush()
        raise RuntimeError
    with any_database.reader() as session:
        assert session.query(Tag).count() == 0


def test_times_keep_their_moment_and_naive_ones_are_refused(any_database: Database) -> None:
    local = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=5)))
    person = {"name": "A", "role": "admin", "locale": "en", "password_hash": "x"}
    with any_database.writing() as session:
        session.add(User(email="a@example.org", created_at=local, **person))
    with any_database.reader() as session:
        read = session.query(User).one().created_at
    assert read == local and read.tzinfo is UTC
    with pytest.raises(StatementError, match="no time zone"), any_database.writing() as session:
        session.add(User(email="b@example.org", created_at=datetime(2026, 1, 1), **person))


def test_a_missing_file_is_an_error_and_not_a_new_database(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'nowhere.db'}")
    with pytest.raises(OperationalError), database.reader() as session:
        session.execute(text("SELECT 1"))
    assert not (tmp_path / "nowhere.db").exists()


def test_sqlite_is_opened_so_that_it_loses_nothing(database: Database) -> None:
    with database.engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 1500,
    }


def test_a_writer_waits_a_moment_for_another_and_then_says_so(database: Database) -> None:
    with database.writing() as session:
        session.add(Tag(slug="first"))
        session.flush()
        waits: list[float] = []
        # A machine that was busy may have made it longer, but not each time.
        while len(waits) < 3 and min(waits, default=3.0) >= 3:
            began = time.monotonic()
            with pytest.raises(OperationalError, match="locked"), database.writing() as second:
                second.execute(text("SELECT 1"))
            waits.append(time.monotonic() - began)
        assert 1 < min(waits) < 3
        with database.reader() as reader:
            assert reader.query(Tag).count() == 0


def test_rows_are_deleted_in_pieces_the_first_of_an_order_first(any_database: Database) -> None:
    with any_database.writing() as session:
        for number in range(PIECE + 3):
            session.add(SiteSetting(name="x", locale=f"{number:04}", value="old"))
        session.add(SiteSetting(name="x", locale="", value="new"))
    is_old = SiteSetting.value == "old"
    with any_database.writing() as session:
        assert delete_piece(session, SiteSetting, is_old, order=SiteSetting.locale) == PIECE
        left = set(session.scalars(select(SiteSetting.locale)))
        assert left == {"", *(f"{number:04}" for number in range(PIECE, PIECE + 3))}
        assert delete_piece(session, SiteSetting, is_old, order=SiteSetting.locale) == 3
        assert delete_piece(session, SiteSetting, is_old, order=SiteSetting.locale) == 0


@pytest.mark.postgresql
def test_a_line_that_is_lost_after_the_last_answer_is_no_fault(
    make_app: MakeApp, postgresql_url: str
) -> None:
    app = make_app(TESTING=True, DATABASE_URL=postgresql_url)

    def read() -> str:
        backend = reading().scalar(text("SELECT pg_backend_pid()"))
        with psycopg.connect(postgresql_url) as other:
            other.execute("SELECT pg_terminate_backend(%s, 10000)", [backend])
        return "read"

    app.add_url_rule("/reads", "reads", read)
    client = app.test_client()
    for _ in range(2):
        answer = client.get("/reads")
        assert (answer.status_code, answer.text) == (200, "read")
