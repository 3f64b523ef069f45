"""Pruning removes exactly what is beyond its bound, in each table that grows by itself."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from tests.errors.failures import broken_post, occurrence_of, raised
from tests.factories import Factory
from tests.jobs.support import add, make_worker
from verso import pruning
from verso.config import load
from verso.content import changes
from verso.content.missing import DAYS_KEPT
from verso.db import PIECE, Base, Database
from verso.errors.inbox.bounds import DELETED_AT_ONCE
from verso.errors.inbox.pending import Pending
from verso.errors.inbox.store import store
from verso.errors.occurrence import Occurrence
from verso.jobs.listing import FAILED_KEPT, FINISHED_KEPT
from verso.jobs.worker import Outcome
from verso.models import (
    AuditEvent,
    Change,
    Draft,
    FailureEvent,
    FailureGroup,
    FailureHour,
    FailurePrint,
    Job,
    Login,
    MissingDay,
    MissingUrl,
    OneTimeToken,
    Purpose,
    User,
)
from verso.people import logins, tokens

DAY = timedelta(days=1)
SETTINGS = {"AUDIT_DAYS": 10, "INBOX_DAYS": 20}


@pytest.fixture
def user(any_database: Database) -> User:
    return Factory(any_database, ("en",)).user()


def prune(database: Database, **settings: object) -> None:
    """Run the recurring job as a worker does."""
    kinds = {"prune": pruning.job_kind(load({**SETTINGS, **settings}, {}))}
    worker, _ = make_worker(database, kinds)
    add(database, "prune", key="prune")
    assert list(worker.run_due()) == [("prune", Outcome.FINISHED)]


def failure(fingerprint: str, moment: datetime) -> Occurrence:
    """What is reported of a failure at a time."""
    return replace(
        occurrence_of(raised(broken_post)), fingerprint=fingerprint, at=moment.timestamp()
    )


def count(database: Database, table: type[Base]) -> int:
    with database.reader() as session:
        return session.scalars(select(func.count()).select_from(table)).one()


def add_events(database: Database, ages: Mapping[int, timedelta]) -> None:
    """Add entries to the audit log, by number and age."""
    now = datetime.now(UTC)
    with database.writing() as session:
        for number, age in ages.items():
            event = AuditEvent(at=now - age, who="", action="signed-in", object_kind="person")
            event.object_id, event.title, event.detail = number, "", {}
            session.add(event)


def test_the_audit_log_loses_what_is_too_old_in_pieces(any_database: Database) -> None:
    old = dict.fromkeys(range(2 * PIECE + 1), 10 * DAY + timedelta(minutes=1))
    add_events(any_database, {**old, -1: 10 * DAY - timedelta(hours=1), -2: timedelta()})
    prune(any_database)
    with any_database.reader() as session:
        assert set(session.scalars(select(AuditEvent.object_id))) == {-1, -2}


def test_the_inbox_loses_groups_and_hours_that_are_too_old(any_database: Database) -> None:
    now = datetime.now(UTC)
    with any_database.writing() as session:
        for number in range(DELETED_AT_ONCE + 3):
            age = 19 * DAY if number == 0 else 21 * DAY
            pending = Pending()
            pending.add(failure(f"print-{number}", now - age))
            store(session, pending.take()[0], 5)
        # Seen again and again: the hours of long ago leave, and the group stays.
        session.add(FailureHour(fingerprint="print-0", hour=now - 31 * DAY, count=1))
    prune(any_database)
    for table in (FailureGroup, FailurePrint, FailureEvent, FailureHour):
        assert count(any_database, table) == 1, table
    with any_database.reader() as session:
        assert session.scalars(select(FailurePrint.fingerprint)).all() == ["print-0"]


def test_the_inbox_stays_within_its_bytes_though_nothing_fails(any_database: Database) -> None:
    now = datetime.now(UTC)
    with any_database.writing() as session:
        for number in range(6):
            pending = Pending()
            moment = now - timedelta(hours=number)
            pending.add(failure(f"print-{number}", moment))
            store(session, pending.take()[0], 5)
        size = session.scalars(select(func.max(FailureGroup.size))).one()
    prune(any_database, INBOX_BYTES=3 * size)
    with any_database.reader() as session:
        left = set(session.scalars(select(FailurePrint.fingerprint)))
    assert left == {"print-0", "print-1", "print-2"}


def test_missing_addresses_lose_old_days(any_database: Database) -> None:
    now = datetime.now(UTC)
    with any_database.writing() as session:
        url = MissingUrl(path="/x", cause="unknown", first_seen=now, last_seen=now)
        session.add(url)
        session.flush()
        for age in (0, DAYS_KEPT - 1, DAYS_KEPT, DAYS_KEPT + 100):
            day = now.date() - timedelta(days=age)
            session.add(MissingDay(missing_id=url.id, day=day, hits=1))
    prune(any_database)
    assert count(any_database, MissingUrl) == 1
    with any_database.reader() as session:
        ages = [(now.date() - day).days for day in session.scalars(select(MissingDay.day))]
    assert sorted(ages) == [0, DAYS_KEPT - 1]


def test_missing_addresses_beyond_their_number_leave_oldest_first(
    any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verso.content.missing.MAX_ROWS", 3)
    now = datetime.now(UTC)
    with any_database.writing() as session:
        for number in range(PIECE + 10):
            seen = now - timedelta(minutes=number)
            path = f"/{number}"
            session.add(MissingUrl(path=path, cause="unknown", first_seen=seen, last_seen=seen))
    prune(any_database)
    with any_database.reader() as session:
        assert set(session.scalars(select(MissingUrl.path))) == {"/0", "/1", "/2"}


def test_the_journal_loses_what_is_too_old_though_nothing_is_published(
    any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "KEPT_ROWS", 4)
    factory = Factory(any_database, ("en",))
    for number in range(4):
        factory.post(f"Post {number}")
    scheduled = factory.post("Later", days_ago=-90)
    with any_database.writing() as session:
        old = datetime.now(UTC) - changes.KEPT - timedelta(minutes=1)
        session.execute(update(Change).where(Change.id <= 2).values(at=old))
        session.execute(update(Change).where(Change.due.is_not(None)).values(at=old))
    prune(any_database)
    with any_database.reader() as session:
        kept = session.execute(select(Change.id, Change.document_id).order_by(Change.id)).all()
    assert [tuple(row) for row in kept] == [(3, 3), (4, 4), (5, scheduled.id)]


def test_logins_leave_when_they_are_idle_or_too_old(any_database: Database, user: User) -> None:
    now, minute = datetime.now(UTC), timedelta(minutes=1)
    ages = {
        "fresh": (timedelta(), timedelta()),
        "used": (logins.ABSOLUTE - minute, timedelta()),
        "quiet": (logins.IDLE, logins.IDLE - minute),
        "idle": (logins.IDLE + minute, logins.IDLE + minute),
        "old": (logins.ABSOLUTE + minute, timedelta()),
    }
    with any_database.writing() as session:
        for name, (created, seen) in ages.items():
            login = Login(token_hash=name, user_id=user.id, created_at=now - created)
            login.seen_at = login.confirmed_at = now - seen
            session.add(login)
    prune(any_database)
    with any_database.reader() as session:
        assert set(session.scalars(select(Login.token_hash))) == {"fresh", "used", "quiet"}


def test_tokens_leave_when_they_have_expired(any_database: Database, user: User) -> None:
    with any_database.writing() as session:
        expired = tokens.issue(session, Purpose.INVITATION, user)
        valid = tokens.issue(session, Purpose.RESET, user)
        is_expired = OneTimeToken.token_hash == logins.digest(expired)
        moment = datetime.now(UTC) - timedelta(seconds=1)
        session.execute(update(OneTimeToken).where(is_expired).values(expires_at=moment))
    prune(any_database)
    with any_database.reader() as session:
        assert list(session.scalars(select(OneTimeToken.token_hash))) == [logins.digest(valid)]


def test_jobs_leave_when_they_have_been_over_for_long(any_database: Database) -> None:
    now, minute = datetime.now(UTC), timedelta(minutes=1)
    rows = {
        "done": {"finished_at": now - FINISHED_KEPT + minute},
        "done-long-ago": {"finished_at": now - FINISHED_KEPT - minute},
        "failed": {"failed_at": now - FAILED_KEPT + minute},
        "failed-long-ago": {"failed_at": now - FAILED_KEPT - minute},
        "waits": {"due": now - 400 * DAY},
        "recurs": {"due": now + DAY, "finished_at": now - 400 * DAY, "failed_at": now - 400 * DAY},
    }
    with any_database.writing() as session:
        for kind, moments in rows.items():
            job = Job(kind=kind, signature=f"{kind}()", arguments="{}", created_at=now - 400 * DAY)
            for name, moment in moments.items():
                setattr(job, name, moment)
            session.add(job)
    prune(any_database)
    with any_database.reader() as session:
        kinds = set(session.scalars(select(Job.kind)))
    assert kinds == {"done", "failed", "waits", "recurs", "prune"}


def test_unsaved_texts_stay_however_old(any_database: Database, user: User) -> None:
    with any_database.writing() as session:
        draft = Draft(user_id=user.id, lane="a-lane-of-a-form", kind="post", locale="en")
        draft.opened_version, draft.fields = 0, {"title": "Not saved"}
        draft.updated_at = datetime.now(UTC) - 400 * DAY
        session.add(draft)
    prune(any_database)
    assert count(any_database, Draft) == 1
