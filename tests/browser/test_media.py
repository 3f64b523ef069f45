"""Uploads in a real browser: many at once with a bar each, refusals in words, and without scripts too."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.browser.conftest import NewBrowser
from tests.browser.demo import served
from tests.factories import PASSWORD, Factory
from tests.media.pictures import SVG, picture
from verso.models import Role

pytestmark = pytest.mark.browser

PATIENCE = 60_000
SignIn = Callable[..., Page]


def file(name: str, data: bytes, kind: str = "image/png") -> FilePayload:
    return FilePayload(name=name, mimeType=kind, buffer=data)


FILES = [
    file("one.png", picture("PNG", (300, 200))),
    file("drawing.svg", SVG, "image/svg+xml"),
    file("two.jpg", picture("JPEG", (500, 200)), "image/jpeg"),
    file("broken.jpg", picture("JPEG")[:700], "image/jpeg"),
]


@pytest.fixture
def sign_in(app: Flask, factory: Factory, new_browser: NewBrowser) -> Iterator[SignIn]:
    """Open the media in a browser in which an administrator is signed in."""
    user = factory.user(role=Role.ADMIN)
    with served(app) as url:

        def open_media(**options: object) -> Page:
            page = new_browser(url, **options)
            page.goto("/admin/media")
            page.get_by_label("Mail address").fill(user.email)
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Sign in", exact=True).click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Media")
            return page

        yield open_media


def test_many_files_at_once_each_with_its_own_end(sign_in: SignIn) -> None:
    page = sign_in()
    expect(page.get_by_role("button", name="Upload")).to_be_hidden()
    page.get_by_label("Images:").set_input_files(FILES)
    lines = page.locator(".upload-list li")
    expect(lines).to_have_count(4)
    expect(page.get_by_role("status")).to_have_text("2 of 4 uploaded, 2 refused", timeout=PATIENCE)
    expect(lines.nth(0)).to_contain_text("Uploaded")
    expect(lines.nth(1)).to_contain_text("SVG is refused")
    expect(lines.nth(3)).to_contain_text("damaged")
    expect(page.locator("#shelf .file-name")).to_have_count(2)
    lines.nth(2).get_by_role("link", name="two.jpg").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("two.jpg")


def test_a_connection_that_breaks_is_told_and_the_rest_goes_on(sign_in: SignIn) -> None:
    page = sign_in()
    broken = iter([True])

    def answer(route: Route) -> None:
        if route.request.method == "POST" and next(broken, False):
            route.abort()
        else:
            route.continue_()

    page.route("**/admin/media", answer)
    page.get_by_label("Images:").set_input_files([FILES[0], FILES[2]])
    expect(page.get_by_role("status")).to_have_text("1 of 2 uploaded, 1 refused", timeout=PATIENCE)
    expect(page.locator(".upload-list .is-refused")).to_contain_text("The connection broke")


def test_files_that_were_chosen_before_the_script_came_are_uploaded(sign_in: SignIn) -> None:
    page = sign_in()
    held: list[Route] = []
    page.route("**/uploads*", lambda route: held.append(route))
    with page.expect_request("**/uploads*"):
        page.reload(wait_until="commit")
    page.get_by_label("Images:").set_input_files(FILES[0])
    assert len(held) == 1
    held[0].continue_()
    done = "1 of 1 uploaded, 0 refused"
    expect(page.get_by_role("status")).to_have_text(done, timeout=PATIENCE)


def test_dropped_files_are_uploaded(sign_in: SignIn) -> None:
    page = sign_in()
    bytes_ = list(picture("PNG", (120, 90)))
    transfer = page.evaluate_handle(
        """(bytes) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], "dropped.png", {type: "image/png"}));
            return transfer;
        }""",
        bytes_,
    )
    form = page.locator("[data-uploads]")
    form.dispatch_event("dragover", {"dataTransfer": transfer})
    form.dispatch_event("drop", {"dataTransfer": transfer})
    expect(page.locator("#shelf")).to_contain_text("dropped.png", timeout=PATIENCE)


def test_without_scripts_the_form_sends_all_files(sign_in: SignIn) -> None:
    page = sign_in(java_script_enabled=False)
    page.get_by_label("Images:").set_input_files(FILES)
    page.get_by_role("button", name="Upload").click(timeout=PATIENCE)
    expect(page.get_by_role("alert")).to_contain_text("2 images were uploaded.", timeout=PATIENCE)
    expect(page.get_by_role("alert")).to_contain_text("drawing.svg: SVG is refused")
    expect(page.locator("#shelf .file-name")).to_have_count(2)


def test_a_click_sets_the_focus_and_words_are_kept(sign_in: SignIn) -> None:
    page = sign_in()
    page.get_by_label("Images:").set_input_files([FILES[2]])
    page.locator("#shelf").get_by_role("link", name="two.jpg").click(timeout=PATIENCE)
    image = page.locator("[data-focus-picture] img")
    expect(image).to_have_js_property("complete", True)
    box = image.bounding_box()
    assert box is not None
    image.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.75})
    expect(page.get_by_label("From the left")).to_have_value("25")
    expect(page.get_by_label("From the top")).to_have_value("75")
    page.get_by_label("German").fill("Ein rotes Feld")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Saved.", timeout=PATIENCE)
    expect(page.get_by_label("From the left")).to_have_value("25")
    expect(page.get_by_label("German")).to_have_value("Ein rotes Feld")
