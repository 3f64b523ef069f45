"""Workers for tests of jobs: in this process and in processes of their own, and time that passes."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tests.errors.failures import Catching
from verso.db import Database
from verso.errors.report import Reporter
from verso.errors.scrub import Scrubber
from verso.jobs.kinds import Arguments, Kinds
from verso.jobs.lease import Lease
from verso.jobs.queue import enqueue
from verso.jobs.worker import JobWorker
from verso.models import AuditEvent, Job

ROOT = Path(__file__).parent.parent.parent
SECRET = "a secret of the settings"


class Calls:
    """A handler that keeps the arguments that it was called with, and then raises what it was told to."""

    def __init__(self, *errors: BaseException) -> None:
        self.arguments: list[dict[str, Any]] = []
        self._errors = list(errors)

    def __call__(self, database: Database, arguments: Arguments, lease: Lease) -> None:
        self.arguments.append(dict(arguments))
        if self._errors:
            raise self._errors.pop(0)


def make_worker(database: Database, kinds: Kinds) -> tuple[JobWorker, Catching]:
    """A worker, and what it reports."""
    reports = Catching()
    return JobWorker(database, kinds, Reporter(Scrubber({SECRET}), [reports])), reports


def add(
    database: Database, kind: str, arguments: Mapping[str, Any] | None = None, **options: Any
) -> int:
    """Enqueue a job in a transaction of its own."""
    with database.writing() as session:
        return enqueue(session, kind, arguments, **options)


def get_job(database: Database, job_id: int) -> Job:
    with database.reader() as session:
        return session.get_one(Job, job_id)


def all_jobs(database: Database) -> list[Job]:
    with database.reader() as session:
        return list(session.scalars(select(Job).order_by(Job.id)))


def let_pass(database: Database, seconds: float) -> None:
    """Let seconds pass for all jobs: their times move back, so that every process sees them later."""
    passed = timedelta(seconds=seconds)
    with database.writing() as session:
        for job in session.scalars(select(Job)):
            for name in ("due", "due_again", "leased_until", "finished_at", "failed_at"):
                if (moment := getattr(job, name)) is not None:
                    setattr(job, name, moment - passed)


def noted(database: Database) -> list[int]:
    """The numbers that the handlers of the processes wrote down."""
    query = select(AuditEvent.object_id).where(AuditEvent.action == "job-ran")
    with database.reader() as session:
        return [number for number in session.scalars(query) if number is not None]


class WorkerProcess:
    """A worker in a process of its own; see tests.jobs.process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def begin(self) -> None:
        """Let it run everything that is due."""
        assert self.process.stdin
        self.process.stdin.write("run\n")
        self.process.stdin.flush()

    def read_line(self) -> str:
        """The next line that it prints; `` once it has ended."""
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def outcomes(self) -> list[str]:
        """What became of the jobs that it ran."""
        outcomes: list[str] = json.loads(self.read_line())
        return outcomes

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def worker_process(database: Database) -> Iterator[WorkerProcess]:
    """Start one, and wait until it is ready."""
    url = database.url.render_as_string(hide_password=False)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.process", url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        worker = WorkerProcess(process)
        assert worker.read_line() == "ready"
        yield worker
        worker.kill()
        # What was written to a process that is gone.
        with suppress(BrokenPipeError):
            assert process.stdin
            process.stdin.close()
