"""Every kind of page is valid and accessible, fits every screen, and gives no browser a complaint."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import NewVisitor
from tests.browser.demo import Demo
from tests.browser.pages import PAGES, PageKind
from tests.browser.visitor import FORM, filled_form

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parent.parent.parent
WIDTHS = (320, 768, 1280, 2000)
# WCAG 2.2 AA and all that it contains.
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What is fine, or cannot be told, is not written out; style sheets of others there are none.
FIND = """async (tags) => (await axe.run(
    {runOnly: tags, resultTypes: ["violations"], preload: false})).violations.flatMap(
    (rule) => rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.failureSummary}`))"""

# The two looks that stand for all in what somebody can perceive and use.
EXAMINED = {"en": ("light", 1280), "ar": ("dark", 320)}
# German has the longest words: what is there to be read and done is looked at in it, too.
LOOKS = [
    pytest.param(locale, kind, id=f"{locale}-{kind.name.replace(' ', '-')}")
    for locale in (*EXAMINED, "de")
    for kind in PAGES
    if locale in EXAMINED or (kind.status == 200 and not kind.posted)
]


@pytest.mark.parametrize(("locale", "kind"), LOOKS)
def test_a_page_fits_every_screen_is_accessible_and_browsers_do_not_complain(
    kind: PageKind, locale: str, visitor: NewVisitor, axe: str
) -> None:
    reader = visitor(locale, signed_in=kind.signed_in)
    response = reader.visit(kind)
    assert response.status == kind.status
    assert reader.page.locator("html").get_attribute("lang") == locale
    assert reader.page.locator(kind.shows).count() > 0
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe-inline" not in policy
    wider = {}
    for width in WIDTHS:
        reader.look("light", width)
        wider[width] = reader.overflow()
    assert not {width: pixels for width, pixels in wider.items() if pixels}
    if locale in EXAMINED:
        reader.look(*EXAMINED[locale])
        reader.page.evaluate(axe)
        barriers = reader.page.evaluate(FIND, STANDARD)
        assert not barriers, "\n".join(barriers)
    complaints = reader.complaints(kind)
    assert not complaints, "\n".join(complaints)


def test_dark_differs_from_light_in_colours_alone() -> None:
    """So a page that fits the screen in one fits it in the other."""
    for sheet in (ROOT / "verso" / "static").glob("*.css"):
        assert "prefers-color-scheme" not in sheet.read_text(), sheet.name


def test_every_kind_of_page_is_valid_html(
    demo: Demo, html_validate: list[str], tmp_path: Path
) -> None:
    for kind in PAGES:
        for locale in EXAMINED:
            name = f"{kind.name.replace(' ', '-')}.{locale}.html"
            (tmp_path / name).write_text(html_of(demo, kind, locale), encoding="utf-8")
    options = ["--config", str(ROOT / ".htmlvalidate.json"), "--formatter", "json"]
    # A file, because html-validate leaves before a pipe has taken all that it says.
    report = tmp_path / "report.json"
    with report.open("w") as said:
        command = [*html_validate, *options, str(tmp_path)]
        done = subprocess.run(command, stdout=said, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    found = findings(json.loads(report.read_text()))
    assert not found, "\n".join(found)


def html_of(demo: Demo, kind: PageKind, locale: str) -> str:
    """The page as it leaves the server."""
    browser = demo.client(locale, signed_in=kind.signed_in)
    path = demo.path(kind.path, locale)
    with demo.surroundings(busy=kind.busy, closed=kind.closed):
        if kind.posted:
            form = filled_form(demo, kind, locale)
            answer = browser.post(path, data=form, content_type=FORM)
        else:
            answer = browser.get(path)
    assert answer.status_code == kind.status, (kind.name, path)
    return answer.text


def findings(report: list[dict[str, Any]]) -> list[str]:
    """One line for each finding of html-validate."""
    return [
        f"{Path(file['filePath']).name}:{found['line']}: {found['ruleId']}: {found['message']}"
        for file in report
        for found in file["messages"]
    ]
