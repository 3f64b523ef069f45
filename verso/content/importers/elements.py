"""What each element of HTML is in Markdown."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from verso.content.importers.tables import Table
from verso.content.importers.wording import (
    LETTERS_ABOVE,
    LETTERS_BELOW,
    code_block,
    code_span,
    image,
    indented,
    is_safe_link,
    link,
    one_line,
    wrapped,
)

EMPTY = frozenset({"br", "img", "hr", "wbr", "input", "source", "col", "embed", "link", "meta"})
_BOLD, _ITALIC, _DELETED = (
    {"b", "strong"},
    {"em", "i", "cite", "dfn", "var"},
    {"del", "s", "strike"},
)
CODE = {"code", "kbd", "samp", "tt"}
DROPPED = {"script", "style", "template", "svg", "math", "noscript", "title", "head"}
_LEADING_OUT = {"iframe", "video", "audio", "embed", "object"}
_SILENT = {"thead", "tbody", "tfoot", "colgroup", "picture", "figure", "summary", "wbr", "col"}
_BLOCKS = {"p", "div", "section", "article", "aside", "header", "footer", "main", "nav", "center"}
_BLOCKS |= {"figure", "address", "form", "fieldset"}
_HEADINGS = {f"h{level}" for level in range(1, 7)}
_OTHER = {"span", "font", "small", "big", "u", "ins", "mark", "abbr", "q", "time", "label", "body"}
_OTHER |= {"button", "select", "option", "textarea", "input", "source", "link", "meta", "html"}
_OTHER |= {"ruby", "rt", "rp", "bdi", "bdo", "data", "meter", "progress", "canvas", "map", "area"}
_CONVERTED = {"a", "br", "img", "hr", "pre", "sup", "sub", "table", "tr", "td", "th", "caption"}
_CONVERTED |= {"details", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "figcaption"}
KNOWN = EMPTY | _BOLD | _ITALIC | _DELETED | CODE | DROPPED | _LEADING_OUT | _SILENT | _BLOCKS
KNOWN |= _HEADINGS | _OTHER | _CONVERTED
REPORTED = _LEADING_OUT | _OTHER | DROPPED | {"div", "section", "center", "input"}

_PREFIX = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?")
_ONE_LINE = re.compile(r"[ \t>]*(?:\||#{1,6}[ \t])")
_LANGUAGE = re.compile(r"(?:lang(?:uage)?|brush)[-:]\s*([\w+#-]+)")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that could not be said in Markdown, by its line in the body, counted from 1."""

    line: int
    text: str


@dataclass(slots=True)
class Element:
    """An element, where its tag starts, and the Markdown of what it holds so far."""

    tag: str
    attributes: Mapping[str, str]
    start: int
    parts: list[str] = field(default_factory=list)
    table: Table | None = None

    def text(self) -> str:
        return "".join(self.parts)


