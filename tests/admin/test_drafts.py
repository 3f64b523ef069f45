"""Autosave: what is typed is kept beside the document, comes back, and is nobody else's."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.admin.test_editor import id_of, save, text_version, write
from tests.factories import Factory
from verso.db import Database
from verso.models import Draft, Revision

LANE = "a-lane-of-a-form"


def keep(browser: FlaskClient, place: str, **fields: str) -> dict[str, str]:
    form = {"title": "Opening hours", "lane": LANE, "lane_version": "0", **fields}
    answer = browser.post(f"/admin/documents/{place}/draft", data=form)
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.get_json()
    return found


def test_a_draft_is_no_history_and_changes_nothing_that_is_out(
    editor: FlaskClient, client: FlaskClient, factory: Factory, database: Database
) -> None:
    page = factory.page("About")
    kept = keep(editor, f"{page.id}/text/en", body="Typed.", version="1")
    assert kept["lane"] == LANE and int(kept["lane_version"]) == 1
    assert "Typed." not in client.get("/en/about").text
    with database.reader() as session:
        assert session.query(Revision).count() == 1
        assert session.query(Draft).count() == 1


def test_a_draft_is_offered_and_comes_back_whole(editor: FlaskClient, factory: Factory) -> None:
    page = factory.page("About")
    keep(editor, f"{page.id}/text/en", title="Half a", body="Typed.\n", slug="half", version="1")
    link = f"/admin/documents/{page.id}/text/en?lane={LANE}"
    assert link in editor.get(f"/admin/documents/{page.id}/text/en").text
    assert link in editor.get("/admin/documents").text
    form = editor.get(link).text
    for part in ('value="Half a"', ">Typed.", 'value="half"', f'value="{LANE}"'):
        assert part in form


def test_a_draft_is_kept_without_what_nobody_sees(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    page = factory.page("About")
    keep(
        editor, f"{page.id}/text/en", title="Ab\x00out", body="One\x0btwo\x1f", tags_before="a\x01"
    )
    with database.reader() as session:
        kept = session.query(Draft).one().fields
    assert (kept["title"], kept["body"], kept["tags_before"]) == ("About", "One\ntwo", "a")


def test_a_tag_that_is_too_long_is_kept_while_it_is_typed(editor: FlaskClient) -> None:
    keep(editor, "new/post", tags="x" * 201)


def test_a_document_that_was_never_saved_has_a_draft_too(
    editor: FlaskClient, database: Database
) -> None:
    keep(editor, "new/post", title="", body="Only a body.", locale="de")
    assert "Untitled" in editor.get("/admin/documents").text
    form = editor.get(f"/admin/documents/new/post?lane={LANE}").text
    assert "Only a body." in form and 'value="de" lang="de" dir="ltr" selected' in form
    id_of(write(editor, "post", lane=LANE, lane_version="1", locale="de"))
    with database.reader() as session:
        assert session.query(Draft).count() == 0


def test_saving_ends_the_draft(editor: FlaskClient, factory: Factory, database: Database) -> None:
    page = factory.page("About")
    keep(editor, f"{page.id}/text/en", body="Typed.", version="1")
    version = text_version(database, page.id)
    form = {"title": "About", "slug": "about", "body": "Typed.", "version": version}
    assert save(editor, page.id, **form, lane=LANE, lane_version="1").status_code == 303
    with database.reader() as session:
        assert session.query(Draft).count() == 0


def test_a_clash_keeps_what_was_typed_as_a_draft(
    app: Flask, editor: FlaskClient, factory: Factory, database: Database
) -> None:
    page = factory.page("About")
    version = text_version(database, page.id)
    other = factory.sign_in(app, factory.user())
    form = {"title": "About", "slug": "about", "version": version}
    save(other, page.id, body="Theirs.", **form)
    refused = save(editor, page.id, body="Mine.", lane=LANE, **form)
    assert refused.status_code == 409
    assert f'name="lane" value="{LANE}"' in refused.text
    assert "Mine." in editor.get(f"/admin/documents/{page.id}/text/en?lane={LANE}").text


def test_the_editor_is_told_who_saved_meanwhile(
    app: Flask, editor: FlaskClient, factory: Factory, database: Database
) -> None:
    page = factory.page("About")
    version = text_version(database, page.id)
    assert keep(editor, f"{page.id}/text/en", body="Mine.", version=version)["newer"] is None
    bob = factory.user("bob@example.org")
    save(
        factory.sign_in(app, bob),
        page.id,
        title="About",
        slug="about",
        body="Theirs.",
        version=version,
    )
    kept = keep(editor, f"{page.id}/text/en", body="Mine!", version=version, lane_version="1")
    assert kept["newer"] == bob.name


def test_a_draft_is_thrown_away_by_its_owner_only(
    app: Flask, editor: FlaskClient, factory: Factory, database: Database
) -> None:
    keep(editor, "new/page", body="Mine.")
    other = factory.sign_in(app, factory.user())
    assert other.get(f"/admin/documents/new/page?lane={LANE}").status_code == 404
    assert other.post("/admin/drafts/discard", data={"lane": LANE}).status_code == 404
    done = editor.post("/admin/drafts/discard", data={"lane": LANE})
    assert done.headers["Location"] == "/admin/documents?done=discarded"
    with database.reader() as session:
        assert session.query(Draft).count() == 0


@pytest.mark.parametrize(("field", "value"), [("title", "x" * 301), ("body", "x" * 2_000_001)])
def test_what_cannot_be_stored_is_refused_with_the_reason(
    editor: FlaskClient, field: str, value: str
) -> None:
    answer = editor.post("/admin/documents/new/page/draft", data={"lane": LANE, field: value})
    assert answer.status_code == 422


def test_what_was_sent_after_the_login_ended_comes_back_to_be_sent_again(
    app: Flask, client: FlaskClient, factory: Factory
) -> None:
    form = {"title": "Typed <for> an hour", "body": "One.\n\n\nTwo.", "version": "1"}
    for path in ("/admin/documents/1/text/en", "/admin/nothing"):
        answer = client.post(path, data=form)
        assert answer.status_code == 403
        assert f'action="{path}"' in answer.text
        assert 'name="title" value="Typed &lt;for&gt; an hour"' in answer.text
        assert ">\nOne.\n\n\nTwo.</textarea>" in answer.text
    assert "login" not in answer.headers.get("Set-Cookie", "")


def test_a_secret_is_never_said_again(client: FlaskClient) -> None:
    form = {"current": "my old password", "password": "my new password"}
    answer = client.post("/admin/account/password", data=form)
    assert (answer.status_code, answer.data) == (303, b"")


def test_a_script_is_sent_to_sign_in(client: FlaskClient) -> None:
    headers = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}
    answer = client.post("/admin/documents/1/text/en/draft", data={"body": "x"}, headers=headers)
    assert answer.status_code == 303


def test_an_unknown_document_or_language_has_no_draft(
    editor: FlaskClient, factory: Factory
) -> None:
    page = factory.page("About")
    for place in (f"{page.id}/text/xx", "999/text/en"):
        answer = editor.post(f"/admin/documents/{place}/draft", data={"body": "x"})
        assert answer.status_code == 404
