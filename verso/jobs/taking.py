"""Taking a job, and what becomes of it: finished, tried again later, failed, or given back."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event

import structlog
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from verso.db import Database
from verso.jobs.kinds import JobKind, Kinds, all_signatures
from verso.jobs.lease import Lease, clock, new_holder, read_clock
from verso.models import Job

# Seconds between attempts: the first time, and at the most; doubling, and up to a quarter more, so that
# jobs that failed together do not come back together.
FIRST_RETRY = 15.0
LAST_RETRY = 3600.0
JITTER = 0.25

log = structlog.get_logger("verso.jobs")


@dataclass(frozen=True, slots=True)
class TakenJob:
    """A job that a worker has taken; attempt counts from 1, arguments are JSON."""

    id: int
    kind: str
    arguments: str
    attempt: int
    last_error: str
    lease: Lease


def is_due(session: Session, kinds: Kinds) -> bool:
    """Whether a job of these kinds can be taken."""
    due = exists().where(Job.due <= clock(session), Job.signature.in_(all_signatures(kinds)))
    return session.scalars(select(due)).one()


def take(
    database: Database, kinds: Kinds, stopping: Event, *, until: datetime | None = None
) -> TakenJob | None:
    """Take the job that has been due for the longest time, if there is one; not one due after `until`."""
    with database.writing() as session:
        is_known = Job.signature.in_(all_signatures(kinds))
        query = select(Job).where(Job.due <= clock(session), is_known)
        if until is not None:
            query = query.where(Job.due <= until)
        query = query.order_by(Job.due, Job.id).limit(1)
        job = session.scalar(query.with_for_update(skip_locked=True))
        return None if job is None else _lease(session, database, job, kinds[job.kind], stopping)


def _lease(
    session: Session, database: Database, job: Job, kind: JobKind, stopping: Event
) -> TakenJob:
    if job.leased_by is not None:
        job.last_error = f"{job.leased_by} began it and did not end it within its lease"
        log.warning("job was left", job=job.id, kind=job.kind, worker=job.leased_by)
    lease = Lease(database, job.id, new_holder(), kind.lease, stopping)
    job.leased_by = lease.holder
    job.leased_until = job.due = read_clock(session) + timedelta(seconds=kind.lease)
    job.attempts += 1
    return TakenJob(job.id, job.kind, job.arguments, job.attempts, job.last_error, lease)


def finish(taken: TakenJob, kind: JobKind) -> bool:
    """Note that a job is done; False if the lease was lost."""
    with taken.lease.database.writing() as session:
        job = _find_held(session, taken)
        if job is None:
            return False
        job.finished_at, job.failed_at, job.last_error = read_clock(session), None, ""
        _end(job, kind, job.finished_at)
        if job.due is None:
            job.key = None
        return True


def fail(taken: TakenJob, kind: JobKind, error: str) -> bool:
    """Note that an attempt failed, and when the next one is; False if the lease was lost."""
    with taken.lease.database.writing() as session:
        job = _find_held(session, taken)
        if job is None:
            return False
        now = read_clock(session)
        job.last_error = error
        if is_last_attempt(taken, kind):
            job.failed_at, job.attempts = now, kind.attempts
            _end(job, kind, now)
        else:
            _release(job)
            job.due = now + timedelta(seconds=pause_after(taken.attempt))
            job.due_again = None
        return True


def give_back(taken: TakenJob) -> bool:
    """Let any worker take a job at once, as if it had not been taken; False if the lease was lost."""
    with taken.lease.database.writing() as session:
        job = _find_held(session, taken)
        if job is None:
            return False
        _release(job)
        job.due, job.due_again = read_clock(session), None
        job.attempts -= 1
        return True


def is_last_attempt(taken: TakenJob, kind: JobKind) -> bool:
    return taken.attempt >= kind.attempts


def pause_after(attempt: int) -> float:
    """Seconds from an attempt that failed to the next one."""
    pause = min(FIRST_RETRY * 2.0 ** min(attempt - 1, 32), LAST_RETRY)
    return pause * random.uniform(1, 1 + JITTER)


def _find_held(session: Session, taken: TakenJob) -> Job | None:
    """The row of a job, if its lease is still held."""
    is_held = (Job.id == taken.id, Job.leased_by == taken.lease.holder)
    return session.scalar(select(Job).where(*is_held).with_for_update())


def _end(job: Job, kind: JobKind, now: datetime) -> None:
    """End the run of a job: it is due again if it was enqueued meanwhile or recurs, else never."""
    is_recurring = kind.every is not None and job.key == job.kind
    next_run = now + timedelta(seconds=kind.every or 0) if is_recurring else None
    times = [moment for moment in (job.due_again, next_run) if moment is not None]
    job.due, job.due_again = min(times, default=None), None
    if job.due is not None:
        job.attempts = 0
    _release(job)


def _release(job: Job) -> None:
    job.leased_by = job.leased_until = None
