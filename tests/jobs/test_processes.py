"""Processes that share a queue: each job is run by one of them, and none is lost with its process."""

import os
import signal
from collections import Counter
from contextlib import ExitStack

from tests.jobs.process import EVERY, LEASE, POISON_ATTEMPTS
from tests.jobs.support import (
    Calls,
    add,
    all_jobs,
    get_job,
    let_pass,
    make_worker,
    noted,
    worker_process,
)
from verso.db import Database
from verso.jobs.kinds import JobKind
from verso.jobs.queue import enqueue
from verso.jobs.worker import Outcome
from verso.models import AuditEvent

RACE = 200


def test_three_processes_that_race_run_each_job_once(any_database: Database) -> None:
    with any_database.writing() as session:
        for number in range(RACE):
            enqueue(session, "note", {"number": number})
    with ExitStack() as stack:
        workers = [stack.enter_context(worker_process(any_database)) for _ in range(3)]
        for worker in workers:
            worker.begin()
        shares = [worker.outcomes() for worker in workers]
    # Each of them also finds the recurring job, which one of them runs.
    assert sum(map(len, shares)) == RACE + 1
    assert {outcome for share in shares for outcome in share} == {Outcome.FINISHED}
    ran = Counter(noted(any_database))
    assert ran == Counter(range(RACE)) + Counter([0])
    with any_database.reader() as session:
        assert session.query(AuditEvent.who).distinct().count() > 1


def test_a_job_whose_process_was_killed_goes_on_in_another_after_its_lease(
    any_database: Database,
) -> None:
    job_id = add(any_database, "hang")
    with worker_process(any_database) as worker:
        worker.begin()
        assert worker.read_line() == "began"
        worker.kill()
    calls = Calls()
    other, _ = make_worker(any_database, {"hang": JobKind(calls, LEASE)})
    assert other.run_next() is None
    let_pass(any_database, LEASE + 1)
    assert other.run_next() == ("hang", Outcome.FINISHED)
    assert len(calls.arguments) == 1
    assert get_job(any_database, job_id).attempts == 2


def test_a_job_that_kills_its_process_ends_as_failed(any_database: Database) -> None:
    job_id = add(any_database, "poison")
    for _ in range(POISON_ATTEMPTS):
        with worker_process(any_database) as worker:
            worker.begin()
            assert worker.process.wait(60) == -signal.SIGKILL
            assert get_job(any_database, job_id).leased_by is not None
        let_pass(any_database, LEASE + 1)
    calls = Calls()
    kinds = {"poison": JobKind(calls, LEASE, attempts=POISON_ATTEMPTS)}
    other, reports = make_worker(any_database, kinds)
    assert other.run_next() == ("poison", Outcome.FAILED)
    assert other.run_next() is None
    assert calls.arguments == []
    job = get_job(any_database, job_id)
    assert (job.attempts, job.due) == (POISON_ATTEMPTS, None) and job.failed_at is not None
    assert "did not end it within its lease" in job.last_error
    assert [report.kind for report in reports.taken] == ["Abandoned"]


def test_a_recurring_job_is_run_by_one_of_two_processes_each_time(any_database: Database) -> None:
    with worker_process(any_database) as first, worker_process(any_database) as second:
        for run in range(1, 4):
            for worker in (first, second):
                worker.begin()
            assert len(first.outcomes()) + len(second.outcomes()) == 1
            assert len(noted(any_database)) == run
            let_pass(any_database, EVERY)
    assert len(all_jobs(any_database)) == 1


def test_holders_name_the_process(any_database: Database) -> None:
    add(any_database, "hang")
    with worker_process(any_database) as worker:
        worker.begin()
        assert worker.read_line() == "began"
        [job] = [job for job in all_jobs(any_database) if job.kind == "hang"]
        assert job.leased_by is not None
        assert job.leased_by.split(":")[1] == str(worker.process.pid) != str(os.getpid())
