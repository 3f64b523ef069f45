"""What no request waits for has patience of its own for the database."""

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from verso.db import Database
from verso.models import SiteSetting
from verso.runtime.patience import BULK, REQUEST, current, having

# Seconds: longer than a request waits for a lock and for an answer.
LONG = REQUEST.answer + 0.6


@pytest.fixture
def locked(any_database: Database) -> Database:
    """A database in which a row is about to be locked for long."""
    with any_database.writing() as session:
        session.add(SiteSetting(name="row", locale="", value="0"))
    return any_database


def hold(database: Database, holding: threading.Event, enough: threading.Event) -> None:
    with database.writing() as session:
        session.get_one(SiteSetting, ("row", ""), with_for_update=True)
        holding.set()
        enough.wait(60)


def test_bulk_work_waits_longer_for_a_lock_than_a_request(locked: Database) -> None:
    holding, enough = threading.Event(), threading.Event()
    holder = threading.Thread(target=hold, args=(locked, holding, enough))
    holder.start()
    assert holding.wait(60)
    with pytest.raises(OperationalError), locked.writing() as session:
        session.get_one(SiteSetting, ("row", ""), with_for_update=True)
    threading.Timer(LONG, enough.set).start()
    with having(BULK), locked.writing() as session:
        session.get_one(SiteSetting, ("row", ""), with_for_update=True).value = "1"
    holder.join()
    with locked.reader() as session:
        assert session.get_one(SiteSetting, ("row", "")).value == "1"


@pytest.mark.postgresql
def test_bulk_work_waits_longer_for_an_answer_than_a_request(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    sleep = text(f"SELECT pg_sleep({LONG})")
    with having(BULK), database.reader() as session:
        session.execute(sleep)
    with pytest.raises(OperationalError), database.reader() as session:
        session.execute(sleep)
    database.close()


def test_a_request_after_bulk_work_on_the_same_connection_is_as_impatient_as_ever(
    any_database: Database,
) -> None:
    with having(BULK), any_database.writing() as session:
        session.add(SiteSetting(name="a", locale="", value=""))
    with any_database.writing() as session:
        if any_database.is_sqlite:
            assert session.scalar(text("PRAGMA busy_timeout")) == REQUEST.lock * 1000
        else:
            assert session.scalar(text("SHOW lock_timeout")) == f"{REQUEST.lock * 1000:.0f}ms"
            assert session.scalar(text("SHOW statement_timeout")) == "2s"


def test_patience_ends_with_its_block_also_after_an_error() -> None:
    with pytest.raises(LookupError), having(BULK):
        assert current() is BULK
        raise LookupError
    assert current() is REQUEST
