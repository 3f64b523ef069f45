"""The overview: how complete each language is, in all and by area, and what its files say."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from verso.i18n.acceptance import State
from verso.i18n.catalogs import Catalog, Catalogs
from verso.i18n.checks.findings import Finding
from verso.i18n.standing import Stand, Standing, Standings, refused_in
from verso.i18n.template import Area, Template
from verso.i18n.watched import WatchedFile
from verso.i18n.written import written
from verso.values import is_pseudo


@dataclass(frozen=True, slots=True)
class Counts:
    """How many messages stand where; `kept` of the refused are shown in their last good state."""

    done: int = 0
    fuzzy: int = 0
    missing: int = 0
    refused: int = 0
    kept: int = 0

    @property
    def total(self) -> int:
        return self.done + self.fuzzy + self.missing + self.refused

    @property
    def percent(self) -> int:
        """What of it is done, rounded down: only a complete language has 100."""
        return 100 * self.done // self.total if self.total else 100


@dataclass(frozen=True, slots=True)
class Coverage:
    """A locale, whether the site offers it, and what of the code's messages it has."""

    locale: str
    is_offered: bool
    counts: Counts
    areas: Mapping[Area, Counts]

    @property
    def is_pseudo(self) -> bool:
        return is_pseudo(self.locale)


@dataclass(frozen=True, slots=True)
class FileView:
    """One `.po` file as it is served now; `name` is its path from the package's or instance's folder."""

    file: WatchedFile
    state: State
    name: str

    @property
    def locale(self) -> str:
        return self.file.locale

    @property
    def version(self) -> str:
        """A digest of what it serves: equal in all processes with the same translations."""
        return Catalog(self.locale, self.state.contents.messages).version

    @property
    def loaded_at(self) -> datetime:
        return self.state.loaded_at

    @property
    def size(self) -> int:
        """Bytes on disk now; 0 for a file that is gone."""
        return self.file.path.stat().st_size if self.file.path.is_file() else 0

    @property
    def messages(self) -> int:
        """How many it serves, those included that are kept from an earlier version."""
        return len(self.state.contents.messages)

    @property
    def refused(self) -> int:
        return len(refused_in(self.state))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the version that was loaded last."""
        return self.state.contents.findings

    @property
    def doubts(self) -> tuple[Finding, ...]:
        """The advice about it; the file is read again for that."""
        return written(self.file.path, self.locale).doubts


class Overview:
    """Looks at the live catalogs beside the template; `offered` are the locales of the site."""

    def __init__(self, catalogs: Catalogs, template: Template, offered: Collection[str]) -> None:
        self.template = template
        self._catalogs = catalogs
        self._offered = offered

    def locales(self) -> list[str]:
        """Every locale that has a catalog, the source first and pseudo-locales last."""
        return sorted(self._catalogs.locales(), key=is_pseudo)

    def coverage(self, locale: str) -> Coverage:
        """How complete a locale is; OSError if the template is not there."""
        standings = self.standings(locale)
        tally: Counter[Stand] = Counter()
        by_area: dict[Area, Counter[Stand]] = {}
        kept = 0
        for key, original in self.template.originals().items():
            standing = standings.of(key)
            tally[standing.stand] += 1
            kept += standing.is_kept
            for area in original.areas:
                by_area.setdefault(area, Counter())[standing.stand] += 1
        areas = {area: _counts(counter) for area, counter in by_area.items()}
        return Coverage(locale, locale in self._offered, _counts(tally, kept), areas)

    def standings(self, locale: str) -> Standings:
        """Where the messages of a locale stand now."""
        return Standings(locale, self._catalogs.files(locale))

    def files(self, locale: str) -> list[FileView]:
        """The files that translate into a locale itself, the one that others overlay first."""
        return [
            FileView(file, file.state, self.name_of(file.path))
            for file in self._catalogs.files(locale)
            if file.locale == locale and file.state is not None
        ]

    def name_of(self, path: Path) -> str:
        """A file's path as people know it: `verso/translations/...` or `<instance>/translations/...`."""
        for folder in self._catalogs.folders:
            if path.is_relative_to(folder):
                return path.relative_to(folder.parents[1]).as_posix()
        return str(path)

    def place_of(self, standing: Standing) -> str:
        """`file:line` of a message's entry; nothing where it has none."""
        if standing.file is None:
            return ""
        name = self.name_of(standing.file.path)
        return name if standing.line is None else f"{name}:{standing.line}"

    def path_to_edit(self, locale: str) -> Path:
        """The file of the instance that overlays a locale and survives upgrades; it may not be there yet."""
        folder = self._catalogs.folders[-1]
        known = [file.path for file in self._catalogs.files(locale) if file.locale == locale]
        own = [path for path in known if path.is_relative_to(folder)]
        return own[-1] if own else folder / locale.replace("-", "_") / "messages.po"


def _counts(tally: Mapping[Stand, int], kept: int = 0) -> Counts:
    done, fuzzy, missing, refused = (tally.get(stand, 0) for stand in Stand)
    return Counts(done, fuzzy, missing, refused, kept)
