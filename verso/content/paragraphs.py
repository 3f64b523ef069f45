"""Paragraphs of Markdown: what is compared and merged as one, code blocks kept whole."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import zip_longest

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
# Beyond this many comparisons two texts count as wholly different: matching grows with the square.
MAX_COMPARISONS = 4_000_000

Span = tuple[int, int]


def split_paragraphs(text: str) -> list[str]:
    """The blocks between blank lines; fenced code is one block.

    Of several blank lines all but one end the block before them: in preformatted text they count.
    """
    blocks: list[list[str]] = []
    ends: list[str] = []
    blank, fence = 1, ""
    for line in text.replace("\r\n", "\n").split("\n"):
        if not fence and not line.strip():
            blank += 1
            continue
        if blank:
            if blocks:
                ends.append("\n" * (blank - 1))
            blocks.append([])
            blank = 0
        blocks[-1].append(line)
        fence = _fence_after(line, fence)
    joined = ["\n".join(block).rstrip() for block in blocks]
    return [block + end for block, end in zip_longest(joined, ends, fillvalue="")]


def join_paragraphs(blocks: Sequence[str]) -> str:
    return "\n\n".join(blocks)


def changed_spans(old: Sequence[str], new: Sequence[str]) -> list[tuple[Span, Span]]:
    """What differs between two sequences: half-open ranges of the old one and of the new one."""
    start, end = _common_ends(old, new)
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    if not middle_old and not middle_new:
        return []
    if len(middle_old) * len(middle_new) > MAX_COMPARISONS:
        return [((start, start + len(middle_old)), (start, start + len(middle_new)))]
    codes = SequenceMatcher(None, middle_old, middle_new, autojunk=False).get_opcodes()
    return [
        ((start + old_from, start + old_to), (start + new_from, start + new_to))
        for code, old_from, old_to, new_from, new_to in codes
        if code != "equal"
    ]


def count_comparisons(old: Sequence[str], new: Sequence[str]) -> int:
    """How much finding the changed spans of two sequences takes."""
    same = sum(_common_ends(old, new))
    return (len(old) - same) * (len(new) - same)


def _fence_after(line: str, fence: str) -> str:
    """The fence that is open after a line, or nothing (CommonMark 0.31, 4.5)."""
    found = _FENCE.match(line)
    if found is None:
        return fence
    if not fence:
        return found[1]
    closes = found[1].startswith(fence) and not line[found.end() :].strip()
    return "" if closes else fence


def _common_ends(old: Sequence[str], new: Sequence[str]) -> Span:
    """How many of the first ones, and then of the last ones, are equal."""
    start = _common(old, new)
    return start, _common(old[start:][::-1], new[start:][::-1])


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many of the first ones are equal."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
