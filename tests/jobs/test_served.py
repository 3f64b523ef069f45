"""Each served process runs jobs, under every server, and a page asks the database no more for it."""

import shutil
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from tests.jobs.support import all_jobs
from tests.servers import SERVERS, running
from verso.db import Database
from verso.jobs.runner import THREAD_NAME

PATIENCE = 60.0


@pytest.mark.parametrize("server", SERVERS)
def test_every_server_runs_recurring_jobs_in_its_workers(
    server: str, tmp_path: Path, empty_database: Path
) -> None:
    shutil.copy(empty_database, tmp_path / "verso.db")
    database = Database(f"sqlite:///{tmp_path / 'verso.db'}")
    with running(server, tmp_path, "verso.app:create_served_app"):
        deadline = time.monotonic() + PATIENCE
        while not any(job.finished_at for job in all_jobs(database)):
            assert time.monotonic() < deadline
            time.sleep(0.1)
    [job] = all_jobs(database)
    assert (job.kind, job.last_error) == ("prune", "")
    database.close()


@pytest.mark.parametrize(("setting", "threads"), [("thread", 1), ("command", 0)])
def test_a_site_that_leaves_jobs_to_the_command_has_no_thread_for_them(
    tmp_path: Path, empty_database: Path, setting: str, threads: int
) -> None:
    shutil.copy(empty_database, tmp_path / "verso.db")
    with running("granian", tmp_path, "tests.runtime.served:create", VERSO_JOBS=setting) as site:
        names: list[str] = site.ask("/threads").json["names"]
    assert names.count(THREAD_NAME) == threads


def test_a_page_has_no_statement_for_jobs(app: Flask, database: Database) -> None:
    statements: list[str] = []
    event.listen(
        database.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2])
    )
    client = app.test_client()
    for path in ("/en/", "/en/blog/", "/api/v1/posts", "/readyz"):
        client.get(path)
    assert statements and not any("jobs" in statement for statement in statements)