class Open:
    """The elements that are open at a place of a text, innermost last."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.stack = [Element("", {}, 0)]
        self.remarks: list[Remark] = []

    def is_in(self, *tags: str) -> bool:
        return any(element.tag in tags for element in self.stack)

    def table(self) -> Table | None:
        tables = (element.table for element in reversed(self.stack))
        return next((table for table in tables if table is not None), None)

    def add(self, text: str) -> None:
        """Add to the innermost element; a block needs one blank line before it, not more."""
        parts = self.stack[-1].parts
        if text.startswith("\n\n") and parts:
            parts[-1] = re.sub(r"[ \t]*(?:\n[ \t]*)+\Z", "", parts[-1])
        if text:
            parts.append(text)

    def add_text(self, text: str) -> None:
        """Add text as it is, without more blank lines than the block before it has."""
        parts = self.stack[-1].parts
        if text and parts and parts[-1].endswith("\n\n"):
            text = text.lstrip("\n")
        if text:
            parts.append(text)

    def line_before(self, place: int) -> str:
        return self.source[self.source.rfind("\n", 0, place) + 1 : place]

    def remark(self, element: Element, text: str) -> None:
        self.remarks.append(Remark(self.source.count("\n", 0, element.start) + 1, text))

    def block(self, element: Element, text: str) -> str:
        """A block of its own, with the indentation or quotation marks of where its tag stood."""
        prefix = _PREFIX.match(self.line_before(element.start))
        if len(self.stack) > 1 or not prefix or not prefix[0]:
            return f"\n\n{text.strip()}\n\n"
        before = "" if prefix[0].strip() else "\n\n" + prefix[0]
        return before + indented(text.strip(), _continued(prefix[0])) + "\n\n"


def empty_markdown(element: Element, around: Open, after: str) -> str:
    """The Markdown of an element without content; `after` is the rest of its line."""
    if element.tag == "img":
        source = element.attributes.get("src", "")
        alt, title = element.attributes.get("alt", ""), element.attributes.get("title", "")
        return image(source, alt, title) if source else ""
    if element.tag == "hr":
        return around.block(element, "---")
    return _break(element, around, after) if element.tag == "br" else ""


def markdown(element: Element, around: Open) -> str:
    """The Markdown of a closed element; `around` are the elements that it stands in."""
    tag, text = element.tag, element.text()
    for tags, mark in ((_BOLD, "**"), (_ITALIC, "*"), (_DELETED, "~~")):
        if tag in tags:
            return wrapped(text, mark)
    if tag in _HEADINGS:
        return around.block(element, f"{'#' * int(tag[1])} {one_line(text)}")
    if tag in _BLOCKS:
        return f" {text} " if around.is_in("td", "th", "li") else around.block(element, text)
    if tag in CODE:
        return _code(element, text, around)
    if tag in _LEADING_OUT:
        address = element.attributes.get("src") or element.attributes.get("data", "")
        return link(address, one_line(text) or address) if is_safe_link(address) else text
    writer = _WRITERS.get(tag)
    return writer(element, text, around) if writer else "" if tag in DROPPED else text


def _continued(prefix: str) -> str:
    """What stands before the further lines of a list item or quotation: `1. ` -> three blanks."""
    return re.sub(r"[^>\s]", " ", prefix)


def _break(element: Element, around: Open, after: str) -> str:
    """A hard break where there is a line to break, else a blank or nothing."""
    before = around.line_before(element.start)
    if around.is_in("td", "th") or _ONE_LINE.match(before):
        return " "
    if not before.strip():
        return ""
    if not after.strip():
        return "\\"
    prefix = _PREFIX.match(before)
    return "\\\n" + _continued(prefix[0] if prefix else "")


def _a(element: Element, text: str, around: Open) -> str:
    address = element.attributes.get("href", "").strip()
    if is_safe_link(address):
        return link(address, text, element.attributes.get("title", ""))
    name = element.attributes.get("name") or element.attributes.get("id", "")
    if address or name:
        said = f"href={address!r}> leads nowhere" if address else f"name={name!r}> for links to it"
        around.remark(element, f"<a {said}")
    return text


def _code(element: Element, text: str, around: Open) -> str:
    outer = around.stack[-1]
    if outer.tag != "pre":
        return text if around.is_in("pre") else code_span(text)
    # The language stands on the inner of the two elements.
    outer.attributes = {**element.attributes, **outer.attributes}
    return text


def _pre(element: Element, text: str, around: Open) -> str:
    language = _LANGUAGE.search(" ".join(element.attributes.values()))
    return around.block(element, code_block(text, language[1] if language else ""))


def _small(element: Element, text: str, around: Open) -> str:
    letters = LETTERS_ABOVE if element.tag == "sup" else LETTERS_BELOW
    if all(char in letters for char in text.strip()):
        return "".join(letters[char] for char in text.strip())
    around.remark(element, f"<{element.tag}>")
    return text


def _strong_line(element: Element, text: str, around: Open) -> str:
    return f"\n\n{wrapped(one_line(text), '**')}\n\n"


def _caption(element: Element, text: str, around: Open) -> str:
    return f"\n\n{wrapped(one_line(text), '*')}\n\n"


def _block(element: Element, text: str, around: Open) -> str:
    return around.block(element, text)


def _quotation(element: Element, text: str, around: Open) -> str:
    lines = text.strip().split("\n")
    return around.block(element, "\n".join(f"> {line}".rstrip() for line in lines))


def _item(element: Element, text: str, around: Open) -> str:
    lists = [outer.tag for outer in around.stack if outer.tag in ("ul", "ol")]
    marker = "1. " if lists[-1:] == ["ol"] else "- "
    return f"\n{marker}" + indented(text.strip(), " " * len(marker))


def _list(element: Element, text: str, around: Open) -> str:
    items = re.sub(r"\n\s*\n(?=(?:- |1\. ))", "\n", f"\n{text.strip()}").strip()
    return f"\n{items}\n" if around.is_in("li") else around.block(element, items)


def _term(element: Element, text: str, around: Open) -> str:
    return f"\n\n{one_line(text)}"


def _definition(element: Element, text: str, around: Open) -> str:
    return "\n:   " + indented(text.strip(), "    ")


def _cell(element: Element, text: str, around: Open) -> str:
    table = around.table()
    if table is None:
        return text
    if {"rowspan", "colspan"} & element.attributes.keys():
        around.remark(element, f"<{element.tag}> over several cells")
    table.add_cell(one_line(text), element.attributes, is_head=element.tag == "th")
    return ""


def _row(element: Element, text: str, around: Open) -> str:
    table = around.table()
    if table is not None:
        table.end_row()
    return text if text.strip() else ""


def _table(element: Element, text: str, around: Open) -> str:
    rows = element.table.markdown() if element.table else ""
    outside = text.strip()
    if around.is_in("td", "th"):
        around.remark(element, "<table> inside a table")
        return f" {one_line(rows.replace('|', ' '))} "
    return around.block(element, f"{outside}\n\n{rows}" if outside else rows)


_WRITERS: Mapping[str, Callable[[Element, str, Open], str]] = {
    "a": _a,
    "blockquote": _quotation,
    "caption": _caption,
    "dd": _definition,
    "details": _block,
    "dl": _block,
    "dt": _term,
    "figcaption": _caption,
    "li": _item,
    "ol": _list,
    "pre": _pre,
    "sub": _small,
    "summary": _strong_line,
    "sup": _small,
    "table": _table,
    "td": _cell,
    "th": _cell,
    "tr": _row,
    "ul": _list,
}
