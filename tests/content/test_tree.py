"""The tree of pages: levels in parts, and moves that keep every address answering."""

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from tests.conftest import LOCALES
from tests.factories import Factory, words
from verso.content import documents
from verso.content.documents import StaleDocument
from verso.content.editing import Typed, save_typed
from verso.content.paths import MAX_DEPTH, ancestry
from verso.content.placing import MoveRefused
from verso.content.tree import (
    GAP,
    LEVEL_SIZE,
    Spot,
    Where,
    between,
    get_for_move,
    list_level,
    move_page,
    spot_around,
    spot_of,
)
from verso.content.urls import Moved, find_document
from verso.db import Database
from verso.models import Document, DocumentText, Kind, State


@pytest.fixture
def factory(any_database: Database) -> Factory:
    return Factory(any_database, tuple(LOCALES))


def level(database: Database, parent: Document | None = None) -> list[str]:
    with database.reader() as session:
        pages = list_level(session, parent.id if parent else None).pages
        return [page.source.title for page in pages]


def move(database: Database, page: Document, where: Where, target: Document | None = None) -> int:
    with database.writing() as session:
        version = session.get_one(Document, page.id).version
        found = get_for_move(session, page.id, version)
        target_id = target.id if target else None
        return move_page(session, found, where, target_id, locales=LOCALES)


def test_a_page_goes_up_down_in_and_out(any_database: Database, factory: Factory) -> None:
    one, two, three = (factory.page(title) for title in ("One", "Two", "Three"))
    move(any_database, three, Where.UP)
    assert level(any_database) == ["One", "Three", "Two"]
    move(any_database, one, Where.DOWN)
    assert level(any_database) == ["Three", "One", "Two"]
    move(any_database, two, Where.IN)
    assert (level(any_database), level(any_database, one)) == (["Three", "One"], ["Two"])
    move(any_database, two, Where.OUT)
    assert level(any_database) == ["Three", "One", "Two"]
    move(any_database, three, Where.AFTER, two)
    assert level(any_database) == ["One", "Two", "Three"]


def test_a_page_goes_before_into_and_after_a_target_of_another_level(
    any_database: Database, factory: Factory
) -> None:
    house, garden = factory.page("House"), factory.page("Garden")
    door = factory.page("Door", parent=house)
    factory.page("Roof", parent=house)
    move(any_database, garden, Where.AFTER, door)
    assert level(any_database, house) == ["Door", "Garden", "Roof"]
    shed = factory.page("Shed")
    move(any_database, shed, Where.INTO, garden)
    assert level(any_database, garden) == ["Shed"]
    move(any_database, shed, Where.BEFORE, door)
    assert level(any_database, house) == ["Shed", "Door", "Garden", "Roof"]


def test_a_move_says_how_many_addresses_changed_and_they_redirect(
    any_database: Database, factory: Factory
) -> None:
    house = factory.page("House")
    garden = factory.page("Garden", translations={"de": words("Garten")})
    factory.page("Shed", parent=garden)
    factory.page("Plan", parent=garden, live=False)
    # The garden in two languages, and the shed: its German address shows an English text.
    assert move(any_database, garden, Where.INTO, house) == 3
    with any_database.reader() as session:
        now = datetime.now(UTC)
        for locale, path in (("en", "garden"), ("de", "garten"), ("en", "garden/shed")):
            assert isinstance(find_document(session, Kind.PAGE, locale, path, now), Moved)
        assert isinstance(find_document(session, Kind.PAGE, "de", "garten/shed", now), Moved)
    assert move(any_database, garden, Where.OUT) == 3


def test_a_rename_counts_as_a_move_does(any_database: Database, factory: Factory) -> None:
    """However many languages the page above is in, whose addresses all redirect."""
    house = factory.page("House", translations={"de": words("Haus")})
    shed = factory.page("Shed")
    assert move(any_database, shed, Where.INTO, house) == 1
    with any_database.writing() as session:
        page = documents.get_for_change(session, shed.id)
        opened = page.source.version
        typed = Typed(fields=words("Shed", slug="hut"), opened_version=opened)
        saved = save_typed(session, page, "en", typed, locales=LOCALES, user_id=None)
    assert saved.moved == 1
    with any_database.reader() as session:
        for locale, path in (("en", "house/shed"), ("de", "haus/shed")):
            found = find_document(session, Kind.PAGE, locale, path, datetime.now(UTC))
            assert isinstance(found, Moved)


def test_among_its_neighbours_no_address_changes(any_database: Database, factory: Factory) -> None:
    factory.page("One")
    two = factory.page("Two")
    factory.page("Below", parent=two)
    assert move(any_database, two, Where.UP) == 0
    assert level(any_database) == ["Two", "One"]


@pytest.mark.parametrize("where", [Where.BEFORE, Where.INTO, Where.AFTER])
def test_no_page_goes_below_itself(any_database: Database, factory: Factory, where: Where) -> None:
    house = factory.page("House")
    door = factory.page("Door", parent=house)
    below = factory.page("Below", parent=door)
    for target in (house, door, below):
        with pytest.raises(MoveRefused):
            move(any_database, house, where, target)
    assert level(any_database) == ["House"]


def test_pages_go_no_deeper_than_addresses_can_be(any_database: Database, factory: Factory) -> None:
    def chain(name: str, length: int) -> list[Document]:
        pages: list[Document] = []
        for number in range(length):
            above = pages[-1] if pages else None
            pages.append(factory.page(f"{name} {number}", parent=above))
        return pages

    above, below = chain("Above", MAX_DEPTH - 3), chain("Below", 3)
    fourth = factory.page("One too many", parent=below[-1])
    with pytest.raises(MoveRefused):
        move(any_database, below[0], Where.INTO, above[-1])
    move(any_database, below[1], Where.INTO, above[-1])
    with any_database.reader() as session:
        assert len(ancestry(session, session.get_one(Document, fourth.id))) == MAX_DEPTH


