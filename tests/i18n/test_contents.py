"""Reading a file: forty broken ones lose the broken entry only, and every mistake has its place."""

import time
import tracemalloc

import pytest

from tests.i18n.broken import BROKEN, SOUND, WHOLE, Broken
from tests.i18n.files import catalog
from verso.i18n.checks.findings import Level
from verso.i18n.contents import MAX_FINDINGS, read_contents


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_names_line_and_reason_and_spares_the_neighbours(broken: Broken) -> None:
    contents = read_contents(broken.data, "de")
    assert (broken.code, broken.line) in {(item.code, item.line) for item in contents.findings}
    assert len(contents.findings) <= MAX_FINDINGS
    texts = {key: message.text for key, message in contents.messages.items()}
    if broken.neighbours:
        assert (texts["Search"], texts["Blog"]) == ("vor", "nach")
    if any(item.level is Level.ERROR for item in contents.findings):
        assert "A" not in texts


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_memory_and_time_stay_bounded(broken: Broken) -> None:
    tracemalloc.start()
    begin = time.process_time()
    read_contents(broken.data, "de")
    seconds, (_, peak) = time.process_time() - begin, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # Bounds against explosions, a hundred times above what it takes.
    assert seconds < 30
    assert peak < 40 * min(len(broken.data), 8 * 1024**2) + 2 * 1024**2


@pytest.mark.parametrize("change", SOUND.values(), ids=SOUND)
def test_an_unusual_file_is_read_like_any_other(change: object) -> None:
    assert callable(change)
    contents = read_contents(change(WHOLE), "de")
    assert contents.findings == ()
    texts = {key: message.text for key, message in contents.messages.items()}
    assert texts == {"Search": "vor", "Archive": "mitte", "Blog": "nach"}


@pytest.mark.parametrize("charset", ["ISO-8859-1", "windows-1252", "ISO-8859-15"])
def test_a_legacy_charset_is_read_as_its_header_says(charset: str) -> None:
    text = catalog({"Search": "Stöbern"}).replace("UTF-8", charset)
    contents = read_contents(text.encode(charset), "de")
    assert contents.messages["Search"].text == "Stöbern"
    assert contents.findings == ()


def test_the_header_is_no_message() -> None:
    assert "" not in read_contents(WHOLE, "de").messages


def test_fuzzy_and_empty_entries_are_not_served_and_are_no_mistakes() -> None:
    text = '#, fuzzy\nmsgid "A"\nmsgstr "b"\n\nmsgid "C"\nmsgstr ""\n'
    contents = read_contents(text.encode(), "de")
    assert (contents.messages, contents.findings, contents.fuzzy) == ({}, (), 1)


def test_a_flag_of_an_obsolete_entry_is_not_that_of_the_next() -> None:
    text = '#, fuzzy\n#~ msgid "x"\n#~ msgstr "y"\nmsgid "A"\nmsgstr "b"\n'
    assert "A" in read_contents(text.encode(), "de").messages


def test_escapes_mean_what_gettext_means_by_them() -> None:
    text = r'msgid "A"' + "\n" + r'msgstr "a\tb\nc\"d\\n\\e\164"' + "\n"
    assert read_contents(text.encode(), "de").messages["A"].text == 'a\tb\nc"d\\n\\et'
