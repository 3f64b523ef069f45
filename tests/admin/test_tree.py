"""The tree of pages in the admin: levels, moves by buttons, and what is said of addresses."""

import re

from flask import Flask
from flask.testing import FlaskClient

from tests.admin.test_editor import act
from tests.factories import Factory, words
from verso.content.desk import MOST_PARENTS
from verso.content.synthetic import add_pages
from verso.content.tree import LEVEL_SIZE
from verso.db import Database
from verso.models import Role


def titles(browser: FlaskClient, query: str = "") -> list[str]:
    told = browser.get(f"/admin/tree{query}").text
    return re.findall(r'id="title-\d+"[^>]*><bdi[^>]*>([^<]*)<', told)


def test_a_level_is_shown_with_states_and_what_stands_above(
    editor: FlaskClient, factory: Factory
) -> None:
    house = factory.page("House")
    door = factory.page("Door", parent=house, live=False)
    factory.page("Lock", parent=door)
    factory.post("No page")
    assert titles(editor) == ["House"]
    assert titles(editor, f"?at={house.id}") == ["House", "Door"]
    assert titles(editor, f"?at={door.id}") == ["House", "Door", "Lock"]
    told = editor.get(f"/admin/tree?at={house.id}").text
    assert "state-draft" in told and f'href="/admin/tree?at={door.id}"' in told


def test_an_unknown_page_and_a_post_have_no_level(editor: FlaskClient, factory: Factory) -> None:
    post = factory.post()
    assert editor.get(f"/admin/tree?at={post.id}").status_code == 404
    assert editor.get("/admin/tree?at=999").status_code == 404
    for odd in ("?at=x", "?from=x", "?near=x", "?near=999", "?changed=x&by=up", f"?near={post.id}"):
        assert editor.get(f"/admin/tree{odd}").status_code == 200


def test_a_move_leads_back_to_the_page_with_its_button_in_focus(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    factory.page("One")
    two, _ = factory.page("Two"), factory.page("Three")
    answer = act(editor, database, two.id, "move", to="down")
    told = editor.get(answer.headers["Location"]).text
    assert "Moved." in told and "redirect" not in told
    assert titles(editor) == ["One", "Three", "Two"]
    # There is no way further down: the title has the focus.
    assert re.search(rf'id="title-{two.id}"[^>]* autofocus', told)
    told = editor.get(act(editor, database, two.id, "move", to="up").headers["Location"]).text
    assert re.search(r'value="up"[^>]* autofocus', told)


def test_a_move_to_another_level_says_how_many_addresses_redirect(
    editor: FlaskClient, client: FlaskClient, factory: Factory, database: Database
) -> None:
    factory.page("House")
    door = factory.page("Door", translations={"de": words("Tür", slug="tuer")})
    answer = act(editor, database, door.id, "move", to="in")
    assert "2 addresses changed" in editor.get(answer.headers["Location"]).text
    assert client.get("/en/door").headers["Location"] == "/en/house/door"
    assert client.get("/de/tuer").headers["Location"] == "/de/house/tuer"


def test_circles_taken_addresses_and_stale_forms_are_refused_with_the_reason(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    house = factory.page("House")
    door = factory.page("Door", parent=house)
    factory.page("Door")
    circle = act(editor, database, house.id, "move", to="into", target=str(door.id))
    assert circle.status_code == 409 and "cannot be placed there" in circle.text
    taken = act(editor, database, door.id, "move", to="out")
    assert taken.status_code == 409 and "has this address already" in taken.text
    assert act(editor, database, house.id, "move", to="sideways").status_code == 422
    stale = editor.post(f"/admin/documents/{house.id}/move", data={"to": "down", "version": "0"})
    assert stale.status_code == 409
    missing = editor.post("/admin/documents/999/move", data={"to": "down", "version": "1"})
    assert missing.status_code == 404
    assert titles(editor) == ["House", "Door"]


def test_an_author_moves_drafts_of_their_own_only(
    app: Flask, factory: Factory, database: Database
) -> None:
    user = factory.user(role=Role.AUTHOR)
    author = factory.sign_in(app, user)
    out, own = factory.page("Out"), factory.page("Own", live=False, owner=user)
    told = author.get("/admin/tree").text
    assert f"/{own.id}/move" in told and f"/{out.id}/move" not in told
    assert act(author, database, own.id, "move", to="up").status_code == 303
    assert act(author, database, out.id, "move", to="up").status_code == 403


def test_a_long_level_is_shown_in_parts(editor: FlaskClient, factory: Factory) -> None:
    pages = [factory.page(f"P{one:02}") for one in range(LEVEL_SIZE + 1)]
    told = editor.get("/admin/tree").text
    assert titles(editor)[-1] == "P49" and "Earlier pages" not in told
    later = re.findall(r"from=([0-9.]+)", told)[-1]
    assert titles(editor, f"?from={later}") == ["P50"]
    assert "Earlier pages" in editor.get(f"/admin/tree?from={later}").text
    around = titles(editor, f"?near={pages[-1].id}")
    assert around[0] == "P25" and around[-1] == "P50"


def test_with_very_many_pages_the_editor_offers_those_above_and_leads_to_the_tree(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    add_pages(database, MOST_PARENTS)
    house = factory.page("House")
    door = factory.page("Door", parent=house)
    told = editor.get(f"/admin/documents/{door.id}/text/en").text
    assert re.findall(r'<option value="(\d+)"', told.partition('id="parent"')[2]) == [
        "0",
        str(house.id),
    ]
    assert f'/admin/tree?near={door.id}"' in told
    act(editor, database, door.id, "place", parent=str(house.id), in_menu="1")
    assert titles(editor, f"?at={house.id}") == ["House", "Door"]
