"""Rules that editors meet: what a page may be called where, who may change what is out, what may be typed."""

from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.admin.test_editor import act, id_of, save, text_version, write
from tests.factories import PASSWORD, Factory
from verso.db import Database
from verso.models import Purpose, Role
from verso.people import tokens
from verso.people.users import create_user


def test_a_page_cannot_move_to_where_a_route_needs_its_slug(
    editor: FlaskClient, database: Database, factory: Factory
) -> None:
    parent = factory.page("House")
    child = factory.page("Search", parent=parent)
    assert act(editor, database, child.id, "place", parent="0", position="0").status_code == 409
    assert act(editor, database, parent.id, "delete").status_code == 409
    assert editor.get("/en/house/search").status_code == 200


def test_a_page_whose_child_cannot_move_up_is_not_deleted(
    editor: FlaskClient, client: FlaskClient, database: Database, factory: Factory
) -> None:
    factory.page("Same")
    parent = factory.page("House")
    factory.page("Same", parent=parent)
    answer = act(editor, database, parent.id, "delete")
    assert answer.status_code == 409 and "Choose another one" in answer.text
    assert client.get("/en/house/same").status_code == 200


def test_what_is_refused_is_said_in_the_editor_and_nobody_is_blamed(
    editor: FlaskClient, database: Database, factory: Factory
) -> None:
    factory.page("Door")
    house = factory.page("House")
    door = factory.page("Door", parent=house)
    taken = act(editor, database, door.id, "place", parent="0")
    assert taken.status_code == 409 and "has this address already" in taken.text
    circle = act(editor, database, house.id, "place", parent=str(door.id))
    assert circle.status_code == 422 and "cannot be placed there" in circle.text
    stuck = act(editor, database, house.id, "delete")
    assert stuck.status_code == 409 and "A page below it cannot move up" in stuck.text
    for answer in (taken, circle, stuck):
        assert "Nothing was changed." in answer.text and 'role="alert"' in answer.text
        assert 'id="body"' in answer.text and " data-answers" not in answer.text
        assert "Somebody else was faster" not in answer.text


@pytest.mark.parametrize("at", ["0001-01-01T00:00", "9999-12-31T23:59", "never"])
def test_a_date_at_the_ends_of_the_calendar_is_refused(
    editor: FlaskClient, client: FlaskClient, database: Database, factory: Factory, at: str
) -> None:
    post = factory.post(live=False)
    assert act(editor, database, post.id, "publish", at=at).status_code == 422
    assert client.get("/en/blog/archive/").status_code == 200


def test_an_author_writes_drafts_and_leaves_published_pages_alone(
    app: Flask, factory: Factory, database: Database
) -> None:
    user = factory.user(role=Role.AUTHOR)
    author = factory.sign_in(app, user)
    draft, out = factory.page("Draft", live=False, owner=user), factory.page("Out", owner=user)
    for page, status in ((draft, 303), (out, 403)):
        fields = {"title": "New", "slug": page.source.slug, "version": str(page.version)}
        assert save(author, page.id, **fields).status_code == status
    assert act(author, database, out.id, "place", parent="0").status_code == 403


def test_a_live_page_below_a_draft_keeps_its_address_everywhere(
    client: FlaskClient, factory: Factory
) -> None:
    draft = factory.page("Hidden", live=False)
    child = factory.page("Child", parent=draft)
    factory.page("Grandchild", parent=child)
    page = client.get("/en/hidden/child/grandchild").text
    assert 'href="/en/hidden/child"' in page and "Hidden" not in page
    assert 'href="/en/hidden/child/grandchild"' in client.get("/en/hidden/child").text


def test_a_post_that_was_out_redirects_after_being_rescheduled_and_renamed(
    editor: FlaskClient, client: FlaskClient, database: Database
) -> None:
    number = id_of(write(editor, "post"))
    act(editor, database, number, "publish")
    act(editor, database, number, "publish", at="2400-01-01T00:00")
    act(editor, database, number, "withdraw", to="draft")
    save(
        editor,
        number,
        title="Hours",
        slug="hours",
        body="New.",
        version=text_version(database, number),
    )
    act(editor, database, number, "publish")
    moved = client.get("/en/blog/opening-hours")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/en/blog/hours")


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x0b", "\x0c", "\ufffe"])
def test_control_characters_break_no_feed(
    editor: FlaskClient, client: FlaskClient, database: Database, character: str
) -> None:
    typed = f"a{character}b"
    number = id_of(write(editor, "post", title=typed, slug="ab", body=typed, summary=typed))
    act(editor, database, number, "publish")
    feed = client.get("/en/blog/feed.xml").text
    assert character not in feed and "ab" in feed
    ElementTree.fromstring(feed)


def test_tags_and_authors_of_drafts_are_not_public(client: FlaskClient, factory: Factory) -> None:
    factory.post("Secret", live=False, tags=("Project Zeus",), authors=("Hidden Person",))
    for path in ("tags/project-zeus", "tags/project-zeus/feed.xml", "authors/hidden-person"):
        assert client.get(f"/en/blog/{path}").status_code == 404
    assert "Zeus" not in client.get("/en/blog/tags/").text


def test_a_set_up_link_is_worth_nothing_once_there_is_an_account(
    client: FlaskClient, database: Database
) -> None:
    with database.writing() as session:
        token = tokens.issue(session, Purpose.SETUP)
    with database.writing() as session:
        create_user(session, "first@example.org", PASSWORD, role=Role.ADMIN)
    assert client.get(f"/admin/setup/{token}").status_code == 410


def test_a_stranger_cannot_lock_somebody_out_from_afar(app: Flask, factory: Factory) -> None:
    form = {"email": factory.user().email, "password": "wrong password"}
    afar = {"REMOTE_ADDR": "198.51.100.7"}
    stranger = app.test_client()
    answers = [
        stranger.post("/admin/sign-in", data=form, environ_overrides=afar) for _ in range(11)
    ]
    assert answers[-1].status_code == 429
    form["password"] = PASSWORD
    assert app.test_client().post("/admin/sign-in", data=form).status_code == 303
