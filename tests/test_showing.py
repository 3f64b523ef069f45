"""The head of a document's page: what search engines and shared links show of it."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.factories import Factory, words
from verso.content import navigation
from verso.content.covers import set_picture
from verso.content.documents import get_for_change
from verso.content.site_settings import SHARING
from verso.db import Database
from verso.media.storage import media_url
from verso.models import Document, Media, SiteSetting, Slot

SEARCH = {"search_title": "Lamps & co.", "search_description": "Who lights the lamps?"}


def head(client: FlaskClient, path: str) -> dict[str, str]:
    """The title, and what the page's `<meta>` say by name."""
    page = client.get(path).text
    title = re.search("<title>(.*?)</title>", page)
    assert title
    pairs = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', page)
    return {"title": unescape(title[1])} | {name: unescape(value) for name, value in pairs}


def put(database: Database, document: Document, slot: Slot, medium: Media) -> None:
    with database.writing() as session:
        set_picture(session, get_for_change(session, document.id), slot, media_url(medium))


@pytest.fixture(params=["page", "post"])
def shown(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A kind of document, and where one called Quay is."""
    return request.param, "/en/blog/quay" if request.param == "post" else "/en/quay"


def test_title_and_summary_stand_in_the_head_where_nothing_else_is_said(
    client: FlaskClient, factory: Factory, shown: tuple[str, str]
) -> None:
    kind, path = shown
    getattr(factory, kind)("Quay", summary="Lamps on the water.")
    found = head(client, path)
    assert (found["title"], found["og:title"]) == ("Quay · Verso", "Quay")
    assert found["description"] == found["og:description"] == "Lamps on the water."
    assert "og:image" not in found


def test_search_words_stand_in_the_head_alone(
    client: FlaskClient, factory: Factory, shown: tuple[str, str]
) -> None:
    kind, path = shown
    getattr(factory, kind)("Quay", summary="Lamps on the water.", **SEARCH)
    found = head(client, path)
    assert found["title"] == found["og:title"] == SEARCH["search_title"]
    assert found["description"] == found["og:description"] == SEARCH["search_description"]
    main = client.get(path).text.partition("<main")[2]
    assert ">Quay</h1>" in main and "Lamps on the water." in main
    for words_of_search in SEARCH.values():
        assert words_of_search not in unescape(main)
    assert "Who lights" not in client.get("/en/blog/").text + client.get("/en/blog/feed.xml").text


def test_each_language_has_search_words_of_its_own(client: FlaskClient, factory: Factory) -> None:
    factory.page("Quay", translations={"fr": words("Quai", search_title="Lampes")}, **SEARCH)
    assert head(client, "/fr/quai")["title"] == "Lampes"
    assert "description" not in head(client, "/fr/quai")
    # Where there is no translation, the words of the source are shown, and so are its search words.
    assert head(client, "/de/quay")["title"] == SEARCH["search_title"]


def test_a_shared_link_shows_its_picture_else_the_cover_else_that_of_the_site(
    client: FlaskClient, factory: Factory, database: Database, shown: tuple[str, str]
) -> None:
    kind, path = shown
    document = getattr(factory, kind)("Quay")
    site, cover, card = (factory.medium(f"{name}.png") for name in ("site", "cover", "card"))
    with database.writing() as session:
        session.merge(SiteSetting(name=SHARING[0], locale="", value=str(site.id)))
    client.get("/en/")
    found = [head(client, path)["og:image"]]
    for slot, medium in ((Slot.COVER, cover), (Slot.SHARING, card)):
        put(database, document, slot, medium)
        found.append(head(client, path)["og:image"])
    assert found == [f"http://localhost{media_url(one)}" for one in (site, cover, card)]
    page = client.get(path).text
    opening = re.search(r'<img class="opening-picture" src="([^"]+)"', page)
    assert opening and "cover.png" in opening[1] and 'content="summary_large_image"' in page


def test_a_chosen_home_page_has_its_own_words_in_the_head(
    client: FlaskClient, factory: Factory, database: Database
) -> None:
    plain = factory.page("Welcome")
    factory.home(plain)
    assert head(client, "/en/")["title"] == "Verso"
    home, card = factory.page("Quay", **SEARCH), factory.medium("card.png")
    put(database, home, Slot.SHARING, card)
    factory.home(home)
    client.get("/en/")
    found = head(client, "/en/")
    assert found["title"] == found["og:title"] == SEARCH["search_title"]
    assert found["description"] == SEARCH["search_description"]
    assert found["og:image"] == f"http://localhost{media_url(card)}"


def test_a_page_that_nobody_remembers_shows_what_is_above_and_below_it(
    client: FlaskClient, factory: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process remembers so many pages only; those of the menu are always among them."""
    monkeypatch.setattr(navigation, "MAX_PAGES", 2)
    above = factory.page("Above")
    page = factory.page("Amid", parent=above)
    factory.page("Below", parent=page)
    factory.page("Hidden", parent=page, live=False)
    factory.page("Menu", in_menu=True)
    shown = client.get("/en/above/amid").text
    crumbs = shown.partition('class="breadcrumbs"')[2].partition("</nav>")[0]
    assert 'href="/en/above"' in crumbs and "Menu" not in crumbs
    assert 'href="/en/above/amid/below"' in shown and "Hidden" not in shown
    assert 'href="/en/menu"' in shown.partition("<main")[0]
