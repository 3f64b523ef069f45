"""What people do, in a real browser, from the first click to the last; scripts are switched off."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewBrowser
from tests.browser.demo import locked, served
from tests.factories import PASSWORD, Factory, words
from verso.models import Role

pytestmark = pytest.mark.browser

# Of the window and of its edge, in pixels.
WIDTH, MARGIN = 1280, 120


@dataclass(frozen=True)
class Site:
    """A served site of one test, and the factory of its content."""

    app: Flask
    url: str
    factory: Factory


@pytest.fixture
def site(app: Flask, factory: Factory) -> Iterator[Site]:
    with served(app) as url:
        yield Site(app, url, factory)


@pytest.fixture
def reader(site: Site, new_browser: NewBrowser) -> Page:
    """Somebody whose browser asks for English and runs no scripts."""
    return new_browser(
        site.url, java_script_enabled=False, viewport={"width": WIDTH, "height": 800}
    )


@pytest.fixture
def new_editor(site: Site, new_browser: NewBrowser) -> Callable[[], Page]:
    """Another browser in which the same administrator has signed in through the form."""
    user = site.factory.user(role=Role.ADMIN)

    def sign_in() -> Page:
        page = new_browser(site.url, java_script_enabled=False)
        page.goto("/admin/")
        page.get_by_label("Mail address").fill(user.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
        return page

    return sign_in


def is_at(page: Page, path: str) -> bool:
    """Whether the address bar shows this path (and query)."""
    shown = urlsplit(page.url)
    return shown.path + (f"?{shown.query}" if shown.query else "") == path


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def test_a_link_switches_the_language_and_keeps_page_and_query(site: Site, reader: Page) -> None:
    site.factory.page("About", translations={"de": words("Wer wir sind")})
    reader.goto("/en/about?from=a%20letter")
    reader.locator("#languages").get_by_role("link", name="Deutsch").click()
    expect(reader).to_have_url(site.url + "/de/wer-wir-sind?from=a%20letter")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Wer wir sind")
    reader.goto("/")
    assert is_at(reader, "/en/")


def test_the_form_switches_the_language_and_remembers_it(site: Site, reader: Page) -> None:
    site.factory.page("About", translations={"de": words("Wer wir sind")})
    reader.goto("/en/about?from=a%20letter")
    reader.get_by_label("Remember my language").select_option("de")
    reader.get_by_role("button", name="Remember").click()
    expect(reader).to_have_url(site.url + "/de/wer-wir-sind?from=a%20letter")
    reader.goto("/")
    assert is_at(reader, "/de/")
    reader.goto("/about")
    assert is_at(reader, "/de/wer-wir-sind")


def test_the_keyboard_reaches_the_content_first(site: Site, reader: Page) -> None:
    site.factory.page("About", body="Some words and [a link](/en/elsewhere).")
    reader.goto("/en/about")
    skip = reader.get_by_role("link", name="Skip to the content")
    assert (skip.bounding_box() or {"width": 0})["width"] <= 1
    reader.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    assert (skip.bounding_box() or {"width": 0})["width"] > 50
    reader.keyboard.press("Enter")
    expect(reader).to_have_url(site.url + "/en/about#content")
    reader.keyboard.press("Tab")
    expect(reader.get_by_role("link", name="a link")).to_be_focused()


def test_a_page_is_written_published_read_and_renamed(
    site: Site, new_editor: Callable[[], Page], reader: Page
) -> None:
    editor = new_editor()
    editor.get_by_role("link", name="New page").click()
    editor.get_by_label("Title", exact=True).fill("Opening hours")
    editor.get_by_label("Text (Markdown)").fill("We open at **nine**.")
    editor.get_by_role("button", name="Save as draft").click()
    expect(editor.get_by_role("status").first).to_have_text("The draft was created.")

    answer = reader.goto("/en/opening-hours")
    assert answer is not None and answer.status == 404

    editor.get_by_label("Text (Markdown)").fill("We open at **ten**.")
    save(editor)
    expect(editor.get_by_role("status").first).to_have_text("Saved.")
    editor.get_by_role("button", name="Publish").click()
    expect(editor.get_by_role("status").first).to_have_text("Published.")

    reader.goto("/en/opening-hours")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Opening hours")
    expect(reader.locator("strong")).to_have_text("ten")

    editor.get_by_label("Title", exact=True).fill("When we are open")
    editor.get_by_label("Address (last part of the URL)").fill("open")
    save(editor)
    said = "Saved. 1 address changed; the old one redirects."
    expect(editor.get_by_role("status").first).to_have_text(said)
    editor.get_by_role("link", name="View on the site").click()
    expect(editor).to_have_url(site.url + "/en/open")

    reader.goto("/en/opening-hours")
    assert is_at(reader, "/en/open")
    expect(reader.get_by_role("heading", level=1)).to_have_text("When we are open")


def test_of_two_who_save_the_second_is_told_and_keeps_the_typed_text(
    site: Site, new_editor: Callable[[], Page], reader: Page
) -> None:
    page = site.factory.page("About", body="As it was.")
    first, second = new_editor(), new_editor()
    for browser in (first, second):
        browser.goto(f"/admin/documents/{page.id}/text/en")
    text = "Text (Markdown)"
    first.get_by_label(text).fill("What the first wrote.")
    second.get_by_label(text).fill("What the second wrote.")
    save(first)
    expect(first.get_by_role("status").first).to_have_text("Saved.")
    save(second)
    expect(second.get_by_role("alert")).to_contain_text("Somebody saved this document")
    expect(second.get_by_label("Their text")).to_have_value("What the first wrote.")
    expect(second.get_by_label(text)).to_have_value("What the second wrote.")
    reader.goto("/en/about")
    expect(reader.locator(".prose")).to_have_text("What the first wrote.")

    save(second)
    expect(second.get_by_role("status").first).to_contain_text("Saved")
    reader.reload()
    expect(reader.locator(".prose")).to_have_text("What the second wrote.")


def test_a_save_that_a_busy_database_refuses_is_sent_again(
    site: Site, new_editor: Callable[[], Page], reader: Page
) -> None:
    page = site.factory.page("About", body="As it was.")
    editor = new_editor()
    editor.goto(f"/admin/documents/{page.id}/text/en")
    editor.get_by_label("Text (Markdown)").fill("Typed with care.")
    with locked(site.app):
        save(editor)
        expect(editor.get_by_role("alert")).to_contain_text("Nothing was saved yet")
        expect(editor.get_by_label("Text (Markdown)")).to_have_value("Typed with care.")
    save(editor)
    expect(editor.get_by_role("status").first).to_have_text("Saved.")
    reader.goto("/en/about")
    expect(reader.locator(".prose")).to_have_text("Typed with care.")


def test_the_printed_link_makes_the_first_account_once(site: Site, reader: Page) -> None:
    printed = site.app.test_cli_runner().invoke(args=["init"]).output
    [link] = re.findall(r"/admin/setup/\S+", printed)
    reader.goto(link)
    reader.get_by_label("Name").fill("Ada")
    reader.get_by_label("Mail address").fill("ada@example.org")
    reader.get_by_label("Password", exact=True).fill(PASSWORD)
    reader.get_by_role("button", name="Create the account").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Overview")
    expect(reader.get_by_role("link", name="Ada")).to_be_visible()
    again = reader.goto(link)
    assert again is not None and again.status == 410


def test_who_signed_out_sees_nothing_of_the_admin_any_more(
    site: Site, new_editor: Callable[[], Page]
) -> None:
    site.factory.page("A secret plan", live=False)
    editor = new_editor()
    editor.goto("/admin/documents")
    expect(editor.get_by_role("link", name="A secret plan")).to_be_visible()
    editor.get_by_role("button", name="Sign out").click()
    # Signing out clears the site's data and swaps the renderer: history answers once the new page stands.
    expect(editor.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    editor.wait_for_load_state("load")
    expect(editor).to_have_url(site.url + "/admin/sign-in")
    editor.go_back()
    expect(editor.get_by_role("link", name="A secret plan")).to_have_count(0)
    editor.goto("/admin/documents")
    assert is_at(editor, "/admin/sign-in?next=%2Fadmin%2Fdocuments")


def test_a_wrong_password_leaves_the_address_to_try_again(site: Site, reader: Page) -> None:
    reader.goto("/admin/sign-in")
    reader.get_by_label("Mail address").fill("ada@example.org")
    reader.get_by_label("Password", exact=True).fill("not the password")
    reader.get_by_role("button", name="Sign in", exact=True).click()
    expect(reader.get_by_role("alert")).to_have_text("The address or the password is not right.")
    expect(reader.get_by_label("Mail address")).to_have_value("ada@example.org")
    expect(reader.get_by_label("Password", exact=True)).to_have_value("")


@pytest.mark.parametrize(("locale", "side"), [("en", "left"), ("ar", "right")])
def test_the_masthead_starts_where_the_language_starts(
    locale: str, side: str, site: Site, reader: Page
) -> None:
    reader.goto(f"/{locale}/")
    assert reader.locator("html").get_attribute("dir") == ("rtl" if side == "right" else "ltr")
    masthead = reader.locator(".masthead").bounding_box()
    name = reader.locator(".masthead-name a").bounding_box()
    main = reader.locator("main").bounding_box()
    assert masthead is not None and name is not None and main is not None
    if side == "left":
        assert 0 < name["x"] < MARGIN
        assert masthead["x"] + masthead["width"] <= main["x"]
    else:
        assert WIDTH - MARGIN < name["x"] + name["width"] < WIDTH
        assert main["x"] + main["width"] <= masthead["x"]


def test_paper_shows_the_words_and_none_of_the_tools(site: Site, reader: Page) -> None:
    site.factory.page("About")
    reader.goto("/en/about")
    tools = [reader.locator(".masthead-tools"), reader.locator(".choose-language")]
    for tool in tools:
        expect(tool).to_be_visible()
    reader.emulate_media(media="print")
    for tool in tools:
        expect(tool).to_be_hidden()
    expect(reader.get_by_role("heading", level=1)).to_be_visible()
    expect(reader.locator(".prose")).to_be_visible()


def test_search_works_without_scripts(site: Site, reader: Page) -> None:
    site.factory.post("The café by the river")
    reader.goto("/en/")
    reader.get_by_role("link", name="Search").click()
    reader.get_by_role("searchbox").fill("cafe")
    reader.keyboard.press("Enter")
    reader.get_by_role("link", name="The café by the river").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("The café by the river")
