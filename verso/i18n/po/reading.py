"""Reading `.po` text: whole files in one fast pass; a file with a mistake in it goes to salvage."""

import re
from typing import NamedTuple

from verso.i18n.po.salvage import salvage
from verso.i18n.po.syntax import NO_FLAGS, Entry, Mistake, flags_of, unescaped

# A quoted string, and several on lines of their own: one value. Nothing here can backtrack.
_STRING = r'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"'
_STRINGS = rf"({_STRING}(?:\n{_STRING})*+)\n"
_ENTRY = re.compile(
    r"((?:#[^\n]*+\n|\n)*+)"
    rf"(?:msgctxt {_STRINGS})?+msgid {_STRINGS}"
    rf"(?:msgstr {_STRINGS}|msgid_plural {_STRINGS}((?:msgstr\[\d\] {_STRING}(?:\n{_STRING})*+\n)++))"
)
_REST = re.compile(r"(?:#[^\n]*+\n|\n)*+\Z")
_OBSOLETE = re.compile(r"^#~(?!\|)[ \t]*(.*)$", re.MULTILINE)
_FORM = re.compile(rf"msgstr\[(\d)\] {_STRINGS}")


class Reading(NamedTuple):
    """What a file says: its entries in order, the header's among them, and what could not be read."""

    entries: list[Entry]
    mistakes: list[Mistake]


def read(text: str) -> Reading:
    """All entries of a catalog; those that are malformed become mistakes, their neighbours stay.

    Takes text as `normalized` makes it. Obsolete entries (`#~`) are comments here.
    """
    entries = _read_fast(text)
    return Reading(entries, []) if entries is not None else Reading(*salvage(text))


def obsolete_keys(text: str) -> frozenset[str]:
    """The keys of the entries that are commented out with `#~`."""
    if "#~" not in text:
        return frozenset()
    entries, _ = read(normalized("\n".join(_OBSOLETE.findall(text))))
    return frozenset(entry.key for entry in entries)


def normalized(text: str) -> str:
    """The text with `\\n` at the end of each line, whatever system it was written on."""
    if "\r" in text:
        text = text.replace("\r\n", "\n")
        text = text if "\n" in text else text.replace("\r", "\n")
    return text if text.endswith("\n") else text + "\n"


def _read_fast(text: str) -> list[Entry] | None:
    """The entries of a file without a mistake in it; None for any other."""
    entries = []
    place, match = 0, _ENTRY.match
    while found := match(text, place):
        comments, context, msgid, msgstr, plural, forms = found.groups()
        values = (_value(msgstr),) if msgstr is not None else _forms(forms)
        if values is None:
            return None
        entries.append(
            Entry(
                _value(context) if context is not None else None,
                _value(msgid),
                _value(plural) if plural is not None else None,
                values,
                flags_of(comments) if "#," in comments else NO_FLAGS,
                found.end(1),
                found.end(),
            )
        )
        place = found.end()
    return entries if _REST.match(text, place) else None


def _forms(raw: str) -> tuple[str, ...] | None:
    found = _FORM.findall(raw)
    if [int(index) for index, _ in found] != list(range(len(found))):
        return None
    return tuple(_value(strings) for _, strings in found)


def _value(strings: str) -> str:
    """What one or several quoted strings mean together."""
    value = strings[1:-1]
    if '"\n"' in value:
        value = value.replace('"\n"', "")
    return unescaped(value) if "\\" in value else value
