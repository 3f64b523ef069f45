"""Refusals: what would break a page or endanger its reader is never served; all else is."""

import time

import pytest

from tests.i18n.files import Texts, catalog
from verso.i18n.checks.findings import REASONS, Level
from verso.i18n.contents import read_contents

NAME = "Hello %(name)s"
HOSTILE = {
    "50% off %(name)s": "percent",
    "100 % %(name)s": "percent",
    "%(nn)s": "unknown-placeholder",
    "%(name)": "percent",
    "Hallo": "missing-placeholder",
    "%(name)d": "unknown-placeholder",
    "%(name)0500000000d": "unknown-placeholder",
    "%(name).99999999f": "unknown-placeholder",
    "%(name)s %(name)*d": "percent",
    "%(name)s %s": "percent",
    "%(name)s {0.__class__}": "unknown-placeholder",
    "%(name)s {name}": "unknown-placeholder",
    "%(name)s <script>alert(1)</script>": "tags",
    "%(name)s <img src=x onerror=alert(1)>": "tags",
    "%(name)s <img src=x onerror=alert(1)": "tags",
    "%(name)s </p>": "tags",
    "%(name)s <!-- ": "tags",
    "%(name)s https://evil.example/": "foreign-link",
    "%(name)s //evil.example/": "foreign-link",
    "%(name)s [here](https://evil.example)": "foreign-link",
    "%(name)s http://2130706433/": "foreign-link",
    "%(name)s ftp://[::1]/": "foreign-link",
    "%(name)s https://us@evil.example": "foreign-link",
    "%(name)s https:\\\\evil.example": "foreign-link",
    "%(name)s https://evil.example\\\\@example.org": "foreign-link",
    "%(name)s javascript:alert(1)": "script-link",
    "%(name)s data:,x": "script-link",
    "%(name)s JavaScript :alert(1)": "script-link",
    "%(name)s [x](data:text/html,x)": "script-link",
    "%(name)s \u202e drowssap": "bidi",
    "%(name)s \u2066 open": "bidi",
    "%(name)s \u2069": "bidi",
    "%(name)s \u202a\u2069": "bidi",
    "%(name)s \x1b[31m": "control",
    "%(name)s \x85": "control",
    "%(name)s \ufffd": "encoding",
}
HARMLESS = [
    "%(name)s, hallo",
    "%(name)s: 100 %% sicher",
    "%(name)s %(name)s",
    "\u2068%(name)s\u2069 \u200fסלום",
    "%(name)s < 3 & > 2",
    "%(name)s\n\tzwei",
    "%(name)s: https:// または http://で",
    "%(name)s 12:30 // oder so",
    "Meta-Daten: %(name)s",
    "Data: %(name)s",
    "data:%(name)s",
]


def codes(msgid: str, msgstr: str) -> set[str]:
    found = read_contents(catalog({msgid: msgstr}).encode(), "de")
    assert (msgid in found.messages) is (not found.findings)
    assert all(REASONS[item.code][0] is Level.ERROR for item in found.findings)
    return {item.code for item in found.findings}


@pytest.mark.parametrize(("msgstr", "code"), HOSTILE.items())
def test_what_could_harm_is_refused(msgstr: str, code: str) -> None:
    assert code in codes(NAME, msgstr)


@pytest.mark.parametrize("msgstr", HARMLESS)
def test_what_is_only_unusual_is_served(msgstr: str) -> None:
    assert codes(NAME, msgstr) == set()


@pytest.mark.parametrize("msgstr", ["100 %", "50% Rabatt", "%d", "% (x)s", "5 %s"])
def test_without_a_placeholder_a_percent_sign_is_just_that(msgstr: str) -> None:
    assert codes("100 percent", msgstr) == set()


