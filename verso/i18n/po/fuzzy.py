"""Which old text a new one was most likely made from: by shared letters, at a cost that grows with both."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

# GNU msgmerge's own threshold: less alike than this is not a change but another message.
LEAST = 0.6
_GRAM = 4
_CANDIDATES = 8
# A sequence of letters that more texts have says little, and would cost much.
_COMMON = 400
_LONG = 300


class Index:
    """Old texts, to be asked which of them are like a new one."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, text in enumerate(texts):
            for gram in _grams(text):
                self._places[gram].append(place)

    def nearest(self, text: str) -> Iterator[tuple[float, int]]:
        """Likeness (LEAST to 1) and place of the texts that are most like a new one, in no order."""
        shared: Counter[int] = Counter()
        found = (self._places.get(gram, ()) for gram in _grams(text))
        for places in sorted(found, key=len):
            if len(places) > _COMMON and shared:
                break
            for place in places[:_COMMON]:
                shared[place] += 1
        size = len(text)

        def promise(place: int) -> float:
            return shared[place] / (size + len(self._texts[place]))

        for place in heapq.nlargest(_CANDIDATES, shared, key=promise):
            ratio = likeness(self._texts[place], text)
            if ratio >= LEAST:
                yield ratio, place


def likeness(old: str, new: str) -> float:
    """How much of two texts is the same, capitals aside, from 0 to 1; of long ones, how many words."""
    old, new = old.casefold(), new.casefold()
    if min(len(old), len(new)) > _LONG:
        return _ratio(old.split(), new.split())
    return _ratio(old, new)


def _ratio(old: Sequence[str], new: Sequence[str]) -> float:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.real_quick_ratio() < LEAST or matcher.quick_ratio() < LEAST:
        return 0.0
    return matcher.ratio()


def pair(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """For each new text that has one, the old text it was made from; each old one serves once.

    The pairs that are most alike are made first, so that a text never takes what fits another better.
    """
    index = Index(old)
    alike = [
        (-ratio, abs(place - number), number, place)
        for number, text in enumerate(new)
        for ratio, place in index.nearest(text)
    ]
    pairs: dict[int, int] = {}
    used: set[int] = set()
    for _, _, number, place in sorted(alike):
        if number not in pairs and place not in used:
            pairs[number] = place
            used.add(place)
    return pairs


def _grams(text: str) -> set[str]:
    """Its sequences of four letters, with the edges as letters of their own."""
    edged = f"\0\0{text.casefold()}\0\0"
    return {edged[start : start + _GRAM] for start in range(len(edged) - _GRAM + 1)}
