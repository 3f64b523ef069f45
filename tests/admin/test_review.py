"""Review: an author submits, an editor publishes or sends back; nothing of it is public meanwhile."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.admin.test_editor import act, get, id_of, save, text_version, write
from tests.factories import Factory
from verso.db import Database
from verso.models import Role, State
from verso.people.timeline import PAGE_SIZE, comment


@pytest.fixture
def author(app: Flask, factory: Factory) -> FlaskClient:
    return factory.sign_in(app, factory.user(role=Role.AUTHOR))


def test_an_author_submits_goes_on_writing_and_an_editor_publishes(
    author: FlaskClient, editor: FlaskClient, client: FlaskClient, database: Database
) -> None:
    answer = write(author, then="submit")
    assert "done=submitted" in answer.headers["Location"]
    number = id_of(answer)
    page = author.get(f"/admin/documents/{number}/text/en").text
    assert "This waits until an editor" in page and "Take back" in page
    assert "Submit for review" not in page
    version = text_version(database, number)
    save(author, number, title="Opening hours", slug="hours", body="More.", version=version)
    assert get(database, number).state == State.REVIEW
    assert ">Opening hours<" in editor.get("/admin/documents?state=review").text
    assert ">Opening hours<" not in editor.get("/admin/documents?state=draft").text
    act(editor, database, number, "publish")
    assert client.get("/en/hours").status_code == 200
    fields = {"title": "X", "slug": "x", "version": text_version(database, number)}
    assert save(author, number, **fields).status_code == 403


def test_what_is_in_review_is_public_nowhere(
    author: FlaskClient, client: FlaskClient, factory: Factory
) -> None:
    factory.post("Out")
    number = id_of(write(author, "post", title="Zebra", tags="Stripes", then="submit"))
    for path in (
        "/en/",
        "/en/blog/",
        "/en/blog/tags/",
        "/en/blog/archive/",
        "/en/blog/feed.xml",
        "/en/blog/feed.json",
        "/en/search?q=open",
        "/sitemap.xml",
        "/sitemap/en.xml",
        "/api/v1/posts",
        "/api/v1/tags",
        "/api/v1/search?q=open",
        "/api/v1/export",
        "/api/v1/events?after=0",
    ):
        told = client.get(path).text.lower()
        assert "zebra" not in told and "stripes" not in told, path
    assert client.get("/en/blog/zebra").status_code == 404
    assert client.get(f"/api/v1/posts/{number}").status_code == 404


def test_an_editor_sends_back_with_a_word_and_the_author_reads_it(
    author: FlaskClient, editor: FlaskClient, database: Database
) -> None:
    number = id_of(write(author, then="submit"))
    words = "Say <b>when</b>\nand where."
    answer = act(editor, database, number, "send-back", words=words)
    assert answer.headers["Location"].endswith(f"/{number}?done=sent-back")
    assert get(database, number).state == State.DRAFT
    told = author.get(f"/admin/documents/{number}/timeline").text
    assert "Say &lt;b&gt;when&lt;/b&gt;" in told
    assert told.index("made it a draft again") < told.index("submitted it for review")
    assert told.index("submitted it for review") < told.index("made it<")
    again = act(editor, database, number, "send-back", words=words)
    assert again.status_code == 409 and "does not wait for review" in again.text


def test_who_wrote_it_takes_it_back_and_nobody_else_of_the_authors(
    app: Flask, author: FlaskClient, factory: Factory, database: Database
) -> None:
    other = factory.sign_in(app, factory.user(role=Role.AUTHOR))
    number = id_of(write(author, then="submit"))
    assert act(other, database, number, "send-back").status_code == 403
    assert act(author, database, number, "send-back").status_code == 303
    assert get(database, number).state == State.DRAFT


def test_who_may_not_write_the_document_submits_nothing(
    app: Flask, factory: Factory, database: Database
) -> None:
    draft = factory.page(live=False)
    translator = factory.sign_in(app, factory.user(role=Role.TRANSLATOR, locales=("de",)))
    form = {"title": "Über", "slug": "ueber", "then": "submit"}
    assert save(translator, draft.id, "de", **form).status_code == 403
    assert get(database, draft.id).version == draft.version


def test_what_was_sent_on_already_is_saved_and_not_submitted_twice(
    author: FlaskClient, database: Database
) -> None:
    number = id_of(write(author, then="submit"))
    version = text_version(database, number)
    fields = {"title": "New", "slug": "new", "version": version, "then": "submit"}
    assert "done=saved" in save(author, number, **fields).headers["Location"]
    assert get(database, number).state == State.REVIEW


def test_a_comment_is_plain_bounded_and_in_the_audit_log(
    author: FlaskClient, editor: FlaskClient, factory: Factory
) -> None:
    page = factory.page()
    place = f"/admin/documents/{page.id}/timeline"
    for refused in ("", " ", "x" * 2001, "\x00"):
        answer = author.post(place, data={"words": refused})
        assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text
    answer = author.post(place, data={"words": "x" * 2000})
    assert answer.status_code == 303
    assert "x" * 2000 in author.get(place).text
    assert "document-commented" in editor.get("/admin/audit").text
    assert author.post("/admin/documents/999/timeline", data={"words": "x"}).status_code == 404


def test_a_long_timeline_is_read_page_by_page(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    page, user = factory.page(), factory.user()
    with database.writing() as session:
        for number in range(PAGE_SIZE + 1):
            comment(session, page, user.id, f"Word {number}.")
    first = editor.get(f"/admin/documents/{page.id}/timeline").text
    assert "Word 50." in first and "Word 0." not in first
    older = first.split("?before=")[1].split('"')[0]
    second = editor.get(f"/admin/documents/{page.id}/timeline?before={older}").text
    assert "Word 0." in second and "Word 1." not in second


@pytest.mark.parametrize("to", ["draft", "archived"])
def test_what_was_taken_off_the_site_is_put_back_as_it_was(
    editor: FlaskClient, client: FlaskClient, factory: Factory, database: Database, to: str
) -> None:
    page = factory.page(days_ago=30)
    act(editor, database, page.id, "withdraw", to=to)
    assert client.get("/en/about").status_code == 410
    assert "Undo: publish it again" in editor.get(f"/admin/documents/{page.id}/text/en").text
    assert act(editor, database, page.id, "undo").status_code == 303
    assert client.get("/en/about").status_code == 200
    assert get(database, page.id).published_at == page.published_at
    assert act(editor, database, page.id, "undo").status_code == 409


def test_what_was_changed_since_is_not_put_back(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    page = factory.page()
    act(editor, database, page.id, "withdraw", to="draft")
    save(editor, page.id, title="New", slug="new", version=text_version(database, page.id))
    assert "Undo" not in editor.get(f"/admin/documents/{page.id}/text/en").text
    assert act(editor, database, page.id, "undo").status_code == 409


def test_a_step_that_leads_nowhere_is_refused_with_the_reason(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    draft = factory.page(live=False)
    answer = act(editor, database, draft.id, "withdraw", to="draft")
    assert answer.status_code == 409 and "It is not published." in answer.text


def test_what_is_scheduled_names_the_time_zone(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    page = factory.page(live=False)
    act(editor, database, page.id, "publish", at="2400-01-01T00:00")
    assert "(UTC)" in editor.get(f"/admin/documents/{page.id}/text/en").text
    told = editor.get(f"/admin/documents/{page.id}/timeline").text
    assert "scheduled it" in told and "2400" in told and "(UTC)" in told
    act(editor, database, page.id, "publish")
    assert "published it" in editor.get(f"/admin/documents/{page.id}/timeline").text


def test_a_published_page_is_copied_into_a_draft_of_ones_own(
    author: FlaskClient, factory: Factory, database: Database
) -> None:
    page = factory.page()
    answer = act(author, database, page.id, "copy")
    number = int(answer.headers["Location"].split("/")[3].partition("?")[0])
    told = author.get(answer.headers["Location"], follow_redirects=True).text
    assert "This is the copy" in told and 'value="about-2"' in told and "Save" in told
    assert get(database, number).state == State.DRAFT
    assert "copied it" in author.get(f"/admin/documents/{number}/timeline").text
