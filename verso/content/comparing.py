"""What changed between two texts, word by word: one structure for side by side and for in line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from verso.content.paragraphs import changed_spans, count_comparisons, split_paragraphs

# A word, a character of a script without spaces, a run of spaces, or one other sign.
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f]|[^\W_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+|\s+|.",
    re.DOTALL,
)
# Unchanged paragraphs that are shown beside a change.
AROUND = 1
# Beyond these a page would be waited for: paragraphs are then shown whole, and no more of them.
MAX_COMPARISONS = 1_000_000
MAX_ROWS = 1000


class Piece(StrEnum):
    """Whether some words stand in both texts, in the old one or in the new one only."""

    SAME = "same"
    OLD = "old"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Row:
    """One paragraph of both texts as pieces in their order.

    `hidden` counts unchanged ones that are left out here, `omitted` all that would follow.
    """

    pieces: tuple[tuple[Piece, str], ...] = ()
    hidden: int = 0
    omitted: int = 0

    @property
    def is_changed(self) -> bool:
        return any(kind is not Piece.SAME for kind, _ in self.pieces)

    @property
    def old(self) -> list[tuple[Piece, str]]:
        return [piece for piece in self.pieces if piece[0] is not Piece.NEW]

    @property
    def new(self) -> list[tuple[Piece, str]]:
        return [piece for piece in self.pieces if piece[0] is not Piece.OLD]


def compare(old: str, new: str) -> list[Row]:
    """The paragraphs that differ, with the words that do, and one unchanged paragraph around each.

    Of very long texts at most MAX_ROWS rows; the last one says how many paragraphs are omitted.
    """
    before, after = split_paragraphs(old), split_paragraphs(new)
    rows: list[Row] = []
    place, compared, left = 0, 0, MAX_COMPARISONS
    for (old_from, old_to), (new_from, new_to) in changed_spans(before, after):
        rows += [_same(text) for text in before[place:old_from]]
        for pair in zip_longest(before[old_from:old_to], after[new_from:new_to], fillvalue=""):
            row, effort = _compare_within(*pair, left if compared < MAX_ROWS else 0)
            rows.append(row)
            compared, left = compared + 1, left - effort
        place = old_to
    return _bounded(_folded([*rows, *(_same(text) for text in before[place:])]))


def compare_words(old: str, new: str) -> Row:
    """Two paragraphs, or two titles, as one row."""
    return Row(tuple(_pieces(_WORD.findall(old), _WORD.findall(new))))


def _same(text: str) -> Row:
    return Row(((Piece.SAME, text),))


def _compare_within(old: str, new: str, most: int) -> tuple[Row, int]:
    """Two paragraphs by their words, or whole where that would take more than so many comparisons."""
    if most:
        before, after = _WORD.findall(old), _WORD.findall(new)
        effort = count_comparisons(before, after)
        if effort <= most:
            return Row(tuple(_pieces(before, after))), effort
    return Row(tuple(pair for pair in ((Piece.OLD, old), (Piece.NEW, new)) if pair[1])), 0


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Piece, str]]:
    place = 0
    for (old_from, old_to), (new_from, new_to) in changed_spans(old, new):
        parts = (
            (Piece.SAME, old[place:old_from]),
            (Piece.OLD, old[old_from:old_to]),
            (Piece.NEW, new[new_from:new_to]),
        )
        yield from ((kind, "".join(words)) for kind, words in parts if words)
        place = old_to
    if place < len(old):
        yield Piece.SAME, "".join(old[place:])


def _folded(rows: Sequence[Row]) -> list[Row]:
    """The rows without the long unchanged stretches."""
    changed = [index for index, row in enumerate(rows) if row.is_changed]
    shown = {near for index in changed for near in range(index - AROUND, index + AROUND + 1)}
    found: list[Row] = []
    for index, row in enumerate(rows):
        if index in shown:
            found.append(row)
        elif found and found[-1].hidden:
            found[-1] = Row(hidden=found[-1].hidden + 1)
        else:
            found.append(Row(hidden=1))
    return found


def _bounded(rows: list[Row]) -> list[Row]:
    rest = sum(row.hidden or 1 for row in rows[MAX_ROWS:])
    return [*rows[:MAX_ROWS], Row(omitted=rest)] if rest else rows
