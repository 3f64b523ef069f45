"""`?translate=1`: translators see every string of a page, and nobody else sees or pays for anything."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from werkzeug.test import TestResponse

from tests.conftest import MakeApp
from tests.errors.failures import flush_inbox
from tests.factories import Factory
from tests.i18n.files import PoFile
from verso.i18n.listing import anchor_of
from verso.models import Role

PAGES = ("/en/", "/en/blog/", "/ar/blog/", "/en/nothing-here", "/en/blog/nothing", "/de/search?q=x")


class Panel:
    """What the panel of an answer lists: message, state and places of each string."""

    def __init__(self, answer: TestResponse) -> None:
        self.page, found, panel = answer.text.partition('<section class="strings"')
        assert found, "there is no panel"
        self.html = panel
        self.items = [unescape(item) for item in re.findall(r"<li>(.*?)</li>", panel, re.DOTALL)]

    @property
    def messages(self) -> list[str]:
        """The msgids in their order."""
        wanted = re.compile(r'words-source"[^>]*>\s*(?:<p class.*?</p>\s*)?<p>(.*?)</p>', re.DOTALL)
        return [wanted.findall(item)[0] for item in self.items]

    def item(self, msgid: str) -> str:
        return self.items[self.messages.index(msgid)]


def asked(path: str) -> str:
    return path + ("&" if "?" in path else "?") + "translate=1"


@pytest.fixture
def translator(app: Flask, factory: Factory) -> FlaskClient:
    factory.post("Hello")
    return factory.sign_in(app, factory.user(role=Role.TRANSLATOR))


@pytest.mark.parametrize("path", PAGES)
def test_a_visitors_page_does_not_change_by_a_byte(
    client: FlaskClient, factory: Factory, path: str
) -> None:
    factory.post("Hello")
    other = asked(path).replace("translate=1", "translate=0")
    with_it, without = client.get(asked(path)), client.get(other)
    assert with_it.data == without.data.replace(b"translate=0", b"translate=1")
    assert list(with_it.headers) == list(without.headers)
    assert with_it.status_code == without.status_code


def test_a_login_that_has_ended_is_a_visitors(client: FlaskClient) -> None:
    plain = client.get("/en/?translate=1").data
    client.set_cookie("verso_login", "made-up")
    assert client.get("/en/?translate=1").data == plain


@pytest.mark.parametrize("path", [*PAGES, "/admin/documents", "/admin/languages/de", "/admin/none"])
def test_whoever_translates_sees_the_strings_of_any_page(
    translator: FlaskClient, path: str
) -> None:
    plain, answer = translator.get(path), translator.get(asked(path))
    assert answer.status_code == plain.status_code
    panel = Panel(answer)
    assert "Skip to the content" in panel.messages
    assert len(panel.messages) == len(set(panel.messages)) > 8
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert "translating.css" in panel.page and 'class="strings"' not in plain.text
    assert panel.html.rstrip().endswith("</body>\n</html>")


@pytest.mark.parametrize("query", ["translate=0", "translate=", "translate=10", "xtranslate=1", ""])
def test_another_query_shows_nothing(translator: FlaskClient, query: str) -> None:
    answer = translator.get(f"/en/blog/?{query}")
    assert 'class="strings"' not in answer.text
    assert "no-store" not in answer.headers.get("Cache-Control", "")


def test_strings_come_in_order_of_appearance_with_their_places(translator: FlaskClient) -> None:
    panel = Panel(translator.get("/de/blog/?translate=1"))
    shown = [
        panel.messages.index(one)
        for one in ("Skip to the content", "Main menu", "Remember", "Feed")
    ]
    assert shown == sorted(shown)
    menu = panel.item("Main menu")
    line = line_of("base.html", "Main menu")
    assert f"verso/templates/base.html:{line}" in menu and "Übersetzt" in menu
    assert 'lang="en" dir="ltr"' in menu and 'lang="de" dir="ltr"' in menu and "Hauptmenü" in menu
    assert re.search(r"verso/translations/de/LC_MESSAGES/messages\.po:\d+", menu)
    anchor = anchor_of("Main menu")
    assert f'href="/admin/languages/de?at={anchor}#{anchor}"' in menu
    assert f'<li id="{anchor}">' in translator.get(f"/admin/languages/de?at={anchor}").text


def test_the_error_pages_own_strings_are_there_from_python_too(translator: FlaskClient) -> None:
    panel = Panel(translator.get("/ar/nothing-here?translate=1"))
    title = re.findall(r"<h1>(.*?)</h1>", panel.page)[0]
    [item] = [item for item in panel.items if f"<p>{unescape(title)}</p>" in item]
    assert re.search(r"verso/errors/respond\.py:\d+", item) and 'lang="ar" dir="rtl"' in item


def test_every_state_is_named_and_says_what_is_shown(make_app: MakeApp, tmp_path: Path) -> None:
    file = PoFile(tmp_path / "instance" / "translations" / "it")
    file.write({"Search": "Cerca", "Feed": "<b>Feed</b>"})
    text = file.path.read_text("utf-8") + '\n#, fuzzy\nmsgid "Languages"\nmsgstr "Lingue"\n'
    file.write_bytes(text.encode())
    PoFile(tmp_path / "instance" / "translations" / "en").write({"Remember": "Keep it"})
    app = make_app(TESTING=True, LOCALES=["en", "it"])
    factory = Factory(app.extensions["verso.db"], ("en", "it"))
    panel = Panel(factory.sign_in(app, factory.user()).get("/it/blog/?translate=1"))
    states = {
        "Search": "Translated",
        "Feed": "Refused",
        "Languages": "Fuzzy",
        "Remember": "Missing",
    }
    for msgid, state in states.items():
        assert f">{state}</span>" in panel.item(msgid)
        assert ("Shown in: " in panel.item(msgid)) == (state != "Translated")
    assert "<b>Feed</b>" in panel.item("Feed") and "Lingue" in panel.item("Languages")
    assert "instance/translations/it/messages.po:8" in panel.item("Feed")
    assert "Keep it" in panel.page and "In the list of all messages" in panel.item("Remember")


def test_what_is_looked_up_and_not_shown_stands_apart(translator: FlaskClient) -> None:
    panel = Panel(translator.get("/admin/documents?translate=1&done=saved"))
    shown, _, others = panel.html.partition("not shown in these words")
    assert "Saved." in shown and "Saved." not in others
    assert "The redirect was made." in others and "The redirect was made." not in shown


def test_a_fault_shows_the_strings_of_its_page(app: Flask, factory: Factory) -> None:
    def boom(**_: str) -> str:
        raise RuntimeError("boom")

    add_view(app, boom)
    answer = factory.sign_in(app, factory.user()).get("/de/view?translate=1")
    assert answer.status_code == 500 and answer.headers["X-Error-ID"]
    assert "Error number:" in Panel(answer).messages


def test_conditional_requests_never_get_a_304_for_it(app: Flask, factory: Factory) -> None:
    def view(**_: str) -> ResponseReturnValue:
        response = Response("<html><body>x</body></html>", content_type="text/html")
        response.add_etag()
        return response.make_conditional(request)

    add_view(app, view)
    translator = factory.sign_in(app, factory.user())
    known = {"If-None-Match": translator.get("/de/view").headers["ETag"]}
    assert translator.get("/de/view", headers=known).status_code == 304
    answer = translator.get("/de/view?translate=1", headers=known)
    assert answer.status_code == 200 and "ETag" not in answer.headers
    assert 'class="strings"' in answer.text
    assert app.test_client().get("/de/view?translate=1", headers=known).status_code == 304


def test_what_is_no_page_stays_as_it_is(translator: FlaskClient) -> None:
    for path in ("/robots.txt", "/en/blog/feed.xml", "/sitemap.xml"):
        plain, answer = translator.get(path), translator.get(asked(path))
        assert answer.status_code == 200 and b"strings-of-page" not in answer.data
        assert answer.headers.get("ETag") == plain.headers.get("ETag")
    head = translator.head("/en/blog/?translate=1")
    assert head.data == b"" and int(head.headers["Content-Length"]) > 1000


def test_without_a_database_there_is_the_error_page_and_no_panel(
    app: Flask, translator: FlaskClient
) -> None:
    Path(app.extensions["verso.db"].url.database).unlink()
    answer = translator.get("/en/blog/?translate=1")
    assert answer.status_code == 503 and 'class="strings"' not in answer.text
    assert 'data-section="blog"' in answer.text


def test_a_panel_that_fails_is_reported_and_the_page_is_whole(
    app: Flask, editor: FlaskClient, tmp_path: Path
) -> None:
    app.extensions["verso.template"].path = tmp_path / "gone.pot"
    for path, status in (("/en/blog/", 200), ("/en/nothing-here", 404)):
        plain, answer = editor.get(f"{path}?translate=0"), editor.get(asked(path))
        assert answer.status_code == status
        assert answer.text == plain.text.replace("translate=0", "translate=1")
    flush_inbox(app)
    assert "FileNotFoundError" in editor.get("/admin/errors").text


def test_requests_at_once_do_not_see_each_others_strings(app: Flask, factory: Factory) -> None:
    factory.post("Hello")
    paths = ("/de/blog/", "/fr/nothing-here", "/ar/", "/en/search?q=x")
    browsers = [factory.sign_in(app, factory.user()) for _ in paths]
    alone = [
        Panel(browser.get(asked(path))).html for browser, path in zip(browsers, paths, strict=True)
    ]
    visitor, visited = app.test_client(), app.test_client().get("/de/blog/?translate=1").data
    barrier = Barrier(len(paths) + 1)

    def read(browser: FlaskClient, path: str) -> list[str]:
        barrier.wait()
        return [browser.get(asked(path)).text for _ in range(10)]

    with ThreadPoolExecutor(len(paths) + 1) as pool:
        reading = [pool.submit(read, *pair) for pair in zip(browsers, paths, strict=True)]
        strange = pool.submit(read, visitor, "/de/blog/")
        for done, wanted in zip(reading, alone, strict=True):
            assert all(page.endswith(wanted) for page in done.result())
        assert set(strange.result()) == {visited.decode()}


def add_view(app: Flask, view: Callable[..., ResponseReturnValue]) -> None:
    app.add_url_rule("/<locale:locale>/view", endpoint="site.view", view_func=view)


def line_of(template: str, text: str) -> int:
    file = Path(__file__).parent.parent / "verso" / "templates" / template
    return 1 + next(
        place for place, line in enumerate(file.read_text().splitlines()) if text in line
    )
