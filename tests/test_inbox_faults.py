"""The inbox when its database is away or the disk is full: failures wait, and are there afterwards."""

import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from tests.conftest import LOCALES, MakeApp
from tests.errors.failures import flush_inbox, wait_for
from tests.factories import PASSWORD, Factory
from tests.postgresql import skip_or_fail
from tests.test_faults import (
    Wire,
    assert_available,
    assert_unavailable,
    browser,
    locked,
    remote_browser,
    server,
    soon,
    wire,
)
from verso.bodies import END_FIELD
from verso.db import Database
from verso.models import FailureEvent, FailureGroup, Role

__all__ = ["browser", "remote_browser", "wire"]


def kept_ids(database: Database) -> set[str]:
    """The numbers of what is in the inbox; none while the database is still away."""
    try:
        with database.reader() as session:
            return {event.error_id for event in session.query(FailureEvent)}
    except OperationalError:
        return set()


def spooled(app: Flask) -> str:
    files = (Path(app.instance_path) / "spool").glob("*.jsonl")
    return "".join(file.read_text() for file in files)


def test_failures_wait_in_the_spool_while_the_database_file_is_gone(
    browser: FlaskClient, app: Flask, database: Database
) -> None:
    assert database.path is not None
    assert_available(browser)
    aside = database.path.with_suffix(".aside")
    database.path.rename(aside)
    ids = {browser.get(path).headers["X-Error-ID"] for path in ("/fr/", "/api/v1/posts")}
    flush_inbox(app)
    assert all(error_id in spooled(app) for error_id in ids)
    aside.rename(database.path)
    wait_for(lambda: kept_ids(database) >= ids)
    wait_for(lambda: spooled(app) == "")
    with database.reader() as session:
        [group] = session.query(FailureGroup)
        assert group.count == 2 and "database-unavailable" not in group.title


def test_what_an_earlier_process_left_in_the_spool_is_taken_in_at_the_next_start(
    browser: FlaskClient, app: Flask, database: Database, make_app: MakeApp
) -> None:
    assert database.path is not None
    aside = database.path.with_suffix(".aside")
    database.path.rename(aside)
    error_id = browser.get("/fr/").headers["X-Error-ID"]
    flush_inbox(app)
    app.extensions["verso.reporter"].close()
    aside.rename(database.path)
    make_app()
    wait_for(lambda: error_id in kept_ids(database))


def test_failures_wait_while_somebody_else_writes(
    browser: FlaskClient, app: Flask, database: Database
) -> None:
    with locked(database):
        answer = browser.post("/admin/documents/new/page", data={"title": "x", "body": "y"})
        assert answer.status_code == 503
        flush_inbox(app)
        assert answer.headers["X-Error-ID"] in spooled(app)
    wait_for(lambda: answer.headers["X-Error-ID"] in kept_ids(database))


@pytest.mark.postgresql
@pytest.mark.parametrize("trouble", ["freeze", "cut"])
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_failures_wait_while_postgresql_is_away(
    remote_browser: FlaskClient, wire: Wire, trouble: str
) -> None:
    app = remote_browser.application
    assert_available(remote_browser)
    getattr(wire, trouble)()
    assert_unavailable(remote_browser)
    error_id = remote_browser.get("/fr/").headers["X-Error-ID"]
    flush_inbox(app)
    assert error_id in spooled(app)
    getattr(wire, {"freeze": "thaw", "cut": "restore"}[trouble])()
    # The pause between attempts has grown to eight seconds, and an attempt may wait for its deadline.
    wait_for(lambda: error_id in kept_ids(app.extensions["verso.db"]), 90)


def test_with_neither_database_nor_spool_memory_keeps_the_failure(
    browser: FlaskClient, app: Flask, database: Database
) -> None:
    assert database.path is not None
    spool = Path(app.instance_path) / "spool"
    spool.write_text("a file where the folder should be")
    aside = database.path.with_suffix(".aside")
    database.path.rename(aside)
    error_id = browser.get("/fr/").headers["X-Error-ID"]
    flush_inbox(app)
    aside.rename(database.path)
    wait_for(lambda: error_id in kept_ids(database))


@pytest.mark.timeout(300)
def test_with_a_full_disk_reading_goes_on_writing_is_507_and_nothing_raises(
    make_app: MakeApp, tmp_path: Path
) -> None:
    """A real server whose every write to a file fails, as on a full disk (RLIMIT_FSIZE: EFBIG)."""
    if shutil.which("prlimit") is None:
        skip_or_fail("prlimit is not installed")
    app = make_app()
    database: Database = app.extensions["verso.db"]
    factory = Factory(database, tuple(LOCALES))
    factory.page("About")
    user = factory.user(role=Role.ADMIN)
    form = urlencode({"email": user.email, "password": PASSWORD, END_FIELD: 1}).encode()
    with server(tmp_path / "instance") as (process, ask):
        assert ask("/fr/about").status == 200
        before = ask("/fr/nothing")
        limit_files(process.pid, "0:unlimited")
        assert ask("/fr/about").status == 200
        during = ask("/fr/nothing")
        assert (during.status, during.headers["Content-Length"]) == (
            before.status,
            before.headers["Content-Length"],
        )
        refused = soon(lambda: ask("/admin/sign-in", form))
        assert refused.status == 507 and refused.headers["X-Error-ID"]
        assert ask("/healthz").status == 204
        limit_files(process.pid, "unlimited:unlimited")
        assert ask("/admin/sign-in", form).status == 303
        wait_for(lambda: refused.headers["X-Error-ID"] in kept_ids(database), 90)


def limit_files(pid: int, limit: str) -> None:
    """Set the size that files may have for this process; 0 makes every write fail."""
    subprocess.run(["prlimit", "--pid", str(pid), f"--fsize={limit}"], check=True)
