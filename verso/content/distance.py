"""How many letters two words are apart, and every word that is one letter away."""

from collections.abc import Iterator

_LATIN = "abcdefghijklmnopqrstuvwxyz0123456789-"
# Longer words than this get no letters put in: there would be too many to look up.
MAX_FILLED = 60
# Scripts whose letters in a word lie farther apart have too many letters to try.
MAX_SCRIPT = 200


def is_within(first: str, second: str, limit: int) -> bool:
    """Whether so many letters put in, left out, replaced, or swapped with the next make one the other."""
    while first and second and first[0] == second[0]:
        first, second = first[1:], second[1:]
    while first and second and first[-1] == second[-1]:
        first, second = first[:-1], second[:-1]
    if abs(len(first) - len(second)) > limit:
        return False
    return _distance(first, second, limit) <= limit


def _distance(first: str, second: str, limit: int) -> int:
    """The optimal string alignment distance; anything above the limit once it is exceeded."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for place, letter in enumerate(first, 1):
        above, before, row = before, row, [place]
        for column, other in enumerate(second, 1):
            cost = min(before[column] + 1, row[-1] + 1, before[column - 1] + (letter != other))
            is_swap = place > 1 and column > 1 and second[column - 2] == letter
            if is_swap and first[place - 2] == other:
                cost = min(cost, above[column - 2] + 1)
            row.append(cost)
        if min(row) > limit and min(before) > limit:
            return limit + 1
    return row[-1]


def allowed_distance(word: str) -> int:
    """How many letters off a word may be and still be meant: short ones are all alike."""
    return 0 if len(word) < 4 else 1 if len(word) < 7 else 2


def one_letter_away(word: str) -> Iterator[str]:
    """Every word that one letter left out, swapped, put in or replaced makes of a word."""
    letters = _letters(word) if len(word) <= MAX_FILLED else ""
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in letters:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


def _letters(word: str) -> str:
    """The letters to try: the Latin ones, and those between the outermost other ones of the word."""
    others = sorted(ord(letter) for letter in word if not letter.isascii())
    if not others or others[-1] - others[0] > MAX_SCRIPT:
        return _LATIN
    return _LATIN + "".join(map(chr, range(others[0], others[-1] + 1)))
