"""Sorting as the readers of a language expect it: by letters first, then accents, then case."""

import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")
Key = tuple[tuple[tuple[int, str, int], ...], str, str]

# Letters with a place of their own in the alphabet, each after the plain letter before it (CLDR).
_ALPHABETS = {
    "pl": ("aą", "cć", "eę", "lł", "nń", "oó", "sś", "zźż"),
    "es": ("nñ",),
    "sv": ("zåäö",),
    "fi": ("zåäö",),
    "da": ("zæøå",),
    "nb": ("zæøå",),
}
# Legacy character sets that number the common characters by their reading or their strokes: GB 2312 by
# pinyin, Big5 by strokes, JIS X 0208 by the Japanese reading.
_HAN_ORDERS = {"zh-Hans": "gb18030", "zh": "gb18030", "zh-Hant": "big5", "ja": "shift_jis"}
_SCRIPTS = {"ru": ("CYRILLIC",), "ar": ("ARABIC",), "he": ("HEBREW",)}
_EAST_ASIAN = ("CJK", "HIRAGANA", "KATAKANA")
_LIGATURES = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"})


def in_order(items: Iterable[T], locale: str, name: Callable[[T], str]) -> list[T]:
    """The items sorted by name for readers of a locale; their own script comes first."""
    return sorted(items, key=lambda item: sort_key(name(item), locale))


@lru_cache(maxsize=4096)
def sort_key(text: str, locale: str) -> Key:
    """What sorts before what: letters, then accents, then the text itself.

    Digraphs (Czech `ch`) and readings that a name does not show (Japanese kanji beyond JIS) are
    not known here.
    """
    folded = unicodedata.normalize("NFC", text.casefold())
    letters = tuple(
        weight for letter in folded for weight in _weights(letter, locale) if weight[1].strip()
    )
    return letters, folded, text


def _weights(letter: str, locale: str) -> Iterable[tuple[int, str, int]]:
    """(own script first, letter, place after it) of each plain letter that a letter is made of."""
    language = locale.partition("-")[0]
    for group in _ALPHABETS.get(language, ()):
        place = group.find(letter)
        if place > 0:
            yield _rank(group[0], language), group[0], place
            return
    plain = unicodedata.normalize("NFKD", letter.translate(_LIGATURES))
    for part in plain:
        if unicodedata.combining(part) or not part.isalnum():
            continue
        yield _rank(part, language), _numbered(part, locale), 0


def _rank(letter: str, language: str) -> int:
    """0 for the script of the language, where that is not Latin; digits come before all letters."""
    if letter.isdigit():
        return -1
    own = _EAST_ASIAN if language in ("zh", "ja") else _SCRIPTS.get(language, ())
    return 0 if unicodedata.name(letter, "").startswith(own or ("LATIN",)) else 1


def _numbered(letter: str, locale: str) -> str:
    """A Chinese character by its place in the customary order, kana by sound, others as they are."""
    charset = _HAN_ORDERS.get(locale)
    if charset is None or not unicodedata.name(letter, "").startswith(_EAST_ASIAN):
        return letter
    if "ァ" <= letter <= "ヶ":
        letter = chr(ord(letter) - 0x60)
    return letter.encode(charset, "xmlcharrefreplace").decode("latin-1")
