"""The lossless editor: any bytes come back as they were, and an edit changes only its own lines."""

from pathlib import Path

import pytest
import wtforms
from hypothesis import assume, given
from hypothesis import strategies as st

from verso.i18n.po.charset import Unwritable
from verso.i18n.po.document import Document
from verso.i18n.po.entry import Entry, Source
from verso.i18n.po.wrapping import UNWRAPPED

SHIPPED_BY_WTFORMS = sorted(Path(wtforms.__file__).parent.glob("locale/**/*.po"))
HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
ENTRY = """\
# Ours.
#. Theirs.
#: a.py:1 b.html:2
#: c.txt
#, fuzzy, python-format
#| msgctxt "shop"
#| msgid "old"
#| msgid_plural "olds"
msgctxt "menu"
msgid "%(num)s thing"
msgid_plural "%(num)s things"
msgstr[0] "ein"
msgstr[1] "viele"
"""


def only(text: str) -> tuple[Document, Entry]:
    document = Document.parse(text.encode())
    (entry,) = document.entries
    return document, entry


@pytest.mark.parametrize("file", SHIPPED_BY_WTFORMS, ids=lambda file: file.parts[-3])
def test_files_of_translators_come_back_and_an_edit_changes_only_its_own_lines(file: Path) -> None:
    data = file.read_bytes()
    document = Document.parse(data)
    assert document.to_bytes() == data and len(document.entries) > 30
    lines = data.split(b"\n")
    for number in range(0, len(document.entries), len(document.entries) // 10):
        edited = Document.parse(data)
        entry = edited.entries[number]
        first, count = entry.line - 1, entry.raw.count("\n")
        entry.forms = [form + " — edited" for form in entry.forms]
        entry.fuzzy = not entry.fuzzy
        after = edited.to_bytes().split(b"\n")
        assert after[:first] == lines[:first]
        assert after[len(after) - (len(lines) - first - count) :] == lines[first + count :]
        assert entry.forms[0].endswith(" — edited")
        assert Document.parse(edited.to_bytes()).entries[number].forms == entry.forms


def test_there_are_files_of_translators() -> None:
    assert len(SHIPPED_BY_WTFORMS) == 34


@given(st.binary())
def test_any_bytes_come_back(data: bytes) -> None:
    assert Document.parse(data).to_bytes() == data


PIECES = st.sampled_from(
    [
        *('msgid "a"', 'msgid ""', 'msgstr "b"', 'msgstr ""', 'msgstr[0] "c"', 'msgstr[1] "d"'),
        *(
            'msgid_plural "p"',
            'msgctxt ""',
            'msgctxt "x"',
            '"more\\n"',
            '"broken',
            "#",
            "# c",
            "#~",
        ),
        *('#~ msgid "o"', '#~ msgstr "o"', '#~| msgid "q"', '#| msgid "q"', "#, fuzzy", "#: a b"),
        *("<<<<<<< ours", "=======", "\n", "\n", "\n", "\r\n", "\r", " ", "\t", "\x00", "\ufeff"),
        *("é", '"Content-Type: text/plain; charset=latin-1\\n"', "\u2028", "\\", '"', "[0]"),
    ]
)


@given(st.lists(PIECES, max_size=25), st.sampled_from(["utf-8", "latin-1", "utf-16"]))
def test_any_pieces_come_back_and_setting_what_is_there_changes_nothing(
    pieces: list[str], charset: str
) -> None:
    data = "".join(pieces).encode(charset, "replace")
    document = Document.parse(data)
    assert document.to_bytes() == data
    for entry in document.entries:
        entry.forms, entry.flags, entry.fuzzy = entry.forms, entry.flags, entry.fuzzy
        entry.source, entry.previous = entry.source, entry.previous
        entry.references, entry.extracted = entry.references, entry.extracted
        entry.translator, entry.obsolete = entry.translator, entry.obsolete
    assert document.to_bytes() == data


@given(st.lists(PIECES, max_size=25), st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_set_is_read_again_whatever_stands_around(pieces: list[str], text: str) -> None:
    document = Document.parse(("\n".join(pieces) + "\n\n" + HEADER + ENTRY).encode())
    assume(document.charset == "utf-8")
    before = [entry.source for entry in document.entries]
    for entry in document.entries:
        entry.msgstr = text
    again = Document.parse(document.to_bytes())
    assert [entry.source for entry in again.entries] == before
    assert {entry.msgstr for entry in again.entries} == {text}


@pytest.mark.parametrize(
    ("text", "source", "forms"),
    [
        ('msgid "a" "b"\nmsgstr "c"\t"d"\n', (None, "ab"), ("cd",)),
        ('msgid "a" msgstr "b" ', (None, "a"), ("b",)),
        ('  msgid"a"\n\tmsgstr"b"\n', (None, "a"), ("b",)),
        ('msgctxt ""\nmsgid "a"\nmsgstr ""\n', ("", "a"), ("",)),
        ('msgid "a"\r\nmsgstr "b"\r\n"c"\r\n', (None, "a"), ("bc",)),
        ('msgid "a"\rmsgstr "b"\r', (None, "a"), ("b",)),
        ('\n\n\ufeffmsgid "x"\n\nmsgid "a"\nmsgstr "b"', (None, "a"), ("b",)),
        ('msgid "a"\n\nmsgstr "b"\n', (None, "a"), ("b",)),
        ('msgid "\\303\\251\\x41\\t\\\\\\"\\q"\nmsgstr "\tb"\n', (None, 'éA\t\\"q'), ("\tb",)),
        ('#~ msgid "a"\n#~ msgstr ""\n#~ "b"\n', (None, "a"), ("b",)),
        ('\ufeffmsgid "a"\nmsgstr "b"\n', (None, "a"), ("b",)),
    ],
)
def test_every_way_to_write_an_entry_is_read(
    text: str, source: tuple[str, ...], forms: tuple[str, ...]
) -> None:
    document, entry = only(text)
    assert entry.source[: len(source)] == source and entry.forms == forms
    assert document.to_bytes() == text.encode()


@pytest.mark.parametrize(
    "broken",
    [
        'msgid "x"\nmsgstr "open',
        'msgid "x"\nmsgstr ""\n"good"\n"open\n"good"',
        'msgid "x"',
        'msgid "x"\n# comment\nmsgstr "y"',
        'msgstr "y"',
        '"loose"',
        'msgctxt "open\nmsgid "x"\nmsgstr "y"',
        '#~ msgctxt "c"\nmsgid "x"\nmsgstr "y"',
        'msgid "x"\n<<<<<<< ours\nmsgstr "y"\n=======\nmsgstr "z"\n>>>>>>> theirs',
        'msgid "x"\nmsgstr[0] "y"',
        'msgid "x"\nmsgid_plural "y"\nmsgstr "z"',
        'msgid "x"\nmsgid_plural "y"\nmsgstr[1] "z"',
        'msgid "x"\nmsgid "x"\nmsgstr "y"',
        "\x00\x00",
    ],
)
def test_what_is_not_understood_stays_and_its_neighbours_can_be_edited(broken: str) -> None:
    text = HEADER + 'msgid "before"\nmsgstr ""\n\n' + broken + '\n\nmsgid "after"\nmsgstr ""\n'
    document = Document.parse(text.encode())
    assert [entry.msgid for entry in document.entries] == ["before", "after"]
    for entry in document.entries:
        entry.msgstr = entry.msgid
    edited = text.replace('"before"\nmsgstr ""', '"before"\nmsgstr "before"')
    edited = edited.replace('"after"\nmsgstr ""', '"after"\nmsgstr "after"')
    assert document.to_bytes() == edited.encode()


def test_a_conflict_around_whole_entries_breaks_none_of_them() -> None:
    text = '<<<<<<<\nmsgid "a"\nmsgstr "1"\n=======\nmsgid "a"\nmsgstr "2"\n>>>>>>>\n'
    document = Document.parse(text.encode())
    assert [entry.msgstr for entry in document.entries] == ["1", "2"]
    assert document.to_bytes() == text.encode()


def test_an_edit_is_written_in_the_charset_and_line_end_of_the_file() -> None:
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=ISO-8859-1\\n"\n\n'
    text = (header + 'msgid "a"\nmsgstr "ä"\n').replace("\n", "\r\n")
    document = Document.parse(text.encode("latin-1"))
    document.entries[0].msgstr = "ö\nü"
    wanted = text.replace('msgstr "ä"', 'msgstr ""\r\n"ö\\n"\r\n"ü"')
    assert document.to_bytes() == wanted.encode("latin-1")
    with pytest.raises(Unwritable, match="'ł' cannot be written in iso8859-1.*UTF-8"):
        document.entries[0].msgstr = "ł"
    assert document.to_bytes() == wanted.encode("latin-1")


def test_what_is_utf8_is_read_and_written_as_such_whatever_the_header_says() -> None:
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=ISO-8859-1\\n"\n\n'
    document = Document.parse(f'{header}msgid "a"\nmsgstr "é"\n'.encode())
    assert document.entries[0].msgstr == "é" and document.charset == "utf-8"
    document.entries[0].msgstr = "ł"
    assert document.to_bytes() == f'{header}msgid "a"\nmsgstr "ł"\n'.encode()


def test_a_file_takes_another_charset_by_its_header() -> None:
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=ISO-8859-1\\n"\n\n'
    document = Document.parse((header + 'msgid "a"\nmsgstr "ä"\n').encode("latin-1"))
    document.set_header("Content-Type", "text/plain; charset=UTF-8")
    document.entries[0].msgstr = "äł"
    wanted = header.replace("ISO-8859-1", "UTF-8") + 'msgid "a"\nmsgstr "äł"\n'
    assert document.to_bytes() == wanted.encode()


def test_wrong_bytes_stay_beside_an_edit() -> None:
    data = HEADER.encode() + b'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "\xe4"\nmsgstr[1] ""\n'
    document = Document.parse(data)
    (entry,) = document.entries
    entry.forms = (entry.forms[0], "é")
    assert document.to_bytes() == data.replace(b'[1] ""', '[1] "é"'.encode())


def test_entries_come_and_go_with_their_blank_line() -> None:
    first, last = 'msgid "a"\nmsgstr "1"\n', 'msgid "z"\nmsgstr "2"'
    document = Document.parse(f"{HEADER}{first}\n{last}".encode())
    before = document.to_bytes()
    added = document.add(Source(None, "b"), [""], after=document.entries[0])
    wanted = f'{HEADER}{first}\nmsgid "b"\nmsgstr ""\n\n{last}'
    assert document.to_bytes() == wanted.encode()
    document.remove(added)
    assert document.to_bytes() == before
    document.add(Source("x", "end", "ends"), ["", ""])
    end = 'msgctxt "x"\nmsgid "end"\nmsgid_plural "ends"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    assert document.to_bytes() == before + b"\n\n" + end.encode()
    assert document.find("end", "x") and not document.find("end")


def test_an_entry_retires_to_the_end_and_comes_back() -> None:
    text = HEADER + ENTRY + '\nmsgid "next"\nmsgstr "nächster"\n'
    document = Document.parse(text.encode())
    entry = document.entries[0]
    document.retire(entry)
    assert document.to_bytes().decode().split("\n")[5:] == [
        "",
        "# Ours.",
        "#, fuzzy, python-format",
        '#~| msgctxt "shop"',
        '#~| msgid "old"',
        '#~| msgid_plural "olds"',
        '#~ msgctxt "menu"',
        '#~ msgid "%(num)s thing"',
        '#~ msgid_plural "%(num)s things"',
        '#~ msgstr[0] "ein"',
        '#~ msgstr[1] "viele"',
        "",
    ]
    again = Document.parse(document.to_bytes())
    assert [entry.obsolete for entry in again.entries] == [False, True]
    document.revive(entry, after=document.header)
    assert entry.raw == "".join(
        line for line in ENTRY.splitlines(keepends=True) if line[:2] not in ("#.", "#:")
    )
    assert [entry.msgid for entry in document.entries] == ["%(num)s thing", "next"]


def test_fields_of_the_header_are_read_and_set_each_on_its_line() -> None:
    text = 'msgid ""\nmsgstr ""\n"Language: de\\n"\n"X-Odd:   1\\n"  "X-Two: 2\\n"\n'
    document = Document.parse(text.encode())
    assert document.get_header("language") == "de" and document.get_header("X-None") is None
    document.set_header("Language", "fr")
    assert document.to_bytes().decode() == text.replace("de", "fr")
    document.set_header("X-Two", "3")
    document.set_header("X-Three", "3\nLanguage: xx")
    assert document.header and document.header.msgstr == (
        "Language: fr\nX-Odd:   1\nX-Two: 3\nX-Three: 3 Language: xx\n"
    )


def test_a_file_without_a_header_gets_one_at_its_top() -> None:
    document = Document.parse('\ufeffmsgid "a"\nmsgstr "b"\n'.encode())
    document.set_header("Language", "de")
    wanted = '\ufeffmsgid ""\nmsgstr "Language: de\\n"\n\nmsgid "a"\nmsgstr "b"\n'
    assert document.to_bytes() == wanted.encode()


def test_a_new_file_is_wrapped_as_asked() -> None:
    document = Document(wrapping=UNWRAPPED)
    document.set_header("Language", "de")
    document.add(Source(None, "word " * 40), [""])
    text = 'msgid ""\nmsgstr "Language: de\\n"\n\nmsgid "' + "word " * 40 + '"\nmsgstr ""\n'
    assert document.to_bytes() == text.encode()
