"""The parts of an entry: each comment line, and each keyword with its strings, as the file has them."""

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from verso.i18n.po.quoting import unquote

_SEGMENT = re.compile(
    r"[ \t\r\f\v]*+(#~\|?|#\|)?+[ \t\r\f\v]*+"
    r"(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d{1,2})\])?+)?+"
    r'[ \t\r\f\v]*+(?:"(?:[^"\\\n]|\\.)*+"\s*+)++'
)
_MARK = re.compile(r"^[ \t]*#~ ?")


class Kind(IntEnum):
    """What a part is, in the order in which an entry has its parts."""

    BLANK = 0
    COMMENT = 1
    EXTRACTED = 2
    REFERENCES = 3
    FLAGS = 4
    PREVIOUS_CONTEXT = 5
    PREVIOUS_MSGID = 6
    PREVIOUS_PLURAL = 7
    CONTEXT = 8
    MSGID = 9
    PLURAL = 10
    MSGSTR = 11


_WORDS = {
    Kind.PREVIOUS_CONTEXT: "msgctxt",
    Kind.PREVIOUS_MSGID: "msgid",
    Kind.PREVIOUS_PLURAL: "msgid_plural",
    Kind.CONTEXT: "msgctxt",
    Kind.MSGID: "msgid",
    Kind.PLURAL: "msgid_plural",
    Kind.MSGSTR: "msgstr",
}
# The kind of a keyword: of the message itself, or (True) of what it was before.
_KINDS = {(word, kind < Kind.CONTEXT): kind for kind, word in _WORDS.items()}
_COMMENTS = {".": Kind.EXTRACTED, ":": Kind.REFERENCES, ",": Kind.FLAGS, "=": Kind.FLAGS}


@dataclass(slots=True, eq=False)
class Part:
    """Some lines of a file with their ends; index is that of `msgstr[1]`."""

    kind: Kind
    lines: list[str]
    index: int | None = None

    @property
    def raw(self) -> str:
        return "".join(self.lines)

    @property
    def has_text(self) -> bool:
        """Whether this is a keyword with strings, and no comment."""
        return self.kind >= Kind.PREVIOUS_CONTEXT

    @property
    def ends_line(self) -> bool:
        return self.lines[-1].endswith(("\n", "\r"))

    def text(self, charset: str) -> str:
        """What the strings of a keyword say."""
        return unquote(self.raw, charset)

    @property
    def comment(self) -> str:
        """What stands behind the sign of a comment."""
        line = self.raw.strip().removeprefix("#")
        if self.kind is not Kind.COMMENT:
            line = line[1:]
        return line.removeprefix(" ")

    @property
    def flags(self) -> list[str]:
        return [flag.strip() for flag in self.comment.split(",") if flag.strip()]

    @flags.setter
    def flags(self, flags: list[str]) -> None:
        raw = self.raw
        self.lines = [f"{raw.lstrip()[:2]} {', '.join(flags)}{raw[len(raw.rstrip()) :]}"]

    def mark_obsolete(self, *, at_line_start: bool) -> None:
        if not self.has_text:
            return
        joined = "~" if self.kind < Kind.CONTEXT else "~ "
        for number, line in enumerate(self.lines):
            if line.strip() and (number or at_line_start):
                bare = line.lstrip()
                self.lines[number] = (
                    f"#{joined}{bare[1:]}" if bare.startswith("#|") else f"#{joined}{bare}"
                )

    def unmark_obsolete(self) -> None:
        if not self.has_text:
            return
        sign = "#" if self.kind < Kind.CONTEXT else ""
        self.lines = [_MARK.sub(sign, line) for line in self.lines]


def keyword(kind: Kind, index: int | None = None) -> str:
    """The word that a part begins with."""
    return _WORDS[kind] if index is None else f"{_WORDS[kind]}[{index}]"


def prefix(kind: Kind, *, obsolete: bool) -> str:
    """What stands before the keyword, and before each string below it."""
    if kind < Kind.CONTEXT:
        return "#~| " if obsolete else "#| "
    return "#~ " if obsolete else ""


class Segment(NamedTuple):
    """A keyword with strings, or strings alone, on a line; mark is `#~`, `#|`, `#~|` or nothing."""

    mark: str
    kind: Kind | None
    number: int | None
    raw: str


def segments(line: str) -> list[Segment] | None:
    """The keywords and strings of a line, of which it may have several; None if it is no such line."""
    found: list[Segment] = []
    position, mark = 0, ""
    while position < len(line):
        match = _SEGMENT.match(line, position)
        if match is None or (position and match[1]):
            return None
        mark = match[1] or mark
        kind = _KINDS.get((match[2], mark.endswith("|")))
        if (kind is None and match[2]) or (match[3] and kind is not Kind.MSGSTR):
            return None
        found.append(Segment(mark, kind, int(match[3]) if match[3] else None, match[0]))
        position = match.end()
    return found


def comment_kind(stripped: str) -> Kind:
    """Which kind of comment a line is that begins with `#`."""
    return _COMMENTS.get(stripped[1:2], Kind.COMMENT)
