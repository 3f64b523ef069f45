"""Words for search engines and a picture for shared links: written, kept, merged and taken back."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.admin.test_drafts import LANE, keep
from tests.admin.test_editor import get, id_of, save, text_version, write
from tests.browser.demo import locked
from tests.factories import Factory, words
from verso.content.covers import picture_address, set_picture
from verso.content.documents import get_for_change
from verso.content.words import TextFields, words_of
from verso.db import Database
from verso.media.storage import media_url
from verso.models import Document, Media, Revision, Role, Slot

SEARCH = {"search_title": "Lamps found", "search_description": "Who lights the lamps?"}
QUAY = {"title": "Quay", "slug": "quay", "body": "The text of *Quay*."}


def saved(database: Database, number: int, locale: str = "en") -> TextFields:
    with database.reader() as session:
        text = session.get_one(Document, number).text(locale)
        assert text is not None
        return words_of(text)


def search_words(database: Database, number: int, locale: str = "en") -> dict[str, str]:
    text = saved(database, number, locale)
    return {"search_title": text.search_title, "search_description": text.search_description}


def sharing(database: Database, number: int) -> str:
    with database.reader() as session:
        return picture_address(session.get_one(Document, number), Slot.SHARING)


def share(database: Database, number: int, medium: Media) -> None:
    with database.writing() as session:
        document = get_for_change(session, number)
        set_picture(session, document, Slot.SHARING, media_url(medium))


def value_of(page: str, name: str) -> str:
    """What a form says in a field of one line."""
    found = re.search(rf'<input[^>]* name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


@pytest.mark.parametrize("kind", ["page", "post"])
def test_they_are_saved_with_a_new_document_and_stand_in_its_form(
    editor: FlaskClient, database: Database, factory: Factory, kind: str
) -> None:
    address = media_url(factory.medium("card.png"))
    number = id_of(write(editor, kind, sharing=address, **SEARCH))
    assert search_words(database, number) == SEARCH
    form = editor.get(f"/admin/documents/{number}/text/en").text
    assert value_of(form, "search_title") == SEARCH["search_title"]
    assert value_of(form, "sharing") == value_of(form, "sharing_before") == address
    assert SEARCH["search_description"] + "</textarea>" in form
    assert '<details class="search-words" open>' in form


def test_a_description_is_one_line_and_a_summary_has_plain_ones(
    editor: FlaskClient, database: Database
) -> None:
    typed = {"search_description": "Who lights\r\n the lamps?", "summary": "One.\r\nTwo."}
    number = id_of(write(editor, "page", **typed))
    found = saved(database, number)
    assert (found.search_description, found.summary) == ("Who lights the lamps?", "One.\nTwo.")


def test_the_form_is_calm_and_says_what_stands_in_for_empty_fields(
    editor: FlaskClient, database: Database, factory: Factory
) -> None:
    page, cover = factory.page("Quay", summary="Lamps on the water."), factory.medium("cover.png")
    with database.writing() as session:
        document = get_for_change(session, page.id)
        set_picture(session, document, Slot.COVER, media_url(cover))
    form = editor.get(f"/admin/documents/{page.id}/text/en").text
    assert '<details class="search-words">' in form
    for words_instead in ("Quay", "Lamps on the water.", media_url(cover)):
        assert f'placeholder="{words_instead}"' in form


@pytest.mark.parametrize(("name", "most"), [("search_title", 300), ("search_description", 1000)])
def test_there_is_a_limit_that_is_said_and_nothing_is_lost(
    editor: FlaskClient, database: Database, factory: Factory, name: str, most: int
) -> None:
    page, version = factory.page("Quay"), "2"
    refused = save(editor, page.id, version=version, **QUAY, **{name: "x" * (most + 1)})
    assert refused.status_code == 422 and "x" * (most + 1) in refused.text
    assert f"At most {most} characters." in refused.text
    assert '<details class="search-words" open>' in refused.text
    version = text_version(database, page.id)
    assert save(editor, page.id, version=version, **QUAY, **{name: "x" * most}).status_code == 303


def test_a_picture_that_is_none_is_refused_at_its_own_field(
    editor: FlaskClient, factory: Factory
) -> None:
    page = factory.page("Quay")
    refused = save(editor, page.id, version="2", sharing="/media/nothing", **QUAY)
    assert refused.status_code == 422
    assert 'id="sharing-error"' in refused.text and 'id="cover-error"' not in refused.text


def test_a_draft_brings_them_back(editor: FlaskClient, factory: Factory) -> None:
    page, medium = factory.page("Quay"), factory.medium("card.png")
    typed = {**QUAY, **SEARCH, "sharing": media_url(medium)}
    keep(editor, f"{page.id}/text/en", version="1", **typed)
    form = editor.get(f"/admin/documents/{page.id}/text/en?lane={LANE}").text
    assert value_of(form, "search_title") == SEARCH["search_title"]
    assert SEARCH["search_description"] + "</textarea>" in form
    assert (value_of(form, "sharing"), value_of(form, "sharing_before")) == (media_url(medium), "")


def test_a_draft_from_before_they_were_there_takes_nothing_away(
    editor: FlaskClient, database: Database, factory: Factory
) -> None:
    page, medium = factory.page("Quay"), factory.medium("card.png")
    keep(editor, f"{page.id}/text/en", version=text_version(database, page.id), **QUAY)
    share(database, page.id, medium)
    form = editor.get(f"/admin/documents/{page.id}/text/en?lane={LANE}").text
    fields = {name: value_of(form, name) for name in ("version", "lane", "sharing_before")}
    assert save(editor, page.id, **QUAY, **fields).status_code == 303
    assert sharing(database, page.id) == media_url(medium)


def test_what_two_people_said_in_two_fields_is_merged(
    editor: FlaskClient, database: Database, factory: Factory
) -> None:
    page = factory.page("Quay")
    version = text_version(database, page.id)
    save(editor, page.id, version=version, **QUAY, search_title=SEARCH["search_title"])
    answer = save(
        editor, page.id, version=version, **QUAY, search_description=SEARCH["search_description"]
    )
    assert answer.headers["Location"].endswith("done=merged")
    assert search_words(database, page.id) == SEARCH


def test_two_titles_for_search_engines_are_both_shown_and_named(
    editor: FlaskClient, database: Database, factory: Factory
) -> None:
    page = factory.page("Quay")
    version = text_version(database, page.id)
    save(editor, page.id, version=version, **QUAY, search_title="Theirs indeed")
    clash = save(editor, page.id, version=version, **QUAY, search_title="Mine indeed")
    assert clash.status_code == 409
    shown = clash.text[clash.text.index("clashes") :]
    assert 'data-field="search_title"' in shown and "Title for search engines" in shown
    assert "Theirs indeed" in shown and value_of(clash.text, "search_title") == "Mine indeed"


def test_the_history_shows_and_restores_them(
    editor: FlaskClient, database: Database, factory: Factory
) -> None:
    page = factory.page("Quay", **SEARCH)
    version = text_version(database, page.id)
    save(editor, page.id, version=version, **QUAY, search_title="Lamps lost")
    with database.reader() as session:
        first, second = session.query(Revision).order_by(Revision.id)
    here = f"/admin/documents/{page.id}/text/en/history"
    change = editor.get(f"{here}/{second.id}").text
    assert "<del>found</del>" in change and "<ins>lost</ins>" in change
    assert f"<del>{SEARCH['search_description']}</del>" in change
    assert editor.post(f"{here}/{first.id}/restore").status_code == 303
    assert search_words(database, page.id) == SEARCH


def test_a_busy_database_costs_none_of_what_was_typed(
    app: Flask, editor: FlaskClient, database: Database, factory: Factory
) -> None:
    page, cover, card = factory.page("Quay"), factory.medium("a.png"), factory.medium("b.png")
    typed = {**QUAY, **SEARCH, "cover": media_url(cover), "sharing": media_url(card)}
    with locked(app):
        answer = save(editor, page.id, version=text_version(database, page.id), **typed)
    assert answer.status_code == 503
    for name in ("cover", "sharing", "search_title", "search_description"):
        assert value_of(answer.text, name) == typed[name].replace("'", "&#39;")


def test_a_translator_says_them_in_their_language_and_chooses_no_picture(
    app: Flask, database: Database, factory: Factory
) -> None:
    medium, other = factory.medium("card.png"), factory.medium("other.png")
    page = factory.page("Quay", translations={"de": words("Kai")})
    share(database, page.id, medium)
    translator = factory.sign_in(app, factory.user(role=Role.TRANSLATOR, locales=("de",)))
    form = translator.get(f"/admin/documents/{page.id}/text/de").text
    assert 'id="search_title"' in form and 'id="sharing"' not in form
    assert '<details class="search-words">' in form
    german = {"search_title": "Lampen", "search_description": "Wer zündet sie an?"}
    fields = {"title": "Kai", "slug": "kai", "version": text_version(database, page.id, "de")}
    fields |= {"sharing": media_url(other), "sharing_before": media_url(medium)}
    assert save(translator, page.id, "de", **fields, **german).status_code == 303
    assert search_words(database, page.id, "de") == german
    assert search_words(database, page.id) == {"search_title": "", "search_description": ""}
    assert sharing(database, page.id) == media_url(medium)
    refused = save(translator, page.id, **QUAY, version="1", search_title="Not mine")
    assert refused.status_code == 403
    assert get(database, page.id).source_locale == "en"


def test_a_picture_for_shared_links_is_in_use(
    editor: FlaskClient, database: Database, factory: Factory
) -> None:
    page, medium = factory.page("Quay"), factory.medium("card.png")
    share(database, page.id, medium)
    shown = editor.get(f"/admin/media/{medium.id}").text
    assert f"/admin/documents/{page.id}/text/en" in shown and "picture for shared links" in shown
    assert editor.post(f"/admin/media/{medium.id}/delete").status_code == 409
    fields = {"sharing_before": media_url(medium), "sharing": ""}
    save(editor, page.id, version=text_version(database, page.id), **QUAY, **fields)
    assert "No document shows this image." in editor.get(f"/admin/media/{medium.id}").text
    assert editor.post(f"/admin/media/{medium.id}/delete").status_code == 303


def test_the_preview_has_them_in_its_head(
    editor: FlaskClient, database: Database, factory: Factory
) -> None:
    page, medium = factory.page("Quay"), factory.medium("card.png")
    form = {"document": str(page.id), "locale": "en", **QUAY, **SEARCH}
    shown = editor.post("/admin/preview/page", data={**form, "sharing": media_url(medium)}).text
    assert f"<title>{SEARCH['search_title']}</title>" in shown
    assert f'property="og:image" content="http://localhost{media_url(medium)}"' in shown
    assert editor.post("/admin/preview/page", data={**form, "sharing": "wrong"}).status_code == 200
    assert (search_words(database, page.id)["search_title"], sharing(database, page.id)) == ("", "")
