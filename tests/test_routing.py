"""Routing: redirects and 404 pages as visitors meet them, and what is counted of them."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from tests.conftest import LOCALES
from tests.factories import Factory, words
from verso.content import documents
from verso.content.missing_list import MissingFilter, every_missing
from verso.content.redirect_rules import make_rule
from verso.content.redirects import add_redirect, put_redirects
from verso.db import Database
from verso.models import Document


def lead(database: Database, source: str, target: str = "", code: int = 301) -> None:
    with database.writing() as session:
        add_redirect(session, make_rule(source, target, code, locales=LOCALES), LOCALES)


def missed(app: Flask) -> dict[str, int]:
    """The hits of each path in the table, once what was counted is written."""
    recorder = app.extensions["verso.recorder"]
    assert recorder.work()
    with app.extensions["verso.db"].reader() as session:
        chosen = MissingFilter()
        rows = every_missing(session, chosen, datetime.now(UTC).date())
        return {row.url.path: row.url.hits for row in rows}


@pytest.mark.parametrize("code", [301, 302, 308])
@pytest.mark.parametrize("source", ["/old", "/en/old", "/en/blog/old", "/blog/old", "/en/a/b.html"])
def test_a_redirect_leads_on_and_keeps_the_query(
    client: FlaskClient, database: Database, source: str, code: int
) -> None:
    lead(database, source, "/en/new#part", code)
    for path in (source, source + "/"):
        answer = client.get(path + "?a=b%20c")
        assert answer.status_code == code
        assert answer.headers["Location"] == "/en/new?a=b%20c#part"
        assert client.head(path).status_code == code


def test_other_methods_follow_308_only(client: FlaskClient, database: Database) -> None:
    lead(database, "/en/form", "/en/new", 308)
    lead(database, "/en/page", "/en/new", 301)
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert client.open("/en/form", method=method).status_code == 308
        assert client.open("/en/page", method=method).status_code == 404


def test_gone_is_410_in_the_form_of_its_section(client: FlaskClient, database: Database) -> None:
    for source in ("/en/burnt", "/en/blog/burnt"):
        lead(database, source, code=410)
        answer = client.get(source)
        assert answer.status_code == 410 and 'lang="en"' in answer.text
    assert 'class="blog-menu"' in client.get("/en/blog/burnt").text


def test_a_redirect_to_elsewhere_leaves_the_mount_out(
    client: FlaskClient, database: Database
) -> None:
    lead(database, "/a", "https://example.net/x")
    lead(database, "/b", "/en/x")
    mounted = {"SCRIPT_NAME": "/site"}
    for path, target in (("/a", "https://example.net/x?q=1"), ("/b", "/site/en/x?q=1")):
        answer = client.get(path + "?q=1", environ_overrides=mounted)
        assert answer.headers["Location"] == target


def test_a_view_that_finds_nothing_redirects_too(client: FlaskClient, database: Database) -> None:
    lead(database, "/en/blog/tags/old", "/en/blog/tags/new")
    lead(database, "/en/blog/archive/1999", "/en/blog/archive/")
    assert client.get("/en/blog/tags/old").status_code == 301
    assert client.get("/en/blog/archive/1999").status_code == 301


def test_live_pages_and_their_old_addresses_win(
    client: FlaskClient, database: Database, factory: Factory
) -> None:
    with database.writing() as session:
        rules = [
            make_rule(source, "/en/other", 301, locales=LOCALES)
            for source in ("/en/about", "/en/info")
        ]
        put_redirects(session, rules)
    page = factory.page("Info")
    with database.writing() as session:
        found = documents.get_for_change(session, page.id)
        documents.save_text(session, found, "en", words("About"), locales=LOCALES)
    assert client.get("/en/about").status_code == 200
    assert client.get("/en/info").headers["Location"] == "/en/about"
    with database.writing() as session:
        documents.withdraw(session, documents.get_for_change(session, page.id))
    assert client.get("/en/about").headers["Location"] == "/en/other"


def test_unknown_urls_are_counted_and_known_ones_are_not(
    app: Flask, client: FlaskClient, database: Database, factory: Factory
) -> None:
    factory.page("About")
    lead(database, "/en/old", "/en/about")
    counted = ("/en/x", "/en/blog/y", "/z", "/en/blog/tags/t", "/en/x/?secret=1", "/de/x")
    not_counted = ("/en/about", "/en/old", "/en/search?page=99", "/api/x", "/admin/x", "/.env")
    for path in (*counted, *not_counted):
        client.get(path, headers={"Referer": "https://a.example/"})
    client.head("/en/h")
    client.post("/en/p")
    expected = {"/en/x": 2, "/en/blog/y": 1, "/z": 1, "/en/blog/tags/t": 1, "/de/x": 1}
    assert missed(app) == expected


def test_counting_survives_any_referrer(app: Flask, client: FlaskClient) -> None:
    for referrer in ("https://[broken", "\x7f", "x" * 5000, "http://localhost/en/"):
        assert client.get("/en/x", headers={"Referer": referrer}).status_code == 404
    assert missed(app) == {"/en/x": 4}


def test_with_the_database_away_a_missing_page_is_counted_later(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    client.get("/en/problems/made-up")
    file = database.path
    assert file is not None
    hidden = file.rename(file.with_suffix(".away"))
    recorder = app.extensions["verso.recorder"]
    assert client.get("/en/problems/made-up").status_code == 404
    assert not recorder.work() and len(recorder.tally) == 1
    hidden.rename(file)
    assert missed(app) == {"/en/problems/made-up": 2}


def test_the_blogs_404_offers_near_posts_other_languages_and_a_search(
    client: FlaskClient, factory: Factory
) -> None:
    factory.post("Flood night", translations={"de": words("Flutnacht")})
    factory.post("Hidden", live=False)
    client.get("/en/blog/")
    page = client.get("/en/blog/flod-night").text
    assert "Perhaps you were looking for" in page and 'href="/en/blog/flood-night"' in page
    assert 'value="flod night"' in page
    page = client.get("/fr/blog/flutnacht").text
    assert '<a href="/de/blog/flutnacht" hreflang="de" lang="de" dir="ltr">Flutnacht</a>' in page
    assert "Hidden" not in client.get("/en/blog/hiden").text


def test_the_sites_404_offers_posts_of_that_name(client: FlaskClient, factory: Factory) -> None:
    factory.post("Flood night")
    assert 'href="/en/blog/flood-night"' in client.get("/en/2014/flood-night").text
    assert 'value="some old page"' in client.get("/en/some_old-page.html").text


def test_a_404_knows_what_was_found_out_about_its_path(
    app: Flask, client: FlaskClient, database: Database, factory: Factory
) -> None:
    post = factory.post("Flood night")
    for number in range(30):
        factory.post(f"Glood {number}")
    assert 'href="/en/blog/flood-night"' not in client.get("/en/blog/glood-night").text
    missed(app)
    assert 'href="/en/blog/flood-night"' in client.get("/en/blog/glood-night").text
    with database.writing() as session:
        documents.withdraw(session, documents.get_for_change(session, post.id))
    assert 'href="/en/blog/flood-night"' not in client.get("/en/blog/glood-night").text
    with database.writing() as session:
        session.execute(delete(Document).where(Document.id == post.id))
    assert client.get("/en/blog/glood-night").status_code == 404


def test_noise_gets_a_plain_404(client: FlaskClient, factory: Factory) -> None:
    factory.page("Login", slug="wp-login")
    client.get("/en/wp-login")
    page = client.get("/en/wp-login.php").text
    assert "Perhaps you were looking for" not in page and 'name="q" value=""' in page
