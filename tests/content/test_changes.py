"""The journal of changes: what readers of documents would see happen, in order and without a gap."""

import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from tests.conftest import LOCALES
from tests.factories import Factory, words
from verso.content import changes, documents
from verso.content.changes import BadPlace, Place, changes_after, here, is_known
from verso.db import Database
from verso.models import Change, Document, Kind, State

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
START = Place(0, LONG_AGO)


@pytest.fixture
def factory(any_database: Database) -> Factory:
    return Factory(any_database, tuple(LOCALES))


def journal(database: Database, place: Place = START, now: datetime | None = None) -> list[str]:
    """What a reader who comes at `now` finds after a place: `published 1`."""
    with database.reader() as session:
        found, _ = changes_after(session, place, now or datetime.now(UTC))
        return [f"{change.kind} {change.document_id}" for change, _ in found]


def place_now(database: Database) -> Place:
    with database.reader() as session:
        return here(session, datetime.now(UTC))


def test_publishing_changing_and_withdrawing_are_journalled(
    any_database: Database, factory: Factory
) -> None:
    post = factory.post("Hello")
    with any_database.writing() as session:
        kept = documents.get_for_change(session, post.id)
        documents.save_text(session, kept, "fr", words("Bonjour"), locales=LOCALES)
    with any_database.writing() as session:
        documents.withdraw(session, documents.get_for_change(session, post.id))
    assert journal(any_database) == ["published 1", "changed 1", "removed 1"]
    with any_database.reader() as session:
        published, changed, removed = session.scalars(select(Change).order_by(Change.id))
        assert published.urls == {"en": "/en/blog/hello"}
        assert changed.urls == {"fr": "/fr/blog/bonjour"}
        assert removed.urls == {"en": "/en/blog/hello", "fr": "/fr/blog/bonjour"}


def test_drafts_are_nobodys_business(any_database: Database, factory: Factory) -> None:
    draft = factory.page("Draft", live=False)
    with any_database.writing() as session:
        kept = documents.get_for_change(session, draft.id)
        documents.save_text(session, kept, "en", words("Other"), locales=LOCALES)
    with any_database.writing() as session:
        kept = documents.get_for_change(session, draft.id)
        documents.delete(session, kept, locales=LOCALES)
    assert journal(any_database) == []


def test_what_is_rolled_back_is_not_journalled(any_database: Database, factory: Factory) -> None:
    post = factory.post("Hello", live=False)
    with pytest.raises(RuntimeError), any_database.writing() as session:
        documents.publish(session, documents.get_for_change(session, post.id))
        raise RuntimeError
    with any_database.writing() as session:
        with pytest.raises(RuntimeError), session.begin_nested():
            documents.create_document(session, Kind.POST, "en", words("Lost"), locales=LOCALES)
            raise RuntimeError
        documents.publish(session, documents.get_for_change(session, post.id))
    assert journal(any_database) == [f"published {post.id}"]


def test_a_deleted_page_says_where_it_was_and_its_children_where_they_went(
    any_database: Database, factory: Factory
) -> None:
    parent = factory.page("Parent")
    child = factory.page("Child", parent=parent)
    place = place_now(any_database)
    with any_database.writing() as session:
        documents.delete(session, documents.get_for_change(session, parent.id), locales=LOCALES)
    assert sorted(journal(any_database, place)) == [f"changed {child.id}", f"removed {parent.id}"]
    with any_database.reader() as session:
        urls = {row.document_id: row.urls for row in session.scalars(select(Change))}
    assert urls == {child.id: {"en": "/en/child"}, parent.id: {"en": "/en/parent"}}


def test_a_renamed_page_takes_the_pages_below_it_along(
    any_database: Database, factory: Factory
) -> None:
    parent = factory.page("Parent")
    child = factory.page("Child", parent=parent)
    place = place_now(any_database)
    with any_database.writing() as session:
        kept = documents.get_for_change(session, parent.id)
        documents.save_text(session, kept, "en", words("Parent", slug="new"), locales=LOCALES)
    assert sorted(journal(any_database, place)) == [f"changed {parent.id}", f"changed {child.id}"]


def test_a_scheduled_publication_appears_when_its_time_has_come(
    any_database: Database, factory: Factory
) -> None:
    post = factory.post("Later", days_ago=-1)
    place = place_now(any_database)
    assert journal(any_database) == journal(any_database, place) == []
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert journal(any_database, place, tomorrow) == [f"published {post.id}"]
    assert journal(any_database, Place(place.id, tomorrow), tomorrow) == []


