"""How a file breaks its strings into lines: found by trying which known manner gives the lines it has."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from textwrap import wrap

from verso.i18n.po.quoting import escape

_OPENING = "(\\[{„「（『【〔《〈"
# No line begins with these, even after a space.
_CLOSING = r"!),./:;?\]}、。」）』】〕》〉！？：；，．"
_GLUED = _CLOSING + "'|\\-–‐…ー・ぁぃぅぇぉっゃゅょァィゥェォッャュョ々«»“”‘’\u00a0\u202f\u2060‑"
_WIDE = "\u2e80-\u2fff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
# Where GNU gettext breaks a line, as its own output shows it.
_GNU = re.compile(
    rf"(?<=[ \u3000])(?<![{_OPENING}] )(?=[^ {_CLOSING}])"
    rf"|(?<=[!?…！？：；・ー|–‐—])(?=[^ {_GLUED}])"
    rf"|(?<=[-,./:;])(?=[^ {_GLUED}0-9])"
    rf"|(?<=[}}、。」）』】〕》〉，．])(?=[^ {_GLUED}$+\\€£%°％])"
    rf"|(?<=[{_WIDE}])(?=[^ {_GLUED}%°％])"
    rf"|(?<=[^ '«»“”‘’\u00a0\u202f\u2060‑$+\\€£{_OPENING}])(?=[{_WIDE}「（『【〔《〈])(?=[^{_GLUED}])"
    r"|(?<=[^ '«»“”‘’\u00a0\u202f\u2060‑—(\[{])(?=—)"
    r"|(?<=[)\]])(?=[(\[{])"
)
_SPACES = re.compile(r"(?<=[ ])(?=[^ ])")
_BABEL = re.compile(r"(\s+|[^\s\w]*\w+[a-zA-Z]-(?=\w+[a-zA-Z])|(?<=[\w\!\"\'\&\.\,\?])-{2,}(?=\w))")


_PORTION = re.compile(r"[^\n]*\n|[^\n]+")


class Manner(Enum):
    """Whose rules for breaking a line a file follows."""

    GNU = "GNU gettext: at spaces and some signs; the whole line counts"
    SPACES = "at spaces only; the whole line counts"
    BABEL = "Babel: between words and spaces; the keyword does not count"
    POLIB = "polib: as Python's textwrap does, but no text of several lines"


_BREAKS = {Manner.GNU: _GNU, Manner.SPACES: _SPACES}


@dataclass(frozen=True, slots=True)
class Wrapping:
    """Where lines end: after so many columns (None: nowhere) and, but for some tools, after `\\n`."""

    width: int | None = 79
    manner: Manner = Manner.GNU
    wide_columns: int = 2
    at_newlines: bool = True

    def lines(self, keyword: str, text: str, prefix: str = "") -> list[str]:
        """A keyword and its text as lines; a text of several lines begins below `keyword ""`."""
        portions = _PORTION.findall(text)
        if len(portions) > 1 and not self.at_newlines:
            portions = [text]
        room = None if self.width is None else self.width - len(prefix) - 2
        if len(portions) < 2:
            broken = list(self._broken(text, room, self._taken(keyword, text)))
            if len(broken) < 2:
                return [f'{prefix}{keyword} "{broken[0]}"']
        elif self.manner is Manner.POLIB:
            room = None
        pieces = (piece for portion in portions for piece in self._broken(portion, room, 0))
        return [f'{prefix}{keyword} ""', *(f'{prefix}"{piece}"' for piece in pieces)]

    def _taken(self, keyword: str, text: str) -> int:
        """What the keyword takes of the first line's room, by each tool's count."""
        if self.manner is Manner.BABEL:
            return 0
        escapes = len(escape(text)) - len(text) if self.manner is Manner.POLIB else 0
        return len(keyword) + 1 - 2 * escapes

    def _broken(self, portion: str, room: int | None, taken: int) -> Iterator[str]:
        """A portion, escaped, in pieces that fit between quotes; some room is taken in the first line."""
        escaped = escape(portion)
        if room is None or taken + self._columns(escaped) <= room:
            yield escaped
        elif self.manner is Manner.BABEL:
            yield from _filled(map(escape, _BABEL.split(portion)), room - 1, 0, len)
        elif self.manner is Manner.POLIB:
            yield from wrap(escaped, room, drop_whitespace=False, break_long_words=False)
        else:
            body, end = (escaped[:-2], "\\n") if portion.endswith("\n") else (escaped, "")
            *pieces, last = _BREAKS[self.manner].split(body)
            yield from _filled([*pieces, last + end], room, taken, self._columns)

    def _columns(self, text: str) -> int:
        if text.isascii():
            return len(text)
        return sum(_columns_of(char) if self.wide_columns == 2 else 1 for char in text)


@cache
def _columns_of(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _filled(
    pieces: Iterable[str], room: int, taken: int, columns_of: Callable[[str], int]
) -> Iterator[str]:
    """Lines of as many pieces as fit; a piece that is too long has a line to itself."""
    line, column = "", taken
    for piece in pieces:
        columns = columns_of(piece)
        if line and column + columns > room:
            yield line
            line, column = "", 0
        line += piece
        column += columns
    yield line


UNWRAPPED = Wrapping(None)
_CANDIDATES = (
    *(Wrapping(width, manner) for manner in Manner for width in (79, 80, 78, 77, 76)),
    *(Wrapping(width, Manner.GNU, 1) for width in (79, 80, 78, 77, 76)),
    UNWRAPPED,
    Wrapping(None, at_newlines=False),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A string as a file has it: the lines, without their ends, and what they say."""

    keyword: str
    text: str
    prefix: str
    lines: Sequence[str]


def find_wrapping(samples: Sequence[Sample]) -> Wrapping:
    """The manner that gives most samples as they are; GNU gettext's where nothing tells them apart."""
    agreed = {wrapping: _agreement(wrapping, samples) for wrapping in _candidates(samples)}
    return max(agreed, key=agreed.__getitem__)


def _candidates(samples: Sequence[Sample]) -> Iterator[Wrapping]:
    yield from _CANDIDATES
    longest = max((len(line) for sample in samples for line in sample.lines), default=0)
    if longest > 80:
        yield from (Wrapping(width) for width in {longest, 100, 120})


def _agreement(wrapping: Wrapping, samples: Sequence[Sample]) -> int:
    return sum(
        wrapping.lines(sample.keyword, sample.text, sample.prefix) == list(sample.lines)
        for sample in samples
    )
