"""The template `messages.pot`: every message of the code, the files that use it, and their areas."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NewType

from verso.i18n.po.decoding import decode
from verso.i18n.po.reading import normalized, read
from verso.i18n.po.syntax import key_of
from verso.sections import Section

# A part of the product, as translators think of it: a section, or one of those below.
Area = NewType("Area", str)
EVERYWHERE, ERRORS = Area("everywhere"), Area("errors")
MAILS, COMMANDS = Area("mails"), Area("commands")
ADMIN = Area(Section.ADMIN.value)
AREAS = (EVERYWHERE, *(Area(section.value) for section in Section), ERRORS, MAILS, COMMANDS)
# By the beginning of a file's path in the package; the first that fits counts.
_OF_CORE: tuple[tuple[str, tuple[Area, ...]], ...] = (
    ("errors/letters.py", (MAILS,)),
    ("mailer.py", (MAILS,)),
    ("errors/", (ERRORS,)),
    ("cli/", (COMMANDS,)),
    ("content/", (ADMIN, COMMANDS)),
    ("i18n/", (ADMIN, COMMANDS)),
    ("translating.py", (ADMIN,)),
    ("templates/translating/", (ADMIN,)),
)
_REFERENCES = re.compile(r"^#: (.*)", re.MULTILINE)
_LINE_NUMBER = re.compile(r":\d+$")
Signature = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Original:
    """A message as the code says it, the files that use it, and the areas of the product."""

    context: str | None
    msgid: str
    plural: str | None = None
    files: tuple[str, ...] = ()
    areas: tuple[Area, ...] = (EVERYWHERE,)

    @property
    def key(self) -> str:
        return key_of(self.context, self.msgid)


class Template:
    """The file, read when it is first asked for and again when it has changed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known: tuple[Signature, Mapping[str, Original]] | None = None

    def originals(self) -> Mapping[str, Original]:
        """Every message of the code by its key, in the template's order; OSError without the file."""
        found = self.path.stat()
        signature = (found.st_mtime_ns, found.st_size, found.st_ino)
        known = self._known
        if known is None or known[0] != signature:
            text = normalized(decode(self.path.read_bytes()).text)
            known = self._known = (signature, {one.key: one for one in _originals(text)})
        return known[1]


def areas_of(files: tuple[str, ...]) -> tuple[Area, ...]:
    """The areas of the product that some files of the package belong to, in the order of AREAS."""
    found = {area for file in files for area in _areas_of(file.partition("/")[2])}
    return tuple(area for area in AREAS if area in found) or (EVERYWHERE,)


def _areas_of(path: str) -> tuple[Area, ...]:
    for beginning, areas in _OF_CORE:
        if path.startswith(beginning):
            return areas
    section, _, rest = path.removeprefix("templates/").partition("/")
    return (Area(section),) if rest and section in list(Section) else (EVERYWHERE,)


def _originals(text: str) -> Iterator[Original]:
    end = 0
    for entry in read(text).entries:
        comments, end = text[end : entry.start], entry.end
        if entry.msgid:
            lines = " ".join(_REFERENCES.findall(comments)).split()
            files = tuple(dict.fromkeys(_LINE_NUMBER.sub("", line) for line in lines))
            yield Original(entry.context, entry.msgid, entry.plural, files, areas_of(files))
