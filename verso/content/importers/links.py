"""Addresses in Markdown: finding each link, image and definition, and writing another address."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePosixPath

from markdown_it.common.utils import normalizeReference
from markdown_it.helpers import parseLinkDestination, parseLinkTitle

from verso.content.importers.masking import mask
from verso.content.importers.wording import address_of, escape_markdown

_INLINE = re.compile(r"\]\(")
_DEFINITION = re.compile(
    r"^[ \t>]*(?:[-*+][ \t]+)?\[(?!\^)((?:[^\[\]\\\n]|\\.)+)\]:[ \t]*\n?[ \t]*", re.MULTILINE
)
_AUTOLINK = re.compile(r"<(https?://[^\s<>]+)>")
_REFERENCE = re.compile(r"\](?:\[((?:[^\[\]\\\n]|\\.)*)\])?(?!\()")
_BRACKET = re.compile(r"\\[^\n]|[\[\]]|\n[ \t]*(?=\n)")
_SPACE = re.compile(r"[ \t\n]*")


class Action(Enum):
    """What happens to a link or image: left, another address, its text only, image to link."""

    KEEP = "keep"
    MOVE = "move"
    TEXT = "text"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Answer:
    """The action for an address; `address` is the new one, `title` names what it leads to."""

    action: Action
    address: str = ""
    title: str = ""


KEEP = Answer(Action.KEEP)
# From an address and whether it is that of an image.
Decide = Callable[[str, bool], Answer]


@dataclass(frozen=True, slots=True)
class _Found:
    """An inline link or image: where its brackets are and where its address is."""

    opening: int
    closing: int
    address_start: int
    address_end: int
    end: int
    address: str
    is_image: bool


Edit = tuple[int, int, str]


def rewrite(source: str, decide: Decide) -> str:
    """Ask `decide` about each address outside of code and write what it answers."""
    masked = mask(source).text
    inline = list(_inline(source, masked))
    edits: list[Edit] = []
    for found in inline:
        answer = decide(found.address, found.is_image)
        nested = found.is_image and any(_holds(other, found) for other in inline)
        edits.extend(_inline_edits(found, answer, masked, nested=nested))
    edits.extend(_reference_edits(source, masked, decide))
    for match in _AUTOLINK.finditer(masked):
        answer = decide(match[1], False)
        if answer.action is Action.MOVE:
            text = escape_markdown(answer.title or answer.address)
            edits.append((match.start(), match.end(), f"[{text}]({address_of(answer.address)})"))
    return _edited(source, edits)


def addresses(source: str) -> list[tuple[str, bool]]:
    """Every address in a text, and whether it is that of an image."""
    found: list[tuple[str, bool]] = []

    def note(address: str, is_image: bool) -> Answer:
        found.append((address, is_image))
        return KEEP

    rewrite(source, note)
    return found


def _inline(source: str, masked: str) -> Iterator[_Found]:
    brackets = _brackets(masked)
    for match in _INLINE.finditer(masked):
        opening = brackets.get(match.start())
        start = _after_space(source, match.end())
        destination = parseLinkDestination(source, start, len(source))
        if opening is None or not destination.ok:
            continue
        end = _after_space(source, destination.pos)
        title = parseLinkTitle(source, end, len(source))
        end = _after_space(source, title.pos) if title.ok else end
        if source[end : end + 1] != ")":
            continue
        yield _Found(
            opening=opening,
            closing=match.start(),
            address_start=start,
            address_end=destination.pos,
            end=end + 1,
            address=destination.str,
            is_image=_is_image(masked, opening),
        )


def _inline_edits(found: _Found, answer: Answer, masked: str, *, nested: bool) -> Iterator[Edit]:
    has_text = bool(masked[found.opening + 1 : found.closing].strip())
    action = answer.action
    if action is Action.MOVE:
        yield found.address_start, found.address_end, address_of(answer.address)
    if action is Action.LINK and not nested:
        yield found.opening - 1, found.opening, ""
    if action is Action.TEXT or (action is Action.LINK and nested):
        yield found.opening - found.is_image, found.opening + 1, ""
        yield found.closing, found.end, ""
    if not has_text and (action is Action.LINK or (action is Action.TEXT and not found.is_image)):
        yield found.opening + 1, found.opening + 1, _name_in(found.address)


def _reference_edits(source: str, masked: str, decide: Decide) -> Iterator[Edit]:
    """Edits of definitions, and of images that refer to one which is no image of ours."""
    images = list(_image_references(masked))
    labels = {label for _, _, _, label in images}
    answers: dict[str, tuple[Answer, str]] = {}
    for match in _DEFINITION.finditer(masked):
        label = normalizeReference(match[1])
        destination = parseLinkDestination(source, match.end(), len(source))
        is_definition = destination.ok and _ends_line(source, destination.pos)
        if is_definition and destination.pos > match.end() and label not in answers:
            answer = decide(destination.str, label in labels)
            answers[label] = answer, destination.str
            if answer.action is Action.MOVE:
                yield match.end(), destination.pos, address_of(answer.address)
    for opening, closing, end, label in images:
        answer, address = answers.get(label, (KEEP, ""))
        if answer.action is Action.LINK:
            yield opening - 1, opening, ""
            if not masked[opening + 1 : closing].strip():
                yield opening + 1, opening + 1, _name_in(address)
        elif answer.action is Action.TEXT:
            yield opening - 1, opening + 1, ""
            yield closing, end, ""


def _image_references(masked: str) -> Iterator[tuple[int, int, int, str]]:
    """Images by reference: the brackets around the text, the end, and the label."""
    brackets = _brackets(masked)
    for match in _REFERENCE.finditer(masked):
        opening = brackets.get(match.start())
        if opening is not None and _is_image(masked, opening):
            label = match[1] or masked[opening + 1 : match.start()]
            yield opening, match.start(), match.end(), normalizeReference(label)


def _brackets(masked: str) -> Mapping[int, int]:
    """The place of the opening bracket of each closing one, in the same paragraph."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for match in _BRACKET.finditer(masked):
        if match[0] == "[":
            opened.append(match.start())
        elif match[0] == "]" and opened:
            found[match.start()] = opened.pop()
        elif "\n" in match[0]:
            opened.clear()
    return found


def _is_image(masked: str, opening: int) -> bool:
    return masked[opening - 1 : opening] == "!" and masked[opening - 2 : opening - 1] != "\\"


def _holds(outer: _Found, inner: _Found) -> bool:
    return not outer.is_image and outer.opening < inner.opening and inner.end <= outer.closing


def _after_space(source: str, place: int) -> int:
    match = _SPACE.match(source, place)
    return match.end() if match else place


def _ends_line(source: str, place: int) -> bool:
    """Whether a definition ends here, or after a title: `[see]: Berlin for ...` is a sentence."""
    title = parseLinkTitle(source, _after_space(source, place), len(source))
    ends = (place, title.pos) if title.ok else (place,)
    return any(not source[end : _line_end(source, end)].strip() for end in ends)


def _line_end(source: str, place: int) -> int:
    end = source.find("\n", place)
    return len(source) if end < 0 else end


def _name_in(address: str) -> str:
    """What to call a link that has no text: the last part of its address."""
    return escape_markdown(PurePosixPath(address.split("?")[0]).name or address)


def _edited(source: str, edits: list[Edit]) -> str:
    parts, place = [], 0
    for start, end, text in sorted(edits):
        if start < place:
            continue
        parts += [source[place:start], text]
        place = end
    return "".join([*parts, source[place:]])
