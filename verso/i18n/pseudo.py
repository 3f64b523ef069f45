"""Pseudo-locales: every message accented, longer and in brackets, so that what is not translated shows.

`qps` reads from left to right; `qps-Arab` has Arabic letters in place of Latin ones, so that browsers
lay it out from right to left. Both can still be read by somebody who knows the English text.
"""

import re
from collections.abc import Iterable, Mapping

from verso.i18n.extraction import TemplateMessage
from verso.i18n.po.document import Document
from verso.i18n.po.header import new_document
from verso.values import PSEUDO, PSEUDO_RTL

_ACCENTED = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "ÀƁÇÐÉƑĜĤÎĴĶĹṀÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçðéƒĝĥîĵķĺɱñöþǫŕšţûṽŵẋýž",
)
_LETTERS = "ابصدعفغهيجكلمنوپقرستؤڤوخيز"
_ARABIC = str.maketrans("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", _LETTERS + _LETTERS)
_RLM = "\u200f"
# What must stay as it is: placeholders, doubled percent signs, tags, entities, URLs, code.
_FIXED = re.compile(
    r"(%\(\w+\)[#0\- +]*+\d*+(?:\.\d++)?+[a-zA-Z]|%%|</?[a-zA-Z][^<>]*>|&#?\w+;|https?://[^\s<>\"”]+|`[^`]*`)"
)
_VOWEL = re.compile(r"([aeiouAEIOU])")


def pseudo_documents(template: Iterable[TemplateMessage]) -> Mapping[str, Document]:
    """By locale, a catalog with every message of a template filled in, both plural forms too."""
    messages = list(template)
    documents = {locale: new_document(locale) for locale in (PSEUDO, PSEUDO_RTL)}
    for locale, document in documents.items():
        write = accented if locale == PSEUDO else arabic
        for message in messages:
            _, msgid, plural = message.source
            texts = (msgid,) if plural is None else (msgid, plural)
            entry = document.add(message.source, [write(text) for text in texts])
            entry.references = message.references
            entry.flags = message.flags
    return documents


def accented(text: str) -> str:
    """`⟦Šéåŕçĥ⟧`, and each vowel twice, as other languages take more room."""
    return f"⟦{_in_letters(text, _ACCENTED)}⟧"


def arabic(text: str) -> str:
    """The same from right to left, by its letters: no overriding marks, which might leak."""
    return f"{_RLM}⟦{_in_letters(text, _ARABIC)}⟧{_RLM}"


def _in_letters(text: str, letters: Mapping[int, int]) -> str:
    parts = _FIXED.split(text)
    for number in range(0, len(parts), 2):
        parts[number] = _VOWEL.sub(r"\1\1", parts[number]).translate(letters)
    return "".join(parts)
