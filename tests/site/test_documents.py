"""Pages in the language of their URL; URLs without a language lead to the reader's."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import Factory, words


@pytest.fixture
def tree(factory: Factory) -> None:
    about = factory.page(
        "About", in_menu=True, translations={"fr": words("À propos", slug="a-propos")}
    )
    factory.page("Team", parent=about, body="## People\n\nMany.")


@pytest.mark.parametrize(
    ("header", "cookie", "home"),
    [
        ("fr-CH, en;q=0.9", "", "/fr/"),
        ("fr", "ar", "/ar/"),
        ("xx", "", "/en/"),
        ("de", "zz", "/de/"),
    ],
)
def test_the_front_door_leads_to_the_readers_language(
    client: FlaskClient, header: str, cookie: str, home: str
) -> None:
    if cookie:
        client.set_cookie("verso_language", cookie)
    answer = client.get("/?a=1", headers={"Accept-Language": header})
    assert (answer.status_code, answer.headers["Location"]) == (302, home + "?a=1")
    assert set(answer.headers["Vary"].split(", ")) >= {"Accept-Language", "Cookie"}
    assert "Set-Cookie" not in answer.headers


@pytest.mark.usefixtures("tree")
def test_a_page_shows_where_it_stands(client: FlaskClient) -> None:
    page = client.get("/en/about/team")
    assert page.status_code == 200
    assert 'class="breadcrumbs"' in page.text and 'href="/en/about"' in page.text
    assert '<h2 id="people"' in page.text
    assert "Vary" not in page.headers and "Set-Cookie" not in page.headers
    assert 'href="/en/about/team"' in client.get("/en/about").text


@pytest.mark.usefixtures("tree")
def test_a_page_without_a_translation_is_shown_in_its_own_language_and_says_so(
    client: FlaskClient,
) -> None:
    page = client.get("/fr/a-propos/team").text
    assert '<html lang="fr" dir="ltr">' in page
    assert 'class="prose" lang="en" dir="ltr"' in page
    assert "anglais" in page
    assert '<link rel="canonical" href="http://localhost/en/about/team">' in page
    assert 'hreflang="fr" href="http://localhost/' not in page


@pytest.mark.usefixtures("tree")
def test_a_translated_page_names_its_other_languages(client: FlaskClient) -> None:
    page = client.get("/fr/a-propos").text
    assert '<link rel="canonical" href="http://localhost/fr/a-propos">' in page
    assert '<link rel="alternate" hreflang="en" href="http://localhost/en/about">' in page
    assert 'hreflang="x-default"' in page


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/about", 302, "/fr/a-propos"),
        ("/a-propos", 302, "/fr/a-propos"),
        ("/about/team?x=1", 302, "/fr/a-propos/team?x=1"),
        ("/fr/about", 301, "/fr/a-propos"),
        ("/fr/about/team", 301, "/fr/a-propos/team"),
        ("/en/about/", 301, "/en/about"),
        ("/en/about/team/", 301, "/en/about/team"),
        ("/EN/about", 308, "/en/about"),
        ("/FR", 308, "/fr/"),
        ("/Fr/blog/", 308, "/fr/blog/"),
        ("/en", 308, "/en/"),
        ("/en/blog", 308, "/en/blog/"),
        ("/en/search/?q=a", 308, "/en/search?q=a"),
        ("/search", 302, "/fr/search"),
        ("/blog", 308, "/blog/"),
        ("/blog/", 302, "/fr/blog/"),
        ("/problems/not-found", 302, "/fr/problems/not-found"),
        ("/de/a-propos", 404, None),
        ("/nope", 404, None),
        ("/en/en/about", 404, None),
    ],
)
def test_every_spelling_leads_to_one_url(
    client: FlaskClient, path: str, status: int, location: str | None
) -> None:
    answer = client.get(path, headers={"Accept-Language": "fr"})
    assert (answer.status_code, answer.headers.get("Location")) == (status, location)


@pytest.mark.usefixtures("tree")
def test_redirects_know_the_mount(client: FlaskClient) -> None:
    environ = {"SCRIPT_NAME": "/mount"}
    answer = client.get("/about", headers={"Accept-Language": "fr"}, environ_overrides=environ)
    assert answer.headers["Location"] == "/mount/fr/a-propos"
    page = client.get("/en/about", environ_overrides=environ).text
    for place in ('href="/mount/en/"', 'action="/mount/language"', 'href="/mount/static/'):
        assert place in page


def test_links_in_content_know_the_mount(client: FlaskClient, factory: Factory) -> None:
    factory.page("About", body="[Home](/en/) ![x](/media/a/b.png) [away](https://example.org/)")
    page = client.get("/en/about", environ_overrides={"SCRIPT_NAME": "/mount"}).text
    assert 'href="/mount/en/"' in page and 'src="/mount/media/a/b.png"' in page
    assert 'href="https://example.org/"' in page


def test_a_chosen_home_page_answers_at_the_root_only(client: FlaskClient, factory: Factory) -> None:
    factory.home(factory.page("Welcome", in_menu=True, body="Come in."))
    assert "Come in." in client.get("/en/").text
    moved = client.get("/en/welcome")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/en/")


def test_a_published_page_is_in_the_menu_at_once(client: FlaskClient, factory: Factory) -> None:
    assert "Fresh" not in client.get("/en/").text
    factory.page("Fresh", in_menu=True)
    assert 'href="/en/fresh"' in client.get("/en/").text


def test_a_404_offers_near_pages_and_other_languages(client: FlaskClient, factory: Factory) -> None:
    factory.page("Workshops", translations={"fr": words("Ateliers")})
    client.get("/en/")
    near = client.get("/en/workshop").text
    assert "Perhaps you were looking for" in near and 'href="/en/workshops"' in near
    elsewhere = client.get("/en/ateliers").text
    assert 'href="/fr/ateliers"' in elsewhere and 'role="search"' in elsewhere


def test_public_pages_set_no_cookie_and_cannot_be_framed(client: FlaskClient, app: Flask) -> None:
    for path in ("/en/", "/en/blog/", "/api/v1", "/en/nope"):
        answer = client.get(path)
        assert "Set-Cookie" not in answer.headers
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
