"""Jobs as people see them: their state, which of them need a look, and new attempts for a failed one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from verso.db import delete_piece
from verso.jobs.kinds import Kinds, all_signatures
from verso.jobs.lease import read_clock
from verso.models import Job

# A job that has waited for so long although it is due: no process runs jobs.
LATE = timedelta(hours=1)
# What is kept of jobs that are over, for people to look at.
FINISHED_KEPT = timedelta(days=7)
FAILED_KEPT = timedelta(days=90)


class JobState(StrEnum):
    """Where a job is; one that recurs is waiting again after each run."""

    WAITING = "waiting"
    RUNNING = "running"
    FAILED = "failed"
    FINISHED = "finished"


class JobRefused(Exception):
    """A job cannot be tried again; the message says why."""


@dataclass(frozen=True, slots=True)
class JobCounts:
    """How many jobs failed for good, wait although they are long due, and are of unknown kinds.

    recurring are the kinds whose last run failed for good.
    """

    failed: int
    late: int
    unknown: int
    recurring: tuple[str, ...]


def state_of(job: Job, now: datetime) -> JobState:
    if job.leased_until is not None and job.leased_until > now:
        return JobState.RUNNING
    if job.due is not None:
        return JobState.WAITING
    return JobState.FAILED if job.failed_at is not None else JobState.FINISHED


def list_jobs(session: Session, state: JobState | None, limit: int) -> Sequence[Job]:
    """The newest jobs in a state, or in any."""
    query = select(Job).order_by(Job.id.desc()).limit(limit)
    if state is not None:
        query = query.where(_is_in(state, read_clock(session)))
    return session.scalars(query).all()


def count_failed(session: Session) -> int:
    """How many jobs failed for good, with recurring ones whose last run did."""
    query = select(func.count()).select_from(Job).where(Job.failed_at.is_not(None))
    return session.scalars(query).one()


def count_jobs(session: Session, kinds: Kinds) -> JobCounts:
    """What an administrator should look at."""
    now = read_clock(session)
    is_known = Job.signature.in_(all_signatures(kinds))
    count = select(func.count()).select_from(Job)
    recurring = select(Job.kind).where(Job.failed_at.is_not(None), Job.due.is_not(None))
    return JobCounts(
        failed=session.scalars(count.where(_is_in(JobState.FAILED, now))).one(),
        late=session.scalars(count.where(Job.due < now - LATE, is_known)).one(),
        unknown=session.scalars(count.where(Job.due.is_not(None), ~is_known)).one(),
        recurring=tuple(session.scalars(recurring.distinct().order_by(Job.kind))),
    )


def retry(session: Session, job_id: int) -> Job:
    """Make a job due now, with all its attempts; JobRefused for one that runs, is done or unknown."""
    job = session.get(Job, job_id, with_for_update=True)
    if job is None:
        raise JobRefused(f"there is no job {job_id}")
    now = read_clock(session)
    state = state_of(job, now)
    if state is JobState.RUNNING:
        raise JobRefused(f"job {job_id} is being run by {job.leased_by} until {job.leased_until}")
    if state is JobState.FINISHED:
        raise JobRefused(f"job {job_id} is done since {job.finished_at}")
    job.due, job.attempts, job.failed_at = now, 0, None
    return job


def prune(session: Session) -> int:
    """Delete some of the jobs that have been over for long; how many that were."""
    now = read_clock(session)
    is_old = or_(Job.finished_at < now - FINISHED_KEPT, Job.failed_at < now - FAILED_KEPT)
    return delete_piece(session, Job, Job.due.is_(None), is_old, order=Job.id)


def _is_in(state: JobState, now: datetime) -> ColumnElement[bool]:
    """The condition for a state, as state_of tells it."""
    is_running = and_(Job.leased_until.is_not(None), Job.leased_until > now)
    if state is JobState.RUNNING:
        return is_running
    if state is JobState.WAITING:
        return and_(Job.due.is_not(None), or_(Job.leased_until.is_(None), Job.leased_until <= now))
    has_failed = Job.failed_at.is_not(None)
    return and_(Job.due.is_(None), has_failed if state is JobState.FAILED else ~has_failed)
