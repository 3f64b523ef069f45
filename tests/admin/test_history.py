"""History: every save is there, can be compared with what came before and after, and restored."""

import pytest
from flask.testing import FlaskClient

from tests.admin.test_editor import save, text_version
from tests.factories import Factory
from verso.content.revisions import PAGE_SIZE
from verso.db import Database
from verso.models import Document, Revision


@pytest.fixture
def page(editor: FlaskClient, factory: Factory, database: Database) -> Document:
    """A page that was saved twice."""
    page = factory.page("About", body="We are open.\n\nAlways.")
    version = text_version(database, page.id)
    save(
        editor,
        page.id,
        title="About us",
        slug="about-us",
        body="We are closed.\n\nAlways.",
        version=version,
    )
    return page


def revisions(database: Database) -> list[int]:
    with database.reader() as session:
        return [one.id for one in session.query(Revision).order_by(Revision.id)]


def test_the_history_says_who_saved_what(editor: FlaskClient, page: Document) -> None:
    text = editor.get(f"/admin/documents/{page.id}/text/en/history").text
    assert text.count("<tr>") == 3
    assert "About us" in text and "person" in text


@pytest.mark.parametrize("view", ["side", "inline"])
def test_a_change_is_shown_word_by_word(
    editor: FlaskClient, page: Document, database: Database, view: str
) -> None:
    first, second = revisions(database)
    here = f"/admin/documents/{page.id}/text/en/history"
    text = editor.get(f"{here}/{second}?view={view}").text
    assert "<del>open</del>" in text and "<ins>closed</ins>" in text
    assert "Restore" not in text
    since = editor.get(f"{here}/{first}?with=now&view={view}").text
    assert "<ins>closed</ins>" in since and "Restore this text" in since


def test_restoring_is_a_new_revision_and_keeps_the_address(
    editor: FlaskClient, client: FlaskClient, page: Document, database: Database
) -> None:
    first = revisions(database)[0]
    path = f"/admin/documents/{page.id}/text/en/history/{first}/restore"
    assert editor.post(path).status_code == 303
    assert "We are open." in client.get("/en/about-us").text
    assert client.get("/en/about").headers["Location"] == "/en/about-us"
    assert len(revisions(database)) == 3


def test_a_revision_of_another_text_is_not_found(
    editor: FlaskClient, page: Document, database: Database, factory: Factory
) -> None:
    other = factory.page("Other")
    first = revisions(database)[0]
    for place in (f"{other.id}/text/en", f"{page.id}/text/fr"):
        path = f"/admin/documents/{place}/history/{first}"
        assert editor.get(path).status_code == 404
        assert editor.post(path + "/restore").status_code == 404


def test_markup_in_a_text_stays_text(editor: FlaskClient, factory: Factory) -> None:
    page = factory.page("Script", body="<script>alert(1)</script>")
    history = editor.get(f"/admin/documents/{page.id}/text/en/history").text
    number = history.split("/history/")[1].split('"')[0]
    shown = editor.get(f"/admin/documents/{page.id}/text/en/history/{number}").text
    assert "<script>alert" not in shown and "&lt;script&gt;" in shown


def test_a_long_history_is_walked_page_by_page(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    page = factory.page("Busy")
    for number in range(PAGE_SIZE):
        version = text_version(database, page.id)
        save(editor, page.id, title="Busy", slug="busy", body=f"{number}", version=version)
    first = editor.get(f"/admin/documents/{page.id}/text/en/history").text
    assert first.count("<tr>") == PAGE_SIZE + 1
    older = first.split('rel="next" href="')[1].split('"')[0]
    assert editor.get(f"/admin/documents/{page.id}/text/en/history{older}").text.count("<tr>") == 2
