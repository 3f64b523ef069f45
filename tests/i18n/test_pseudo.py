"""Pseudo-locales: every message stands out, is longer, keeps its placeholders and passes every check."""

import re
import unicodedata

import pytest

from verso.i18n.contents import read_contents
from verso.i18n.extraction import extract
from verso.i18n.po.document import Document
from verso.i18n.pseudo import accented, arabic, pseudo_documents

OVERRIDES = re.compile("[\u202a-\u202e]")


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    return dict(pseudo_documents(extract()))


@pytest.mark.parametrize(
    "fixed",
    [
        "%(name)s",
        "%(n)05.2f",
        "100%% of",
        '<a href="/x">',
        "</strong>",
        "&amp;",
        "https://example.org/a?b=c",
        "`verso init`",
    ],
)
def test_what_is_not_language_stays(fixed: str) -> None:
    for write in (accented, arabic):
        written = write(f"Go to {fixed} now")
        assert fixed.removesuffix(" of") in written
        assert "Go" not in written and "now" not in written


def test_letters_are_accented_and_vowels_doubled() -> None:
    assert accented("Save the Page") == "⟦Šååṽéé ţĥéé Þååĝéé⟧"
    assert all(not char.isascii() for char in accented("abcxyzABCXYZ"))


def test_arabic_letters_run_from_right_to_left_without_overrides() -> None:
    written = arabic("Save the page")
    letters = [char for char in written if char.isalpha()]
    assert {unicodedata.bidirectional(char) for char in letters} == {"AL"}
    assert unicodedata.bidirectional(written[0]) == unicodedata.bidirectional(written[-1]) == "R"
    assert not OVERRIDES.search(written)


def test_every_message_is_there_in_every_form(documents: dict[str, Document]) -> None:
    for document in documents.values():
        assert [entry.source for entry in document.entries] == [one.source for one in extract()]
        assert all(entry.is_translated for entry in document.entries)
        assert {len(entry.forms) for entry in document.entries if entry.plural} == {2}
        assert not OVERRIDES.search(document.to_bytes().decode())


def test_messages_are_about_a_third_longer(documents: dict[str, Document]) -> None:
    entries = [entry for entry in documents["qps"].entries if not entry.plural]
    before = sum(len(entry.msgid) for entry in entries)
    assert 1.3 <= sum(len(entry.msgstr) for entry in entries) / before <= 1.4


@pytest.mark.parametrize("locale", ["qps", "qps-Arab"])
def test_nothing_of_it_is_refused(documents: dict[str, Document], locale: str) -> None:
    contents = read_contents(documents[locale].to_bytes(), locale)
    assert contents.findings == ()
    assert len(contents.messages) == len(documents[locale].entries)