def test_what_leads_nowhere_is_refused(any_database: Database, factory: Factory) -> None:
    only, post = factory.page("Only"), factory.post("Post")
    for where in (Where.UP, Where.DOWN, Where.IN, Where.OUT):
        with pytest.raises(MoveRefused):
            move(any_database, only, where)
    for where in (Where.BEFORE, Where.INTO, Where.AFTER):
        for target in (None, post, only):
            with pytest.raises(MoveRefused):
                move(any_database, only, where, target)
    with pytest.raises(MoveRefused):
        move(any_database, post, Where.INTO, only)


def test_a_page_that_changed_since_stays(any_database: Database, factory: Factory) -> None:
    factory.page("One")
    two = factory.page("Two")
    with pytest.raises(StaleDocument), any_database.writing() as session:
        get_for_move(session, two.id, two.version - 1)


def test_any_row_of_moves_is_the_same_as_in_a_list(
    any_database: Database, factory: Factory
) -> None:
    pages = {title: factory.page(title) for title in "ABCDEF"}
    expected, chance = list(pages), random.Random(7)
    for _ in range(40):
        title, target = chance.sample(list(pages), 2)
        where = chance.choice([Where.BEFORE, Where.AFTER])
        move(any_database, pages[title], where, pages[target])
        expected.remove(title)
        expected.insert(expected.index(target) + (where is Where.AFTER), title)
        assert level(any_database) == expected


spots = st.builds(Spot, st.integers(0, 5), st.integers(1, 9))


@given(st.none() | spots, st.none() | spots, st.integers(10, 12) | st.integers(-2, 0))
def test_a_position_between_two_spots_is_between_them(
    low: Spot | None, high: Spot | None, number: int
) -> None:
    if low and high and low >= high:
        low, high = high, low
    found = between(low, high, number)
    if found is not None:
        spot = Spot(found, number)
        assert (low is None or low < spot) and (high is None or spot < high) and found >= 0
    else:
        assert high is not None and (low is None or high.position - low.position <= 1)


def many(database: Database, parent: Document, count: int) -> None:
    """So many pages below one, with as little as they need."""
    now = datetime.now(UTC)
    known = {"kind": "page", "source_locale": "en", "state": State.DRAFT, "position": 0}
    with database.writing() as session:
        rows = [
            {**known, "parent_id": parent.id, "in_menu": False, "version": 1} for _ in range(count)
        ]
        for row in rows:
            row |= {"created_at": now, "updated_at": now}
        session.execute(insert(Document), rows)
        ids = session.scalars(select(Document.id).where(Document.parent_id == parent.id)).all()
        text = {"kind": "page", "locale": "en", "summary": "", "body": "", "html": "", "version": 1}
        text |= {"cover_alt": "", "updated_at": now}
        session.execute(
            insert(DocumentText),
            [
                {
                    **text,
                    "document_id": one,
                    "title": f"P{one}",
                    "slug": f"p{one}",
                    "path": f"p{one}",
                }
                for one in ids
            ],
        )


def test_a_large_level_is_read_in_parts_there_and_back(
    any_database: Database, factory: Factory
) -> None:
    house = factory.page("House")
    many(any_database, house, 2 * LEVEL_SIZE + 5)
    with any_database.reader() as session:
        first = list_level(session, house.id)
        assert len(first.pages) == LEVEL_SIZE and first.earlier is None and first.later
        second = list_level(session, house.id, first.later)
        third = list_level(session, house.id, second.later)
        assert len(third.pages) == 5 and third.later is None
        assert third.earlier == first.later
        assert second.earlier == spot_of(first.pages[0])
        amid = list_level(session, house.id, spot_around(session, second.pages[0]))
        assert second.pages[0] in amid.pages and first.pages[-1] in amid.pages
        assert list_level(session, None).with_pages == {house.id}


def test_the_last_of_a_large_level_goes_first_and_the_others_keep_their_order(
    any_database: Database, factory: Factory
) -> None:
    house = factory.page("House")
    many(any_database, house, 3000)
    ids = ids_below(any_database, house)
    with any_database.reader() as session:
        first, last = session.get_one(Document, ids[0]), session.get_one(Document, ids[-1])
    move(any_database, last, Where.AFTER, first)
    assert ids_below(any_database, house) == [ids[0], ids[-1], *ids[1:-1]]
    with any_database.reader() as session:
        shown = list_level(session, house.id).pages
        assert [page.position for page in shown[:3]] == [0, GAP // 2, GAP]


def test_where_very_many_would_need_new_positions_the_move_is_refused(
    any_database: Database, factory: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verso.content.tree.MOST_SPREAD", 5)
    pages = [factory.page(f"P{number}") for number in range(10)]
    with pytest.raises(MoveRefused):
        move(any_database, pages[9], Where.AFTER, pages[0])
    move(any_database, pages[9], Where.AFTER, pages[5])
    assert level(any_database)[5:] == ["P5", "P9", "P6", "P7", "P8"]


def ids_below(database: Database, parent: Document) -> list[int]:
    query = select(Document.id).where(Document.parent_id == parent.id)
    with database.reader() as session:
        return list(session.scalars(query.order_by(Document.position, Document.id)))
