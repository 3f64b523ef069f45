"""The inbox keeps counts exactly and events by example, on every database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests.errors.failures import broken_feed, broken_post, occurrence_of, raised
from verso.db import Database
from verso.errors.inbox import groups
from verso.errors.inbox.bounds import DELETED_AT_ONCE, prune
from verso.errors.inbox.digest import claim_digest
from verso.errors.inbox.listing import InboxFilter, explain, find_event, hourly, list_groups
from verso.errors.inbox.pending import Pending
from verso.errors.inbox.store import News, Told, store
from verso.errors.occurrence import Occurrence
from verso.models import (
    FailureEvent,
    FailureGroup,
    FailureHour,
    FailurePrint,
    GroupState,
    SiteSetting,
)

KEPT = 5


def take(database: Database, *occurrences: Occurrence, kept: int = KEPT) -> list[Told]:
    """Let the inbox take failures in, all at once."""
    pending = Pending()
    for one in occurrences:
        pending.add(one)
    with database.writing() as session:
        return store(session, pending.take()[0], kept)


def posts(number: int, words: str = "it broke") -> list[Occurrence]:
    return [occurrence_of(raised(broken_post, words)) for _ in range(number)]


def test_equal_failures_are_counted_and_the_first_and_latest_kept(any_database: Database) -> None:
    seen = posts(30)
    for start in range(0, 30, 10):
        told = take(any_database, *seen[start : start + 10])
    assert [one.count for one in told] == [30]
    with any_database.reader() as session:
        kept = session.query(FailureEvent).order_by(FailureEvent.id).all()
        assert [one.error_id for one in kept] == [
            seen[0].error_id,
            *(one.error_id for one in seen[-KEPT + 1 :]),
        ]
        [group] = session.query(FailureGroup).all()
        assert group.count == 30
        assert group.size == sum(len(one.body) for one in kept)
        assert sum(hourly(session, [group.id], datetime.now(UTC))[group.id]) == 30


def test_a_failure_is_new_then_known_then_regressed(any_database: Database) -> None:
    first, *others = posts(4)
    [told] = take(any_database, first)
    assert told.news is News.NEW
    assert take(any_database, others[0])[0].news is News.AGAIN
    with any_database.writing() as session:
        groups.resolve(session, told.group_id)
    assert take(any_database, others[1])[0].news is News.REGRESSED
    assert take(any_database, others[2])[0].news is News.AGAIN
    with any_database.reader() as session:
        assert session.get_one(FailureGroup, told.group_id).state == GroupState.REGRESSED


def test_a_muted_group_wakes_at_its_threshold(any_database: Database) -> None:
    first, *others = posts(5)
    [told] = take(any_database, first)
    with any_database.writing() as session:
        groups.mute(session, told.group_id, 3)
    news = [take(any_database, one)[0].news for one in others]
    assert news == [News.MUTED, News.MUTED, News.AWAKE, News.AGAIN]


def test_a_group_muted_for_ever_stays_so(any_database: Database) -> None:
    first, *others = posts(4)
    [told] = take(any_database, first)
    with any_database.writing() as session:
        groups.mute(session, told.group_id)
    assert {one.news for one in take(any_database, *others)} == {News.MUTED}


def test_groups_can_be_merged_and_split_again(any_database: Database) -> None:
    [post] = take(any_database, *posts(3))
    [feed] = take(any_database, *(occurrence_of(raised(broken_feed)) for _ in range(2)))
    with any_database.writing() as session:
        groups.merge(session, feed.group_id, post.group_id)
    [merged] = take(any_database, occurrence_of(raised(broken_feed)))
    assert (merged.group_id, merged.count) == (post.group_id, 6)
    with any_database.writing() as session:
        ids = groups.split(session, post.group_id)
        counts = sorted(session.get_one(FailureGroup, one).count for one in ids)
    assert counts == [3, 3]
    told = take(any_database, occurrence_of(raised(broken_feed)))
    assert [(one.news, one.count) for one in told] == [(News.AGAIN, 4)]
    assert_adds_up(any_database)


def test_a_group_can_be_split_by_its_texts(any_database: Database) -> None:
    [told] = take(any_database, *posts(2, "no such tag"), *posts(3, "no such author"))
    with any_database.writing() as session:
        ids = groups.split(session, told.group_id)
    assert len(ids) >= 2
    [tag] = take(any_database, *posts(1, "no such tag"))
    [author] = take(any_database, *posts(1, "no such author"))
    assert tag.group_id != author.group_id
    assert {tag.news, author.news} == {News.AGAIN}
    assert_adds_up(any_database)


def test_a_report_that_was_damaged_can_be_looked_at_split_and_deleted(database: Database) -> None:
    [told] = take(database, *posts(2))
    with database.writing() as session:
        for event in session.query(FailureEvent):
            event.body = "{not json"
        session.query(FailurePrint).one().grouped_by = "broken"
    with database.writing() as session:
        kept = find_event(session, told.group_id)
        assert kept and kept.occurrence.kind == "UnreadableReport"
        assert explain(session, told.group_id) == [{"text": "broken"}]
        assert groups.split(session, told.group_id) == [told.group_id]
        groups.delete_group(session, told.group_id)


@pytest.mark.parametrize("last", ["2036-01-01T00:00:00+00:00", "garbage", "2036-01-01"])
def test_a_clock_that_had_jumped_ahead_silences_no_digest(database: Database, last: str) -> None:
    take(database, *posts(2))
    with database.writing() as session:
        session.add(SiteSetting(name="error_digest_at", locale="", value=last))
    assert [group.more for group in claim_digest(database, 60)] == [2]
    assert claim_digest(database, 60) == []


def test_a_deleted_group_leaves_nothing(any_database: Database) -> None:
    [told] = take(any_database, *posts(3))
    with any_database.writing() as session:
        groups.delete_group(session, told.group_id)
    with any_database.reader() as session:
        for table in (FailureGroup, FailurePrint, FailureEvent, FailureHour):
            assert session.query(table).count() == 0
    assert take(any_database, *posts(1))[0].news is News.NEW


def test_an_event_that_comes_twice_is_kept_once(any_database: Database) -> None:
    """A spool that was read, but could not be deleted, comes again."""
    [post] = posts(1)
    take(any_database, post)
    take(any_database, post)
    with any_database.reader() as session:
        assert session.query(FailureEvent).count() == 1


def test_old_groups_leave(database: Database) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=91)
    [post] = posts(1)
    take(database, replace(post, at=long_ago.timestamp()))
    take(database, occurrence_of(raised(broken_feed)))
    with database.writing() as session:
        assert prune(session, days=90, most_bytes=10**9) == 1
        assert session.query(FailureGroup).count() == 1


@pytest.mark.parametrize("most", [40_000, 8_000])
def test_the_inbox_stays_within_its_bytes_and_keeps_first_and_latest(
    database: Database, most: int
) -> None:
    for number in range(4):
        fingerprint = f"print-{number}"
        take(database, *(replace(one, fingerprint=fingerprint) for one in posts(20)), kept=50)
    with database.writing() as session:
        prune(session, days=90, most_bytes=most)
    with database.reader() as session:
        total = sum(group.size for group in session.query(FailureGroup))
        assert 0 < total <= most
        for group in session.query(FailureGroup):
            assert session.query(FailureEvent).filter_by(group_id=group.id).count() >= 2
    assert_adds_up(database)


def test_more_groups_than_there_may_be_push_the_oldest_out(database: Database) -> None:
    for number, one in enumerate(posts(20)):
        take(database, replace(one, fingerprint=f"print-{number}", at=1.8e9 + number))
    with database.writing() as session:
        prune(session, days=9000, most_bytes=10**9, most_groups=5)
    with database.reader() as session:
        left = {one.fingerprint for one in session.query(FailurePrint)}
        assert left == {f"print-{number}" for number in range(15, 20)}


def test_too_many_groups_leave_in_pieces_and_their_bytes_count_once(database: Database) -> None:
    for number, one in enumerate(posts(DELETED_AT_ONCE + 20)):
        take(database, replace(one, fingerprint=f"print-{number}", at=1.8e9 + number))
    with database.writing() as session:
        size = session.scalars(select(func.max(FailureGroup.size))).one()
        bounds = {"days": 9000, "most_bytes": 15 * size, "most_groups": 15}
        assert prune(session, **bounds) == DELETED_AT_ONCE + 5
        assert session.query(FailureGroup).count() == 15
        assert prune(session, **bounds) == 0


def test_the_list_is_walked_by_cursor_and_filtered(database: Database) -> None:
    for number, one in enumerate(posts(7)):
        take(database, replace(one, fingerprint=f"p{number}", message=f"number {number}"))
    with database.reader() as session:
        seen: list[str] = []
        chosen = InboxFilter()
        while True:
            page, older = list_groups(session, chosen, size=3)
            seen += [group.title for group in page]
            if older is None:
                break
            chosen = replace(chosen, before=older)
        assert seen == [f"LookupError: number {number}" for number in range(6, -1, -1)]
        assert len(list_groups(session, InboxFilter(words="NUMBER 3"))[0]) == 1
        assert list_groups(session, InboxFilter(section="api"))[0] == []
        assert list_groups(session, InboxFilter(state="resolved"))[0] == []


def test_events_know_their_neighbours(database: Database) -> None:
    seen = posts(3)
    [told] = take(database, *seen)
    with database.reader() as session:
        latest = find_event(session, told.group_id)
        assert latest and latest.newer_id is None
        assert latest.occurrence == seen[2]
        middle = find_event(session, told.group_id, latest.older_id)
        assert middle and middle.newer_id == latest.id and middle.occurrence == seen[1]
        assert find_event(session, told.group_id + 1, latest.id) is None


def assert_adds_up(database: Database) -> None:
    """Every count is the sum of its parts."""
    with database.reader() as session:
        for group in session.query(FailureGroup):
            prints = session.query(FailurePrint).filter_by(group_id=group.id).all()
            assert sum(one.count for one in prints) == group.count
            events = session.query(FailureEvent).filter_by(group_id=group.id).all()
            assert sum(len(one.body) for one in events) == group.size
