"""The site's settings in the admin: saved as a whole, never over somebody else's, and restored."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.factories import Factory
from verso.content import site_settings
from verso.content.menu import menu_of
from verso.content.site_settings import Key
from verso.db import Database
from verso.models import AuditEvent, Document

LOOK = {"logo": "", "sharing_picture": "", "accent_light": "", "accent_dark": ""}


def version(browser: FlaskClient, path: str) -> str:
    found = re.search(r'name="version" value="(\w+)"', browser.get(path).text)
    assert found, path
    return found[1]


def save(browser: FlaskClient, path: str, **form: object) -> TestResponse:
    """Save a page of settings as it is now."""
    known = version(browser, path)
    return browser.post(path.partition("?")[0], data={"version": known, **form})


def stored(database: Database, *keys: Key) -> list[str]:
    with database.reader() as session:
        return list(site_settings.read(session, keys).values())


def test_words_are_saved_in_one_language_and_shown_at_once(editor: FlaskClient) -> None:
    path = "/admin/site?locale=de"
    saved = save(
        editor, path, locale="de", name="Haus", tagline="Am Fluss", footer="Von *uns*: [hier](/de/)"
    )
    assert saved.location == "/admin/site?locale=de&done=saved"
    german, english = editor.get("/de/").text, editor.get("/en/").text
    assert "<title>Haus: Am Fluss</title>" in german
    assert '<p>Von <em>uns</em>: <a href="/de/">hier</a></p>' in german
    assert "Haus" not in english


def test_a_footer_is_cleaned_like_every_text(editor: FlaskClient) -> None:
    save(editor, "/admin/site?locale=en", locale="en", footer="<script>x</script>[y](javascript:z)")
    page = editor.get("/en/").text
    assert "<script>x" not in page and 'href="javascript' not in page


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"name": "x" * 101}, "At most 100 characters."),
        ({"footer": "a\x01b"}, "This contains a character that cannot be stored."),
    ],
)
def test_words_that_cannot_be_kept_come_back(
    editor: FlaskClient, form: dict[str, str], message: str
) -> None:
    answer = save(editor, "/admin/site?locale=en", locale="en", **form)
    assert answer.status_code == 422 and message in answer.text


def test_two_who_save_are_shown_both_values_and_the_second_decides(
    editor: FlaskClient, database: Database
) -> None:
    opened = version(editor, "/admin/site?locale=en")
    save(editor, "/admin/site?locale=en", locale="en", name="First")
    form = {"locale": "en", "name": "Second", "version": opened}
    clash = editor.post("/admin/site", data=form)
    assert clash.status_code == 409
    assert "<bdi>First</bdi>" in clash.text and 'value="Second"' in clash.text
    assert stored(database, ("name", "en")) == ["First"]
    newer = re.search(r'name="version" value="(\w+)"', clash.text)
    assert newer
    assert editor.post("/admin/site", data={**form, "version": newer[1]}).status_code == 303
    assert stored(database, ("name", "en")) == ["Second"]


def test_whoever_saves_the_same_as_somebody_else_is_not_bothered(editor: FlaskClient) -> None:
    opened = version(editor, "/admin/site?locale=en")
    form = {"locale": "en", "name": "Same", "version": opened}
    assert editor.post("/admin/site", data=form).status_code == 303
    assert editor.post("/admin/site", data=form).status_code == 303


def test_a_weak_accent_is_refused_with_its_ratio_and_the_nearest_that_is_enough(
    editor: FlaskClient, database: Database
) -> None:
    answer = save(editor, "/admin/site/look", **{**LOOK, "accent_light": "#ffcc00"})
    assert answer.status_code == 422
    said = re.search(r"is (1\.\d+):1, and at least 4\.5:1 .* enough: (#\w{6})", answer.text)
    assert said and stored(database, site_settings.ACCENT_LIGHT) == [""]
    taken = save(editor, "/admin/site/look", **{**LOOK, "accent_light": said[2]})
    assert taken.status_code == 303
    assert stored(database, site_settings.ACCENT_LIGHT) == [said[2]]


def test_accents_stand_in_a_stylesheet_that_never_changes(editor: FlaskClient) -> None:
    assert "/static/accent/" not in editor.get("/en/").text
    save(editor, "/admin/site/look", **{**LOOK, "accent_dark": "#FFB3C1"})
    link = re.search(
        r'<link rel="stylesheet" href="(/static/accent/[^"]+)">', editor.get("/en/").text
    )
    assert link
    sheet = editor.get(link[1])
    assert "--accent: light-dark(#0d6156, #ffb3c1);" in sheet.text
    assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert editor.get("/static/accent/ffcc00-7fcfbd.css").status_code == 404
    assert editor.get("/static/accent/red;}x-7fcfbd.css").status_code == 404


def test_logo_and_sharing_picture_are_media(editor: FlaskClient, factory: Factory) -> None:
    logo, shared = factory.medium("logo.png"), factory.medium("shared.png")
    save(editor, "/admin/site/look", **{**LOOK, "logo": logo.id, "sharing_picture": shared.id})
    page = editor.get("/en/").text
    assert f'src="/media/{logo.key}/' in page
    assert f'property="og:image" content="http://localhost/media/{shared.key}/shared.png"' in page
    assert editor.post(f"/admin/media/{logo.id}/delete").status_code == 409
    refused = save(editor, "/admin/site/look", **{**LOOK, "logo": "999"})
    assert refused.status_code == 422


def test_the_menu_is_reordered_by_buttons(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    one, two = factory.page("One", in_menu=True), factory.page("Two", in_menu=True)
    three = factory.page("Three")
    path = "/admin/site/menu"
    for shown, deed, expected in (
        ([one, two], f"up:{two.id}", [two, one]),
        ([two, one], f"in:{three.id}", [two, one, three]),
        ([two, one, three], f"down:{two.id}", [one, two, three]),
        ([one, two, three], f"out:{one.id}", [two, three]),
        ([two, three], f"up:{two.id}", [two, three]),
    ):
        order = " ".join(str(page.id) for page in shown)
        assert save(editor, path, menu=order, do=deed).status_code == 303
        with database.reader() as session:
            assert menu_of(session) == " ".join(str(page.id) for page in expected), deed
    menu = re.findall(r'<li><a href="/en/(two|three|one)">', editor.get("/en/").text)
    assert menu == ["two", "three"]


def test_the_menu_says_when_somebody_moved_a_page_meanwhile(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    one, two = factory.page("One", in_menu=True), factory.page("Two", in_menu=True)
    opened = version(editor, "/admin/site/menu")
    place = {"version": str(two.version), "parent": "0", "position": "0"}
    assert editor.post(f"/admin/documents/{two.id}/place", data=place).status_code == 303
    form = {"version": opened, "menu": f"{one.id} {two.id}", "do": f"up:{two.id}"}
    clash = editor.post("/admin/site/menu", data=form)
    assert clash.status_code == 409 and "Saved in the meantime:" in clash.text
    with database.reader() as session:
        assert menu_of(session) == str(one.id)
        [change] = site_settings.list_changes(session)
    assert (change.name, change.before, change.after) == ("menu", f"{one.id} {two.id}", str(one.id))


def test_the_home_page_is_a_page_that_is_there(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    page, post = factory.page("Welcome"), factory.post("News")
    assert save(editor, "/admin/site/menu", home=page.id).status_code == 303
    assert "<h1>Welcome</h1>" in editor.get("/en/").text
    for wrong in (post.id, 999):
        assert save(editor, "/admin/site/menu", home=wrong).status_code == 422
    assert stored(database, site_settings.HOME) == [str(page.id)]


def test_every_change_is_in_the_history_and_goes_back_with_one_click(
    editor: FlaskClient, database: Database
) -> None:
    for name in ("First", "Second"):
        save(editor, "/admin/site?locale=en", locale="en", name=name)
    page = editor.get("/admin/site/history").text
    assert "First" in page and "Second" in page and "@example.org" in page
    deeds = re.findall(
        r'action="(/admin/site/history/\d+/restore)">\s*<input[^>]+value="(\w+)"', page
    )
    path, known = deeds[0]
    assert editor.post(path, data={"version": known}).status_code == 303
    assert stored(database, ("name", "en")) == ["First"]
    # The list from before knows nothing of that: it may not undo it silently.
    assert editor.post(deeds[1][0], data={"version": deeds[1][1]}).status_code == 409
    with database.reader() as session:
        [newest, *_] = site_settings.list_changes(session)
        actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert (newest.before, newest.after) == ("Second", "First")
    assert actions[-3:] == ["site-changed", "site-changed", "site-restored"]


def test_what_was_deleted_cannot_come_back(
    editor: FlaskClient, factory: Factory, database: Database
) -> None:
    page = factory.page("Welcome")
    save(editor, "/admin/site/menu", home=page.id)
    save(editor, "/admin/site/menu", home="")
    with database.writing() as session:
        session.delete(session.get_one(Document, page.id))
    path, known = re.findall(
        r'action="(/admin/site/history/\d+/restore)">\s*<input[^>]+value="(\w+)"',
        editor.get("/admin/site/history").text,
    )[0]
    assert editor.post(path, data={"version": known}).status_code == 409
    assert editor.post("/admin/site/history/999/restore").status_code == 404
