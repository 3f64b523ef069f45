"""Who is let in: a hidden language and a site in maintenance, on every surface."""

import time
from collections.abc import Callable, Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from tests.conftest import MakeApp
from tests.errors.failures import flush_inbox
from tests.factories import Factory, words
from verso.content import navigation, site_settings
from verso.content.navigation import LIFETIME
from verso.content.site_settings import HIDDEN_LOCALES, MAINTENANCE, ON, Key
from verso.db import Database
from verso.models import FailureGroup, Role

Set = Callable[[Mapping[Key, str]], None]


@pytest.fixture
def setting(database: Database) -> Set:
    def save(values: Mapping[Key, str]) -> None:
        with database.writing() as session:
            site_settings.save(session, values, version=None, user_id=None)

    return save


@pytest.fixture
def hidden(setting: Set, factory: Factory) -> None:
    """German is hidden; a page and a post have it."""
    factory.page("About", translations={"de": words("Wir"), "fr": words("Nous")})
    factory.post("News", translations={"de": words("Neues"), "fr": words("Nouvelles")})
    setting({HIDDEN_LOCALES: "de"})


@pytest.fixture
def closed(setting: Set) -> None:
    setting({MAINTENANCE: ON})


GERMAN = ("/de/", "/de/wir", "/de/search?q=x", "/de/problems/", "/de/blog/", "/de/blog/neues")
GERMAN_TOO = ("/DE/wir", "/de", "/de/blog/feed.xml", "/de/blog/feed.json", "/de/nothing")


@pytest.mark.usefixtures("hidden")
@pytest.mark.parametrize("path", [*GERMAN, *GERMAN_TOO])
def test_addresses_of_a_hidden_language_lead_nowhere(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept-Language": "de, fr;q=0.5"})
    assert answer.status_code == 404
    assert '<html lang="fr"' in answer.text and 'hreflang="de"' not in answer.text


@pytest.mark.usefixtures("hidden")
@pytest.mark.parametrize(
    "path", ["/en/", "/en/about", "/en/blog/", "/en/blog/news", "/en/search?q=x", "/en/nothing"]
)
def test_a_hidden_language_is_offered_by_no_page(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    assert 'hreflang="fr"' in page and 'hreflang="de"' not in page
    assert 'value="de"' not in page and "/de/" not in page


@pytest.mark.usefixtures("hidden")
def test_a_hidden_language_is_in_nothing_that_programs_read(client: FlaskClient) -> None:
    index = client.get("/api/v1/").get_json()
    assert index["locales"] == ["en", "fr", "ar"]
    post = (
        client.get("/api/v1/posts").get_json()["items"][0]["self"].removeprefix("http://localhost")
    )
    assert set(client.get(post).get_json()["translations"]) == {"en", "fr"}
    for path in ("/sitemap/0.xml", "/sitemap/1.xml", "/en/blog/feed.xml", "/api/v1/export"):
        text = client.get(path).text
        assert "/de/" not in text and "Neues" not in text and '"de"' not in text, path
    assert "de" not in client.get("/.well-known/security.txt").text.partition("Languages:")[2][:12]


@pytest.mark.usefixtures("hidden")
def test_nobody_is_led_into_a_hidden_language(client: FlaskClient) -> None:
    client.set_cookie("verso_language", "de")
    german = {"Accept-Language": "de"}
    assert client.get("/", headers=german).location == "/en/"
    assert client.get("/about", headers=german).location == "/en/about"
    assert client.get("/api/v1/posts?lang=de").get_json()["items"][0]["lang"] == "en"
    assert client.post("/language", data={"locale": "de", "path": "/en/"}).status_code == 400


@pytest.mark.usefixtures("hidden")
def test_people_signed_in_see_a_hidden_language_with_a_notice(app: Flask, factory: Factory) -> None:
    translator = factory.sign_in(app, factory.user(role=Role.TRANSLATOR))
    page = translator.get("/de/wir")
    assert page.status_code == 200 and '<html lang="de"' in page.text
    assert 'class="notice insider"' in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert 'value="de"' in translator.get("/admin/documents").text


@pytest.mark.usefixtures("hidden")
def test_what_is_hidden_is_no_missing_page(app: Flask, client: FlaskClient) -> None:
    client.get("/de/unknown")
    assert not len(app.extensions["verso.recorder"].tally)


def test_the_default_language_is_never_hidden(client: FlaskClient, setting: Set) -> None:
    setting({HIDDEN_LOCALES: "en de"})
    assert client.get("/en/").status_code == 200
    assert client.get("/de/").status_code == 404


def test_a_document_in_a_hidden_language_alone_is_still_read_in_others(
    client: FlaskClient, factory: Factory, setting: Set
) -> None:
    factory.page("Wir", locale="de")
    setting({HIDDEN_LOCALES: "de"})
    page = client.get("/en/wir")
    assert page.status_code == 200 and 'rel="canonical" href="http://localhost/en/wir"' in page.text


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/", "site"),
        ("/fr/", "site"),
        ("/fr/nothing", "site"),
        ("/sitemap.xml", "site"),
        ("/fr/blog/", "blog"),
        ("/fr/blog/feed.xml", "blog"),
    ],
)
def test_visitors_of_a_closed_site_are_asked_to_come_back(
    client: FlaskClient, path: str, section: str
) -> None:
    answer = client.get(path, headers={"Accept-Language": "fr"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "300")
    assert answer.headers["Cache-Control"] == "no-store"
    assert '<html lang="fr"' in answer.text and f'data-section="{section}"' in answer.text


@pytest.mark.usefixtures("closed")
def test_programs_get_a_problem_whoever_asks(client: FlaskClient, editor: FlaskClient) -> None:
    for browser in (client, editor):
        answer = browser.get("/api/v1/posts")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "300")
        assert answer.mimetype == "application/problem+json"
        problem = answer.get_json()
        assert (problem["code"], problem["retryable"]) == (50306, True)


