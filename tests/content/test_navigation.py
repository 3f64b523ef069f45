"""What a process remembers of the pages is what stands in the database, whoever changed what."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from tests.clock import clock_ahead
from tests.factories import Factory, words
from verso.content import documents, navigation, snapshot
from verso.content.menu import set_menu
from verso.content.navigation import Navigation
from verso.content.placing import MoveRefused
from verso.content.snapshot import Snapshot
from verso.content.tree import Where, get_for_move, move_page
from verso.db import Database
from verso.models import Document, State

LOCALES = ("en", "de")


@pytest.fixture
def factory(any_database: Database) -> Factory:
    return Factory(any_database, LOCALES)


def now(database: Database, known: Navigation | None = None) -> Snapshot:
    """What somebody remembers who looks now; without a memory, all that there is."""
    # What a generation that it has not seen makes it do, a second would.
    database.generation += 1
    with database.reader() as session:
        return (known or Navigation(database)).current(session)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine, "before_cursor_execute", note)


def of_pages(sent: list[str]) -> list[str]:
    return [one for one in sent if "documents.position, documents.id" in one]


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_done_to_pages_it_is_remembered_as_it_is(
    any_database: Database, factory: Factory, seed: int
) -> None:
    chance = random.Random(seed)
    pages = [factory.page(f"Page {number}") for number in range(6)]
    ids = [page.id for page in pages]
    known = Navigation(any_database)
    for step in range(30):
        act(any_database, factory, chance, ids, step)
        assert_equal(now(any_database, known), now(any_database))


def act(
    database: Database, factory: Factory, chance: random.Random, ids: list[int], step: int
) -> None:
    """One of all the ways in which pages change."""
    deed = chance.choice(["save", "move", "menu", "publish", "withdraw", "delete", "create"])
    if deed == "create" or len(ids) < 3:
        ids.append(factory.page(f"New {step}", live=chance.random() < 0.5).id)
        return
    one, other = chance.sample(ids, 2)
    with database.writing() as session:
        page = session.get_one(Document, one)
        if deed == "save":
            fields = words(f"Saved {step}")
            documents.save_text(session, page, "en", fields, locales=LOCALES)
        elif deed == "move":
            try:
                moving = get_for_move(session, one, page.version)
                move_page(session, moving, chance.choice(list(Where)), other, locales=LOCALES)
            except MoveRefused:
                session.rollback()
        elif deed == "menu":
            set_menu(session, f"{other} {one}")
        elif deed == "publish":
            documents.publish(session, page)
        elif deed == "withdraw" and page.state == State.PUBLISHED:
            documents.withdraw(session, page)
        elif deed == "delete":
            documents.delete(session, page, locales=LOCALES)
            ids.remove(one)


def assert_equal(remembered: Snapshot, fresh: Snapshot) -> None:
    live = [list(one.pages.values()) for one in (remembered, fresh)]
    assert live[0] == live[1]
    assert remembered.menu("en") == fresh.menu("en")


def test_what_is_no_page_makes_nobody_read_pages(any_database: Database, factory: Factory) -> None:
    factory.page("About")
    known = Navigation(any_database)
    now(any_database, known)
    factory.post("News")
    with statements(any_database) as sent:
        shown = now(any_database, known)
    assert [post.words["en"].title for post in shown.posts] == ["News"]
    assert not of_pages(sent)


def test_of_many_pages_only_those_are_read_that_changed_lately(
    any_database: Database, factory: Factory
) -> None:
    about, _ = factory.page("About"), factory.page("House")
    known = Navigation(any_database)
    now(any_database, known)
    with any_database.writing() as session:
        page = session.get_one(Document, about.id)
        documents.save_text(session, page, "en", words("Changed"), locales=LOCALES)
    with statements(any_database) as sent:
        assert now(any_database, known).pages[about.id].words["en"].title == "Changed"
    [query] = of_pages(sent)
    assert "documents.updated_at >=" in query


def test_what_is_written_past_the_application_is_seen_within_a_minute(
    any_database: Database, factory: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = factory.page("About")
    known = Navigation(any_database)
    now(any_database, known)
    with any_database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE document_texts SET title = 'By hand'")
    assert now(any_database, known).pages[about.id].words["en"].title == "About"
    monkeypatch.setattr(navigation, "WHOLE", timedelta())
    assert now(any_database, known).pages[about.id].words["en"].title == "By hand"


def test_a_page_appears_when_its_time_has_come(
    any_database: Database, factory: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = clock_ahead()
    monkeypatch.setattr(snapshot, "datetime", clock)
    page = factory.page("Soon", live=False, in_menu=True)
    with any_database.writing() as session:
        due = datetime.now(UTC) + timedelta(hours=1)
        documents.publish(session, session.get_one(Document, page.id), due)
    shown = now(any_database)
    assert shown.menu("en") == []
    clock.ahead = timedelta(hours=2)
    assert [link.title for link in shown.menu("en")] == ["Soon"]
