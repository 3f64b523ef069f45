"""A job is run by one worker at a time, tried again later and later, and never without an end."""

from datetime import timedelta

import pytest

from tests.clock import clock_ahead
from tests.jobs.support import SECRET, Calls, add, all_jobs, get_job, let_pass, make_worker
from verso.db import Database
from verso.jobs.kinds import Arguments, JobKind, Kinds, RetryLater
from verso.jobs.lease import Lease, LeaseLost
from verso.jobs.listing import JobState, list_jobs
from verso.jobs.taking import FIRST_RETRY, JITTER, LAST_RETRY, pause_after
from verso.jobs.worker import MAX_ERROR, Outcome

LEASE = 60.0


def test_kinds_and_arguments_of_a_newer_process_are_left_for_it(any_database: Database) -> None:
    old, new = Calls(), Calls()
    old_kinds: Kinds = {"mail": JobKind(old, needs=("to",), takes=("locale",))}
    new_kinds = {
        "mail": JobKind(new, needs=("to",), takes=("locale", "style")),
        "webhook": JobKind(new),
    }
    add(any_database, "webhook")
    add(any_database, "mail", {"to": 1, "style": "plain"})
    add(any_database, "mail", {"to": 2, "locale": "fr"})
    add(any_database, "mail", {"to": 3})
    assert len(list(make_worker(any_database, old_kinds)[0].run_due())) == 2
    assert [call["to"] for call in old.arguments] == [2, 3]
    assert [job.attempts for job in all_jobs(any_database)] == [0, 0, 1, 1]
    assert len(list(make_worker(any_database, new_kinds)[0].run_due())) == 2


def test_the_job_that_has_been_due_longest_comes_first(any_database: Database) -> None:
    calls = Calls()
    worker, _ = make_worker(any_database, {"mail": JobKind(calls, needs=("to",))})
    for number in range(3):
        add(any_database, "mail", {"to": number})
        let_pass(any_database, 1)
    assert len(list(worker.run_due())) == 3
    assert [call["to"] for call in calls.arguments] == [0, 1, 2]


def test_attempts_come_later_and_later_until_the_job_has_failed(any_database: Database) -> None:
    calls = Calls(*(LookupError("gone") for _ in range(4)))
    worker, reports = make_worker(any_database, {"mail": JobKind(calls, attempts=4)})
    job_id = add(any_database, "mail")
    for attempt in range(1, 4):
        assert worker.run_next() == ("mail", Outcome.RETRIED)
        shortest = FIRST_RETRY * 2 ** (attempt - 1)
        let_pass(any_database, shortest - 5)
        assert worker.run_next() is None
        let_pass(any_database, shortest * JITTER + 5)
    assert worker.run_next() == ("mail", Outcome.FAILED)
    let_pass(any_database, 10 * LAST_RETRY)
    assert worker.run_next() is None
    job = get_job(any_database, job_id)
    assert (job.attempts, job.due, job.last_error) == (4, None, "LookupError: gone")
    assert job.failed_at is not None
    assert len(reports.taken) == 1


def test_pauses_have_a_bound_and_differ() -> None:
    assert all(LAST_RETRY <= pause_after(attempt) <= LAST_RETRY * 1.25 for attempt in (9, 99, 9999))
    assert len({pause_after(1) for _ in range(20)}) > 1


def test_a_failure_is_reported_once_where_it_happened_without_secrets(
    any_database: Database,
) -> None:
    error = LookupError(f"no route with {SECRET} and hunter2hunter2" + " and more" * MAX_ERROR)
    worker, reports = make_worker(any_database, {"mail": JobKind(Calls(error), takes=("token",))})
    job_id = add(any_database, "mail", {"token": "hunter2hunter2"})
    assert worker.run_next() == ("mail", Outcome.RETRIED)
    [report] = reports.taken
    assert (report.kind, report.phase, report.section) == ("LookupError", "job", "site")
    assert report.request["job"] == {"id": job_id, "kind": "mail", "attempt": 1}
    assert SECRET not in report.to_json() and "hunter2hunter2" not in report.to_json()
    last_error = get_job(any_database, job_id).last_error
    assert last_error.startswith("LookupError: no route") and len(last_error) < MAX_ERROR + 10
    assert SECRET not in last_error and "hunter2" not in last_error


def test_another_error_at_the_next_attempt_is_another_fault(any_database: Database) -> None:
    errors = (LookupError("a"), LookupError("a"), ArithmeticError("b"))
    worker, reports = make_worker(any_database, {"mail": JobKind(Calls(*errors))})
    add(any_database, "mail")
    for _ in errors:
        assert worker.run_next() == ("mail", Outcome.RETRIED)
        let_pass(any_database, LAST_RETRY)
    assert [report.kind for report in reports.taken] == ["LookupError", "ArithmeticError"]


