"""Leaving the editor, and coming back: what was typed last is there, and where one was is remembered."""

import re
from collections.abc import Sequence

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.office import Office, autosaved, go_on_typing, text_of
from tests.errors.failures import wait_for
from verso.models import Draft

pytestmark = pytest.mark.browser

NEW = "/admin/documents/new/post"


def write(office: Office, body: str = "Lamps on the water.") -> Page:
    """A new post, whose words nobody has kept yet."""
    page = office.sit_down(NEW)
    page.get_by_label("Title", exact=True).fill("The quay at night")
    go_on_typing(page, body)
    return page


def drafts(office: Office) -> Sequence[Draft]:
    with office.factory.database.reader() as session:
        return session.scalars(select(Draft)).all()


def test_who_signs_out_right_after_typing_finds_the_words_again(office: Office) -> None:
    page = write(office)
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    [draft] = drafts(office)
    assert draft.fields["body"] == "Lamps on the water."


def test_who_signs_out_while_nothing_can_be_kept_is_asked_first(office: Office) -> None:
    page = office.sit_down(NEW)
    page.route("**/draft", lambda route: route.abort())
    page.get_by_label("Title", exact=True).fill("The quay at night")
    asked: list[str] = []

    def refuse(dialog: object) -> None:
        asked.append(dialog.message)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    page.once("dialog", refuse)
    with page.expect_event("dialog"):
        page.get_by_role("button", name="Sign out").click()
    assert asked == ["What you typed last could not be kept. Sign out and lose it?"]
    expect(page.get_by_label("Title", exact=True)).to_have_value("The quay at night")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in"))


def test_words_that_only_this_browser_has_are_not_lost_by_signing_out_elsewhere(
    office: Office,
) -> None:
    page = office.sit_down(NEW)
    page.route("**/draft", lambda route: route.abort())
    page.get_by_label("Title", exact=True).fill("The quay at night")
    page.goto("/admin/documents")
    page.once("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog"):
        page.get_by_role("button", name="Sign out").click()
    page.goto(NEW)
    page.get_by_role("button", name="Bring them back").click()
    expect(page.get_by_label("Title", exact=True)).to_have_value("The quay at night")


def test_who_follows_a_link_right_after_typing_finds_the_words_again(office: Office) -> None:
    page = write(office)
    page.get_by_role("link", name="Documents", exact=True).click()
    expect(page).to_have_url(re.compile("/admin/documents$"))
    wait_for(lambda: bool(drafts(office)))
    page.goto("/admin/")
    expect(page.get_by_text("The quay at night")).to_be_visible()
    [draft] = drafts(office)
    assert draft.fields["body"] == "Lamps on the water."


def test_the_language_of_a_new_document_is_kept_with_its_words(office: Office) -> None:
    page = write(office)
    autosaved(page)
    with page.expect_response("**/draft"):
        page.get_by_label("Language", exact=True).select_option("de")
    [draft] = drafts(office)
    assert draft.locale == "de"
    page.goto(f"{NEW}?lane={draft.lane}")
    expect(page.get_by_label("Language", exact=True)).to_have_value("de")


def test_a_save_leaves_the_caret_and_the_text_where_they_were(office: Office) -> None:
    page = office.sit_down(NEW)
    page.get_by_label("Title", exact=True).fill("The quay at night")
    page.locator("#body").fill("A line.\n\n" * 200)
    page.evaluate(
        """() => {
            const body = document.getElementById("body");
            body.focus();
            body.setSelectionRange(901, 905);
            body.scrollTop = 1500;
        }"""
    )
    place = """() => {
        const { id, selectionStart, selectionEnd, scrollTop } = document.activeElement;
        return [id, selectionStart, selectionEnd, scrollTop];
    }"""
    before = page.evaluate(place)
    assert before[0] == "body" and before[3] > 0
    page.keyboard.press("Control+s")
    expect(page).to_have_url(re.compile("done=created"))
    expect(page.locator("#autosave")).to_have_text("The draft was created.")
    assert page.evaluate(place) == before


@pytest.mark.parametrize("field", ["Summary", "Address (last part of the URL)"])
def test_ctrl_s_saves_from_every_field(office: Office, field: str) -> None:
    page = write(office)
    page.get_by_label(field).fill("lamps")
    page.keyboard.press("Control+s")
    expect(page).to_have_url(re.compile("done=created"))


def test_keys_are_those_that_are_printed_on_a_keyboard_of_another_script(office: Office) -> None:
    page = write(office, "Lamps")
    page.evaluate(
        """() => {
            const body = document.getElementById("body");
            body.select();
            const pressed = { key: "и", code: "KeyB", ctrlKey: true, bubbles: true };
            body.dispatchEvent(new KeyboardEvent("keydown", pressed));
        }"""
    )
    assert text_of(page) == "**Lamps**"


def test_a_date_to_publish_at_is_kept_until_publish_is_pressed(office: Office) -> None:
    page = office.sit_down(NEW, name="grace")
    page.get_by_label("Title", exact=True).fill("The quay at night")
    page.locator("#at").fill("2099-12-24T18:00")
    page.keyboard.press("Control+s")
    done = page.locator(".notice.done")
    expect(done).to_have_text(
        "The draft was created. It is not scheduled yet: press Publish for that."
    )
    expect(page.locator("#at")).to_have_value("2099-12-24T18:00")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(done).to_have_text("Scheduled: it appears by itself when its time has come.")


def test_an_address_that_is_pasted_over_words_links_them(office: Office) -> None:
    page = write(office, "the quay")
    page.evaluate(
        """() => {
            const body = document.getElementById("body");
            body.setSelectionRange(4, 8);
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", "https://example.org/quay");
            const pasted = { clipboardData, bubbles: true, cancelable: true };
            body.dispatchEvent(new ClipboardEvent("paste", pasted));
        }"""
    )
    assert text_of(page) == "the [quay](https://example.org/quay)"


def test_who_writes_a_post_is_its_author_until_somebody_says_otherwise(office: Office) -> None:
    page = write(office)
    expect(page.get_by_label("Authors, with commas between them")).to_have_value("ada")
    page.goto("/admin/documents/new/page")
    assert page.get_by_label("Authors, with commas between them").count() == 0
