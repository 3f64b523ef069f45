"""Markdown with its code blanked out, so that a search for links or tags finds none in code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

FILLER = "\ue000"

_TICKS = re.compile(r"`+")
_NOT_A_LINE_END = re.compile(r"[^\n]")


@dataclass(frozen=True, slots=True)
class Masked:
    """The text with every character of code replaced by FILLER: offsets and lines stay the same.

    `html` are the ranges (start, end) of raw blocks of HTML, inside which nothing is Markdown.
    """

    text: str
    html: tuple[tuple[int, int], ...]

    def html_until(self, place: int) -> int:
        """The end of the block of HTML that a place is in, or the place itself."""
        return next((end for start, end in self.html if start <= place < end), place)


def mask(source: str) -> Masked:
    """Blank out blocks and spans of code."""
    lines = _line_starts(source)
    code: list[tuple[int, int]] = []
    html: list[tuple[int, int]] = []
    for token in _PARSER.parse(source):
        if token.map is None:
            continue
        start, end = lines[token.map[0]], lines[min(token.map[1], len(lines) - 1)]
        if token.type in ("fence", "code_block"):
            code.append((start, end))
        elif token.type == "html_block":
            html.append((start, end))
        elif token.type == "inline":
            code.extend(_code_spans(source, start, end))
    return Masked(_blank(source, code), tuple(html))


def _line_starts(source: str) -> list[int]:
    starts = [0, *(match.end() for match in re.finditer("\n", source))]
    return [*starts, len(source)]


def _code_spans(source: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans of code between runs of backticks of the same length."""
    runs = list(_TICKS.finditer(source, start, end))
    later: dict[int, list[int]] = {}
    for index, run in enumerate(runs):
        later.setdefault(len(run[0]), []).append(index)
    done = -1
    for index, run in enumerate(runs):
        if index <= done or source[run.start() - 1 : run.start()] == "\\":
            continue
        closing = next((other for other in later[len(run[0])] if other > index), None)
        later[len(run[0])] = [other for other in later[len(run[0])] if other > index]
        if closing is not None:
            done = closing
            yield run.start(), runs[closing].end()


def _blank(source: str, ranges: list[tuple[int, int]]) -> str:
    parts, place = [], 0
    for start, end in sorted(ranges):
        if end <= place:
            continue
        start = max(start, place)
        parts += [source[place:start], _NOT_A_LINE_END.sub(FILLER, source[start:end])]
        place = end
    return "".join([*parts, source[place:]])


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    footnote_plugin(parser, inline=False)
    deflist_plugin(parser)
    return parser


_PARSER = _make_parser()
