"""Search terms: text folded and cut the same way for the index and for the query, in every script."""

import re
import unicodedata
from collections.abc import Iterator

MAX_TERM_LENGTH = 60

# Scripts written without spaces: Thai, Lao, Tibetan, Myanmar, Khmer, kana, Han.
_UNSPACED_RANGES = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUN = re.compile(f"([{_UNSPACED_RANGES}]+)")
# Indic vowel signs are marks, which \w leaves out.
_WORD = re.compile(f"(?:[^\\W_]|[\u0900-\u0dff{_UNSPACED_RANGES}])+")
_DROPPED_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]"
)
_FOLDED_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ى": "ي", "ة": "ه"}
)
_ARABIC_PREFIX = re.compile("^(?:[وف]?[بك]?ال|[وف]?لل)(?=\\w\\w)")
_HEBREW_PREFIX = re.compile("^[והבכלמש](?=[\u05d0-\u05ea]{2})")


def fold(value: str) -> str:
    """Case, accents and vowel marks taken away: `Café` -> `cafe`, `كِتَاب` -> `كتاب`."""
    decomposed = unicodedata.normalize("NFKD", value.casefold())
    plain = _DROPPED_MARKS.sub("", decomposed).translate(_FOLDED_LETTERS)
    return unicodedata.normalize("NFC", plain)


def terms(value: str) -> Iterator[str]:
    """The terms under which a text is found, in the order of the text."""
    for word in _WORD.findall(fold(value)):
        for run in filter(None, _RUN.split(word)):
            if _RUN.match(run):
                yield from _pairs(run)
                yield run[-1]
            else:
                yield run[:MAX_TERM_LENGTH]
                yield from _without_prefix(run)


def query_terms(query: str) -> Iterator[list[str]]:
    """For each word of a query the terms that must follow each other in the text."""
    for word in _WORD.findall(fold(query)):
        for run in filter(None, _RUN.split(word)):
            if _RUN.match(run):
                yield list(_pairs(run)) or [run]
            else:
                bare = _ARABIC_PREFIX.sub("", run)
                yield [bare[:MAX_TERM_LENGTH]]


def _pairs(run: str) -> Iterator[str]:
    """Overlapping pairs of characters: `日本語` -> `日本`, `本語`."""
    return (first + second for first, second in zip(run, run[1:], strict=False))


def _without_prefix(word: str) -> Iterator[str]:
    """A word without the article or preposition that Arabic and Hebrew write onto it."""
    for prefix in (_ARABIC_PREFIX, _HEBREW_PREFIX):
        bare = prefix.sub("", word)
        if bare != word:
            yield bare[:MAX_TERM_LENGTH]
