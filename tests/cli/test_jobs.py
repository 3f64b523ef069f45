"""`verso jobs`: jobs on the command line, for people, for cron and for programs."""

import json
from typing import Any

import pytest
from flask import Flask

from tests.conftest import MakeApp
from tests.jobs.support import Calls, add, all_jobs, let_pass
from verso.config import ConfigError
from verso.db import Database
from verso.jobs.kinds import JobKind
from verso.jobs.runner import Runner
from verso.models import Job

ATTEMPTS = 2


def run(app: Flask, *words: str, exit_code: int = 0) -> str:
    ran = app.test_cli_runner().invoke(args=list(words))
    assert ran.exit_code == exit_code, ran.output
    return ran.output


def rows(app: Flask, *words: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(run(app, "jobs", "list", "--json", *words))
    return listed


def findings(app: Flask) -> list[tuple[str, str]]:
    """What the doctor says of jobs: level and words."""
    ran = app.test_cli_runner().invoke(args=["doctor", "--json"])
    listed = json.loads(ran.output)
    return [(one["level"], one["words"]) for one in listed if one["subject"].startswith("job")]


@pytest.fixture
def calls(app: Flask) -> Calls:
    """What a kind of job of its own is called with; it fails as often as it is tried at first."""
    handler = Calls(*(LookupError("no such document") for _ in range(ATTEMPTS)))
    runner: Runner = app.extensions["verso.jobs"]
    kind = JobKind(handler, attempts=ATTEMPTS, needs=("number",))
    runner.worker.kinds = {**runner.worker.kinds, "mail": kind}
    return handler


@pytest.fixture
def failed(app: Flask, database: Database, calls: Calls) -> Job:
    """A job that failed for good."""
    add(database, "mail", {"number": 1})
    for _ in range(ATTEMPTS):
        assert "1 failed" in run(app, "jobs", "run", exit_code=1)
        let_pass(database, 60)
    return all_jobs(database)[0]


def test_run_runs_what_is_due_with_the_recurring_jobs(
    app: Flask, database: Database, calls: Calls
) -> None:
    calls._errors.clear()
    add(database, "mail", {"number": 1})
    said = run(app, "jobs", "run")
    assert "mail: finished" in said and "prune: finished" in said
    assert "2 jobs run, 0 failed." in said
    assert run(app, "jobs", "run") == "0 jobs run, 0 failed.\n"


def test_the_list_shows_states_and_the_last_error(
    app: Flask, database: Database, failed: Job
) -> None:
    add(database, "mail", {"number": 2}, key="mail:2")
    assert {row["kind"]: row["state"] for row in rows(app) if row["id"] != failed.id} == {
        "mail": "waiting",
        "prune": "waiting",
    }
    [row] = rows(app, "--state", "failed")
    assert (row["id"], row["attempts"], row["due"]) == (failed.id, ATTEMPTS, None)
    assert row["error"] == "LookupError: no such document"
    [line] = run(app, "jobs", "list", "--state", "failed").splitlines()
    assert "failed" in line and "mail  LookupError: no such document" in line
    assert run(app, "jobs", "list", "--state", "running") == "No job is running.\n"


def test_an_empty_list_says_so(app: Flask) -> None:
    assert run(app, "jobs", "list") == "There are no jobs.\n"
    assert rows(app) == []


def test_retry_gives_a_failed_job_new_attempts(app: Flask, calls: Calls, failed: Job) -> None:
    assert run(app, "jobs", "retry", str(failed.id)) == f"Job {failed.id} (mail) is due now.\n"
    assert "mail: finished" in run(app, "jobs", "run")
    assert len(calls.arguments) == ATTEMPTS + 1
    said = run(app, "jobs", "retry", str(failed.id), exit_code=1)
    assert "is done since" in said and "`verso jobs list`" in said
    assert "there is no job 99" in run(app, "jobs", "retry", "99", exit_code=1)


def test_the_doctor_advises_on_jobs_that_failed(app: Flask, failed: Job) -> None:
    [(level, words)] = findings(app)
    assert level == "advice" and "failed for good: 1" in words and "verso jobs retry" in words


def test_the_doctor_names_a_recurring_job_that_failed_as_a_problem(
    app: Flask, database: Database
) -> None:
    runner: Runner = app.extensions["verso.jobs"]
    kind = JobKind(Calls(LookupError("gone")), attempts=1, every=3600)
    runner.worker.kinds = {"prune": kind}
    run(app, "jobs", "run", exit_code=1)
    assert [level for level, _ in findings(app)] == ["problem"]
    let_pass(database, 3600)
    run(app, "jobs", "run")
    assert findings(app) == []


def test_the_doctor_notices_that_no_process_runs_jobs_or_knows_their_kind(
    app: Flask, database: Database, calls: Calls
) -> None:
    assert findings(app) == []
    add(database, "mail", {"number": 1})
    add(database, "of-a-newer-version")
    let_pass(database, 3700)
    late, unknown = (words for _, words in findings(app))
    assert "due for over an hour: 1" in late and "`verso jobs run`" in late
    assert "kinds that this version does not know: 1" in unknown


def test_only_two_ways_to_run_jobs_can_be_set(make_app: MakeApp) -> None:
    with pytest.raises(ConfigError, match="JOBS='never' is not valid: it must be one of"):
        make_app(JOBS="never")
