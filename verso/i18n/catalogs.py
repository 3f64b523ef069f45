"""Catalogs: the live `.po` files of a locale, merged along its fallback chain into one snapshot."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path
from threading import Lock
from time import monotonic

from verso.i18n.acceptance import State, Verdict, judge
from verso.i18n.contents import Contents
from verso.i18n.last_good import LastGood
from verso.i18n.messages import SOURCE_LOCALE, Message
from verso.i18n.negotiation import likely
from verso.i18n.watched import GONE, WatchedFile, was_there_just_now
from verso.values import canonical_locale

# Seconds: files are looked at when a request asks for their language, and at most this often;
# one that is being saved more often.
POLL_EVERY = 0.2
POLL_CHANGING = 0.05
# Where a folder may have its file: as gettext's tools lay it out, or without the middle folder.
PLACES = ("LC_MESSAGES/messages.po", "messages.po")


class Catalog:
    """All messages of a locale at one moment: it never changes, so that a page is of one piece."""

    def __init__(self, locale: str, messages: Mapping[str, Message]) -> None:
        self.locale = locale
        self.messages = messages

    @cached_property
    def version(self) -> str:
        """A digest of every message: equal in all processes that serve the same translations."""
        digest = hashlib.blake2b(self.locale.encode(), digest_size=8)
        for key in sorted(self.messages):
            forms = "\x1f".join(self.messages[key].forms)
            digest.update(f"{key}\x1e{forms}\x1d".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


@dataclass(slots=True)
class _Live:
    """The latest catalog of a locale, the file states that it was made of, and when they were looked at."""

    catalog: Catalog | None = None
    states: tuple[State | None, ...] = ()
    polled_at: float = 0.0
    files: list[WatchedFile] = field(default_factory=list)


class Catalogs:
    """All catalogs of an application; a later folder overlays an earlier one, message by message.

    `memory` is the folder where the last good state of each file outlives the process; the catalogs
    in the folder of `template` have the messages of that file and no others.
    """

    def __init__(self, folders: Sequence[Path], memory: Path, template: Path | None = None) -> None:
        self.folders = tuple(folders)
        self._template = template
        self.last_good = LastGood(memory)
        self._files: dict[Path, WatchedFile] = {}
        self._live: dict[str, _Live] = {}
        self._locales: tuple[str, ...] = ()
        self._looked_at = 0.0
        # The locales that had a file at the last look, and when those without were first missed.
        self._present: frozenset[str] | None = None
        self._missed_at: dict[str, float] = {}
        self._lock = Lock()

    def locales(self) -> tuple[str, ...]:
        """The source locale and every locale that has a catalog, sorted; looked for again by and by."""
        now = monotonic()
        if not self._locales or now - self._looked_at > POLL_EVERY:
            self._locales, self._looked_at = self._find_locales(), now
        return self._locales

    def get(self, locale: str) -> Catalog:
        """The catalog of a locale as it is now. One thread reads new files, the others have the old."""
        live = self._live.get(locale)
        if live is not None and live.catalog is not None:
            if monotonic() - live.polled_at < POLL_EVERY or not self._lock.acquire(blocking=False):
                return live.catalog
        else:
            self._lock.acquire()
        try:
            return self._refreshed(locale)
        finally:
            self._lock.release()

    def files(self, locale: str) -> list[WatchedFile]:
        """The files that make the catalog of a locale, the most general first, those that are there."""
        self.get(locale)
        return [file for file in self._live[locale].files if file.state is not None]

    def judge(self, path: Path, contents: Contents) -> Verdict:
        """How the contents of a file compare with what all processes of the site serve of it."""
        path = path.absolute()
        return judge(contents, self.last_good.load(path), self._template_of(path))

    def _template_of(self, path: Path) -> Path | None:
        """The template that a catalog follows; a site's own has messages that no template knows."""
        template = self._template
        return template if template and path.is_relative_to(template.parent) else None

    def _refreshed(self, locale: str) -> Catalog:
        live = self._live.get(locale)
        if live is None:
            live = self._live[locale] = _Live(files=list(self._files_of(locale)))
        live.polled_at = monotonic()
        for file in live.files:
            file.poll()
        if any(file.is_changing for file in live.files):
            live.polled_at -= POLL_EVERY - POLL_CHANGING
        states = tuple(file.state for file in live.files)
        if live.catalog is None or any(
            new is not old for new, old in zip(states, live.states, strict=True)
        ):
            live.states, live.catalog = states, Catalog(locale, _merged(states))
        return live.catalog

    def look_soon(self) -> None:
        """Have the next request look at its files, whenever the last one did."""
        for live in list(self._live.values()):
            live.polled_at = 0.0

    def _files_of(self, locale: str) -> Iterable[WatchedFile]:
        for name in reversed(fallback_chain(locale)):
            for folder in self.folders:
                for path in candidates(folder, name):
                    known = self._files.get(path)
                    if known is None:
                        template = self._template_of(path)
                        known = WatchedFile(path, name, self.last_good, self.look_soon, template)
                        self._files[path] = known
                    yield known

    def _find_locales(self) -> tuple[str, ...]:
        now = monotonic()
        present = frozenset(chain.from_iterable(map(locales_in, self.folders)))
        before = self._present if self._present is not None else self._locales_just_gone()
        # A locale without a file is missed for a while before it is let go, counted from the first
        # look that missed it: a program that saves may take its file away for a moment.
        missed = {*before, *self._missed_at} - present
        since = {locale: self._missed_at.get(locale, now) for locale in missed}
        self._missed_at = {
            locale: at
            for locale, at in since.items()
            if now - at < GONE or self._left_just_now(locale)
        }
        self._present = present
        return (SOURCE_LOCALE, *sorted({*present, *self._missed_at} - {SOURCE_LOCALE}))

    def _left_just_now(self, locale: str) -> bool:
        """Whether a file of a locale was removed a moment ago, however long ago it was missed first."""
        paths = chain.from_iterable(candidates(folder, locale) for folder in self.folders)
        return any(map(was_there_just_now, paths))

    def _locales_just_gone(self) -> set[str]:
        """The locales whose file another process served a moment ago: it may be being saved."""
        return {
            locale
            for file in self.last_good.files()
            for folder in self.folders
            if file.is_relative_to(folder) and was_there_just_now(file)
            if (locale := _locale_of(file.relative_to(folder).parts[0])) is not None
        }


