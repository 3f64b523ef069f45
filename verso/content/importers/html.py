"""Raw HTML inside Markdown turned into Markdown; what has none keeps its text and is reported."""

import re
from collections.abc import Collection, Mapping
from html import unescape
from html.parser import HTMLParser

from verso.content.importers import elements
from verso.content.importers.elements import Element, Open, Remark
from verso.content.importers.masking import FILLER, Masked, mask
from verso.content.importers.tables import Table
from verso.content.importers.wording import escape_markdown

# Deeper elements are dropped and their text kept, or hostile files would take for ever.
MAX_DEPTH = 50

_ATTRIBUTE = r"""\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?"""
# The grammar of CommonMark for raw HTML: comment, closing tag, opening tag, declaration.
_HTML = re.compile(
    rf"<!--.*?(?:-->|\Z)|</(?P<close>[A-Za-z][\w-]*)\s*>"
    rf"|<(?P<open>[A-Za-z][\w-]*)(?:{_ATTRIBUTE})*\s*/?>|<\?.*?\?>|<![A-Z].*?>",
    re.DOTALL,
)
# What an opening tag ends by itself, and what it cannot reach through.
_ENDED_BY: Mapping[str, tuple[Collection[str], Collection[str]]] = {
    "li": ({"li"}, {"ul", "ol"}),
    "td": ({"td", "th"}, {"tr", "table"}),
    "th": ({"td", "th"}, {"tr", "table"}),
    "tr": ({"tr"}, {"table"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
    "p": ({"p"}, {"td", "li", "div", "details", "blockquote"}),
}


def to_markdown(source: str) -> tuple[str, list[Remark]]:
    """The text with its HTML as Markdown, code untouched; and remarks on what has no Markdown."""
    if "<" not in source:
        return source, []
    return _Conversion(source, mask(source)).run()


class _Conversion:
    """One pass over a text; `open` is the stack of elements that are not closed yet."""

    def __init__(self, source: str, masked: Masked) -> None:
        self.source, self.masked = source, masked
        self.open = Open(source)
        self.place = 0

    def run(self) -> tuple[str, list[Remark]]:
        for match in _HTML.finditer(self.masked.text):
            name = _name_of(match["open"] or match["close"] or "")
            escaped = self.masked.text[match.start() - 1 : match.start()] == "\\"
            if (name and name not in elements.KNOWN) or escaped or match.start() < self.place:
                continue
            self._take_text(match.start())
            self.place = match.end()
            if match["open"]:
                self._open(name, match)
            elif match["close"]:
                self._close(name)
            self._drop_emptied_line(match.start())
        self._take_text(len(self.source))
        while len(self.open.stack) > 1:
            self._pop()
        return self.open.stack[0].text(), self.open.remarks

    def _take_text(self, end: int) -> None:
        """Pass on the text up to the next tag, first what still belongs to a block of HTML."""
        border = min(self.masked.html_until(self.place), end)
        for start, stop in ((self.place, border), (border, end)):
            text = self.source[start:stop]
            if self.open.is_in(*elements.CODE, "pre"):
                text = unescape(text)
            elif self.open.is_in(*elements.DROPPED):
                text = ""
            elif stop == border and FILLER not in self.masked.text[start:stop]:
                text = escape_markdown(text)
            self.open.add_text(text)

    def _drop_emptied_line(self, start: int) -> None:
        """After a tag that stood alone on its line and left nothing, drop the line."""
        before = self.open.line_before(start)
        left = "".join(self.open.stack[-1].parts[-3:])
        is_alone = not before.strip() and self.source[self.place : self.place + 1] == "\n"
        nothing_left = left == before or left.endswith("\n" + before)
        self.place += is_alone and nothing_left and len(self.open.stack) == 1

    def _open(self, name: str, match: re.Match[str]) -> None:
        self._end_others(name)
        table = Table() if name == "table" else None
        element = Element(name, _attributes_of(match[0]), match.start(), table=table)
        if name in elements.REPORTED:
            self.open.remark(element, f"<{name}>")
        if name in elements.EMPTY:
            after = self.source[self.place :].split("\n", 1)[0]
            self.open.add(elements.empty_markdown(element, self.open, after))
        elif not match[0].endswith("/>") and len(self.open.stack) < MAX_DEPTH:
            self.open.stack.append(element)

    def _end_others(self, name: str) -> None:
        """End what the new element cannot stand in: a cell ends the cell before it."""
        ended, walls = _ENDED_BY.get(name, (frozenset(), frozenset()))
        tags = [element.tag for element in reversed(self.open.stack)]
        depth = next((index for index, tag in enumerate(tags) if tag in walls), len(tags))
        for index in range(depth - 1, -1, -1):
            if tags[index] in ended:
                for _ in range(index + 1):
                    self._pop()
                return

    def _close(self, name: str) -> None:
        if self.open.is_in(name):
            while self.open.stack[-1].tag != name:
                self._pop()
            self._pop()

    def _pop(self) -> None:
        element = self.open.stack.pop()
        self.open.add(elements.markdown(element, self.open))


def _name_of(written: str) -> str:
    """A tag's name in lower case; `Vec<Data>` in prose is none, and stays as it is written."""
    return written.lower() if written.isupper() else written


class _AttributeReader(HTMLParser):
    """Reads the attributes of one tag; the first of two with the same name counts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            self.found.setdefault(name, value or "")


def _attributes_of(tag: str) -> Mapping[str, str]:
    reader = _AttributeReader()
    reader.feed(tag)
    reader.close()
    return reader.found
