"""The strings of a page: once each, where the page shows them, and apart if it shows them nowhere."""

from pathlib import Path

import pytest

from tests.i18n.languages import Languages
from verso.i18n.messages import message_of
from verso.i18n.overview import Overview
from verso.i18n.recording import Lookup
from verso.i18n.spoken import Spoken, strings_of

HELLO = message_of("Hello %(name)s", None, ("Hallo, %(name)s!",), "de")


@pytest.fixture
def overview(tmp_path: Path) -> Overview:
    languages = Languages(tmp_path)
    languages.ship("de").write({"Search": "Suche", "Hello %(name)s": "Hallo, %(name)s!"})
    return languages.overview("de")


def spoken(overview: Overview, html: str, *lookups: Lookup) -> list[Spoken]:
    return strings_of(lookups, html, overview, "de")


def test_strings_come_in_the_order_of_the_page(overview: Overview) -> None:
    found = spoken(
        overview,
        '<p title="Post">Hallo, Ada!</p> &quot;Searching&quot; <a>Search</a>',
        Lookup("Search", None, "a.html:1"),
        Lookup("Hello %(name)s", HELLO, "b.py:2"),
        Lookup("Search", None, "a.html:9"),
        Lookup("verb\x04Post", None, ""),
    )
    assert [one.original.msgid for one in found] == ["Post", "Hello %(name)s", "Search"]
    assert found[2].asked_at == ("a.html:1", "a.html:9") and found[0].asked_at == ()
    assert found[1].shown_in == "de" and found[1].forms == ("Hallo, %(name)s!",)
    assert found[1].written_at == "verso/translations/de/messages.po:8"
    assert found[0].original.context == "verb" and found[0].shown_in == "en"


def test_what_is_looked_up_in_vain_comes_last_and_says_so(overview: Overview) -> None:
    lookups = Lookup("Search", None, "a:1"), Lookup("Saved.", None, "b:1")
    found = spoken(overview, "<p>Saved.</p>", *lookups)
    assert [(one.original.msgid, one.is_visible) for one in found] == [
        ("Saved.", True),
        ("Search", False),
    ]


@pytest.mark.parametrize(
    ("msgid", "forms", "html"),
    [
        ("a & b", ("a & b",), "x a &amp; b"),
        ("5 < 6", ("5 < 6",), "5 &lt; 6"),
        ("Read <b>%(name)s</b>", ("Lies <b>%(name)s</b>",), "x Lies <b>&lt;i&gt;</b>"),
        ("%(a)s and %(b)s at 100%%", ("%(a)s und %(b)s zu 100%%",), "1 und 2 zu 100%"),
        ("100 %", ("100 %",), "100 %"),
        ("Search", ("搜索",), "请搜索它"),
    ],
)
def test_a_text_is_found_however_it_is_escaped_and_filled(
    overview: Overview, msgid: str, forms: tuple[str, ...], html: str
) -> None:
    lookup = Lookup(msgid, message_of(msgid, None, forms, "de"), "")
    assert [one.is_visible for one in spoken(overview, html, lookup)] == [True]


def test_a_text_of_placeholders_only_cannot_be_found(overview: Overview) -> None:
    lookup = Lookup("%(a)s", None, "")
    assert not spoken(overview, "1", lookup)[0].is_visible
