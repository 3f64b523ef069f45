"""A shipped catalog as a site's own of a new locale, cut off anywhere, and what its workers then serve."""

import random
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from tests.i18n.files import PoFile, live
from verso.app import TRANSLATIONS
from verso.i18n.catalogs import Catalogs

LOCALE = "is"
BLOCK = 4096
_LONG = re.compile(r'^((?:msgid|msgid_plural|msgstr(?:\[\d\])?)) "(.{40,})"$', re.MULTILINE)
_FORM = re.compile(r'^(msgstr(?:\[\d\])? "[^"\\\n]+)"$', re.MULTILINE)


def shipped(locale: str = "de") -> bytes:
    """A complete catalog of a language that has as many plural forms as LOCALE."""
    return (TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po").read_bytes()


def wrapped(data: bytes) -> bytes:
    """A catalog with each long text on several lines, as most tools write it."""

    def lines(found: re.Match[str]) -> str:
        words = re.findall(r"\S+ *", found[2])
        return "\n".join([f'{found[1]} ""', *(f'"{word}"' for word in words)])

    return _LONG.sub(lines, data.decode()).encode()


def edited(data: bytes) -> bytes:
    """A later version of a catalog, in which most translations changed."""
    header, gap, rest = data.decode().partition("\n\n")
    return (header + gap + _FORM.sub(r'\1 (2)"', rest)).encode()


def positions(data: bytes, count: int, seed: int = 1) -> Iterator[int]:
    """Every block, so many random places, and each byte of the last lines."""
    yield from range(BLOCK, len(data), BLOCK)
    chance = random.Random(seed)
    yield from (chance.randrange(1, len(data)) for _ in range(count))


def ends(data: bytes, length: int = 300) -> range:
    """Every place within the last bytes of a file."""
    return range(len(data) - length, len(data))


class Site:
    """An instance with one catalog of its own, and the workers that serve it."""

    def __init__(self, folder: Path, data: bytes) -> None:
        self.folder = folder
        self.file = PoFile(folder / "translations" / LOCALE)
        self.workers: list[Catalogs] = []
        self.write(data)
        self.workers = [self.start(), self.start()]
        self.whole = self.texts(self.workers[0])

    def write(self, data: bytes) -> None:
        self.written_at = datetime.now(UTC)
        self.file.write_bytes(data)
        for worker in self.workers:
            worker.look_soon()

    def start(self) -> Catalogs:
        catalogs = Catalogs([self.folder / "translations"], self.folder / "last-good")
        catalogs.get(LOCALE)
        return catalogs

    def texts(self, worker: Catalogs) -> Mapping[str, tuple[str, ...]]:
        """What a worker serves when it has taken in the present version of the file."""

        def is_taken_in() -> bool:
            (file,) = worker.files(LOCALE)
            is_new = file.state is not None and file.state.loaded_at >= self.written_at
            return is_new and not file.is_changing

        live(is_taken_in, at_most=30)
        return {key: found.forms for key, found in worker.get(LOCALE).messages.items()}

    def remembered(self) -> int:
        """How many messages the last good state on disk has."""
        return len(self.workers[0].last_good.load(self.file.path).entries)

    def faults(self, data: bytes, *versions: Mapping[str, tuple[str, ...]]) -> list[str]:
        """What is wrong when this is the file: each message must be as in one of the versions.

        The first worker sees the file while it runs, and another one starts with it.
        """
        self.write(data)
        running, started = self.texts(self.workers[0]), self.texts(self.start())
        faults = [] if running == started else ["workers disagree"]
        for key in self.whole:
            if running.get(key) not in [version.get(key) for version in versions]:
                faults.append(f"{key!r} is {running.get(key)}")
        if self.remembered() < len(self.whole):
            faults.append(f"{self.remembered()} of {len(self.whole)} messages are remembered")
        return faults
