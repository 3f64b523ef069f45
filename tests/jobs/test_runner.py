"""The runner: a thread of each served process, woken by commits, patient with a database that is away."""

import os
import threading
import time
from collections.abc import Callable, ItemsView, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from structlog.testing import capture_logs

from tests.jobs.support import Calls, add, all_jobs, make_worker
from tests.postgresql import SERVER
from verso.db import Database
from verso.jobs import runner as module
from verso.jobs.kinds import Arguments, JobKind, Kinds
from verso.jobs.lease import Lease, Stopping
from verso.jobs.queue import enqueue
from verso.jobs.runner import THREAD_NAME, Runner

PATIENCE = 60.0
NEVER = 3600.0
MakeRunner = Callable[[Kinds], Runner]


@pytest.fixture
def make_runner(any_database: Database) -> Iterator[MakeRunner]:
    """Make runners that are closed in the end."""
    made: list[Runner] = []

    def make(kinds: Kinds) -> Runner:
        made.append(Runner(make_worker(any_database, kinds)[0]))
        return made[-1]

    yield make
    for runner in made:
        runner.close(PATIENCE)


@pytest.fixture
def never_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what wakes a runner makes it look."""
    monkeypatch.setattr(module, "FIRST_LOOK", NEVER)
    monkeypatch.setattr(module, "LOOK_EVERY", NEVER)


@pytest.fixture
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIRST_LOOK", "LOOK_EVERY", "LONGEST_PAUSE"):
        monkeypatch.setattr(module, name, 0.05)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def threads() -> int:
    return sum(thread.name == THREAD_NAME for thread in threading.enumerate())


@pytest.mark.usefixtures("never_looks")
def test_a_commit_wakes_the_runner_of_its_process(
    any_database: Database, make_runner: MakeRunner
) -> None:
    ran = threading.Event()
    runner = make_runner({"mail": JobKind(lambda *_: ran.set())})
    runner.start()
    add(any_database, "mail")
    assert ran.wait(PATIENCE)


@pytest.mark.usefixtures("never_looks")
def test_a_transaction_that_goes_on_or_is_rolled_back_wakes_nothing(
    any_database: Database, make_runner: MakeRunner
) -> None:
    runner = make_runner({"mail": JobKind(Calls())})
    runner.start()
    with pytest.raises(LookupError), any_database.writing() as session:
        enqueue(session, "mail")
        session.flush()
        assert not runner._is_woken
        raise LookupError
    assert not runner._is_woken


@pytest.mark.usefixtures("looks_often")
def test_the_runner_finds_what_another_process_enqueued(
    any_database: Database, make_runner: MakeRunner
) -> None:
    ran = threading.Event()
    runner = make_runner({"mail": JobKind(lambda *_: ran.set(), every=NEVER)})
    runner.start()
    assert ran.wait(PATIENCE)


def test_without_a_start_there_is_no_thread(
    any_database: Database, make_runner: MakeRunner
) -> None:
    make_runner({"mail": JobKind(Calls())})
    before = threads()
    add(any_database, "mail")
    assert threads() == before
    assert all_jobs(any_database)[0].attempts == 0


@pytest.mark.usefixtures("never_looks")
def test_starting_twice_makes_one_thread_and_closing_ends_it(make_runner: MakeRunner) -> None:
    before = threads()
    runner = make_runner({})
    runner.start()
    runner.start()
    assert threads() == before + 1
    runner.close(PATIENCE)
    assert threads() == before
    runner.start()
    assert threads() == before + 1


@pytest.mark.usefixtures("never_looks")
def test_closing_gives_the_job_that_runs_back(
    any_database: Database, make_runner: MakeRunner
) -> None:
    began, stopped = threading.Event(), threading.Event()

    def work_in_pieces(database: Database, arguments: Arguments, lease: Lease) -> None:
        began.set()
        while True:
            try:
                lease.renew()
            except Stopping:
                stopped.set()
                raise

    runner = make_runner({"import": JobKind(work_in_pieces)})
    runner.start()
    add(any_database, "import")
    assert began.wait(PATIENCE)
    runner.close(PATIENCE)
    assert stopped.is_set()
    [job] = all_jobs(any_database)
    assert (job.attempts, job.leased_by) == (0, None)


@pytest.mark.usefixtures("never_looks")
def test_a_job_that_raises_does_not_end_the_thread(
    any_database: Database, make_runner: MakeRunner
) -> None:
    ran = threading.Event()

    def run(database: Database, arguments: Arguments, lease: Lease) -> None:
        if arguments["number"] == 2:
            ran.set()
        raise SystemExit if arguments["number"] else LookupError

    runner = make_runner({"mail": JobKind(run, needs=("number",))})
    runner.start()
    for number in range(3):
        add(any_database, "mail", {"number": number})
    assert ran.wait(PATIENCE)


class KindsThatFailOnce(dict[str, JobKind]):
    """A table of kinds that cannot be read at first."""

    has_failed = False

    def items(self) -> ItemsView[str, JobKind]:  # type: ignore[override]
        if not self.has_failed:
            self.has_failed = True
            raise RuntimeError("not to be read")
        return ItemsView(self)


@pytest.mark.usefixtures("looks_often")
def test_an_error_of_the_runner_itself_is_reported_and_does_not_end_the_thread(
    any_database: Database,
) -> None:
    ran = threading.Event()
    kinds = KindsThatFailOnce(mail=JobKind(lambda *_: ran.set()))
    worker, reports = make_worker(any_database, kinds)
    runner = Runner(worker)
    runner.start()
    add(any_database, "mail")
    assert ran.wait(PATIENCE)
    runner.close(PATIENCE)
    assert [(report.kind, report.phase) for report in reports.taken] == [("RuntimeError", "job")]


@contextmanager
def away(database: Database) -> Iterator[None]:
    """Take a database away for real."""
    if database.path is not None:
        aside = database.path.rename(database.path.with_suffix(".aside"))
        yield
        aside.rename(database.path)
        return
    name = database.url.database
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        server.execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        )
        yield
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


@pytest.mark.usefixtures("looks_often")
def test_a_database_that_was_away_is_told_of_once_and_jobs_go_on(
    any_database: Database, make_runner: MakeRunner
) -> None:
    runner = make_runner({"mail": JobKind(Calls(), needs=("number",))})
    with capture_logs() as lines:
        runner.start()
        wait_until(lambda: runner._has_looked)
        with away(any_database):
            wait_until(lambda: bool(lines))
            # Time for more looks in vain, each of which could log again.
            time.sleep(0.5)
        add(any_database, "mail", {"number": 1})
        wait_until(lambda: all_jobs(any_database)[0].finished_at is not None)
        wait_until(lambda: len(lines) >= 3)
        runner.close(PATIENCE)
    said = [line["event"] for line in lines if line["event"] != "job ran"]
    assert said == ["jobs wait for the database", "jobs are run again"]


def in_a_fork(check: Callable[[], bool]) -> bool:
    """Whether something holds in a fork of this process."""
    child = os.fork()
    if child == 0:  # It must end here, whatever happens: it is a copy of the test run.
        try:
            os._exit(0 if check() else 1)
        finally:
            os._exit(2)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def my_thread(runner: Runner) -> bool:
    return runner._thread is not None and runner._thread.is_alive()


# From 3.12 on Python warns of what these tests do on purpose.
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
@pytest.mark.usefixtures("never_looks")
def test_a_server_that_forks_leaves_the_jobs_to_its_workers(make_runner: MakeRunner) -> None:
    runner = make_runner({})
    runner.start()
    assert in_a_fork(lambda: my_thread(runner))
    wait_until(lambda: not my_thread(runner))
    # A worker that takes the place of one that ended.
    assert in_a_fork(lambda: my_thread(runner))
    runner.wake()
    assert my_thread(runner)


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
@pytest.mark.usefixtures("looks_often")
def test_a_fork_of_a_process_that_runs_jobs_runs_none(make_runner: MakeRunner) -> None:
    runner = make_runner({})
    runner.start()
    wait_until(lambda: runner._has_looked)
    assert in_a_fork(lambda: not my_thread(runner))
    assert my_thread(runner)


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_fork_of_a_process_without_a_runner_has_none(make_runner: MakeRunner) -> None:
    runner = make_runner({})
    assert in_a_fork(lambda: not my_thread(runner))
