"""The tree of pages in a real browser: unfolded in place, moved by dragging and by the keyboard."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewBrowser
from tests.browser.demo import served
from tests.factories import PASSWORD, Factory
from verso.models import Role

pytestmark = pytest.mark.browser


@pytest.fixture
def tree(app: Flask, factory: Factory, new_browser: NewBrowser) -> Iterator[Page]:
    """The tree of a small site, open in the browser of an administrator."""
    user = factory.user(role=Role.ADMIN)
    house = factory.page("House")
    factory.page("Door", parent=house)
    factory.page("Garden")
    factory.page("Street")
    with served(app) as url:
        page = new_browser(url)
        page.goto("/admin/tree")
        page.get_by_label("Mail address").fill(user.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Tree of pages")
        listens(page, "House")
        yield page


def listens(page: Page, title: str) -> None:
    """The script has begun: before, the link of a page with pages below it leads to them."""
    expect(line(page, title).locator("[data-unfold]")).to_have_attribute("aria-expanded", "false")


def line(page: Page, title: str) -> Locator:
    return page.locator(".branch", has=page.get_by_role("link", name=title, exact=True))


def titles(page: Page) -> Locator:
    return page.locator(".branch-title")


def unfold(page: Page, title: str) -> None:
    listens(page, title)
    line(page, title).locator("[data-unfold]").click()


def test_a_level_unfolds_in_place_and_folds_again(tree: Page) -> None:
    unfold(tree, "House")
    expect(titles(tree)).to_have_text(["House", "Door", "Garden", "Street"])
    fold = line(tree, "House").locator("[data-unfold]")
    expect(fold).to_have_attribute("aria-expanded", "true")
    assert tree.url.endswith("/admin/tree")
    fold.press("Enter")
    expect(line(tree, "Door")).to_be_hidden()
    expect(fold).to_be_focused()


def test_a_page_is_dragged_before_into_and_out_again(tree: Page) -> None:
    box = line(tree, "House").bounding_box()
    assert box is not None
    near_top = {"x": box["width"] / 2, "y": 3.0}
    line(tree, "Street").drag_to(line(tree, "House"), target_position=near_top)  # type: ignore[arg-type]
    expect(tree.get_by_role("status")).to_have_text("Moved.")
    expect(titles(tree)).to_have_text(["Street", "House", "Garden"])

    line(tree, "Garden").drag_to(line(tree, "House"))
    expect(tree.get_by_role("status")).to_contain_text("1 address changed")
    expect(titles(tree)).to_have_text(["House", "Door", "Garden"])

    # Below itself it does not go.
    tree.goto("/admin/tree")
    unfold(tree, "House")
    line(tree, "House").drag_to(line(tree, "Door"))
    expect(titles(tree)).to_have_text(["Street", "House", "Door", "Garden"])


def test_the_keyboard_moves_a_page_step_by_step_and_keeps_its_button(tree: Page) -> None:
    up = line(tree, "Street").get_by_role("button", name="Move up")
    up.focus()
    tree.keyboard.press("Enter")
    expect(titles(tree)).to_have_text(["House", "Street", "Garden"])
    expect(line(tree, "Street").get_by_role("button", name="Move up")).to_be_focused()
    tree.keyboard.press("Tab")
    tree.keyboard.press("Tab")
    tree.keyboard.press("Enter")
    expect(tree.get_by_role("status")).to_contain_text("1 address changed")
    expect(titles(tree)).to_have_text(["House", "Door", "Street"])
    expect(tree).to_have_url(re.compile("near="))
