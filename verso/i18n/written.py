"""What a `.po` file says on disk, entry by entry and with lines: for people, never for pages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from verso.i18n.catalogs import Catalogs
from verso.i18n.checks.findings import Finding
from verso.i18n.checks.places import advice
from verso.i18n.contents import MAX_BYTES, read_contents, unusable
from verso.i18n.po.decoding import NotText, decode
from verso.i18n.po.reading import normalized, read
from verso.i18n.po.syntax import Entry
from verso.values import is_pseudo


class Written(NamedTuple):
    """An entry, and the line on which its first keyword stands."""

    entry: Entry
    line: int

    @property
    def is_fuzzy(self) -> bool:
        """Whether a translation is there that nobody has confirmed."""
        return "fuzzy" in self.entry.flags and any(self.entry.forms)


@dataclass(frozen=True)
class WrittenFile:
    """The entries of one version of a file."""

    locale: str
    text: str
    all_entries: Sequence[Entry]

    @cached_property
    def entries(self) -> Mapping[str, Written]:
        """By the key of a message; of two entries for one message the first counts."""
        found: dict[str, Written] = {}
        for one in self._with_lines():
            found.setdefault(one.entry.key, one)
        return found

    @cached_property
    def doubts(self) -> tuple[Finding, ...]:
        """The advice about it; nobody needs any about what a program made up."""
        return () if is_pseudo(self.locale) else tuple(advice(self.all_entries, self.text))

    def _with_lines(self) -> Iterator[Written]:
        line, at = 1, 0
        for entry in self.all_entries:
            line += self.text.count("\n", at, entry.start)
            at = entry.start
            yield Written(entry, line)


def written(path: Path, locale: str) -> WrittenFile:
    """A file as it is now; one that cannot be read says nothing here, its findings tell why."""
    try:
        found = path.stat()
    except OSError:
        return _NOTHING
    return _written(path, locale, found.st_mtime_ns, found.st_size)


def findings_in(path: Path, locale: str, catalogs: Catalogs | None = None) -> list[Finding]:
    """Everything to be said about a file as it is now, in the order of its lines.

    With the catalogs of a site also what the file lacks of the messages that the site serves.
    """
    try:
        contents = read_contents(path.read_bytes(), locale)
    except OSError as error:
        contents = unusable("unreadable", why=error.strerror or type(error).__name__)
    findings = [*contents.findings, *written(path, locale).doubts]
    if catalogs is not None and (loss := catalogs.judge(path, contents).finding):
        findings.append(loss)
    return sorted(findings, key=lambda finding: (finding.line, finding.column, finding.code))


@lru_cache(maxsize=128)
def _written(path: Path, locale: str, mtime_ns: int, size: int) -> WrittenFile:
    if size > MAX_BYTES:
        return _NOTHING
    try:
        text = normalized(decode(path.read_bytes()).text)
    except (OSError, NotText):
        return _NOTHING
    return WrittenFile(locale, text, read(text).entries)


_NOTHING = WrittenFile("", "", ())