def locales_in(folder: Path) -> set[str]:
    """The locales that have a catalog in a folder of translations."""
    found: set[str] = set()
    try:
        names = [entry.name for entry in folder.iterdir()]
    except OSError:
        return found
    for name in names:
        locale = _locale_of(name)
        if locale is not None and locale not in found and _has_file(folder / name):
            found.add(locale)
    return found


def _locale_of(name: str) -> str | None:
    """The locale that the name of a folder means, such as `pt_BR` or `pt-BR`."""
    try:
        locale = canonical_locale(name)
    except ValueError:
        return None
    return locale if name.replace("_", "-") == locale else None


def _has_file(folder: Path) -> bool:
    """Whether a locale's folder has a catalog; one that cannot be looked into may well have."""
    try:
        return any((folder / place).is_file() for place in PLACES)
    except OSError:
        return True


def candidates(folder: Path, locale: str) -> list[Path]:
    """Where a locale's file may be in a folder of translations: `pt_BR` and `pt-BR` mean the same."""
    names = dict.fromkeys((locale.replace("-", "_"), locale))
    return [folder / name / place for name in names for place in PLACES]


def fallback_chain(locale: str) -> list[str]:
    """A locale and what it falls back to, never across scripts: `pt-BR` -> `pt` -> the source."""
    parts = locale.split("-")
    tag, plain = likely(locale), likely(parts[0])
    if tag and plain and tag.script != plain.script and tag.script not in parts:
        # What Taiwan writes is in the folder of its script: `zh-TW` -> `zh-Hant`.
        return [locale, f"{parts[0]}-{tag.script}", SOURCE_LOCALE]
    chain = ["-".join(parts[:end]) for end in range(len(parts), 0, -1)]
    kept = [name for name in chain if name == locale or not _changes_script(locale, name)]
    return list(dict.fromkeys((*kept, SOURCE_LOCALE)))


def _merged(states: Sequence[State | None]) -> Mapping[str, Message]:
    """The messages of all files, later ones first; of a single file they are not copied."""
    present = [state.contents.messages for state in states if state is not None]
    if len(present) == 1:
        return present[0]
    merged: dict[str, Message] = {}
    for messages in present:
        merged.update(messages)
    return merged


def _changes_script(locale: str, shorter: str) -> bool:
    one, other = likely(locale), likely(shorter)
    return one is not None and other is not None and one.script != other.script
