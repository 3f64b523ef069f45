"""The messages of a locale and what was noticed about them, as lists that people look through."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain

from verso.i18n.checks.findings import Finding, Level
from verso.i18n.overview import FileView, Overview
from verso.i18n.po.syntax import key_of
from verso.i18n.standing import Stand, Standing
from verso.i18n.template import Original
from verso.i18n.written import written

DOUBTFUL = "doubtful"
# What a list can be narrowed to.
STATES = (Stand.MISSING, Stand.FUZZY, Stand.REFUSED, DOUBTFUL)
_BY_LEVEL = list(Level)


@dataclass(frozen=True, slots=True)
class Listed:
    """A message with its translation, and everything noticed about it."""

    original: Original
    standing: Standing
    place: str
    findings: tuple[Finding, ...]

    @property
    def anchor(self) -> str:
        return anchor_of(self.original.key)

    @property
    def forms(self) -> tuple[str, ...]:
        """The translation as the file has it, whether it is shown or not."""
        entry = self.standing.entry
        return tuple(form for form in entry.entry.forms if form) if entry else ()

    @property
    def is_doubtful(self) -> bool:
        return any(finding.level is not Level.ERROR for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to list: words in any of its texts, a state of STATES, an area; empty means any."""

    words: str = ""
    state: str = ""
    area: str = ""

    def takes(self, message: Listed) -> bool:
        is_state = self.state in ("", message.standing.stand)
        if self.state == DOUBTFUL:
            is_state = message.is_doubtful
        is_area = not self.area or self.area in message.original.areas
        return is_state and is_area and self._has_words(message)

    def _has_words(self, message: Listed) -> bool:
        original = message.original
        texts = (original.msgid, original.plural or "", original.context or "", *message.forms)
        return not self.words or any(self.words.casefold() in text.casefold() for text in texts)


@dataclass(frozen=True, slots=True)
class Noticed:
    """A finding in a file, and the translation that it is about."""

    finding: Finding
    file: FileView
    forms: tuple[str, ...]
    is_kept: bool

    @property
    def place(self) -> str:
        return f"{self.file.name}:{self.finding.line}:{self.finding.column}"


def anchor_of(key: str) -> str:
    """The name of a message within a page, and in a link to it."""
    return "m-" + blake2b(key.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def messages_of(overview: Overview, locale: str) -> list[Listed]:
    """Every message of the code in a locale, in the template's order."""
    standings, findings = overview.standings(locale), _by_key(overview.files(locale))
    listed = []
    for key, original in overview.template.originals().items():
        standing = standings.of(key)
        about = tuple(findings.get(key, ()))
        listed.append(Listed(original, standing, overview.place_of(standing), about))
    return listed


def noticed_in(files: Iterable[FileView]) -> list[Noticed]:
    """What was noticed in files: errors first, then by file and line."""
    found = [one for file in files for one in _noticed(file)]
    return sorted(found, key=lambda one: _BY_LEVEL.index(one.finding.level))


def _by_key(files: Iterable[FileView]) -> Mapping[str, list[Finding]]:
    found: dict[str, list[Finding]] = defaultdict(list)
    for file in files:
        for finding in chain(file.findings, file.doubts):
            if finding.msgid is not None:
                found[key_of(finding.context, finding.msgid)].append(finding)
    return found


def _noticed(file: FileView) -> Iterator[Noticed]:
    entries = written(file.file.path, file.locale).entries
    for finding in sorted(chain(file.findings, file.doubts), key=lambda one: one.line):
        key = "" if finding.msgid is None else key_of(finding.context, finding.msgid)
        entry = entries.get(key) if key else None
        forms = tuple(form for form in entry.entry.forms if form) if entry else ()
        yield Noticed(finding, file, forms, key in file.state.kept)
