"""Causes: why a path leads nowhere, and where it should lead."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event

from tests.conftest import LOCALES
from tests.factories import Factory, words
from verso.content import documents
from verso.content.causes import Cause, Explanation, explain
from verso.content.navigation import Navigation
from verso.content.redirect_rules import Rule
from verso.content.redirects import put_redirects
from verso.db import Database
from verso.i18n.catalogs import Catalogs
from verso.i18n.locales import Locales
from verso.models import Document, DocumentText

Explain = Callable[[str], Explanation | None]
ALL = Locales(tuple(LOCALES), "en", Catalogs([], Path("unused")))


@pytest.fixture
def explained(any_database: Database) -> Explain:
    navigation = Navigation(any_database)

    def look(path: str) -> Explanation | None:
        with any_database.reader() as session:
            return explain(session, path, ALL, navigation.current(session))

    return look


@pytest.fixture
def site(any_database: Database) -> Factory:
    """A small site: a page with a page below it, and posts, some of them translated."""
    factory = Factory(any_database, tuple(LOCALES))
    about = factory.page("About", translations={"de": words("Über uns"), "ar": words("عن الدار")})
    factory.page("History", parent=about)
    factory.post("Opening hours", translations={"de": words("Öffnungszeiten")})
    factory.post("Flood night")
    factory.post("Hidden", live=False)
    factory.post("كتاب الورق", locale="ar", slug="كتاب-الورق")
    return factory


@pytest.mark.parametrize(
    ("path", "cause", "suggestion"),
    [
        ("/en/über-uns", Cause.LANGUAGE, "/en/about"),
        ("/fr/blog/öffnungszeiten", Cause.LANGUAGE, "/fr/blog/opening-hours"),
        ("/en/history", Cause.MOVED, "/en/about/history"),
        ("/en/flood-night", Cause.MOVED, "/en/blog/flood-night"),
        ("/en/2014/09/15/flood-night.html", Cause.MOVED, "/en/blog/flood-night"),
        ("/blog/2014-09-15-flood-night/", Cause.MOVED, "/blog/flood-night"),
        ("/en/flood-night/index.html", Cause.MOVED, "/en/blog/flood-night"),
        ("/en/About", Cause.MOVED, "/en/about"),
        ("/abuot", Cause.SPELLING, "/about"),
        ("/en/abot", Cause.SPELLING, "/en/about"),
        ("/en/about/histroy", Cause.SPELLING, "/en/about/history"),
        ("/en/blog/lfood-night", Cause.SPELLING, "/en/blog/flood-night"),
        ("/en/blog/glood-night", Cause.SPELLING, "/en/blog/flood-night"),
        ("/en/blog/lood-night", Cause.SPELLING, "/en/blog/flood-night"),
        ("/en/blog/flood-nihgts", Cause.SPELLING, "/en/blog/flood-night"),
        ("/en/blog/opening-h", Cause.SPELLING, "/en/blog/opening-hours"),
        ("/ar/blog/كتاب-الوق", Cause.SPELLING, "/ar/blog/%D9%83%D8%AA%D8%A7%D8%A8-%D8%A7%D9%84%D9%88%D8%B1%D9%82"),
        ("/en/blog/hiden", Cause.UNKNOWN, ""),
        ("/en/blog/something-else", Cause.UNKNOWN, ""),
        ("/en/abc", Cause.UNKNOWN, ""),
    ],
)  # fmt: skip
def test_a_cause_comes_with_where_to_lead(
    site: Factory, explained: Explain, path: str, cause: Cause, suggestion: str
) -> None:
    found = explained(path)
    assert found is not None and (found.cause, found.suggestion) == (cause, suggestion)
    assert (found.text_id is not None) == bool(suggestion)


def test_an_old_slug_of_another_language_leads_on(
    any_database: Database, explained: Explain
) -> None:
    factory = Factory(any_database, tuple(LOCALES))
    page = factory.page("About", translations={"de": words("Info")})
    with any_database.writing() as session:
        found = documents.get_for_change(session, page.id)
        documents.save_text(session, found, "de", words("Über uns"), locales=LOCALES)
    found_cause = explained("/fr/info")
    assert found_cause is not None
    assert (found_cause.cause, found_cause.suggestion) == (Cause.OLD, "/fr/about")


def test_what_leads_somewhere_needs_no_explanation(
    any_database: Database, site: Factory, explained: Explain
) -> None:
    with any_database.writing() as session:
        put_redirects(session, [Rule("/en/old", "/en/about", 301)])
    for path in ("/en/about", "/about", "/de/about", "/en/blog/flood-night", "/en/old"):
        assert explained(path) is None


def test_what_is_not_out_yet_is_not_missing(any_database: Database, explained: Explain) -> None:
    factory = Factory(any_database, tuple(LOCALES))
    factory.post("Soon", days_ago=-1)
    factory.page("Plan", live=False)
    factory.post("Morgen", locale="de", live=False, translations={"fr": words("Demain")})
    withdrawn = factory.post("Gone")
    with any_database.writing() as session:
        documents.withdraw(session, documents.get_for_change(session, withdrawn.id))
    for path in ("/en/blog/soon", "/de/blog/soon", "/en/plan", "/plan", "/fr/blog/demain"):
        assert explained(path) is None, path
    for path in ("/en/blog/demain", "/en/soon", "/en/blog/gone"):
        found = explained(path)
        assert found is not None and found.suggestion == "", path


def test_the_number_of_posts_does_not_matter(any_database: Database, explained: Explain) -> None:
    """However many there are, the same statements run, and each fetches few rows."""
    factory = Factory(any_database, tuple(LOCALES))
    factory.post("Opening hours")
    few = _work(any_database, lambda: explained("/en/blog/nothing-of-the-kind"))
    with any_database.writing() as session:
        example = session.get_one(DocumentText, 1)
        for number in range(300):
            document = Document(
                kind="post", source_locale="en", state="published", listed_at=example.listed_at,
                published_at=example.listed_at, created_at=example.updated_at,
                updated_at=example.updated_at,
            )  # fmt: skip
            document.texts.append(
                DocumentText(
                    kind="post", locale="en", title="N", slug=f"nothing-{number}",
                    path=f"nothing-{number}", listed_at=example.listed_at,
                    updated_at=example.updated_at,
                )
            )  # fmt: skip
            session.add(document)
    many = _work(any_database, lambda: explained("/en/blog/nothing-of-the-kind"))
    assert many == few


def _work(database: Database, job: Callable[[], object]) -> int:
    """How many statements a job runs."""
    ran: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        ran.append(statement)

    event.listen(database.engine, "after_cursor_execute", note)
    job()
    event.remove(database.engine, "after_cursor_execute", note)
    return len(ran)
