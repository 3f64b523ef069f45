"""The queue: adding jobs in the caller's transaction, and those that recur."""

import json
import re
import weakref
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from verso.jobs.kinds import Kinds, signature_of
from verso.jobs.lease import read_clock
from verso.models import Job
from verso.models.jobs import KEY_LENGTH, KIND_LENGTH, SIGNATURE_LENGTH

MAX_ARGUMENTS = 10_000
_KIND = re.compile(rf"[a-z][a-z0-9-]{{0,{KIND_LENGTH - 1}}}")
_LISTENS = "verso_jobs"


class Listener(Protocol):
    """What is woken when jobs were committed in this process."""

    def wake(self) -> None: ...


listeners: "weakref.WeakSet[Listener]" = weakref.WeakSet()


def enqueue(
    session: Session,
    kind: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    key: str | None = None,
    due: datetime | None = None,
) -> int:
    """Add a job in a writing transaction, due at once or at a time; its id.

    A job of the kind that has the key already is used again, as verso.jobs explains; on PostgreSQL its row
    stays locked until the caller commits, so call this last and with several keys in one order. Raises ValueError for a name
    or a key that cannot be stored, and for arguments that are no JSON or too large.
    """
    values = _values(kind, arguments or {}, key)
    now = read_clock(session)
    values |= {"due": due or now, "created_at": now}
    _wake_after_commit(session)
    while (job_id := _insert(session, values)) is None:
        # The job that has the key may have finished just now, and have given it up.
        if (job := _find_by_key(session, kind, key)) is not None:
            _enqueue_again(job, values)
            return job.id
    return job_id


def schedule(session: Session, kinds: Kinds) -> None:
    """Make the jobs of recurring kinds, and bring forward those whose interval has become shorter.

    The key of a recurring job is its kind: `enqueue(session, kind, key=kind)` makes it due at once.
    """
    now = read_clock(session)
    for name, kind in kinds.items():
        if kind.every is None:
            continue
        values = _values(name, {}, name) | {"due": now, "created_at": now}
        if (
            _insert(session, values) is None
            and (job := _find_by_key(session, name, name)) is not None
        ):
            job.signature = values["signature"]
            latest = now + timedelta(seconds=kind.every)
            if job.leased_until is None and (job.due is None or job.due > latest):
                job.due = latest


def _values(kind: str, arguments: Mapping[str, Any], key: str | None) -> dict[str, Any]:
    """The columns of a new job; ValueError for what cannot be one."""
    if not _KIND.fullmatch(kind):
        raise ValueError(f"{kind!r} is no kind of job: use up to {KIND_LENGTH} of a-z, 0-9 and -")
    if wrong := [name for name in arguments if not name.isidentifier()]:
        raise ValueError(f"{wrong[0]!r} is no name of an argument of {kind}: use an identifier")
    if key is not None and not 0 < len(key) <= KEY_LENGTH:
        raise ValueError(f"the key {key!r} of {kind} must have 1 to {KEY_LENGTH} characters")
    text = json.dumps(dict(arguments), sort_keys=True, allow_nan=False)
    signature = signature_of(kind, tuple(arguments))
    if len(text) > MAX_ARGUMENTS or len(signature) > SIGNATURE_LENGTH:
        raise ValueError(
            f"the arguments of {kind} take {len(text)} characters, and {MAX_ARGUMENTS} are allowed: "
            "store them in a row and pass its id"
        )
    return {
        "kind": kind,
        "signature": signature,
        "arguments": text,
        "key": key,
        "attempts": 0,
        "last_error": "",
    }


def _insert(session: Session, values: Mapping[str, Any]) -> int | None:
    """The id of a new row; None where a job has the key."""
    is_server = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert(Job) if is_server else sqlite.insert(Job)
    added = insert.values(**values).on_conflict_do_nothing(index_elements=[Job.kind, Job.key])
    return session.scalar(added.returning(Job.id))


def _find_by_key(session: Session, kind: str, key: str | None) -> Job | None:
    query = select(Job).where(Job.kind == kind, Job.key == key).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def _enqueue_again(job: Job, values: Mapping[str, Any]) -> None:
    """Make one job of two that have the same key."""
    job.signature, job.arguments = values["signature"], values["arguments"]
    if job.leased_until is not None:
        # Its handler may have read what has changed since.
        job.due_again = min(job.due_again or values["due"], values["due"])
    elif job.due is None:
        job.due, job.attempts, job.failed_at = values["due"], 0, None
    elif job.attempts == 0:
        # One that waits after a failure goes on waiting: it would else be tried at every request.
        job.due = min(job.due, values["due"])


def _wake_after_commit(session: Session) -> None:
    if _LISTENS not in session.info:
        session.info[_LISTENS] = True
        event.listen(session, "after_commit", _wake)


def _wake(session: Session) -> None:
    for listener in list(listeners):
        listener.wake()
