"""No word is lost or published unseen, whatever others do to a document while somebody writes."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.admin.test_drafts import LANE, keep
from tests.admin.test_editor import act, get, id_of, save, text_version, write
from tests.factories import Factory
from verso.content import drafts
from verso.content.covers import picture_address, set_picture
from verso.content.documents import get_for_change
from verso.db import Database
from verso.media.storage import media_url
from verso.models import Role, Slot, State


@pytest.fixture
def author(app: Flask, factory: Factory) -> FlaskClient:
    return factory.sign_in(app, factory.user(role=Role.AUTHOR))


def test_a_form_of_a_deleted_document_changes_no_new_one(
    editor: FlaskClient, database: Database
) -> None:
    number = id_of(write(editor))
    act(editor, database, number, "delete")
    other = id_of(write(editor, title="Something new"))
    assert other != number
    answer = save(editor, number, title="Stale", body="Typed for an hour.", version="1")
    assert answer.status_code == 404
    page = editor.get(f"/admin/documents/{other}/text/en").text
    assert 'value="Something new"' in page and "Stale" not in page


def test_what_was_typed_for_a_deleted_document_becomes_a_new_one(
    editor: FlaskClient, database: Database
) -> None:
    number = id_of(write(editor, "post"))
    act(editor, database, number, "delete")
    answer = save(editor, number, title="Mine", body="For an hour.", version="1", kind="post")
    assert answer.status_code == 404
    assert "For an hour." in answer.text and "/admin/documents/new/post" in answer.text
    assert "deleted in the meantime" in answer.text
    assert write(editor, "post", title="Mine", body="For an hour.").status_code == 303


def test_a_draft_gone_on_with_takes_nobody_else_s_names_away(
    editor: FlaskClient, database: Database, factory: Factory
) -> None:
    post = factory.post("Quay", tags=("alpha",), authors=("Ada",))
    before = {"tags_before": "alpha", "authors_before": "Ada", "tags": "alpha", "authors": "Ada"}
    kept = keep(editor, f"{post.id}/text/en", title="Quay", body="Mine.", version="2", **before)
    theirs = {"tags": "alpha, gamma", "authors": "Ada, Grace"}
    fields = {"title": "Quay", "slug": "quay", "body": "The text of *Quay*.", **before, **theirs}
    version = text_version(database, post.id)
    assert save(editor, post.id, version=version, **fields).status_code == 303
    form = editor.get(f"/admin/documents/{post.id}/text/en?lane={LANE}").text
    for part in ('name="tags_before" value="alpha"', 'name="authors_before" value="Ada"'):
        assert part in form
    resumed = {"title": "Quay", "slug": "quay", "body": "Mine.", **before}
    answer = save(editor, post.id, version=version, lane=kept["lane"], **resumed)
    assert answer.status_code == 303
    with database.reader() as session:
        document = session.get_one(type(post), post.id)
        assert [author.name for author in document.authors] == ["Ada", "Grace"]
        assert len(document.tags) == 2


def test_nobody_publishes_what_somebody_else_has_written_unseen(
    editor: FlaskClient, author: FlaskClient, client: FlaskClient, database: Database
) -> None:
    number = id_of(write(author, body="Harmless.\n\nMore.", then="submit"))
    seen = text_version(database, number)
    fields = {"title": "Opening hours", "slug": "opening-hours"}
    save(author, number, body="Evil.\n\nMore.", version=seen, **fields)
    answer = save(editor, number, body="Harmless.\n\nMore.", version=seen, then="publish", **fields)
    assert answer.headers["Location"].endswith("done=merged-only")
    assert get(database, number).state == State.REVIEW
    assert client.get("/en/opening-hours").status_code == 404


def test_a_clash_shows_the_words_also_where_no_draft_can_be_kept(
    editor: FlaskClient, database: Database, factory: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = factory.page("Quay", body="One.")
    monkeypatch.setattr(drafts, "MAX_DRAFTS", 0)
    version = text_version(database, page.id)
    fields = {"title": "Quay", "slug": "quay"}
    save(editor, page.id, body="Theirs.", version=version, **fields)
    answer = save(editor, page.id, body="Mine.", version=version, **fields)
    assert answer.status_code == 409
    assert "Mine." in answer.text and "Theirs." in answer.text


def test_who_may_not_publish_any_more_saves_all_the_same(
    author: FlaskClient, database: Database
) -> None:
    number = id_of(write(author))
    fields = {"title": "Opening hours", "slug": "opening-hours", "body": "Typed."}
    version = text_version(database, number)
    answer = save(author, number, then="publish", version=version, **fields)
    assert answer.headers["Location"].endswith("done=saved")
    assert get(database, number).state == State.DRAFT


@pytest.mark.parametrize("slot", Slot)
def test_two_pictures_of_two_people_are_both_shown(
    editor: FlaskClient, database: Database, factory: Factory, slot: Slot
) -> None:
    page, mine, theirs = factory.page("Quay"), factory.medium("m.png"), factory.medium("t.png")
    with database.writing() as session:
        set_picture(session, get_for_change(session, page.id), slot, media_url(theirs))
    fields = {"title": "Quay", "slug": "quay", "body": "The text of *Quay*."}
    fields |= {f"{slot}_before": "", slot: media_url(mine)}
    version = text_version(database, page.id)
    answer = save(editor, page.id, version=version, **fields)
    assert answer.status_code == 409
    assert media_url(mine) in answer.text and media_url(theirs) in answer.text
    assert f'data-field="{slot}"' in answer.text
    fields |= {f"{slot}_before": media_url(theirs)}
    assert save(editor, page.id, version=version, **fields).status_code == 303
    with database.reader() as session:
        found = session.get_one(type(page), page.id)
        assert picture_address(found, slot) == media_url(mine)


def test_a_word_to_the_author_survives_that_sending_back_fails(
    editor: FlaskClient, author: FlaskClient, database: Database
) -> None:
    number = id_of(write(author, then="submit"))
    fields = {"title": "Opening hours", "slug": "opening-hours", "body": "Better."}
    save(author, number, version=text_version(database, number), **fields)
    place = f"/admin/documents/{number}/send-back"
    assert editor.post(place, data={"words": "Nearly.", "version": "1"}).status_code == 303
    answer = editor.post(place, data={"words": "Once more.", "version": "1"})
    assert answer.status_code == 409 and "Once more." in answer.text
    too_long = editor.post(place, data={"words": "x" * 20_000})
    assert too_long.status_code == 422 and "x" * 20_000 in too_long.text


def test_an_author_changes_no_address_that_readers_know_and_no_menu(
    author: FlaskClient, factory: Factory, database: Database
) -> None:
    number = id_of(write(author))
    with database.reader() as session:
        parent = session.get_one(type(get(database, number)), number)
    factory.page("Out", parent=parent)
    version = text_version(database, number)
    fields = {"title": "Opening hours", "slug": "elsewhere", "body": "We are *open*."}
    answer = save(author, number, version=version, **fields)
    assert answer.status_code == 403 and "elsewhere" in answer.text
    place = {"parent": "0", "position": "0", "in_menu": "1"}
    assert act(author, database, number, "place", **place).status_code == 403
    assert act(author, database, number, "place", parent="0", position="7").status_code == 303


def test_a_scheduled_document_says_so_and_keeps_its_time(
    editor: FlaskClient, database: Database
) -> None:
    number = id_of(write(editor))
    answer = act(editor, database, number, "publish", at="2031-05-01T09:30")
    assert answer.headers["Location"].endswith("done=scheduled")
    assert 'value="2031-05-01T09:30"' in editor.get(f"/admin/documents/{number}/text/en").text


def test_a_translation_that_is_not_there_cannot_be_deleted(
    editor: FlaskClient, database: Database
) -> None:
    number = id_of(write(editor))
    assert act(editor, database, number, "text/de/delete").status_code == 404
    assert act(editor, database, number, "text/klingon/delete").status_code == 404
