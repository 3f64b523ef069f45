"""Writing in a real browser: nothing typed is lost, whatever happens to the tab, the login, the network."""

import base64
import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import select

from tests.browser.conftest import NewBrowser
from tests.browser.office import Office, autosaved, go_on_typing, path_of, save, text_of
from tests.factories import PASSWORD
from tests.media.pictures import picture
from verso.models import Draft

pytestmark = pytest.mark.browser

# Encoding a picture in all its sizes, on a busy machine.
PATIENCE = 60_000
PASTE = """([name, data]) => {
    const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([bytes], name, { type: "image/png" }));
    document.getElementById("body").dispatchEvent(
        new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def sees_picture(image: Locator) -> None:
    expect(image).to_have_js_property("complete", True)
    expect(image).not_to_have_js_property("naturalWidth", 0)


def test_from_the_first_word_to_the_readers(office: Office, new_browser: NewBrowser) -> None:
    reader = new_browser(office.url)
    page = office.sit_down("/admin/documents/new/post")
    page.get_by_label("Title", exact=True).fill("The quay at night")
    go_on_typing(page, "Lamps on the water.\n\n")
    page.evaluate(PASTE, ["lamp.png", base64.b64encode(picture("PNG", (400, 250))).decode()])
    expect(page.locator("#body")).to_have_value(
        re.compile(r"!\[\]\(/media/\w+/lamp\.png\)"), timeout=PATIENCE
    )
    expect(page.locator("#image-status")).to_contain_text("Nobody has described this image yet")
    preview = page.frame_locator("#preview-page")
    expect(preview.get_by_role("heading", level=1)).to_have_text("The quay at night")
    sees_picture(preview.locator("picture img"))
    autosaved(page)
    page.close()

    page = page.context.new_page()
    page.goto("/admin/documents")
    page.get_by_role("link", name="The quay at night").click()
    expect(page.locator("#body")).to_have_value(re.compile(r"^Lamps on the water\."))
    address = "/en/blog/the-quay-at-night"
    reader.goto(address)
    expect(reader.get_by_role("heading", level=1)).not_to_have_text("The quay at night")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("status").first).to_have_text("Published.")
    reader.goto(address)
    expect(reader.get_by_role("heading", level=1)).to_have_text("The quay at night")
    sees_picture(reader.locator(".prose picture img"))


def test_two_who_change_different_paragraphs_both_find_their_words(office: Office) -> None:
    number = office.factory.page("Quay", body="First.\n\nSecond.\n\nThird.").id
    place = f"/admin/documents/{number}/text/en"
    ada, bo = office.sit_down(place), office.sit_down(place, name="bo")
    ada.locator("#body").fill("First, by Ada.\n\nSecond.\n\nThird.")
    save(ada)
    expect(ada.get_by_role("status").first).to_contain_text("Saved")
    go_on_typing(bo, " And by Bo.")
    expect(bo.locator("#autosave")).to_contain_text("saved this text meanwhile", timeout=30_000)
    save(bo)
    expect(bo.get_by_role("status").first).to_contain_text("together with what somebody else")
    assert text_of(bo) == "First, by Ada.\n\nSecond.\n\nThird. And by Bo."


def test_two_who_change_the_same_paragraph_see_both_texts(office: Office) -> None:
    number = office.factory.page("Quay", body="First.\n\nBetween.\n\nSecond.").id
    place = f"/admin/documents/{number}/text/en"
    ada, bo = office.sit_down(place), office.sit_down(place, name="bo")
    ada.locator("#body").fill("First, by Ada.\n\nBetween.\n\nSecond, by Ada.")
    save(ada)
    expect(ada.get_by_role("status").first).to_contain_text("Saved")
    bo.locator("#body").fill("First.\n\nBetween.\n\nSecond, by Bo.")
    save(bo)
    expect(bo.get_by_role("alert").first).to_contain_text("changed the same passages")
    # What was sent stands in the form: nothing is to be brought back.
    expect(bo.locator("#kept")).to_be_hidden()
    assert text_of(bo) == "First, by Ada.\n\nBetween.\n\nSecond, by Bo."
    expect(bo.get_by_label("Theirs").first).to_have_value("Second, by Ada.")
    bo.get_by_role("button", name="Keep both").click()
    save(bo)
    expect(bo.get_by_role("status").first).to_contain_text("Saved")
    assert text_of(bo) == "First, by Ada.\n\nBetween.\n\nSecond, by Bo.\n\nSecond, by Ada."


@pytest.mark.parametrize("pause", [0, 1150, 1250])
def test_what_is_saved_leaves_no_draft_behind(office: Office, pause: int) -> None:
    """Neither the draft that is due when the page is left, nor one that is on its way."""
    page = office.sit_down("/admin/documents/new/post")
    page.get_by_label("Title", exact=True).fill("The quay at night")
    page.wait_for_timeout(pause)
    page.get_by_role("button", name="Save as draft").click()
    expect(page.get_by_role("status").first).to_have_text("The draft was created.")
    go_on_typing(page, "More.")
    page.wait_for_timeout(pause)
    save(page)
    expect(page.get_by_role("status").first).to_have_text("Saved.")
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Your drafts")).to_be_visible()
    assert page.get_by_role("heading", name="Unsaved words of yours").count() == 0


def test_an_image_that_nobody_described_is_described_where_it_is_chosen(office: Office) -> None:
    office.factory.medium()
    page = office.sit_down("/admin/documents/new/post")
    go_on_typing(page, "Look: ")
    page.get_by_role("button", name="Image", exact=True).click()
    page.locator("#image-shelf button").click()
    expect(page.locator("#image-status")).to_contain_text("Nobody has described this image yet")
    page.keyboard.type("A lamp")
    assert re.fullmatch(r"Look: !\[A lamp\]\(/media/\S+\)", text_of(page))


def test_a_file_that_is_no_image_is_refused_with_its_name(office: Office) -> None:
    page = office.sit_down("/admin/documents/new/post")
    page.evaluate(
        """() => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File(["%PDF"], "plan.pdf", { type: "application/pdf" }));
            document.getElementById("body").dispatchEvent(
                new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        }"""
    )
    told = page.locator("#image-status")
    expect(told).to_contain_text("plan.pdf was not uploaded: This is no JPEG")
    assert text_of(page) == ""


def saved_while_uploading(office: Office, data: bytes) -> Page:
    """A new post that is saved while a pasted file is on its slow way."""
    page = office.sit_down("/admin/documents/new/post")
    page.get_by_label("Title", exact=True).fill("The quay at night")
    held: list[Route] = []
    page.route("**/admin/media?*", lambda route: held.append(route))
    with page.expect_request("**/admin/media?*"):
        page.evaluate(PASTE, ["lamp.png", base64.b64encode(data).decode()])
    expect(page.locator("#body")).to_have_value(re.compile("Uploading lamp.png"))
    page.get_by_role("button", name="Save as draft").click()
    # It waits for the image, which sets out only now.
    [upload] = held
    upload.continue_()
    return page


def test_a_draft_that_is_kept_during_an_upload_knows_nothing_of_it(office: Office) -> None:
    """Neither here nor on the server: the tab may be closed before the image is there."""
    page = office.sit_down("/admin/documents/new/post")
    page.route("**/admin/media?*", lambda route: None)
    page.evaluate(PASTE, ["lamp.png", base64.b64encode(picture("PNG", (400, 250))).decode()])
    expect(page.locator("#body")).to_have_value(re.compile("Uploading lamp.png"))
    drafts: list[Route] = []
    page.route("**/draft", lambda route: drafts.append(route))
    page.get_by_label("Title", exact=True).fill("The quay at night")
    kept_here = "Object.values(localStorage).filter((one) => one.includes('quay'))"
    [here] = page.evaluate(kept_here)
    page.unroute("**/draft")
    for route in drafts:
        route.continue_()
    autosaved(page)
    with office.factory.database.reader() as session:
        [draft] = session.scalars(select(Draft))
    assert draft.fields["title"] == "The quay at night" and draft.fields["body"] == ""
    assert "Uploading" not in here and "Uploading" in text_of(page)


def test_a_save_waits_for_images_that_are_on_their_way(office: Office) -> None:
    page = saved_while_uploading(office, picture("PNG", (400, 250)))
    expect(page.get_by_role("status").first).to_have_text(
        "The draft was created.", timeout=PATIENCE
    )
    assert re.fullmatch(r"!\[\]\(/media/\w+/lamp\.png\)", text_of(page))


def test_a_save_stops_where_an_image_was_refused_meanwhile(office: Office) -> None:
    page = saved_while_uploading(office, b"no picture")
    expect(page.locator("#image-status")).to_contain_text("lamp.png was not uploaded")
    expect(page.locator("#body")).to_have_value("")
    page.get_by_role("button", name="Save as draft").click()
    expect(page.get_by_role("status").first).to_have_text("The draft was created.")


def test_an_upload_that_an_undo_brings_back_is_not_saved(office: Office) -> None:
    page = office.sit_down("/admin/documents/new/post")
    page.get_by_label("Title", exact=True).fill("The quay at night")
    page.evaluate(PASTE, ["lamp.png", base64.b64encode(picture("PNG", (400, 250))).decode()])
    expect(page.locator("#body")).to_have_value(re.compile("/media/"), timeout=PATIENCE)
    page.locator("#body").press("Control+z")
    expect(page.locator("#body")).to_have_value(re.compile("Uploading lamp.png"))
    page.get_by_role("button", name="Save as draft").click()
    expect(page.get_by_role("status").first).to_have_text("The draft was created.")
    assert re.fullmatch(r"!\[\]\(/media/\w+/lamp\.png\)", text_of(page))


def test_what_is_saved_while_the_answer_about_its_draft_is_read_leaves_no_draft_behind(
    office: Office,
) -> None:
    page = office.sit_down("/admin/documents/new/post")
    page.evaluate(
        """() => {
            const read = Response.prototype.json;
            Response.prototype.json = async function () {
                if (this.url.endsWith("/draft")) document.title = "Reading";
                await new Promise((resolve) => setTimeout(resolve, 600));
                return read.call(this);
            };
        }"""
    )
    page.get_by_label("Title", exact=True).fill("The quay at night")
    expect(page).to_have_title("Reading")
    page.get_by_role("button", name="Save as draft").click()
    expect(page.get_by_role("status").first).to_have_text("The draft was created.")
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Your drafts")).to_be_visible()
    assert page.get_by_role("heading", name="Unsaved words of yours").count() == 0


def test_a_cover_is_chosen_and_seen_as_a_shared_link_will_look(office: Office) -> None:
    number = office.factory.post("Quay", summary="Lamps on the water.").id
    page = office.sit_down(f"/admin/documents/{number}/text/en")
    expect(page.locator(".search-result .result-words")).to_have_text("Lamps on the water.")
    page.get_by_role("button", name="Choose an image").click()
    page.locator("#image-files").set_input_files(
        {"name": "lamp.png", "mimeType": "image/png", "buffer": picture("PNG", (400, 250))}
    )
    expect(page.get_by_label("Cover")).to_have_value(
        re.compile(r"^/media/\w+/lamp\.png$"), timeout=PATIENCE
    )
    sees_picture(page.locator(".shared-link img"))
    page.get_by_label("Summary").fill("Lamps, and rain.")
    expect(page.locator(".shared-link .result-words")).to_have_text("Lamps, and rain.")
    save(page)
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    page.goto("/en/blog/quay")
    sees_picture(page.locator(".opening-picture"))
    card = page.locator("meta[property='og:image']").get_attribute("content")
    assert card is not None and page.request.get(card).ok
    page.goto(f"/admin/documents/{number}/text/en")
    page.get_by_label("Cover").fill("/media/0123456789abcdef/nothing.png")
    save(page)
    expect(page.locator("#cover + .field-error")).to_have_text("There is no image at this address.")


def test_how_it_looks_elsewhere_follows_the_words_for_search_engines(office: Office) -> None:
    number = office.factory.post("Quay", summary="Lamps on the water.").id
    page = office.sit_down(f"/admin/documents/{number}/text/en")
    titles, words = page.locator(".elsewhere .result-title"), page.locator(".result-words")
    expect(titles).to_have_text(["Quay · Verso", "Quay"])
    expect(page.get_by_label("Title for search engines")).to_be_hidden()
    page.get_by_text("Other words for search engines").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    title = page.get_by_label("Title for search engines")
    expect(title).to_be_focused()
    expect(title).to_have_attribute("placeholder", "Quay")
    page.get_by_label("Title", exact=True).fill("The quay")
    expect(title).to_have_attribute("placeholder", "The quay")
    title.fill("Lamps found")
    expect(titles).to_have_text(["Lamps found", "Lamps found"])
    expect(title).to_have_accessible_description("About 60 characters are shown. Typed: 11.")
    page.get_by_label("Description for search engines").fill("Who lights them?")
    expect(words).to_have_text(["Who lights them?", "Who lights them?"])
    page.get_by_role("button", name="Choose a picture for shared links").click()
    page.locator("#image-files").set_input_files(
        {"name": "card.png", "mimeType": "image/png", "buffer": picture("PNG", (400, 250))}
    )
    expect(page.get_by_role("textbox", name="Picture for shared links")).to_have_value(
        re.compile(r"^/media/\w+/card\.png$"), timeout=PATIENCE
    )
    sees_picture(page.locator(".shared-link img"))
    expect(page.get_by_label("Cover")).to_have_value("")
    save(page)
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    expect(title).to_have_value("Lamps found")
    title.fill("")
    expect(titles).to_have_text(["The quay · Verso", "The quay"])
    page.goto("/en/blog/quay")
    expect(page).to_have_title("Lamps found")
    expect(page.locator(".opening-picture")).to_have_count(0)


def test_two_titles_for_search_engines_are_settled_with_a_button(office: Office) -> None:
    number = office.factory.page("Quay", search_title="Quay").id
    place = f"/admin/documents/{number}/text/en"
    ada, bo = office.sit_down(place), office.sit_down(place, name="bo")
    ada.get_by_label("Title for search engines").fill("By Ada")
    save(ada)
    expect(ada.get_by_role("status").first).to_contain_text("Saved")
    bo.get_by_label("Title for search engines").fill("By Bo")
    save(bo)
    expect(bo.get_by_role("alert").first).to_contain_text("changed the same passages")
    expect(bo.get_by_label("Title for search engines")).to_have_value("By Bo")
    bo.get_by_role("button", name="Take theirs").click()
    expect(bo.get_by_label("Title for search engines")).to_have_value("By Ada")
    expect(bo.get_by_label("Title", exact=True)).to_have_value("Quay")
    save(bo)
    expect(bo.get_by_role("status").first).to_contain_text("Saved")


def test_the_preview_never_covers_what_stands_below_it(office: Office) -> None:
    number = office.factory.post("Quay", body="Lamps.\n\n" * 40).id
    page = office.sit_down(
        f"/admin/documents/{number}/text/en", viewport={"width": 1280, "height": 900}
    )
    expect(page.locator("#preview")).to_be_visible()
    for share in (0.3, 0.5, 0.7, 0.9):
        lower, upper = page.evaluate(
            """(share) => {
                scrollTo(0, document.body.scrollHeight * share);
                const place = (chosen) => document.querySelector(chosen).getBoundingClientRect();
                return [place("#preview").bottom, place(".desk-side").top];
            }""",
            share,
        )
        assert lower <= upper


def test_a_login_that_ends_while_somebody_types_costs_no_word(office: Office) -> None:
    number = office.factory.page("Quay", body="Before.").id
    place = f"/admin/documents/{number}/text/en"
    page = office.sit_down(place)
    office.sign_everybody_out()
    go_on_typing(page, " While signed out.")
    expect(page.locator("#autosave")).to_contain_text("You were signed out", timeout=30_000)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in").click()
    other = opened.value
    other.get_by_label("Mail address").fill("ada@example.org")
    other.get_by_label("Password", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="Sign in", exact=True).click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Overview")
    go_on_typing(page, " And back.")
    autosaved(page)
    save(page)
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    assert text_of(page) == "Before. While signed out. And back."


def test_a_tab_closed_while_the_network_is_away_is_offered_back(office: Office) -> None:
    number = office.factory.page("Quay", body="Before.").id
    place = f"/admin/documents/{number}/text/en"
    page = office.sit_down(place)
    page.context.set_offline(True)
    go_on_typing(page, " Without a network.")
    expect(page.locator("#autosave")).to_contain_text("No connection", timeout=30_000)
    page.close()
    page.context.set_offline(False)
    page = page.context.new_page()
    page.goto(place)
    assert text_of(page) == "Before."
    page.get_by_role("button", name="Bring them back").click()
    assert text_of(page) == "Before. Without a network."
    autosaved(page)
    save(page)
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    page.goto(place)
    assert text_of(page) == "Before. Without a network."
    expect(page.locator("#kept")).to_be_hidden()


def test_a_save_that_the_network_swallows_can_be_sent_again(office: Office) -> None:
    number = office.factory.page("Quay", body="Before.").id
    place = f"/admin/documents/{number}/text/en"
    page = office.sit_down(place)
    go_on_typing(page, " Once more.")
    page.route(f"**{place}", lambda route: route.abort())
    save(page)
    page.wait_for_url("chrome-error://**")
    page.unroute_all()
    page.goto(place)
    page.get_by_role("button", name="Bring them back").click()
    save(page)
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    assert text_of(page) == "Before. Once more."


def test_without_scripts_everything_can_be_written_previewed_and_merged(office: Office) -> None:
    page = office.sit_down("/admin/documents/new/page", java_script_enabled=False)
    page.get_by_label("Title", exact=True).fill("Plain")
    page.locator("#body").fill("One.\n\nTwo.")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Preview").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Plain")
    page.get_by_role("button", name="Save as draft").click()
    expect(page).to_have_url(re.compile("done=created"))
    place = path_of(page)
    other = office.sit_down(place, name="bo", java_script_enabled=False)
    other.locator("#body").fill("One, by Bo.\n\nTwo.")
    save(other)
    expect(other.get_by_role("status").first).to_contain_text("Saved")
    page.locator("#body").fill("One, by Ada.\n\nTwo.")
    save(page)
    expect(page.get_by_role("alert").first).to_contain_text("changed the same passages")
    expect(page.get_by_label("Theirs").first).to_have_value("One, by Bo.")
    page.locator("#body").fill("One, by both.\n\nTwo.")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("link", name="View on the site")).to_be_visible()


def test_without_scripts_a_form_sent_signed_out_comes_back(office: Office) -> None:
    number = office.factory.page("Quay", body="Before.").id
    page = office.sit_down(f"/admin/documents/{number}/text/en", java_script_enabled=False)
    page.locator("#body").fill("Typed for an hour.")
    office.sign_everybody_out()
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("You were signed out")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in in another tab").click()
    other = opened.value
    other.get_by_label("Mail address").fill("ada@example.org")
    other.get_by_label("Password", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="Sign in", exact=True).click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Overview")
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    assert text_of(page) == "Typed for an hour."


def test_the_keyboard_alone_is_enough(office: Office) -> None:
    office.factory.page("Harbour office")
    page = office.sit_down("/admin/documents/new/post")
    page.locator("#title").focus()
    page.keyboard.type("By hand")
    page.keyboard.press("Tab")
    # The toolbar is one stop; arrows go through it.
    expect(page.get_by_role("button", name="Bold")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#body")).to_be_focused()
    page.keyboard.type("A ")
    page.keyboard.press("Control+b")
    page.keyboard.type("bold")
    page.keyboard.press("Control+b")
    page.keyboard.type(" word, and ")
    page.keyboard.press("Control+Shift+L")
    page.keyboard.type("Harbour")
    expect(page.locator("#link-list button")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert text_of(page) == "A **bold** word, and [Harbour office](/en/harbour-office)"
    page.keyboard.press("Control+z")
    assert text_of(page) == "A **bold** word, and "
    page.keyboard.press("Control+s")
    expect(page).to_have_url(re.compile("done="))
    assert path_of(page).endswith("/text/en")
    assert text_of(page) == "A **bold** word, and "


def test_in_arabic_the_page_is_arabic_and_the_text_follows_its_own_words(office: Office) -> None:
    page = office.sit_down("/admin/documents/new/post?locale=ar", name="huda", locale="ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.locator("#title").fill("ليل المرفأ")
    go_on_typing(page, "مصابيح على الماء.")
    assert page.evaluate("getComputedStyle(document.getElementById('body')).direction") == "rtl"
    preview = page.frame_locator("#preview-page")
    expect(preview.locator("html")).to_have_attribute("dir", "rtl")
    expect(preview.get_by_role("heading", level=1)).to_have_text("ليل المرفأ")
    page.keyboard.press("Control+s")
    expect(page).to_have_url(re.compile("done="))
    assert text_of(page) == "مصابيح على الماء."
    page.locator("#body").fill("English words in an Arabic page.")
    assert page.evaluate("getComputedStyle(document.getElementById('body')).direction") == "ltr"
