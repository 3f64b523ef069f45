"""Redirects: one step each, never in a circle, and only where nothing else answers."""

import random
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from tests.conftest import LOCALES
from tests.factories import Factory, words
from verso.content import documents
from verso.content.redirect_rules import (
    Reason,
    RedirectRefused,
    Rule,
    make_rule,
    path_from_url,
    with_query,
)
from verso.content.redirects import (
    add_redirect,
    all_redirects,
    find_redirect,
    list_redirects,
    remove_redirect,
)
from verso.db import Database
from verso.models import MissingUrl

BASE = "https://example.org/site"


def rule(source: str, target: str = "", code: int | str = 301) -> Rule:
    return make_rule(source, target, code, locales=LOCALES, base=BASE)


def add(database: Database, source: str, target: str = "", code: int = 301) -> None:
    with database.writing() as session:
        add_redirect(session, rule(source, target, code), LOCALES)


def refused(database: Database, source: str, target: str = "", code: int = 301) -> RedirectRefused:
    with pytest.raises(RedirectRefused) as caught:
        add(database, source, target, code)
    return caught.value


def test_a_redirect_is_found_with_and_without_a_last_slash(any_database: Database) -> None:
    add(any_database, "/en/caf%C3%A9/", "/en/über uns?x=1#top", 308)
    with any_database.reader() as session:
        wanted = ("/en/%C3%BCber%20uns?x=1#top", 308)
        assert find_redirect(session, "/en/café") == find_redirect(session, "/en/café/") == wanted
        assert find_redirect(session, "/en/cafe") is None


@pytest.mark.parametrize(
    ("source", "clean"),
    [
        ("/FR/x/", "/fr/x"),
        ("/a//b", "/a/b"),
        ("/50%25", "/50%"),
        (BASE + "/en/x", "/en/x"),
        (" /x ", "/x"),
        ("/en/blog/tags/old", "/en/blog/tags/old"),
    ],
)
def test_a_source_has_one_spelling_that_can_be_typed_again(source: str, clean: str) -> None:
    made = rule(source, "/en/y")
    assert made.source == clean
    assert rule(made.typed_source, "/en/y") == made


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("old", Reason.NO_SLASH),
        ("//evil.example/x", Reason.NO_SLASH),
        ("https://elsewhere.example/x", Reason.NO_SLASH),
        ("/x?y=1", Reason.QUERY),
        ("/x#y", Reason.QUERY),
        ("/x%0Ay", Reason.CHARACTERS),
        ("/x%FFy", Reason.CHARACTERS),
        ("/" + "x" * 1000, Reason.LONG),
        ("/" + "字" * 900, Reason.LONG),
        ("/", Reason.SYSTEM),
        ("/en/", Reason.SYSTEM),
        ("/en/blog", Reason.SYSTEM),
        ("/en/blog/feed.xml", Reason.SYSTEM),
        ("/api/v1/x", Reason.SYSTEM),
        ("/en/api", Reason.SYSTEM),
        ("/admin/x", Reason.SYSTEM),
        ("/static/x.css", Reason.SYSTEM),
        ("/media/x.png", Reason.SYSTEM),
        ("/healthz", Reason.SYSTEM),
        ("/en/search", Reason.SYSTEM),
    ],
)
def test_what_cannot_be_a_source_is_refused_by_name(source: str, reason: Reason) -> None:
    with pytest.raises(RedirectRefused) as caught:
        rule(source, "/en/y")
    assert caught.value.reason is reason and caught.value.field == "source"


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "/\\evil.example",
        "https://",
        "https://user:secret@example.net/",
        "ftp://example.net/",
        "/x\r\nSet-Cookie: a=b",
        "en/about",
        "https://[broken",
        "/" + "x" * 2000,
        "=1+1",
    ],
)
def test_what_cannot_be_a_target_is_refused(target: str) -> None:
    with pytest.raises(RedirectRefused) as caught:
        rule("/x", target)
    assert caught.value.reason is Reason.BAD_TARGET and caught.value.field == "target"


def test_a_target_is_needed_unless_it_is_gone() -> None:
    with pytest.raises(RedirectRefused, match="choose 410"):
        rule("/x", " ")
    assert rule("/x", "/ignored", 410) == Rule("/x", "", 410)
    with pytest.raises(RedirectRefused, match="“303” is no code"):
        rule("/x", "/y", "303")


def test_an_address_of_this_site_is_a_path() -> None:
    assert rule("/x", BASE + "/en/about").target == "/en/about"
    assert rule("/x", BASE + "s/en").target == BASE + "s/en"
    with pytest.raises(RedirectRefused, match="cannot lead to itself"):
        rule("/x", BASE + "/x/?again")


@pytest.mark.parametrize(
    ("target", "query", "url"),
    [
        ("/x", "", "/x"),
        ("/x", "a=b", "/x?a=b"),
        ("/x#top", "a=b", "/x?a=b#top"),
        ("/x?own", "a=b", "/x?own"),
        ("https://example.net/", "a=b", "https://example.net/?a=b"),
    ],
)
def test_the_query_is_kept_unless_the_target_has_its_own(target: str, query: str, url: str) -> None:
    assert with_query(target, query) == url


