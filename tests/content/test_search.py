"""Search finds every script, on every database, and ranks titles and news first."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.conftest import LOCALES
from tests.factories import Factory, words
from tests.postgresql import fresh_database
from verso.content import documents
from verso.content.finding import search_documents
from verso.content.search import MOST_HITS, find_texts, insert_rows
from verso.content.terms import fold, terms
from verso.db import Database
from verso.models import Document


@pytest.fixture
def shelf(any_database: Database) -> Factory:
    return Factory(any_database, tuple(LOCALES))


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def session(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, empty_database: Path
) -> Iterator[Session]:
    """Reads a library of many scripts, to which nothing is added."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            file = shutil.copy(empty_database, tmp_path_factory.mktemp("library"))
            database = Database(f"sqlite:///{file}")
        else:
            template = request.getfixturevalue("postgresql_template")
            database = Database(stack.enter_context(fresh_database(template)))
        stack.callback(database.engine.dispose)
        fill(Factory(database, tuple(LOCALES)))
        yield stack.enter_context(database.reader())


def fill(shelf: Factory) -> None:
    shelf.post("Café crème", body="We drink it in Łódź, on the Straße, with naïve joy.", days_ago=9)
    shelf.post("日本語の本", body="東京で日本語を勉強します。", slug="nihongo", days_ago=8)
    shelf.post("الكتاب الأول", body="هٰذَا كِتَابٌ جميل في المكتبة.", slug="kitab", locale="ar")
    shelf.post("הספרייה", body="שלום לכל הקוראים בספרייה.", slug="sifriya", days_ago=6)
    shelf.post("ภาษาไทย", body="ห้องสมุดประชาชน", slug="thai", days_ago=5)
    shelf.post("हिन्दी किताब", body="पुस्तकालय में किताबें।", slug="hindi", days_ago=4)
    shelf.post("Библиотека", body="Ёлка и книги.", slug="rus", days_ago=3)
    shelf.post("Draft", body="unpublished words", live=False)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("cafe", "Café crème"),
        ("CAFÉ", "Café crème"),
        ("caf", "Café crème"),
        ("lodz", "Café crème"),
        ("strasse", "Café crème"),
        ("cafe naive", "Café crème"),
        ("日本", "日本語の本"),
        ("本", "日本語の本"),
        ("勉強", "日本語の本"),
        ("東京 日本", "日本語の本"),
        ("كتاب", "الكتاب الأول"),
        ("الكتاب", "الكتاب الأول"),
        ("مكتبه", "الكتاب الأول"),
        ("ספרייה", "הספרייה"),
        ("สมุด", "ภาษาไทย"),
        ("किताब", "हिन्दी किताब"),
        ("елка", "Библиотека"),
    ],
)
def test_words_are_found_in_every_script(session: Session, query: str, title: str) -> None:
    results = search_documents(session, query, "en", 1, datetime.now(UTC))
    assert [card.title for card in results.cards] == [title]


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        '"',
        "' OR 1=1 --",
        "*",
        "(",
        "a:b",
        "-",
        "NEAR(",
        "\\",
        "%",
        "\ud800",
        "🦀",
        "x" * 5000,
    ],
)
def test_hostile_queries_find_nothing_and_break_nothing(session: Session, query: str) -> None:
    assert search_documents(session, query, "en", 1, datetime.now(UTC)).cards == []


def test_drafts_and_other_words_are_not_found(session: Session) -> None:
    assert find_texts(session, "unpublished")
    for query in ("unpublished", "cafe tokyo"):
        assert search_documents(session, query, "en", 1, datetime.now(UTC)).cards == []


def test_hits_in_titles_come_first_and_then_the_newest(
    any_database: Database, shelf: Factory
) -> None:
    shelf.post("River", body="first")
    shelf.post("Old news", body="about the river", slug="old")
    shelf.post("New news", body="about the river", slug="new")
    with any_database.reader() as session:
        cards = search_documents(session, "river", "en", 1, datetime.now(UTC)).cards
    assert [card.title for card in cards] == ["River", "New news", "Old news"]


def test_a_reader_finds_translations_and_what_has_none(
    any_database: Database, shelf: Factory
) -> None:
    shelf.post("River", translations={"fr": words("Fleuve", body="Un bateau.")})
    shelf.post("Boat", body="a bateau in English", slug="boat")
    with any_database.reader() as session:
        french = search_documents(session, "bateau", "fr", 1, datetime.now(UTC)).cards
        assert {card.title for card in french} == {"Fleuve", "Boat"}
        assert search_documents(session, "river", "fr", 1, datetime.now(UTC)).cards == []


def test_a_changed_text_is_found_by_its_new_words_only(
    any_database: Database, shelf: Factory
) -> None:
    post = shelf.post("River", body="old words")
    with any_database.writing() as session:
        found = session.get_one(Document, post.id)
        documents.save_text(session, found, "en", words("River", body="new"), locales=LOCALES)
        assert find_texts(session, "old") == [] and find_texts(session, "new")
        documents.delete(session, found, locales=LOCALES)
        assert find_texts(session, "new") == []


def test_of_very_many_hits_the_newest_are_found(any_database: Database) -> None:
    with any_database.writing() as session:
        insert_rows(session, [(number, "common", "common") for number in range(1, 1500)])
        found = find_texts(session, "common")
    assert len(found) == MOST_HITS and found[0] == 1499


def test_an_old_title_comes_before_very_many_newer_texts(any_database: Database) -> None:
    with any_database.writing() as session:
        insert_rows(session, [(1, "River", "an old one")])
        insert_rows(session, [(number, "common", "the river") for number in range(2, 1500)])
        assert find_texts(session, "river")[:2] == [1, 1499]
        assert find_texts(session, "river", 3) == [1, 1499, 1498]


def test_folding_takes_case_accents_and_vowel_marks_away() -> None:
    assert fold("ÉCOLE Ǆ İstanbul ﬁ") == "ecole dz istanbul fi"
    assert list(terms("日本語")) == ["日本", "本語", "語"]