def test_an_expected_failure_is_reported_only_when_it_was_the_last_attempt(
    any_database: Database,
) -> None:
    calls = Calls(RetryLater("the mail server is away"), RetryLater("the mail server is away"))
    worker, reports = make_worker(any_database, {"mail": JobKind(calls, attempts=2)})
    add(any_database, "mail")
    assert worker.run_next() == ("mail", Outcome.RETRIED) and reports.taken == []
    let_pass(any_database, LAST_RETRY)
    assert worker.run_next() == ("mail", Outcome.FAILED)
    assert [report.message for report in reports.taken] == ["the mail server is away"]


def test_a_handler_that_exits_ends_its_job_only(any_database: Database) -> None:
    worker, _ = make_worker(any_database, {"mail": JobKind(Calls(SystemExit(3)))})
    add(any_database, "mail")
    assert worker.run_next() == ("mail", Outcome.RETRIED)


@pytest.mark.parametrize("renews", [True, False])
def test_a_lease_that_another_worker_took_over_is_noticed(
    any_database: Database, renews: bool
) -> None:
    second = Calls(LookupError("second"))
    other, _ = make_worker(any_database, {"mail": JobKind(second, LEASE)})

    def stall(database: Database, arguments: Arguments, lease: Lease) -> None:
        let_pass(database, LEASE + 1)
        assert other.run_next() == ("mail", Outcome.RETRIED)
        if renews:
            with pytest.raises(LeaseLost, match="another worker has taken over job 1"):
                lease.renew()

    worker, reports = make_worker(any_database, {"mail": JobKind(stall, LEASE)})
    job_id = add(any_database, "mail")
    assert worker.run_next() == ("mail", Outcome.LOST)
    job = get_job(any_database, job_id)
    assert (job.attempts, job.last_error, job.finished_at) == (2, "LookupError: second", None)
    assert reports.taken == []


def test_a_lease_that_is_renewed_stays_with_its_worker(any_database: Database) -> None:
    other, _ = make_worker(any_database, {"import": JobKind(Calls(), LEASE)})

    def work_in_pieces(database: Database, arguments: Arguments, lease: Lease) -> None:
        for _ in range(5):
            let_pass(database, LEASE - 5)
            assert other.run_next() is None
            lease.renew()

    worker, _ = make_worker(any_database, {"import": JobKind(work_in_pieces, LEASE)})
    job_id = add(any_database, "import")
    assert worker.run_next() == ("import", Outcome.FINISHED)
    assert get_job(any_database, job_id).attempts == 1


@pytest.mark.postgresql
def test_a_host_whose_clock_is_ahead_takes_no_lease_from_another(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(postgresql_url)
    other, _ = make_worker(database, {"mail": JobKind(Calls(), LEASE)})

    def look(database: Database, arguments: Arguments, lease: Lease) -> None:
        clock = clock_ahead()
        clock.ahead = timedelta(days=1)
        monkeypatch.setattr("verso.jobs.lease.datetime", clock)
        assert not other.is_due() and other.run_next() is None

    worker, reports = make_worker(database, {"mail": JobKind(look, LEASE)})
    add(database, "mail")
    assert worker.run_next() == ("mail", Outcome.FINISHED)
    database.close()


def test_a_job_is_running_while_its_lease_lasts(any_database: Database) -> None:
    states = []

    def look(database: Database, arguments: Arguments, lease: Lease) -> None:
        with database.reader() as session:
            states.append(len(list_jobs(session, JobState.RUNNING, 10)))

    worker, _ = make_worker(any_database, {"look": JobKind(look)})
    add(any_database, "look")
    assert worker.run_next() == ("look", Outcome.FINISHED)
    assert states == [1]
    with any_database.reader() as session:
        assert len(list_jobs(session, JobState.FINISHED, 10)) == 1
        assert list_jobs(session, JobState.RUNNING, 10) == []


def test_an_end_of_the_process_gives_a_job_in_pieces_back(any_database: Database) -> None:
    def stop(database: Database, arguments: Arguments, lease: Lease) -> None:
        worker.stopping.set()
        lease.renew()
        raise AssertionError("the handler went on")

    worker, reports = make_worker(any_database, {"import": JobKind(stop, attempts=1)})
    job_id = add(any_database, "import")
    assert worker.run_next() == ("import", Outcome.GIVEN_BACK)
    job = get_job(any_database, job_id)
    assert (job.attempts, job.leased_by, job.last_error) == (0, None, "")
    assert reports.taken == []
    other, _ = make_worker(any_database, {"import": JobKind(Calls(), attempts=1)})
    assert other.run_next() == ("import", Outcome.FINISHED)
