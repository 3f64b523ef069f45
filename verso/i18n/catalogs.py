"""Catalogs: the `.po` files of a locale, read once and merged along its fallback chain."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

from babel import Locale

from verso.config import canonical_locale
from verso.i18n import po
from verso.i18n.negotiation import likely

SOURCE_LOCALE = "en"
PLURAL_CATEGORIES = ("zero", "one", "two", "few", "many", "other")
Key = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class Message:
    """The forms of one translated message and the plural rule that chooses among them."""

    forms: tuple[str, ...]
    choose: Callable[[int], int]

    def form(self, number: int) -> str:
        return self.forms[min(self.choose(number), len(self.forms) - 1)]


Catalog = Mapping[Key, Message]


class Catalogs:
    """All catalogs of an application; a later folder overlays an earlier one, entry by entry."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)
        self._loaded: dict[str, Catalog] = {}
        self._lock = Lock()

    def locales(self) -> tuple[str, ...]:
        """The source locale and every locale that has a catalog, sorted."""
        found = {SOURCE_LOCALE}
        for folder in self._folders:
            for file in folder.glob("*/LC_MESSAGES/messages.po"):
                try:
                    found.add(canonical_locale(file.parts[-3]))
                except ValueError:
                    continue
        return (SOURCE_LOCALE, *sorted(found - {SOURCE_LOCALE}))

    def get(self, locale: str) -> Catalog:
        """The catalog of a locale; empty for the source."""
        catalog = self._loaded.get(locale)
        if catalog is None:
            with self._lock:
                catalog = self._loaded.setdefault(locale, self._load(locale))
        return catalog

    def _load(self, locale: str) -> Catalog:
        merged: dict[Key, Message] = {}
        for name in reversed(fallback_chain(locale)):
            for folder in self._folders:
                for file in _files(folder, name):
                    merged.update(read_catalog(file, name))
        return merged


def fallback_chain(locale: str) -> list[str]:
    """A locale and what it falls back to, never across scripts: `pt-BR` -> `pt`."""
    parts = locale.split("-")
    chain = ["-".join(parts[:end]) for end in range(len(parts), 0, -1)]
    return [name for name in chain if name == locale or not _changes_script(locale, name)]


def read_catalog(file: Path, locale: str) -> dict[Key, Message]:
    """The translated messages of one file; its own Plural-Forms header is not believed."""
    choose = plural_rule(locale)
    entries = po.read(file.read_text("utf-8", errors="replace"))
    return {
        (entry.context, entry.msgid): Message(
            tuple(entry.forms[key] for key in sorted(entry.forms)), choose
        )
        for entry in entries
        if entry.is_translated
    }


@cache
def plural_rule(locale: str) -> Callable[[int], int]:
    """CLDR's rule of a locale: a whole number to the index of its form, as gettext orders them.

    Categories that only fractions or millions reach have no form of their own in `.po` files.
    """
    category_of = Locale.parse(locale, sep="-").plural_form
    reached = {category_of(number) for number in range(201)}
    order = [name for name in PLURAL_CATEGORIES if name in reached]

    def choose(number: int) -> int:
        category = category_of(abs(number))
        return order.index(category) if category in order else len(order) - 1

    return choose


def _files(folder: Path, locale: str) -> list[Path]:
    names = dict.fromkeys((locale.replace("-", "_"), locale))
    files = (folder / name / "LC_MESSAGES" / "messages.po" for name in names)
    return [file for file in files if file.is_file()]


def _changes_script(locale: str, shorter: str) -> bool:
    one, other = likely(locale), likely(shorter)
    return one is not None and other is not None and one.script != other.script
