"""The toolbar writes Markdown around what is selected, and takes it back."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.office import Office

pytestmark = pytest.mark.browser

BOLD, ITALIC, CODE = "Bold", "Italic", "Code"
LIST, NUMBERED, TABLE, ENTER = "List", "Numbered list", "Table", "Enter"
# The text and what is selected in it, between [ and ], before and after each button.
CASES = (
    (BOLD, "a [word] here", "a **[word]** here"),
    (BOLD, "a **[word]** here", "a [word] here"),
    (BOLD, "a [**word**] here", "a [word] here"),
    (BOLD, "a [word ]here", "a **[word]** here"),
    (BOLD, "[one\n\ntwo]", "[**one**\n\n**two**]"),
    (BOLD, "[**one**\n\n**two**]", "[one\n\ntwo]"),
    (BOLD, "**[]**", "[]"),
    (BOLD, "**word[]** on", "**word**[] on"),
    (ITALIC, "a **[word]** here", "a ***[word]*** here"),
    (ITALIC, "a ***[word]*** here", "a **[word]** here"),
    (BOLD, "a ***[word]*** here", "a *[word]* here"),
    (CODE, "say [this]", "say `[this]`"),
    (CODE, "say `[this]`", "say [this]"),
    (CODE, "say [`this`]", "say [this]"),
    (CODE, "say [a`b]", "say `` [a`b] ``"),
    (CODE, "say [one\ntwo] more", "[```\nsay one\ntwo more\n```]"),
    (CODE, "[```\none\ntwo\n```]", "[one\ntwo]"),
    (CODE, "[```\none\n```\ntwo]", "[````\n```\none\n```\ntwo\n````]"),
    (LIST, "[one\n\ntwo]", "- one\n\n- two[]"),
    (LIST, "[- one\n- two]", "one\ntwo[]"),
    (NUMBERED, "[- one\n  - two]", "1. one\n  2. two[]"),
    (NUMBERED, "- one[]", "1. one[]"),
    (TABLE, "one[]\n\ntwo", "one\n\n| []    |     |\n| --- | --- |\n|     |     |\n\ntwo"),
    (ENTER, "- one[]", "- one\n- []"),
    (ENTER, "9. one[]", "9. one\n10. []"),
    (ENTER, "- []one", "- \n- []one"),
    (ENTER, "- one\n- []", "- one\n[]"),
    (ENTER, "one[]", "one\n[]"),
)
FILL = """([text, from, to]) => {
    const body = document.getElementById("body");
    body.value = text;
    body.focus();
    body.setSelectionRange(from, to);
}"""
READ = """() => {
    const { value, selectionStart: from, selectionEnd: to } = document.getElementById("body");
    return `${value.slice(0, from)}[${value.slice(from, to)}]${value.slice(to)}`;
}"""


def fill(page: Page, text: str) -> None:
    start, end = text.index("["), text.index("]") - 1
    page.evaluate(FILL, [text.replace("[", "").replace("]", ""), start, end])


def test_each_button_does_what_is_meant(office: Office) -> None:
    page = office.sit_down("/admin/documents/new/post")
    expect(page.locator("#toolbar")).to_be_visible()
    wrong = []
    for name, before, after in CASES:
        fill(page, before)
        if name == ENTER:
            page.keyboard.press(ENTER)
        else:
            page.get_by_role("button", name=name, exact=True).click()
        if (found := page.evaluate(READ)) != after:
            wrong.append((name, before, found, after))
    assert not wrong, "\n".join(map(str, wrong))
