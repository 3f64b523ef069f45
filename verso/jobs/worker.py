"""Running jobs: one after the other, each with its lease; no exception of a handler ends the worker."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from threading import Event
from typing import Any

import structlog

from verso.db import Database
from verso.errors.circumstances import Circumstances
from verso.errors.grouping import words_of
from verso.errors.report import Reporter
from verso.errors.scrub import secrets_in
from verso.jobs import taking
from verso.jobs.kinds import JobKind, Kinds, RetryLater
from verso.jobs.lease import LeaseLost, Stopping, read_clock
from verso.jobs.queue import schedule
from verso.jobs.taking import TakenJob
from verso.runtime.patience import BACKGROUND, BULK, having
from verso.sections import Section

MAX_ERROR = 1000

log = structlog.get_logger("verso.jobs")


class Outcome(StrEnum):
    """What became of one attempt at a job."""

    FINISHED = "finished"
    RETRIED = "retried"
    FAILED = "failed"
    LOST = "lost"
    GIVEN_BACK = "given back"


class Abandoned(Exception):
    """Every attempt at a job ended without a result: it killed its process, or hung."""


class JobWorker:
    """Runs the jobs of these kinds that are in the database, in the thread that calls it."""

    def __init__(self, database: Database, kinds: Kinds, reporter: Reporter) -> None:
        self.database = database
        self.kinds = kinds
        self._reporter = reporter
        self.stopping = Event()

    def schedule(self) -> None:
        """Make the jobs of the recurring kinds."""
        with having(BACKGROUND), self.database.writing() as session:
            schedule(session, self.kinds)

    def is_due(self) -> bool:
        """Whether there is anything to run: one statement, answered by an index."""
        with self.database.reader() as session:
            return taking.is_due(session, self.kinds)

    def run_due(self) -> Iterator[tuple[str, Outcome]]:
        """Run what is due now, each job once: its kind, and what became of it."""
        with self.database.reader() as session:
            until = read_clock(session)
        while (result := self.run_next(until=until)) is not None:
            yield result

    def run_next(self, *, until: datetime | None = None) -> tuple[str, Outcome] | None:
        """Run one job, if one is due: its kind, and what became of it.

        Raises SQLAlchemyError when the database does not take what became of it; its lease runs out then.
        """
        with having(BACKGROUND):
            taken = taking.take(self.database, self.kinds, self.stopping, until=until)
        if taken is None:
            return None
        outcome = self._run(taken, self.kinds[taken.kind])
        log.info(
            "job ran", job=taken.id, kind=taken.kind, attempt=taken.attempt, outcome=str(outcome)
        )
        return taken.kind, outcome

    def report(self, error: BaseException, taken: TakenJob | None = None) -> None:
        """Report a fault: of a job, or of the worker itself."""
        where = Circumstances(
            section=Section.SITE,
            method="",
            path="",
            phase="job",
            status=0,
            endpoint="jobs",
            token=object(),
        )
        if taken is not None:
            arguments = _readable(taken.arguments)
            job = {"id": taken.id, "kind": taken.kind, "attempt": taken.attempt}
            where = replace(
                where,
                endpoint=f"job {taken.kind}",
                request={"job": job, "arguments": arguments},
                secrets=tuple(secrets_in(arguments)),
            )
        self._reporter.report(error, where)

    def _run(self, taken: TakenJob, kind: JobKind) -> Outcome:
        try:
            with having(BULK):
                self._call(taken, kind)
        except Stopping:
            with having(BACKGROUND):
                return Outcome.GIVEN_BACK if taking.give_back(taken) else Outcome.LOST
        except LeaseLost:
            return Outcome.LOST
        except (Exception, SystemExit) as error:  # One job must not end the worker of all others.
            return self._failed(taken, kind, error)
        with having(BACKGROUND):
            return Outcome.FINISHED if taking.finish(taken, kind) else Outcome.LOST

    def _call(self, taken: TakenJob, kind: JobKind) -> None:
        if taken.attempt > kind.attempts:
            raise Abandoned(f"job {taken.id} ({taken.kind}): {taken.last_error}")
        kind.handler(self.database, json.loads(taken.arguments), taken.lease)

    def _failed(self, taken: TakenJob, kind: JobKind, error: BaseException) -> Outcome:
        secrets = secrets_in(_readable(taken.arguments))
        scrubber = self._reporter.scrubber.knowing(secrets)
        words = scrubber.text(f"{type(error).__name__}: {words_of(error)}", MAX_ERROR)
        is_last = taking.is_last_attempt(taken, kind)
        log.warning("job failed", job=taken.id, kind=taken.kind, attempt=taken.attempt, error=words)
        # The same error at the next attempt is the same fault.
        is_new = taken.attempt == 1 or taken.last_error != words
        if is_last if isinstance(error, RetryLater) else is_new:
            self.report(error, taken)
        with having(BACKGROUND):
            if not taking.fail(taken, kind, words):
                return Outcome.LOST
        return Outcome.FAILED if is_last else Outcome.RETRIED


def _readable(arguments: str) -> Any:
    try:
        return json.loads(arguments)
    except ValueError:
        return arguments
