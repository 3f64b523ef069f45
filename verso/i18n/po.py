"""Reading `.po` files: entries with the line they begin on; what cannot be read is skipped."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_KEYWORD = re.compile(r'^(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d)\])?\s+(".*")\s*$')
_QUOTED = re.compile(r'^".*"\s*$')


@dataclass(slots=True)
class Entry:
    """One message; forms are the msgstr lines in the order of their index."""

    line: int
    context: str | None = None
    msgid: str = ""
    plural: str | None = None
    forms: dict[int, str] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()

    @property
    def is_translated(self) -> bool:
        return bool(self.forms) and all(self.forms.values()) and "fuzzy" not in self.flags


def read(text: str) -> Iterator[Entry]:
    """The entries of a catalog without its header; obsolete and malformed ones are left out."""
    number = 0
    for block in re.split(r"\n[ \t]*\n", text.removeprefix("\ufeff").replace("\r\n", "\n")):
        entry = _entry(block.split("\n"), number)
        number += block.count("\n") + 2
        if entry is not None and entry.msgid:
            yield entry


def _entry(lines: list[str], offset: int) -> Entry | None:
    entry: Entry | None = None
    target = ("", 0)
    flags: set[str] = set()
    for number, line in enumerate(lines, offset + 1):
        if line.startswith("#"):
            if line.startswith("#,"):
                flags |= {flag.strip() for flag in line[2:].split(",")}
            continue
        if not line.strip():
            continue
        keyword = _KEYWORD.match(line)
        if keyword:
            entry = entry or Entry(number)
            target = (keyword[1], int(keyword[2] or 0))
        elif not (entry and _QUOTED.match(line)):
            return None
        value = _unquote(keyword[3] if keyword else line.strip())
        if value is None:
            return None
        _append(entry, target, value)
    if entry is not None:
        entry.flags = frozenset(flags)
    return entry


def _append(entry: Entry, target: tuple[str, int], value: str) -> None:
    name, index = target
    if name == "msgctxt":
        entry.context = (entry.context or "") + value
    elif name == "msgid":
        entry.msgid += value
    elif name == "msgid_plural":
        entry.plural = (entry.plural or "") + value
    else:
        entry.forms[index] = entry.forms.get(index, "") + value


def _unquote(quoted: str) -> str | None:
    try:
        value = ast.literal_eval(quoted)
    except (ValueError, SyntaxError):
        return None
    return value if isinstance(value, str) else None
