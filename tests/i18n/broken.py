"""Forty ways in which a `.po` file is broken, between an entry before and one after."""

from collections.abc import Callable
from typing import NamedTuple

from tests.i18n.files import HEADER, entry

BEFORE, AFTER = entry("Search", "vor"), entry("Blog", "nach")


class Broken(NamedTuple):
    """The bytes of a file, the code that must be reported, its line, and whether the neighbours live."""

    data: bytes
    code: str
    line: int
    neighbours: bool = True


def around(middle: str) -> bytes:
    """A file with this between its two good entries; it begins on line 8."""
    return f"{HEADER}\n{BEFORE}\n{middle}\n{AFTER}".encode()


FIRST = 8
HEADERLESS = f"{BEFORE}\n{AFTER}"
WHOLE = around(entry("Archive", "mitte"))


def with_header(line: str) -> bytes:
    return f'msgid ""\nmsgstr ""\n"{line}\\n"\n\n{BEFORE}\n{AFTER}\n'.encode() + PLURAL


PLURAL = entry(("%(num)s hit", "%(num)s hits"), ("%(num)s Aufruf", "%(num)s Aufrufe")).encode()

BROKEN: dict[str, Broken] = {
    "unterminated quote": Broken(around('msgid "A"\nmsgstr "mitte'), "unterminated", FIRST + 1),
    "unterminated msgid": Broken(around('msgid "A\nmsgstr "mitte"'), "unterminated", FIRST),
    "inner quote": Broken(around('msgid "A"\nmsgstr "mi"tt"e"'), "inner-quote", FIRST + 1),
    "escaped closing quote": Broken(around('msgid "A"\nmsgstr "b\\"'), "unterminated", FIRST + 1),
    "conflict markers": Broken(
        around(
            '<<<<<<< ours\nmsgid "A"\nmsgstr "b"\n=======\nmsgid "A"\nmsgstr "c"\n>>>>>>> theirs'
        ),
        "conflict",
        FIRST,
    ),
    "conflict in an entry": Broken(
        around('msgid "A"\n<<<<<<< ours\nmsgstr "b"\n=======\nmsgstr "c"\n>>>>>>> theirs'),
        "conflict",
        FIRST + 1,
    ),
    "truncated in a string": Broken(WHOLE + b'\nmsgid "A"\nmsgstr "mit', "unterminated", 15),
    "truncated after msgid": Broken(WHOLE + b'\nmsgid "A"\n', "no-msgstr", 14),
    "truncated in a keyword": Broken(WHOLE + b'\nmsgid "A"\nmsg', "not-po", 15),
    "empty": Broken(b"", "empty-file", 1, neighbours=False),
    "white space": Broken(b" \n\t\n", "empty-file", 1, neighbours=False),
    "latin-1 byte": Broken(
        around('msgid "A"\nmsgstr "gr\xfc"').replace("ü".encode(), b"\xfc"), "encoding", FIRST + 1
    ),
    "wrong charset": Broken(
        around('msgid "A"\nmsgstr "grün"').replace(b"UTF-8", b"ISO-8859-2"), "charset", 3
    ),
    "charset of nothing": Broken(
        around('msgid "A"\nmsgstr "grün"').replace(b"UTF-8", b"x-nowhere"), "charset", 3
    ),
    "utf-16": Broken(WHOLE.decode().encode("utf-16"), "not-text", 1, neighbours=False),
    "utf-16 without its mark": Broken(
        WHOLE.decode().encode("utf-16-le"), "not-text", 1, neighbours=False
    ),
    "duplicate": Broken(around(entry("Search", "noch einmal")), "duplicate", FIRST + 1),
    "missing form": Broken(
        around('msgid "A"\nmsgid_plural "B"\nmsgstr[0] "eins"'), "forms", FIRST + 2
    ),
    "extra forms": Broken(
        around('msgid "A"\nmsgid_plural "B"\n' + "".join(f'msgstr[{i}] "x"\n' for i in range(5))),
        "forms",
        FIRST + 2,
    ),
    "empty form": Broken(
        around('msgid "A"\nmsgid_plural "B"\nmsgstr[0] "eins"\nmsgstr[1] ""'),
        "forms-empty",
        FIRST + 2,
    ),
    "gap in the forms": Broken(
        around('msgid "A"\nmsgid_plural "B"\nmsgstr[0] "eins"\nmsgstr[2] "viele"'),
        "forms-gap",
        FIRST,
    ),
    "form number of millions": Broken(
        around('msgid "A"\nmsgid_plural "B"\nmsgstr[0] "eins"\nmsgstr[999999999] "viele"'),
        "not-po",
        FIRST + 3,
    ),
    "two hundred million forms": Broken(
        with_header("Plural-Forms: nplurals=200000000; plural=0;"), "plural-header", 3
    ),
    "division by zero": Broken(
        with_header("Plural-Forms: nplurals=0; plural=n/0;"), "plural-header", 3
    ),
    "plural of words": Broken(
        with_header("Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;"), "plural-header", 3
    ),
    "plural that imports": Broken(
        with_header("Plural-Forms: nplurals=9; plural=__import__('os');"), "plural-header", 3
    ),
    "nul": Broken(around('msgid "A"\nmsgstr "mit\x00te"'), "control", FIRST + 1),
    "escaped control character": Broken(
        around('msgid "A"\nmsgstr "mit\\033te"'), "control", FIRST + 1
    ),
    "loose string": Broken(around('"loose"'), "loose-string", FIRST),
    "loose words": Broken(around("lorem ipsum"), "not-po", FIRST),
    "msgstr alone": Broken(around('msgstr "b"'), "no-msgid", FIRST),
    "two msgstr": Broken(around('msgid "A"\nmsgstr "b"\nmsgstr "c"'), "twice", FIRST + 2),
    "keyword without a string": Broken(around('msgid "A"\nmsgstr'), "no-string", FIRST + 1),
    "keyword in capitals": Broken(around('MSGID "A"\nMSGSTR "b"'), "not-po", FIRST),
    "comment within an entry": Broken(
        around('msgid "A"\n#, fuzzy\nmsgstr "b"'), "no-msgstr", FIRST
    ),
    "html page": Broken(
        b"<!DOCTYPE html>\n<title>502</title>\n<p>Bad gateway", "not-po", 1, neighbours=False
    ),
    "json": Broken(b'{"Search": "vor"}', "not-po", 1, neighbours=False),
    "binary": Broken(bytes(range(256)) * 40, "not-po", 1, neighbours=False),
    "a compiled catalog": Broken(
        b"\xde\x12\x04\x95" + b"\x00\x00\x00\x02" * 600, "not-text", 1, neighbours=False
    ),
    "one endless line": Broken(WHOLE + b'\nmsgid "' + b"x" * 2_000_000, "unterminated", 14),
    "a million quotes": Broken(WHOLE + b'\nmsgid "' + b'" "' * 300_000, "inner-quote", 14),
    "a hundred thousand mistakes": Broken(WHOLE + b"\nx" * 100_000, "not-po", 14),
    "a hundred thousand duplicates": Broken(
        HEADER.encode() + entry("Search", "vor").encode() * 100_000 + AFTER.encode(),
        "duplicate",
        7,
    ),
    "forty thousand refused": Broken(
        WHOLE + "\n".join(entry(f"{n}", "<script>") for n in range(40_000)).encode(), "tags", 14
    ),
    "a conflict that is not closed": Broken(
        around('msgid "A"\n<<<<<<< ours\nmsgstr "b"'), "conflict", FIRST + 1
    ),
    "a stray marker": Broken(around("======="), "conflict", FIRST),
    "two hundred thousand comments": Broken(
        WHOLE + b"\nx\n" + b"#abcdefghij\n" * 200_000, "not-po", 14
    ),
    "fifty megabytes": Broken(b"msgid" * 10_500_000, "too-large", 1, neighbours=False),
}

# Files that look broken and are not: nothing is reported, both neighbours and the middle live.
SOUND: dict[str, Callable[[bytes], bytes]] = {
    "a byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "crlf": lambda data: data.replace(b"\n", b"\r\n"),
    "cr only": lambda data: data.replace(b"\n", b"\r"),
    "no final newline": lambda data: data.rstrip(b"\n"),
    "no header": lambda data: data.partition(b"\n\n")[2],
    "bad dates": lambda data: data.replace(
        b'"Content-Type', b'"PO-Revision-Date: 0000-99-99 yesterday\\n"\n"Content-Type'
    ),
    "tabs and spaces around": lambda data: data.replace(b'msgstr "', b'  msgstr\t  "'),
    "several strings on a line": lambda data: data.replace(b'"vor"', b'"v" "o" "r"'),
    "obsolete entries": lambda data: data + b'\n#, fuzzy\n#~ msgid "x"\n#~ msgstr "y"\n',
    "previous msgids": lambda data: data.replace(b'msgid "Blog"', b'#| msgid "Log"\nmsgid "Blog"'),
}
