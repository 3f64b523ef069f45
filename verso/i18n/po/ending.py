"""The end of a `.po` file, by which one that was cut off is told from a whole one."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from verso.i18n.po.reading import normalized
from verso.i18n.po.syntax import Entry

# The header field in which a file says how many messages it has.
DECLARATION = "X-Verso-Messages"
_DECLARED = re.compile(rf"^{DECLARATION}:[ \t]*(\d{{1,6}})[ \t]*$", re.MULTILINE | re.IGNORECASE)


class Ending(NamedTuple):
    """The last entry of a file by its key and its text, the file's length, and how it ends.

    `size` is in characters; `is_closed` means that the last line has its end, and that no comment
    waits for an entry below it.
    """

    size: int
    lines: int
    key: str
    text: str
    is_closed: bool


NO_ENDING = Ending(0, 1, "", "", True)


def ending_of(entries: Sequence[Entry], raw: str) -> Ending:
    """How a text ends that was read as these entries; it need not be normalized."""
    text = normalized(raw)
    key, last, rest = "", "", text
    if entries:
        key, last = entries[-1].key, text[entries[-1].start : entries[-1].end].rstrip("\n")
        rest = text[entries[-1].end :]
    has_end = raw.endswith(("\n", "\r"))
    return Ending(len(raw), text.count("\n"), key, last, has_end and not _ends_in_comment(rest))


def declared_messages(entries: Sequence[Entry]) -> int | None:
    """How many messages the header says that the file has; None if it says nothing."""
    header = next((entry for entry in entries if not entry.key), None)
    declared = _DECLARED.search(header.forms[0]) if header else None
    return int(declared[1]) if declared else None


def _ends_in_comment(rest: str) -> bool:
    line = rest.rstrip().rpartition("\n")[2].lstrip()
    return line.startswith("#") and not line.startswith("#~")
