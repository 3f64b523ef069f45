"""One entry: everything about it is read, and each edit changes its own lines only."""

import difflib

import pytest

from tests.i18n.po.test_document import ENTRY, HEADER, only
from verso.i18n.po.document import Document
from verso.i18n.po.entry import Source


def changed_lines(before: bytes, after: bytes) -> list[str]:
    """The lines that a diff shows, with their sign."""
    old, new = (data.decode().split("\n") for data in (before, after))
    return [line for line in difflib.ndiff(old, new) if line[0] in "+-"]


def test_everything_about_an_entry_is_read() -> None:
    _, entry = only(HEADER + ENTRY)
    assert entry.source == Source("menu", "%(num)s thing", "%(num)s things")
    assert (entry.context, entry.msgid, entry.plural) == entry.source
    assert entry.previous == Source("shop", "old", "olds")
    assert entry.forms == ("ein", "viele") and entry.msgstr == "ein"
    assert entry.flags == ("fuzzy", "python-format") and entry.fuzzy
    assert not entry.is_translated and not entry.obsolete
    assert entry.references == ("a.py:1", "b.html:2", "c.txt")
    assert entry.translator == ("Ours.",) and entry.extracted == ("Theirs.",)
    assert (entry.line, entry.msgstr_line) == (4, 15)


def test_each_edit_changes_its_own_line() -> None:
    text = HEADER + ENTRY + '\nmsgid "next"\nmsgstr ""\n'
    before = text.encode()
    document = Document.parse(before)
    entry = document.entries[0]
    entry.forms = ("ein", "mehrere")
    assert changed_lines(before, document.to_bytes()) == [
        '- msgstr[1] "viele"',
        '+ msgstr[1] "mehrere"',
    ]
    document = Document.parse(before)
    entry = document.entries[0]
    entry.fuzzy = False
    entry.previous = None
    assert sorted(changed_lines(before, document.to_bytes())) == [
        "+ #, python-format",
        "- #, fuzzy, python-format",
        '- #| msgctxt "shop"',
        '- #| msgid "old"',
        '- #| msgid_plural "olds"',
    ]
    entry.fuzzy = True
    entry.previous = Source("shop", "old", "olds")
    assert document.to_bytes() == before
    entry.references = ("d.py",)
    entry.extracted = ()
    entry.translator = ("Mine.", "Yours.")
    assert document.entries[0].raw.split("\n")[:4] == [
        *("# Mine.", "# Yours.", "#: d.py", "#, fuzzy, python-format")
    ]


def test_a_comment_never_breaks_out_of_its_line() -> None:
    document, entry = only(ENTRY)
    entry.translator = ('first\nmsgid "evil"', "second\r")
    assert entry.translator == ('first msgid "evil"', "second")
    assert len(Document.parse(document.to_bytes()).entries) == 1


def test_flags_are_kept_in_their_order() -> None:
    document, entry = only('#, c-format, no-wrap\nmsgid "a"\nmsgstr "b"\n')
    entry.flags = ("no-wrap", "fuzzy", "max-length:9")
    assert entry.raw.startswith("#, fuzzy, no-wrap, max-length:9\n")
    entry.flags = ()
    assert document.to_bytes() == b'msgid "a"\nmsgstr "b"\n'


def test_an_entry_takes_another_source_and_keeps_its_translation() -> None:
    document, entry = only('msgid "a"\nmsgstr ""\n"odd"   "lines"\n')
    entry.source = Source("c", "b")
    assert document.to_bytes() == b'msgctxt "c"\nmsgid "b"\nmsgstr ""\n"odd"   "lines"\n'
    entry.source = Source(None, "b", "bs")
    assert document.to_bytes() == b'msgid "b"\nmsgid_plural "bs"\nmsgstr[0] "oddlines"\n'
    entry.forms = ("x", "y", "z")
    entry.forms = ("x", "y")
    entry.source = Source(None, "b")
    assert document.to_bytes() == b'msgid "b"\nmsgstr "x"\n'
    with pytest.raises(ValueError, match="'b' takes one text, not 2"):
        entry.forms = ("x", "y")
