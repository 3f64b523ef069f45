"""What `.po` syntax means: an entry, its flags, and the escapes within a string."""

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

NO_FLAGS: frozenset[str] = frozenset()
# Bytes by number, which between them are UTF-8, or one letter.
_ESCAPE = re.compile(r"((?:\\(?:[0-7]{1,3}|x[0-9a-fA-F]{1,2}))+)|\\(.)", re.DOTALL)
_NAMED = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


class Entry(NamedTuple):
    """One message of a catalog; `forms` are its msgstr, one for each plural form."""

    context: str | None
    msgid: str
    plural: str | None
    forms: tuple[str, ...]
    flags: frozenset[str]
    # Where its first keyword stands in the text, and where what follows begins.
    start: int
    end: int

    @property
    def key(self) -> str:
        return key_of(self.context, self.msgid)

    @property
    def is_translated(self) -> bool:
        return (self.flags is NO_FLAGS or "fuzzy" not in self.flags) and all(self.forms)


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something that is not `.po` syntax: its code, where it stands (offset), in which message."""

    code: str
    at: int
    msgid: str | None = None
    context: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)


def key_of(context: str | None, msgid: str) -> str:
    """The name of a message in a catalog, as gettext writes it: EOT between context and msgid."""
    return msgid if context is None else f"{context}\x04{msgid}"


def flags_of(comments: str) -> frozenset[str]:
    """The flags of an entry; what stands before an obsolete entry in its comments is not its own."""
    lines = comments.rpartition("\n#~")[2].split("\n")
    flags = (flag for line in lines if line.startswith("#,") for flag in line[2:].split(","))
    return frozenset(flag.strip() for flag in flags if flag.strip())


def unescaped(text: str) -> str:
    """The text that an escaped string stands for; an unknown escape stands for its letter."""
    if "\\\\" not in text:
        text = text.replace("\\n", "\n").replace('\\"', '"').replace("\\t", "\t")
        if "\\" not in text:
            return text
    return _ESCAPE.sub(_meaning, text)


def _meaning(found: re.Match[str]) -> str:
    if found[2]:
        return _NAMED.get(found[2], found[2])
    numbers = found[1].split("\\")[1:]
    values = (int(one[1:], 16) if one[0] == "x" else int(one, 8) for one in numbers)
    return bytes(value & 0xFF for value in values).decode("utf-8", "replace")
