"""Advice: doubts are told, silenced by a flag, and never keep a translation from its readers."""

import pytest

from tests.i18n.files import entry
from verso.i18n.checks.findings import ADVICE, REASONS
from verso.i18n.checks.places import advice
from verso.i18n.contents import read_contents
from verso.i18n.po.reading import read

DOUBTFUL = [
    ("space-begin", "Search", " Suche"),
    ("space-end", "Search: ", "Suche:"),
    ("newlines", "Search\n", "Suche"),
    ("links", "See [here](/x)", "Siehe hier"),
    ("code", "Run `verso`", "Starte verso"),
    ("urls", "See https://example.org/en", "Siehe https://example.org/de"),
    ("numbers", "At most 10,000 pages", "Höchstens 1.000 Seiten"),
    ("end-punctuation", "It is gone.", "Es ist weg"),
    ("unchanged", "These words stay here", "These words stay here"),
    ("doubled-word", "Read the page", "Lies die die Seite"),
]
FINE = [
    ("At most 10,000 pages", "Höchstens 10.000 Seiten"),
    ("At most 10,000 pages", "10 000 pages au plus"),
    ("It took 5 seconds.", "استغرق ٥ ثوان."),
    ("It is gone.", "それはありません。"),
    ("Who is it?", "من هو؟"),
    ("Blog", "Blog"),
    ("A minute ago", "vor 1 Minute"),
    ("See v2 of it", "Siehe v2 davon"),
]


def doubts(text: str) -> list[str]:
    assert read_contents(text.encode(), "de").findings == ()
    return [finding.code for finding in advice(read(text).entries, text)]


@pytest.mark.parametrize(("code", "msgid", "msgstr"), DOUBTFUL)
def test_a_doubt_is_told_and_a_flag_silences_it(code: str, msgid: str, msgstr: str) -> None:
    assert doubts(entry(msgid, msgstr)) == [code]
    assert doubts(f"#, ignore-{code}\n{entry(msgid, msgstr)}") == []
    assert doubts(f"#, no-wrap, ignore-{code}\n{entry(msgid, msgstr)}") == []


def test_a_length_is_held_to_where_the_entry_says_so() -> None:
    assert doubts("#, max-length:6\n" + entry("Search", "Durchsuchen")) == ["max-length"]
    assert doubts("#, max-length:11\n" + entry("Search", "Durchsuchen")) == []


@pytest.mark.parametrize(("msgid", "msgstr"), FINE)
def test_what_languages_do_differently_is_no_doubt(msgid: str, msgstr: str) -> None:
    assert doubts(entry(msgid, msgstr)) == []


def test_every_piece_of_advice_has_a_test_and_a_reason() -> None:
    from_the_header = {"charset", "plural-header"}
    assert {code for code, _, _ in DOUBTFUL} | {"max-length"} == ADVICE - from_the_header
    assert all(reason for _, reason in REASONS.values())
