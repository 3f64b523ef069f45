"""Jobs exist exactly if the change that they belong to does, and a key makes one of several."""

import math
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.jobs.support import Calls, add, all_jobs, get_job, let_pass, make_worker
from verso.db import Database
from verso.jobs.kinds import Arguments, JobKind
from verso.jobs.lease import Lease
from verso.jobs.queue import MAX_ARGUMENTS, enqueue
from verso.jobs.worker import Outcome
from verso.models import Job, SiteSetting
from verso.runtime.patience import BULK, having


def test_a_job_is_gone_with_the_transaction_that_enqueued_it(any_database: Database) -> None:
    with pytest.raises(LookupError), any_database.writing() as session:
        session.add(SiteSetting(name="name", locale="en", value="New"))
        enqueue(session, "mail", {"user_id": 1})
        raise LookupError
    assert all_jobs(any_database) == []


def test_a_job_is_run_with_its_arguments_once(any_database: Database) -> None:
    calls = Calls()
    worker, _ = make_worker(any_database, {"mail": JobKind(calls, needs=("to", "words"))})
    job_id = add(any_database, "mail", {"to": 7, "words": ["é", None]})
    assert list(worker.run_due()) == [("mail", Outcome.FINISHED)]
    assert list(worker.run_due()) == []
    assert calls.arguments == [{"to": 7, "words": ["é", None]}]
    job = get_job(any_database, job_id)
    assert job.finished_at is not None and job.due is None and job.leased_by is None


def test_a_job_waits_for_its_time(any_database: Database) -> None:
    calls = Calls()
    worker, _ = make_worker(any_database, {"mail": JobKind(calls)})
    add(any_database, "mail", due=datetime.now(UTC) + timedelta(hours=1))
    assert list(worker.run_due()) == []
    let_pass(any_database, 3601)
    assert list(worker.run_due()) == [("mail", Outcome.FINISHED)]


def test_a_key_enqueued_twice_is_one_job_with_the_newest_arguments(any_database: Database) -> None:
    calls = Calls()
    kinds = {name: JobKind(calls, needs=("version",)) for name in ("export", "notify")}
    worker, _ = make_worker(any_database, kinds)
    later = datetime.now(UTC) + timedelta(hours=1)
    first = add(any_database, "export", {"version": 1}, key="page:1", due=later)
    assert add(any_database, "export", {"version": 2}, key="page:1") == first
    assert add(any_database, "export", {"version": 3}, key="page:2") != first
    assert add(any_database, "notify", {"version": 4}, key="page:1") != first
    assert len(list(worker.run_due())) == 3
    assert sorted(call["version"] for call in calls.arguments) == [2, 3, 4]


def test_a_key_is_free_once_its_job_is_finished(any_database: Database) -> None:
    worker, _ = make_worker(any_database, {"export": JobKind(Calls())})
    first = add(any_database, "export", key="page:1")
    assert len(list(worker.run_due())) == 1
    second = add(any_database, "export", key="page:1")
    assert second != first
    assert len(list(worker.run_due())) == 1


def test_a_key_enqueued_while_its_job_runs_is_run_once_more(any_database: Database) -> None:
    """The handler may have read what has changed since."""
    versions: list[int] = []

    def export(database: Database, arguments: Arguments, lease: Lease) -> None:
        versions.append(arguments["version"])
        if arguments["version"] < 3:
            for version in (2, 3):
                add(database, "export", {"version": version}, key="page:1")

    worker, _ = make_worker(any_database, {"export": JobKind(export, needs=("version",))})
    add(any_database, "export", {"version": 1}, key="page:1")
    assert worker.run_next() == ("export", Outcome.FINISHED)
    assert worker.run_next() == ("export", Outcome.FINISHED)
    assert worker.run_next() is None
    assert versions == [1, 3]
    assert len(all_jobs(any_database)) == 1


def test_a_key_of_a_failed_job_gives_it_new_attempts(any_database: Database) -> None:
    calls = Calls(LookupError("gone"))
    worker, _ = make_worker(any_database, {"export": JobKind(calls, attempts=1)})
    first = add(any_database, "export", key="page:1")
    assert worker.run_next() == ("export", Outcome.FAILED)
    assert add(any_database, "export", key="page:1") == first
    assert worker.run_next() == ("export", Outcome.FINISHED)
    assert get_job(any_database, first).failed_at is None


def test_a_key_enqueued_again_does_not_hurry_a_job_that_failed_a_moment_ago(
    any_database: Database,
) -> None:
    worker, _ = make_worker(any_database, {"export": JobKind(Calls(LookupError("gone")))})
    add(any_database, "export", key="page:1")
    assert worker.run_next() == ("export", Outcome.RETRIED)
    add(any_database, "export", key="page:1")
    assert worker.run_next() is None


def test_two_transactions_that_enqueue_a_key_at_once_make_one_job(any_database: Database) -> None:
    holding, numbers = threading.Event(), []

    def enqueue_second() -> None:
        assert holding.wait(60)
        with having(BULK):
            numbers.append(add(any_database, "export", {"version": 2}, key="page:1"))

    thread = threading.Thread(target=enqueue_second)
    thread.start()
    with any_database.writing() as session:
        first = enqueue(session, "export", {"version": 1}, key="page:1")
        holding.set()
        # The other one waits for the lock by now, or will; the order of both is the same.
        thread.join(0.3)
    thread.join()
    assert numbers == [first]
    assert [job.arguments for job in all_jobs(any_database)] == ['{"version": 2}']


@pytest.mark.parametrize(
    ("kind", "arguments", "options", "words"),
    [
        ("Mail it", {}, {}, "'Mail it' is no kind of job"),
        ("m" * 41, {}, {}, "is no kind of job"),
        ("mail", {"to whom": 1}, {}, "'to whom' is no name of an argument of mail"),
        ("mail", {}, {"key": ""}, "the key '' of mail"),
        ("mail", {}, {"key": "k" * 201}, "of mail must have 1 to 200"),
        ("mail", {"body": "x" * MAX_ARGUMENTS}, {}, "store them in a row and pass its id"),
        ("mail", {"number": math.nan}, {}, "JSON"),
    ],
)
def test_what_cannot_be_stored_is_refused_in_words(
    database: Database, kind: str, arguments: dict[str, Any], options: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        add(database, kind, arguments, **options)
    with database.reader() as session:
        assert session.scalars(select(Job)).all() == []
