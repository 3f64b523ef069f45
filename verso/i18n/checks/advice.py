"""What is doubtful in a translation; a flag such as `ignore-urls` in its entry silences it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from verso.i18n.po.syntax import Entry

_LINK = re.compile(r"\]\(|\]\[")
_CODE = re.compile(r"`[^`]+`")
_URL = re.compile(r"https?://[\w\-]+\.[^\s<>\"')\]\u200e\u200f\u2066-\u2069]*")
# Digits as such, in any script, outside of placeholders and words such as `v2`.
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_%(])\d+(?:[.,:\u202f\u00a0\u2009']?\d+| \d{3}(?!\d))*(?![A-Za-z])"
)
_WORD_TWICE = re.compile(r"\b([^\W\d_]{2,})[ \u00a0](\1)\b")
_LENGTH = re.compile(r"max-length:(\d{1,5})")
_LETTERS = re.compile(r"[^\W\d_]{4,}")
# What may stand for a mark of the original at the end of a sentence.
_ENDS = {
    ".": ".。।۔．…",
    "…": "…。.",
    ":": ":：",
    "?": "?？؟;",
    "!": "!！",
    ",": ",，、،",
}


class Doubt(NamedTuple):
    """A code of findings.ADVICE, the piece of text that it is about, and its variables."""

    code: str
    token: str
    variables: dict[str, Any]


Check = Callable[[str, str, Entry], Iterator[Doubt]]


def doubts(entry: Entry) -> list[Doubt]:
    """What a translator may want to look at again, less what the entry's flags silence."""
    found: dict[str, Doubt] = {}
    for index, form in enumerate(entry.forms):
        source = entry.msgid if index == 0 or entry.plural is None else entry.plural
        for check in CHECKS:
            for doubt in check(form, source, entry):
                found.setdefault(doubt.code, doubt)
    return [doubt for doubt in found.values() if f"ignore-{doubt.code}" not in entry.flags]


def _spaces(form: str, source: str, entry: Entry) -> Iterator[Doubt]:
    begin, end = _blank(form), _blank(form[::-1])
    if begin.replace("\n", "") != _blank(source).replace("\n", ""):
        yield Doubt("space-begin", "", {})
    if end.replace("\n", "") != _blank(source[::-1]).replace("\n", ""):
        yield Doubt("space-end", "", {})
    newlines = (begin.count("\n"), end.count("\n"))
    if newlines != (_blank(source).count("\n"), _blank(source[::-1]).count("\n")):
        yield Doubt("newlines", "", {})


def _blank(text: str) -> str:
    """The ordinary white space that a text begins with."""
    return text[: len(text) - len(text.lstrip(" \t\n"))]


def _markdown(form: str, source: str, entry: Entry) -> Iterator[Doubt]:
    for code, pattern in (("links", _LINK), ("code", _CODE)):
        wanted, found = len(pattern.findall(source)), len(pattern.findall(form))
        if wanted != found:
            yield Doubt(code, "", {"wanted": wanted, "found": found})


def _length(form: str, source: str, entry: Entry) -> Iterator[Doubt]:
    for flag in entry.flags:
        limit = _LENGTH.fullmatch(flag)
        if limit and len(form) > int(limit[1]):
            yield Doubt("max-length", "", {"found": len(form), "wanted": int(limit[1])})


def _urls(form: str, source: str, entry: Entry) -> Iterator[Doubt]:
    for url in sorted(set(_URL.findall(form)) - set(_URL.findall(source))):
        yield Doubt("urls", url, {"token": url})


def _numbers(form: str, source: str, entry: Entry) -> Iterator[Doubt]:
    if entry.plural is not None:
        return
    wanted, found = (Counter(_digits(text)) for text in (source, form))
    if not wanted:
        # Some languages write `1 minute` where English says `a minute`.
        return
    wrong = next(iter(found - wanted), None) or next(iter(wanted - found), None)
    if wrong:
        yield Doubt("numbers", wrong, {"token": wrong})


def _digits(text: str) -> Iterator[str]:
    """The numbers of a text, however they are grouped, in ASCII digits."""
    for number in _NUMBER.findall(_URL.sub("", text)):
        yield "".join(str(int(letter)) for letter in number if letter.isdecimal())


def _ending(form: str, source: str, entry: Entry) -> Iterator[Doubt]:
    last = source.rstrip(" \n")[-1:]
    allowed = _ENDS.get(last)
    # Thai and other scripts end a sentence without a mark; three dots are an ellipsis.
    if allowed and form.rstrip(" \n")[-1:] not in allowed and _is_marked(form):
        yield Doubt("end-punctuation", "", {"wanted": last})


def _is_marked(form: str) -> bool:
    """Whether the script of a text closes its sentences with a mark."""
    return not re.search(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]", form)


def _unchanged(form: str, source: str, entry: Entry) -> Iterator[Doubt]:
    """One word may well be the same in two languages; a phrase hardly ever is."""
    words = _LETTERS.findall(re.sub(r"%\(\w+\)\w|`[^`]*`|https?://\S+", "", source))
    if form == source and len(words) > 2:
        yield Doubt("unchanged", "", {})


def _doubled(form: str, source: str, entry: Entry) -> Iterator[Doubt]:
    found = _WORD_TWICE.search(form)
    if found and not _WORD_TWICE.search(source):
        yield Doubt("doubled-word", found[0], {"token": found[1]})


CHECKS: tuple[Check, ...] = (
    _spaces,
    _markdown,
    _length,
    _urls,
    _numbers,
    _ending,
    _unchanged,
    _doubled,
)