@pytest.mark.parametrize("called_off", [True, False])
def test_a_publication_that_was_put_off_does_not_appear_at_its_old_time(
    any_database: Database, factory: Factory, called_off: bool
) -> None:
    post = factory.post("Later", days_ago=-1)
    with any_database.writing() as session:
        kept = documents.get_for_change(session, post.id)
        if called_off:
            documents.withdraw(session, kept)
        else:
            documents.publish(session, kept, datetime.now(UTC) + timedelta(days=5))
    assert journal(any_database, now=datetime.now(UTC) + timedelta(days=2)) == []
    later = journal(any_database, now=datetime.now(UTC) + timedelta(days=6))
    assert later == ([] if called_off else [f"published {post.id}"])


def test_a_live_post_that_is_put_off_is_removed_and_published_again(
    any_database: Database, factory: Factory
) -> None:
    post = factory.post("Hello")
    place = place_now(any_database)
    with any_database.writing() as session:
        soon = datetime.now(UTC) + timedelta(hours=1)
        documents.publish(session, documents.get_for_change(session, post.id), soon)
    assert journal(any_database, place) == [f"removed {post.id}"]
    later = journal(any_database, place, soon)
    assert later == [f"removed {post.id}", f"published {post.id}"]


def test_what_is_called_off_at_the_last_moment_is_removed_for_those_who_were_told(
    any_database: Database, factory: Factory
) -> None:
    post = factory.post("Soon", days_ago=-30 / 86_400)
    with any_database.writing() as session:
        documents.withdraw(session, documents.get_for_change(session, post.id))
    assert journal(any_database) == [f"removed {post.id}"]


def test_every_place_in_a_batch_leads_to_the_rest_of_it(
    any_database: Database, factory: Factory
) -> None:
    for number in range(5):
        factory.post(f"Post {number}")
    with any_database.reader() as session:
        found, last = changes_after(session, START, datetime.now(UTC))
    for count, (_, place) in enumerate(found, 1):
        assert len(journal(any_database, place)) == 5 - count
    assert journal(any_database, last) == []


def test_writers_at_the_same_time_leave_no_gap_to_a_reader(
    any_database: Database, factory: Factory
) -> None:
    """Whoever follows the journal while four editors publish meets every publication."""
    posts = [factory.post(f"Post {number}", live=False).id for number in range(24)]
    writers = [
        threading.Thread(target=_publish, args=(any_database, posts[start::4]))
        for start in range(4)
    ]
    for writer in writers:
        writer.start()
    seen: set[int] = set()
    place, is_over = START, False
    while not is_over:
        is_over = not any(writer.is_alive() for writer in writers)
        with any_database.reader() as session:
            found, place = changes_after(session, place, datetime.now(UTC))
        seen |= {change.document_id for change, _ in found}
    assert seen == set(posts)


def _publish(database: Database, ids: list[int]) -> None:
    waiting = list(ids)
    while waiting:
        # SQLite's lock is not fair to those who wait: who waited in vain tries again.
        with suppress(OperationalError), database.writing() as session:
            documents.publish(session, documents.get_for_change(session, waiting[0]))
        with database.reader() as session:
            if session.get_one(Document, waiting[0]).state == State.PUBLISHED:
                waiting.pop(0)


def test_a_place_that_is_not_in_the_journal_is_not_known(
    any_database: Database, factory: Factory
) -> None:
    posts = [factory.post(f"Post {number}") for number in range(3)]
    now = datetime.now(UTC)
    with any_database.reader() as session:
        assert is_known(session, here(session, now), now)
        assert is_known(session, Place(0, now), now)
        assert not is_known(session, Place(4, now), now)
        assert not is_known(session, Place(3, now + timedelta(days=1)), now)
    with any_database.writing() as session:
        session.execute(update(Change).where(Change.id < 3).values(at=LONG_AGO))
        documents.publish(session, session.get_one(Document, posts[0].id), now)
    with any_database.reader() as session:
        assert session.scalar(select(func.min(Change.id))) == 3
        assert not is_known(session, Place(1, now), now)
        assert is_known(session, Place(2, now), now)


def test_the_journal_is_bounded(
    any_database: Database, factory: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "KEPT_ROWS", 3)
    scheduled = factory.post("Later", days_ago=-1)
    for number in range(6):
        factory.post(f"Post {number}")
    with any_database.reader() as session:
        kept = session.scalars(select(Change.document_id).order_by(Change.id)).all()
    assert kept == [scheduled.id, 5, 6, 7]


def test_a_place_is_written_and_read(any_database: Database) -> None:
    place = Place(12, datetime(2026, 7, 1, 12, 30, 0, 5, tzinfo=UTC))
    assert Place.parse(str(place)) == place
    for text in ("", "x", "12", "12-", "-1-5", "1-2-3", "1" * 30 + "-1", "١-١", "1-1\n"):
        with pytest.raises(BadPlace):
            Place.parse(text)


def test_archiving_removes_too(any_database: Database, factory: Factory) -> None:
    post = factory.post("Hello")
    with any_database.writing() as session:
        kept = documents.get_for_change(session, post.id)
        documents.withdraw(session, kept, State.ARCHIVED)
    assert journal(any_database)[-1] == f"removed {post.id}"
