"""The end of a file: its last entry, whether its last line is whole, and what its header says of it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.i18n.files import HEADER, catalog
from verso.i18n.po.ending import declared_messages, ending_of
from verso.i18n.po.reading import obsolete_keys, read

TEXT = catalog({"Search": "Suche", "Blog": "Tagebuch"})
DECLARED = TEXT.replace('"Content-Type', '"X-Verso-Messages: 2\\n"\n"Content-Type')


def is_closed(text: str) -> bool:
    return ending_of(read(text).entries, text).is_closed


def test_the_last_entry_is_known_by_its_key_and_text() -> None:
    ending = ending_of(read(TEXT).entries, TEXT)
    assert (ending.key, ending.text) == ("Blog", 'msgid "Blog"\nmsgstr "Tagebuch"')
    assert (ending.size, ending.lines) == (len(TEXT), TEXT.count("\n"))


@pytest.mark.parametrize("end", ["", "\n", "\n\n", '\n#, fuzzy\n#~ msgid "a"\n#~ msgstr "b"\n'])
def test_a_file_ends_with_an_entry_used_or_obsolete(end: str) -> None:
    assert is_closed(TEXT + end)


@pytest.mark.parametrize("end", ["\n#: verso/a.html\n", "\n#, python-format\n", "\n# Please\n\n"])
def test_a_comment_that_waits_for_its_entry_is_no_end(end: str) -> None:
    assert not is_closed(TEXT + end)


def test_a_last_line_without_its_end_is_no_end() -> None:
    assert not is_closed(TEXT.rstrip("\n"))


def test_obsolete_entries_are_known_by_their_keys() -> None:
    text = TEXT + (
        '\n#~ msgctxt "verb"\n#~ msgid "Post"\n#~ msgstr "x"\n'
        '#~| msgid "older"\n#~ msgid ""\n#~ "Two "\n#~ "lines"\n#~ msgstr ""\n'
    )
    assert obsolete_keys(text) == {"verb\x04Post", "Two lines"}
    assert obsolete_keys(TEXT) == frozenset()


def test_a_header_may_say_how_many_messages_the_file_has() -> None:
    assert declared_messages(read(DECLARED).entries) == 2
    assert declared_messages(read(TEXT).entries) is None
    assert (
        declared_messages(read(HEADER.replace("Content-Type", "X-Verso-Messages")).entries) is None
    )


@pytest.mark.skipif(not shutil.which("msgcat"), reason="GNU gettext is not installed")
def test_gettexts_own_tools_keep_what_the_header_says(tmp_path: Path) -> None:
    file = tmp_path / "messages.po"
    file.write_text(DECLARED, encoding="utf-8")
    command = ["msgcat", "--width=79", "--sort-output", str(file)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert declared_messages(read(done.stdout).entries) == 2
