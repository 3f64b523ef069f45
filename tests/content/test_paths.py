"""Old URLs: whatever editors do, every path that was served still leads somewhere, in one step."""

import random
from datetime import UTC, datetime

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.conftest import LOCALES
from tests.factories import Factory, words
from verso.content import documents
from verso.content.documents import SlugTaken
from verso.content.paths import free_slug
from verso.content.placing import MoveRefused
from verso.content.states import StepRefused
from verso.content.urls import Gone, Moved, document_url, find_document, plain_url
from verso.db import Database
from verso.models import Document, Kind, State

PAGES, STEPS, LOOK_EVERY = 5, 20, 5


@pytest.mark.parametrize("seed", range(6))
def test_every_url_ever_served_keeps_answering(
    database: Database, factory: Factory, seed: int
) -> None:
    """Random renames, moves, translations, withdrawals and deletions of a small tree."""
    chance = random.Random(seed)
    pages = [factory.page(f"Page {number}") for number in range(PAGES)]
    ids = [page.id for page in pages]
    served: set[tuple[str, str]] = set()
    for step in range(STEPS):
        with database.reader() as session:
            served |= _served(session, ids)
        with database.writing() as session:
            _change(session, chance, ids, step)
        if step % LOOK_EVERY == LOOK_EVERY - 1:
            with database.reader() as session:
                for locale, path in served:
                    _assert_answers(session, locale, path)


def _served(session: Session, ids: list[int]) -> set[tuple[str, str]]:
    """Every path at which a live page answers now, in every locale."""
    found = set()
    for one in ids:
        document = session.get(Document, one)
        if document is not None and document.listed_at is not None:
            for locale in LOCALES:
                path = plain_url(session, document, locale).removeprefix(f"/{locale}/")
                hit = find_document(session, Kind.PAGE, locale, path, datetime.now(UTC))
                if isinstance(hit, Document) and hit.id == one:
                    found.add((locale, path))
    return found


def _change(session: Session, chance: random.Random, ids: list[int], step: int) -> None:
    document = session.get(Document, chance.choice(ids))
    if document is None:
        return
    what = chance.choice(["rename", "rename", "move", "translate", "withdraw", "publish", "delete"])
    try:
        with session.begin_nested():
            if what in ("rename", "translate"):
                locale = "en" if what == "rename" else chance.choice(["fr", "de"])
                text = words("T", slug=f"slug-{chance.randrange(8)}", body=str(step))
                documents.save_text(session, document, locale, text, locales=LOCALES)
            elif what == "move":
                parent = chance.choice([None, *ids])
                documents.move(session, document, parent, 0, in_menu=False, locales=LOCALES)
            elif what == "withdraw":
                documents.withdraw(session, document, State.ARCHIVED)
            elif what == "publish":
                documents.publish(session, document)
            elif chance.random() < 0.3:
                documents.delete(session, document, locales=LOCALES)
    except (SlugTaken, MoveRefused, StepRefused):
        return


def _assert_answers(session: Session, locale: str, path: str) -> None:
    now = datetime.now(UTC)
    found = find_document(session, Kind.PAGE, locale, path, now)
    assert found is not None, f"/{locale}/{path} is forgotten"
    if isinstance(found, Moved):
        target = document_url(session, found.document, locale)
        # It leads to another language only where another document has its path in this one.
        _, target_locale, target_path = target.split("/", 2)
        again = find_document(session, Kind.PAGE, target_locale, target_path, now)
        assert isinstance(again, Document), f"/{locale}/{path} -> {target} takes another step"
    else:
        assert isinstance(found, Document | Gone)


def test_two_posts_with_one_slug_in_two_languages_both_stay_readable(
    database: Database, factory: Factory
) -> None:
    factory.post("Gift", slug="gift", body="a present")
    factory.post("Gift", slug="gift", locale="de", body="ein Gift")
    with database.reader() as session:
        now = datetime.now(UTC)
        english = find_document(session, Kind.POST, "en", "gift", now)
        german = find_document(session, Kind.POST, "de", "gift", now)
    assert isinstance(english, Document) and english.source_locale == "en"
    assert isinstance(german, Document) and german.source_locale == "de"


def test_of_very_many_with_one_name_few_are_looked_at_for_a_free_one(
    database: Database, factory: Factory
) -> None:
    with database.writing() as session:
        for number in range(1, 41):
            title = words("Notes", slug="notes" if number == 1 else f"notes-{number}")
            documents.create_document(session, Kind.POST, "en", title, locales=LOCALES)
    with database.reader() as session:
        sent: list[str] = []
        event.listen(session, "do_orm_execute", lambda state: sent.append(str(state.statement)))
        assert free_slug(session, Kind.POST, "notes", "en", locales=LOCALES) == "notes-41"
        assert free_slug(session, Kind.POST, "letters", "en", locales=LOCALES) == "letters"
        assert free_slug(session, Kind.POST, "archive", "en", locales=LOCALES) == "archive-2"
    assert 0 < len(sent) < 20
