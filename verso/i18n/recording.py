"""A catalog that remembers what it was asked for, and where in the code or in which template."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from verso.i18n.catalogs import Catalog
from verso.i18n.messages import Message

PACKAGE = Path(__file__).parents[1]
_OURS = str(PACKAGE)
_I18N = str(Path(__file__).parent)


class Lookup(NamedTuple):
    """One question for a message: its key, what was found, and `file:line` of who asked."""

    key: str
    found: Message | None
    place: str


class RecordingCatalog(Catalog):
    """A catalog for one request, which lists the lookups in their order."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.lookups: list[Lookup] = []
        super().__init__(catalog.locale, _Recorded(catalog.messages, self.lookups))


class _Recorded(Mapping[str, Message]):
    """The messages of a catalog; only `get`, with which words are spoken, is remembered."""

    def __init__(self, messages: Mapping[str, Message], lookups: list[Lookup]) -> None:
        self._messages = messages
        self._lookups = lookups

    def __getitem__(self, key: str) -> Message:
        return self._messages[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._messages)

    def __len__(self) -> int:
        return len(self._messages)

    def get(self, key: str, default: Any = None, /) -> Any:
        found = self._messages.get(key)
        self._lookups.append(Lookup(key, found, _asking(sys._getframe(1))))
        return default if found is None else found


def _asking(frame: FrameType | None) -> str:
    """Where a lookup comes from: the nearest template or module of ours that only asks."""
    while frame is not None:
        template = frame.f_globals.get("__jinja_template__")
        if template is not None:
            name = template.filename or template.name or "?"
            return f"{_shown(name)}:{template.get_corresponding_lineno(frame.f_lineno)}"
        file = frame.f_code.co_filename
        if file.startswith(_OURS) and not file.startswith(_I18N):
            return f"{_shown(file)}:{frame.f_lineno}"
        frame = frame.f_back
    return ""


def _shown(name: str) -> str:
    """A file as `verso/templates/base.html`; of another package or a loader without files its name."""
    path = Path(name)
    return (
        path.relative_to(PACKAGE.parent).as_posix() if path.is_relative_to(PACKAGE.parent) else name
    )
