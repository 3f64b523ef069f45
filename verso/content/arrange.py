"""What is done to parsed Markdown before it is rendered: headings, links, images, tables, tasks."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from markdown_it.token import Token

_TASK = re.compile(r"\[([ xX])\][ \t]+")
_ALIGNED = re.compile(r"text-align:(left|center|right)")
_NOT_IN_IDS = re.compile(r"[^\w\s-]+")
_NOT_AN_IMAGE = re.compile(r"$|mailto:|tel:", re.IGNORECASE)
_EXTERNAL = re.compile(r"(?:https?:)?//", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it is rendered: its level from 2 to 6, its id and its text."""

    level: int
    id: str
    text: str


def arrange(tokens: list[Token], id_prefix: str) -> tuple[Heading, ...]:
    """Change the tokens in place so that what is rendered is valid and accessible.

    Returns the headings.
    """
    _drop_empty_headings(tokens)
    _drop_empty_heads(tokens)
    headings = _number_headings(tokens, _footnote_ids(tokens, id_prefix))
    _mark_tasks(tokens)
    _name_alignments(tokens)
    _head_cells(tokens)
    anchors = anchors_of(headings)
    for token in tokens:
        if token.children:
            _name_links(token.children, anchors)
            _check_images(token.children)
    return headings


def text_of(tokens: Iterable[Token]) -> str:
    """The text of inline tokens: words, code and what images say."""
    parts = []
    for token in tokens:
        if token.type in ("text", "code_inline"):
            parts.append(token.content)
        elif token.type == "image":
            parts.append(text_of(token.children or []))
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return "".join(parts)


def anchors_of(headings: Sequence[Heading]) -> Mapping[str, str]:
    """What `find_anchor` looks fragments up in: ids, letters of ids, letters of texts."""
    loose = {_letters(heading.text): heading.id for heading in reversed(headings)}
    loose |= {_letters(heading.id): heading.id for heading in reversed(headings)}
    return loose | {heading.id: heading.id for heading in headings}


def find_anchor(anchors: Mapping[str, str], fragment: str) -> str | None:
    """The id that a fragment means, as any generator writes it: `rust-1-0`, `Rust_10`."""
    wanted = unquote(fragment)
    return anchors.get(wanted) or (anchors.get(_letters(wanted)) if _letters(wanted) else None)


def heading_id(text: str) -> str:
    """An id from a heading in any script: `Über uns!` -> `über-uns`, `2014` -> `h-2014`.

    Checkers of HTML want letters, digits and `-`, a letter first, and no combining marks.
    """
    folded = unicodedata.normalize("NFC", text).lower()
    plain = "".join(char for char in folded if unicodedata.category(char)[0] != "M")
    name = re.sub(r"[\s_-]+", "-", _NOT_IN_IDS.sub("", plain)).strip("-")
    return name if name[:1].isalpha() else f"h-{name}".rstrip("-")


def _letters(text: str) -> str:
    return "".join(char for char in heading_id(text).removeprefix("h-") if char.isalnum())


def _footnote_ids(tokens: Sequence[Token], id_prefix: str) -> set[str]:
    """Ids that footnotes may take, which headings therefore leave alone."""
    count = sum(token.type == "footnote_open" for token in tokens)
    names = {f"{id_prefix}fn-{number}" for number in range(1, count + 1)}
    return names | {f"{id_prefix}fnref-{number}" for number in range(1, count + 1)}


def _drop_empty_headings(tokens: Sequence[Token]) -> None:
    """Turn a heading without words into a paragraph, and show none where nothing is in it."""
    for start, inline, end in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if start.type == "heading_open" and not text_of(inline.children or []).strip():
            start.type, end.type = "paragraph_open", "paragraph_close"
            start.tag = end.tag = "p"
            start.hidden = end.hidden = not inline.children


