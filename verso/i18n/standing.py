"""Where each message stands in a locale: done, fuzzy, missing or refused, and which file decides it."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from verso.i18n.acceptance import State
from verso.i18n.checks.findings import Level
from verso.i18n.messages import SOURCE_LOCALE
from verso.i18n.po.syntax import key_of
from verso.i18n.watched import WatchedFile
from verso.i18n.written import Written, written
from verso.values import is_pseudo


class Stand(StrEnum):
    """What became of a message in a language; a refused one waits for its translator."""

    DONE = "done"
    FUZZY = "fuzzy"
    MISSING = "missing"
    REFUSED = "refused"


class Standing(NamedTuple):
    """A message in a locale, and its entry where a file has one.

    `is_kept` says that a refused message is shown as it was when it was last good.
    """

    stand: Stand
    file: WatchedFile | None = None
    entry: Written | None = None
    is_kept: bool = False
    line: int | None = None


class Standings:
    """Asks the files of a locale about messages, the most specific file first."""

    def __init__(self, locale: str, files: Iterable[WatchedFile]) -> None:
        # The source needs no translation, and a pseudo-locale is made from it by a program.
        is_complete = locale == SOURCE_LOCALE or is_pseudo(locale)
        self._otherwise = Stand.DONE if is_complete else Stand.MISSING
        own = [file for file in files if locale == SOURCE_LOCALE or file.locale != SOURCE_LOCALE]
        self._views = [
            _View(file, file.state, refused_in(file.state), written(file.path, file.locale).entries)
            for file in reversed(own)
            if file.state is not None
        ]

    def of(self, key: str) -> Standing:
        """Where a message stands; the first file that serves or refuses it decides."""
        waiting: Standing | None = None
        for view in self._views:
            if key in view.refused:
                return view.standing(Stand.REFUSED, key)
            if key in view.state.contents.messages:
                return view.standing(Stand.DONE, key)
            entry = view.entries.get(key)
            if entry is not None and (waiting is None or waiting.stand is not Stand.FUZZY):
                waiting = view.standing(Stand.FUZZY if entry.is_fuzzy else self._otherwise, key)
        return waiting or Standing(self._otherwise)


class _View(NamedTuple):
    """A file, what is served of it, what is not, and what it says on disk."""

    file: WatchedFile
    state: State
    refused: frozenset[str]
    entries: Mapping[str, Written]

    def standing(self, stand: Stand, key: str) -> Standing:
        entry = self.entries.get(key)
        is_kept = stand is Stand.REFUSED and key in self.state.kept
        return Standing(stand, self.file, entry, is_kept, entry.line if entry else self._line(key))

    def _line(self, key: str) -> int | None:
        """Where something keeps an entry from being read at all."""
        for finding in self.state.contents.findings:
            if finding.msgid is not None and key_of(finding.context, finding.msgid) == key:
                return finding.line
        return None


def refused_in(state: State) -> frozenset[str]:
    """The messages that the present version of a file has, or had, but in no form to be served."""
    contents = state.contents
    mistaken = {
        key_of(finding.context, finding.msgid)
        for finding in contents.findings
        if finding.msgid and finding.level is Level.ERROR
    }
    return frozenset((contents.refused | state.kept | mistaken) - contents.entries.keys())
