"""The command palette in a real browser: everything is a few letters away, without a mouse."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.office import Office

pytestmark = pytest.mark.browser


def open_palette(page: Page) -> None:
    """By its keys, once the page listens to them."""
    expect(page.locator("#open-palette")).to_be_visible()
    page.keyboard.press("Control+k")


def test_a_document_and_an_action_are_found_by_a_few_letters(office: Office) -> None:
    office.factory.page("Harbour office")
    page = office.sit_down("/admin/")
    open_palette(page)
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.insert_text("harb")
    options = page.locator("#palette-list").get_by_role("option")
    expect(options).to_have_count(1)
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour office")
    open_palette(page)
    expect(page.get_by_role("combobox", name="A document")).to_be_focused()
    page.keyboard.insert_text("new p")
    expect(options.first).to_have_text("New post")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("New page")


def test_what_a_page_offers_is_found_too(office: Office) -> None:
    number = office.factory.page("Harbour office").id
    page = office.sit_down(f"/admin/documents/{number}/text/en")
    page.get_by_label("Title", exact=True).fill("The harbour office")
    open_palette(page)
    expect(page.get_by_role("combobox", name="A document")).to_be_focused()
    page.keyboard.insert_text("save")
    expect(page.locator("#palette-list").get_by_role("option").first).to_have_text("Save")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_have_text("Saved.")
    expect(page.get_by_role("heading", level=1)).to_have_text("The harbour office")


def test_escape_leads_back_to_where_one_was(office: Office) -> None:
    page = office.sit_down("/admin/documents/new/post")
    page.locator("#title").focus()
    open_palette(page)
    expect(page.get_by_role("combobox", name="A document")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#title")).to_be_focused()
