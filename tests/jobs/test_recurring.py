"""Recurring jobs: one row for each kind, due again after each run, whatever became of it."""

from tests.jobs.support import Calls, add, all_jobs, let_pass, make_worker
from verso.db import Database
from verso.jobs.kinds import JobKind
from verso.jobs.listing import count_jobs
from verso.jobs.taking import LAST_RETRY
from verso.jobs.worker import Outcome

HOUR = 3600.0


def test_there_is_one_however_often_it_is_scheduled(any_database: Database) -> None:
    calls = Calls()
    kinds = {"prune": JobKind(calls, every=HOUR), "mail": JobKind(calls)}
    worker, _ = make_worker(any_database, kinds)
    for _ in range(3):
        worker.schedule()
        list(worker.run_due())
    assert [job.kind for job in all_jobs(any_database)] == ["prune"]
    assert len(calls.arguments) == 1
    let_pass(any_database, HOUR)
    assert list(worker.run_due()) == [("prune", Outcome.FINISHED)]


def test_it_is_due_again_after_it_failed_for_good(any_database: Database) -> None:
    calls = Calls(LookupError("a"), LookupError("a"))
    kinds = {"prune": JobKind(calls, attempts=2, every=HOUR)}
    worker, reports = make_worker(any_database, kinds)
    worker.schedule()
    assert worker.run_next() == ("prune", Outcome.RETRIED)
    let_pass(any_database, 60)
    assert worker.run_next() == ("prune", Outcome.FAILED)
    with any_database.reader() as session:
        assert count_jobs(session, kinds).recurring == ("prune",)
    let_pass(any_database, LAST_RETRY)
    assert worker.run_next() == ("prune", Outcome.FINISHED)
    assert len(reports.taken) == 1
    with any_database.reader() as session:
        assert count_jobs(session, kinds).recurring == ()


def test_a_shorter_interval_takes_effect_at_once_and_a_longer_one_after_the_next_run(
    any_database: Database,
) -> None:
    calls = Calls()
    for interval, wait, ran in ((HOUR, 0.0, 1), (60.0, 61.0, 2), (HOUR, 60.0, 3), (HOUR, 61.0, 3)):
        worker, _ = make_worker(any_database, {"prune": JobKind(calls, every=interval)})
        worker.schedule()
        let_pass(any_database, wait)
        list(worker.run_due())
        assert len(calls.arguments) == ran


def test_a_kind_as_key_makes_its_recurring_job_due_at_once(any_database: Database) -> None:
    calls = Calls()
    worker, _ = make_worker(any_database, {"prune": JobKind(calls, every=HOUR)})
    worker.schedule()
    assert len(list(worker.run_due())) == 1
    add(any_database, "prune", key="prune")
    assert len(list(worker.run_due())) == 1
    [job] = all_jobs(any_database)
    assert job.due is not None


def test_a_row_that_is_gone_is_made_again(any_database: Database) -> None:
    worker, _ = make_worker(any_database, {"prune": JobKind(Calls(), every=HOUR)})
    worker.schedule()
    with any_database.writing() as session:
        session.delete(session.merge(all_jobs(any_database)[0]))
    worker.schedule()
    assert list(worker.run_due()) == [("prune", Outcome.FINISHED)]