@pytest.mark.parametrize(
    ("msgid", "msgstr", "code"),
    [
        ("Read <b>this</b>", "Lies <b>das</b>", None),
        ("Read <b>this</b>", "<b>Das</b> lesen", None),
        ("Read <b>this</b>", "Lies das", "tags"),
        ("Read <b>this</b>", "Lies <i>das</i>", "tags"),
        ("Read <b>this</b>", 'Lies <b onclick="x">das</b>', "tags"),
        ("Read <b>this</b>", "Lies <b>das</b><b>hier</b>", "tags"),
        ('See <a href="/x">it</a>', 'Sieh <a href="/x">es</a>', None),
        ('See <a href="/x">it</a>', 'Sieh <a href="/y">es</a>', "tags"),
        ("See https://example.org/en", "Siehe https://example.org/de", None),
        ("See https://example.org", "Siehe https://example.org.evil.example", "foreign-link"),
        ("Read <b>%(who)s</b>", "<b></b><%(who)s onmouseover=alert(1) ", "tags"),
        ("Read <b>this</b>", "<b>Lies</b> 1 < 2", "tags"),
        ("See https://example.org", "Siehe https://evil.example\\\\@example.org", "foreign-link"),
        ("Press {key}", "Drücke {key}", None),
        ("Tab\there", "Tab\thier", None),
    ],
)
def test_a_translation_may_use_what_its_msgid_has(
    msgid: str, msgstr: str, code: str | None
) -> None:
    assert codes(msgid, msgstr) == ({code} if code else set())


@pytest.mark.parametrize(
    ("forms", "code"),
    [
        (("Eine Seite von %(who)s", "%(num)s Seiten von %(who)s"), None),
        (("%(num)s Seite von %(who)s", "%(num)s Seiten von %(who)s"), None),
        (("Eine Seite", "%(num)s Seiten von %(who)s"), "missing-placeholder"),
        (("Eine Seite von %(who)s", "%(number)s Seiten von %(who)s"), "unknown-placeholder"),
        (("Eine Seite von %(who)s", "50% Seiten von %(who)s"), "percent"),
        (("Eine Seite von %(who)s",), "forms"),
    ],
)
def test_a_plural_may_leave_out_its_number_and_nothing_else(
    forms: tuple[str, ...], code: str | None
) -> None:
    texts: Texts = {("One page by %(who)s", "%(num)s pages by %(who)s"): forms}
    found = read_contents(catalog(texts).encode(), "de")
    assert {item.code for item in found.findings} == ({code} if code else set())


def test_a_finding_points_at_the_very_place() -> None:
    text = 'msgid "Hello %(name)s"\nmsgstr ""\n"Hallo\\n"\n"und %(nn)s %(name)s"\n'
    (finding,) = read_contents(text.encode(), "de").findings
    assert (finding.line, finding.column) == (4, 6)
    assert finding.sentence == "%(nn)s is not in the original."


@pytest.mark.parametrize(
    ("msgid", "plural", "form", "code"),
    [
        (NAME, "%(name)300000000s", "%(name)s%(name)300000000s", "unknown-placeholder"),
        ("<b>Hi</b>", "<script>", "<script>", "tags"),
        ("Search", "https://evil.example", "https://evil.example", "foreign-link"),
        ("Search", "\u202e", "\u202e", "bidi"),
        ("Search", "\x1b", "\x1b", "control"),
    ],
)
def test_a_plural_that_the_file_has_made_up_allows_nothing(
    msgid: str, plural: str, form: str, code: str
) -> None:
    texts: Texts = {(msgid, plural): (form, form)}
    found = read_contents(catalog(texts).encode(), "de")
    assert code in {item.code for item in found.findings}
    assert found.messages == {}


@pytest.mark.parametrize(
    "msgstr",
    ["%(name)" + "0" * 200_000, "//" + "a-" * 200_000, "a" * 400_000 + "//", "%(" * 200_000],
    ids=["zeros", "host", "scheme", "opened"],
)
def test_no_text_takes_long_to_be_looked_at(msgstr: str) -> None:
    begin = time.process_time()
    assert codes(NAME, msgstr)
    # Quadratic work would take minutes.
    assert time.process_time() - begin < 10
