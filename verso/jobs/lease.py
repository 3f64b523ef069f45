"""The lease on a job that is being run: renewed between pieces of work, lost to another worker."""

import os
import secrets
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event

from sqlalchemy import ColumnElement, func, literal, select, update
from sqlalchemy.orm import Session

from verso.db import Database, UtcDateTime
from verso.models import Job

HOST_LENGTH = 80


class LeaseLost(Exception):
    """Another worker has taken over the job: the handler must stop."""


class Stopping(LeaseLost):
    """The process ends: the handler must stop, and the job is given back to be taken at once."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to run one job; `holder` tells it from every other lease on the same job."""

    database: Database
    job_id: int
    holder: str
    seconds: float
    stopping: Event

    def renew(self) -> None:
        """Hold the lease for its whole time again; raises LeaseLost, after which the handler must stop.

        To be called between the pieces of a job, each of which must take less time than the lease.
        """
        if self.stopping.is_set():
            raise Stopping(f"the process ends while it runs job {self.job_id}")
        with self.database.writing() as session:
            until = read_clock(session) + timedelta(seconds=self.seconds)
            renewed = (
                update(Job)
                .where(Job.id == self.job_id, Job.leased_by == self.holder)
                .values(leased_until=until, due=until)
                .returning(Job.id)
            )
            if session.scalar(renewed) is None:
                raise LeaseLost(f"another worker has taken over job {self.job_id}")


def new_holder() -> str:
    """`host:pid:random`, for one lease."""
    return f"{socket.gethostname()[:HOST_LENGTH]}:{os.getpid()}:{secrets.token_hex(6)}"


def clock(session: Session) -> ColumnElement[datetime]:
    """The present time as an SQL expression: the server's, since the clocks of its clients may differ.

    SQLite's clients are on one host, whose clock is theirs. statement_timestamp() is stable within a
    statement, so an index serves a comparison with it.
    """
    if session.get_bind().dialect.name == "postgresql":
        return func.statement_timestamp(type_=UtcDateTime)
    return literal(datetime.now(UTC), UtcDateTime)


def read_clock(session: Session) -> datetime:
    """The present time by `clock`."""
    return session.scalars(select(clock(session))).one()