def _number_headings(tokens: Sequence[Token], taken: set[str]) -> tuple[Heading, ...]:
    """Give headings their ids, and levels from h2 on without a gap."""
    found: list[Heading] = []
    above: list[str] = []
    repeats: Counter[str] = Counter()
    for start, inline, end in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if start.type != "heading_open":
            continue
        while above and above[-1] >= start.tag:
            above.pop()
        above.append(start.tag)
        level = min(len(above) + 1, 6)
        text = text_of(inline.children or []).strip()
        found.append(Heading(level, _unique(heading_id(text), taken, repeats), text))
        start.tag = end.tag = f"h{level}"
        start.attrSet("id", found[-1].id)
    return tuple(found)


def _unique(name: str, taken: set[str], repeats: Counter[str]) -> str:
    candidate = name
    while candidate in taken:
        repeats[name] += 1
        candidate = f"{name}-{repeats[name]}"
    taken.add(candidate)
    return candidate


def _mark_tasks(tokens: Sequence[Token]) -> None:
    """Turn `[x]` at the beginning of list items into a sign, not into an input nobody can use."""
    lists: list[Token] = []
    for index, token in enumerate(tokens):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(token)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "list_item_open" and _is_task(tokens, index):
            _mark_task(tokens[index + 2].children or [])
            token.attrSet("class", "task")
            if lists[-1].tag == "ul":
                lists[-1].attrSet("class", "tasks")


def _is_task(tokens: Sequence[Token], index: int) -> bool:
    inline = tokens[index + 2] if index + 2 < len(tokens) else None
    if inline is None or inline.type != "inline" or not inline.children:
        return False
    first = inline.children[0]
    return first.type == "text" and _TASK.match(first.content) is not None


def _mark_task(children: list[Token]) -> None:
    match = _TASK.match(children[0].content)
    if match:
        children[0].content = children[0].content[match.end() :]
        sign = "☐" if match[1] == " " else "☑"
        children.insert(0, Token("task_mark", "", 0, content=sign))


def _name_alignments(tokens: Sequence[Token]) -> None:
    """Say alignment by class: a strict content policy forbids styles."""
    for token in tokens:
        aligned = _ALIGNED.fullmatch(str(token.attrs.pop("style", "")))
        if aligned:
            token.attrSet("class", f"align-{aligned[1]}")


def _drop_empty_heads(tokens: list[Token]) -> None:
    """Drop the head of a table that has no words in it: Markdown cannot write a table without."""
    start = 0
    kept: list[Token] = []
    for token in tokens:
        if token.type == "thead_open":
            start = len(kept)
        kept.append(token)
        if token.type == "thead_close" and not any(_says(one) for one in kept[start:]):
            del kept[start:]
    tokens[:] = kept


def _says(token: Token) -> bool:
    return any(child.type == "image" for child in token.children or []) or bool(
        text_of(token.children or []).strip()
    )


def _head_cells(tokens: Sequence[Token]) -> None:
    """Say what head cells are the head of; an empty one is no head."""
    for start, inline, end in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if start.type == "th_open":
            if _says(inline):
                start.attrSet("scope", "col")
            else:
                start.tag = end.tag = "td"


def _name_links(children: list[Token], anchors: Mapping[str, str]) -> None:
    """Give every link a text, the right heading of its own page, and `rel` where it leads out."""
    for start, end in reversed(list(_links(children))):
        link = children[start]
        href = str(link.attrs.get("href", ""))
        if not text_of(children[start:end]).strip():
            children.insert(end, Token("text", "", 0, content=href))
        if _EXTERNAL.match(href):
            link.attrSet("rel", "noopener")
        anchor = find_anchor(anchors, href[1:]) if href.startswith("#") else None
        if anchor:
            link.attrSet("href", f"#{anchor}")


def _links(children: Sequence[Token]) -> Iterator[tuple[int, int]]:
    start = 0
    for index, token in enumerate(children):
        if token.type == "link_open":
            start = index
        elif token.type == "link_close":
            yield start, index


def _check_images(children: Sequence[Token]) -> None:
    """Load images when they are scrolled to; what names no image becomes its own text."""
    for token in children:
        if token.type == "image":
            if _NOT_AN_IMAGE.match(str(token.attrs.get("src", ""))):
                token.type, token.content = "text", text_of(token.children or [])
            else:
                token.attrSet("loading", "lazy")