@pytest.mark.usefixtures("closed")
def test_what_a_closed_site_still_answers(app: Flask, client: FlaskClient) -> None:
    asset = f"/{app.extensions['verso.static']}/verso.css"
    accent = "/static/accent/0d6156-7fcfbd.css"
    for path in (asset, accent, "/favicon.ico", "/robots.txt", "/en/problems/maintenance"):
        with client.get(path) as answer:
            assert answer.status_code == 200, path
    for path in ("/healthz", "/readyz"):
        assert client.get(path).status_code == 204
    assert client.get("/admin/sign-in").status_code == 200
    assert client.post("/language", data={"locale": "fr", "path": "/en/"}).location == "/fr/"


@pytest.mark.usefixtures("closed")
def test_people_signed_in_see_a_closed_site_with_a_notice(editor: FlaskClient) -> None:
    page = editor.get("/en/")
    assert page.status_code == 200 and 'class="notice insider"' in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    desk = editor.get("/admin/documents")
    assert desk.status_code == 200 and "The site is closed to visitors." in desk.text


def test_a_closed_site_says_what_was_written_for_it(client: FlaskClient, setting: Set) -> None:
    setting({MAINTENANCE: ON, ("maintenance_text", "de"): "Wir ziehen <um>."})
    assert "Wir ziehen &lt;um&gt;." in client.get("/de/").text
    assert client.get("/api/v1/?lang=de").get_json()["detail"] == "Wir ziehen <um>."
    assert "Wir ziehen" not in client.get("/en/").text


@pytest.mark.usefixtures("closed")
def test_a_closed_site_is_reported_to_nobody(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    client.get("/en/")
    flush_inbox(app)
    with database.reader() as session:
        assert session.scalar(select(FailureGroup.id)) is None


def test_another_process_closes_within_a_second_on_any_database(
    make_app: MakeApp, any_database: Database
) -> None:
    url = any_database.url.render_as_string(hide_password=False)
    ours, theirs = (make_app(TESTING=True, DATABASE_URL=url).test_client() for _ in range(2))
    assert [one.get("/en/").status_code for one in (ours, theirs)] == [200, 200]
    with any_database.writing() as session:
        site_settings.save(session, {MAINTENANCE: ON}, version=None, user_id=None)
    time.sleep(LIFETIME + 0.05)
    assert [one.get("/en/").status_code for one in (ours, theirs)] == [503, 503]


def test_nothing_is_asked_of_the_database_that_was_not_asked_before(
    client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the state of the site is remembered, a redirect needs no query at all."""
    monkeypatch.setattr(navigation, "LIFETIME", 3600.0)
    client.get("/en/")
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    client.get("/")
    client.get("/robots.txt")
    assert asked == []


def test_a_database_that_is_away_leaves_what_is_remembered(
    app: Flask, client: FlaskClient, database: Database, setting: Set
) -> None:
    client.get("/en/")
    setting({MAINTENANCE: ON})
    assert client.get("/en/").status_code == 503
    assert database.path
    database.close()
    database.path.rename(database.path.with_suffix(".away"))
    time.sleep(LIFETIME + 0.05)
    answer = client.get("/fr/")
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "300"
    assert client.get("/healthz").status_code == 204


def test_a_site_that_is_open_says_what_is_away(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    client.get("/en/")
    assert database.path
    database.close()
    database.path.rename(database.path.with_suffix(".away"))
    time.sleep(LIFETIME + 0.05)
    assert client.get("/api/v1/posts").get_json()["code"] == 50301
    assert client.get("/en/problems/maintenance").status_code == 200