@pytest.mark.parametrize("target", ["/en/./o6", "/en/x/../o7", "/en/%2e%2e/o8", "/en/.%2E/o9"])
def test_a_target_with_dots_that_browsers_resolve_is_refused(target: str) -> None:
    with pytest.raises(RedirectRefused) as caught:
        make_rule("/en/o", target, 301, locales=LOCALES)
    assert caught.value.reason is Reason.BAD_TARGET


@pytest.mark.parametrize(
    "target", ["HTTP://LOCALHOST/en/o", "https://localhost/en/o", "http://localhost:80/en/o"]
)
def test_an_address_of_this_site_is_known_in_every_spelling(target: str) -> None:
    with pytest.raises(RedirectRefused) as caught:
        make_rule("/en/o", target, 301, locales=LOCALES, base="http://localhost")
    assert caught.value.reason is Reason.ITSELF


def test_a_chain_is_refused_with_its_end(any_database: Database) -> None:
    add(any_database, "/b", "/en/c")
    error = refused(any_database, "/a", "/b/?x#y")
    assert error.reason is Reason.CHAIN and error.values["end"] == "/en/c"
    assert "“/b” redirects itself" in str(error)
    error = refused(any_database, "/en/c", "/d")
    assert error.reason is Reason.IS_TARGET and error.values["before"] == "/b"
    add(any_database, "/gone", code=410)
    assert refused(any_database, "/a", "/gone").reason is Reason.TARGET_GONE


def test_a_loop_is_refused_with_its_way(any_database: Database) -> None:
    add(any_database, "/a", "/b")
    error = refused(any_database, "/b", "/a")
    assert error.reason is Reason.LOOP and "/b → /a → /b" in str(error)


def test_the_same_redirect_twice_is_no_error_but_another_one_is(any_database: Database) -> None:
    add(any_database, "/a", "/b")
    add(any_database, "/a/", "/b")
    error = refused(any_database, "/a", "/c")
    assert error.reason is Reason.TAKEN and error.values["target"] == "/b"
    with any_database.writing() as session:
        assert remove_redirect(session, "/a/", LOCALES)
        assert not remove_redirect(session, "/a", LOCALES)
    add(any_database, "/a", "/c")


def test_a_source_where_a_document_answers_is_refused(database: Database, factory: Factory) -> None:
    about = factory.page("About", translations={"de": words("Info")})
    factory.post("Hello")
    factory.page("Draft", live=False)
    with database.writing() as session:
        found = documents.get_for_change(session, about.id)
        documents.save_text(session, found, "en", words("About us"), locales=LOCALES)
    live = ("/en/about-us", "/de/info", "/about-us", "/info", "/en/blog/hello", "/blog/hello")
    moved = ("/en/about", "/about", "/de/about-us", "/fr/about-us")
    for source in (*live, *moved):
        assert refused(database, source, "/elsewhere").reason is Reason.LIVE, source
    for source in ("/en/draft", "/en/blog/about-us", "/en/hello"):
        add(database, source, "/elsewhere")


def test_a_withdrawn_page_may_redirect(database: Database, factory: Factory) -> None:
    page = factory.page("Gone")
    with database.writing() as session:
        documents.withdraw(session, documents.get_for_change(session, page.id))
    add(database, "/en/gone", "/en/new")


def test_what_redirects_is_missing_no_more(any_database: Database) -> None:
    now = datetime.now(UTC)
    with any_database.writing() as session:
        for path in ("/a", "/b"):
            session.add(MissingUrl(path=path, cause="unknown", first_seen=now, last_seen=now))
    add(any_database, "/a", "/c")
    with any_database.reader() as session:
        assert session.scalars(select(MissingUrl.path)).all() == ["/b"]


def test_the_list_is_searched_by_source_and_target_and_paged(any_database: Database) -> None:
    for number in range(60):
        add(any_database, f"/old-{number:02}", f"/en/new_{number:02}")
    with any_database.reader() as session:
        first, more = list_redirects(session)
        rest, none = list_redirects(session, page=2)
        assert len(first) == 50 and more and len(rest) == 10 and not none
        assert [one.source for one in list_redirects(session, "NEW_07")[0]] == ["/old-07"]
        assert list_redirects(session, "%")[0] == []


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_added_there_is_never_a_chain_or_a_loop(
    bare_database: Database, seed: int
) -> None:
    chance = random.Random(seed)
    paths = [f"/p{number}" for number in range(8)]
    for _ in range(60):
        source, target = chance.choice(paths), chance.choice([*paths, "https://example.net/x"])
        try:
            add(bare_database, source, target + chance.choice(["", "/", "?q", "#f"]))
        except RedirectRefused:
            if chance.random() < 0.2:
                with bare_database.writing() as session:
                    remove_redirect(session, source, LOCALES)
    with bare_database.reader() as session:
        found = all_redirects(session)
    assert found
    sources = {one.source for one in found}
    assert not [one for one in found if path_from_url(unquote(one.target)) in sources]
