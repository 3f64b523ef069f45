"""Two editors' changes of one text, brought together by paragraph (diff3)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from verso.content.paragraphs import Span, changed_spans, join_paragraphs, split_paragraphs

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Clash:
    """One passage that both changed, each in their own way."""

    mine: str
    theirs: str
    # The field of the form in which it stands.
    field: str = "body"


@dataclass(frozen=True, slots=True)
class Merged:
    """A text with both changes; where they clash it says what is mine."""

    text: str
    clashes: list[Clash] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Change:
    base: Span
    words: tuple[str, ...]
    is_mine: bool


def merge_texts(base: str, mine: str, theirs: str) -> Merged:
    """What `mine` and `theirs` made of `base`, both; paragraphs that only one touched never clash."""
    if mine == theirs or theirs == base:
        return Merged(mine)
    if mine == base:
        return Merged(theirs)
    blocks = split_paragraphs(base)
    changes = sorted(
        [
            *_changes(blocks, split_paragraphs(mine), is_mine=True),
            *_changes(blocks, split_paragraphs(theirs), is_mine=False),
        ],
        key=lambda change: change.base,
    )
    merged: list[str] = []
    clashes: list[Clash] = []
    done = 0
    for group in _touching(changes):
        start = min(change.base[0] for change in group)
        end = max(change.base[1] for change in group)
        my_words = _applied(blocks, group, (start, end), is_mine=True)
        their_words = _applied(blocks, group, (start, end), is_mine=False)
        merged += blocks[done:start]
        done = end
        is_clash = len({change.is_mine for change in group}) == 2 and my_words != their_words
        if is_clash:
            clashes.append(Clash(join_paragraphs(my_words), join_paragraphs(their_words)))
        merged += my_words if is_clash or group[0].is_mine else their_words
    return Merged(join_paragraphs([*merged, *blocks[done:]]), clashes)


def merge_values(base: _Value, mine: _Value, theirs: _Value) -> tuple[_Value, bool]:
    """Which of two values of one field counts, and whether they clash; mine counts then."""
    if mine == base:
        return theirs, False
    return mine, theirs not in (base, mine)


def merge_lists(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """Theirs, without what I took away and with what I added: lists of names never clash."""
    if theirs == base:
        return list(mine)
    kept = [one for one in theirs if one in mine or one not in base]
    return kept + [one for one in mine if one not in base and one not in kept]


def _changes(base: Sequence[str], blocks: Sequence[str], *, is_mine: bool) -> list[_Change]:
    return [
        _Change(old, tuple(blocks[new[0] : new[1]]), is_mine)
        for old, new in changed_spans(base, blocks)
    ]


def _touching(changes: Sequence[_Change]) -> list[list[_Change]]:
    """Changes in their order, those together that stand at the same place of the base."""
    groups: list[list[_Change]] = []
    end = -1
    for change in changes:
        start = change.base[0]
        inserts_there_too = groups and any(one.base == change.base for one in groups[-1])
        if groups and (start < end or inserts_there_too):
            groups[-1].append(change)
        else:
            groups.append([change])
        end = max(end, change.base[1])
    return groups


def _applied(
    blocks: Sequence[str], group: Sequence[_Change], span: Span, *, is_mine: bool
) -> list[str]:
    """The passage as one of the two has it."""
    words: list[str] = []
    place = span[0]
    for change in group:
        if change.is_mine == is_mine:
            words += [*blocks[place : change.base[0]], *change.words]
            place = change.base[1]
    return [*words, *blocks[place : span[1]]]
