"""A catalog of five thousand messages in many versions, processes that speak from it, ways to save it."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.i18n.files import HEADER, entry
from verso import schema
from verso.db import Database

Save = Callable[[Path, bytes], None]
MESSAGES = 5000


def version(name: str) -> bytes:
    """A catalog every message of which tells its version."""
    entries = (
        entry(f"message {number}", f"{name} Nachricht {number}") for number in range(MESSAGES)
    )
    return "\n".join([HEADER, *entries]).encode()


def in_place_and_slowly(path: Path, data: bytes) -> None:
    with path.open("wb") as stream:
        place = 0
        while place < len(data):
            end = _inside_a_text(data, place + 40_000)
            stream.write(data[place:end])
            stream.flush()
            time.sleep(0.02)
            place = end


def by_renaming(path: Path, data: bytes) -> None:
    new = path.with_suffix(".new")
    new.write_bytes(data)
    new.replace(path)


def with_a_backup(path: Path, data: bytes) -> None:
    path.replace(path.with_suffix(".po~"))
    time.sleep(0.05)
    path.write_bytes(data)


def truncated_and_then_whole(path: Path, data: bytes) -> None:
    path.write_bytes(data[: _inside_a_text(data, random.randrange(len(data)))])
    time.sleep(0.1)
    path.write_bytes(data)


def _inside_a_text(data: bytes, place: int) -> int:
    """The next place within a text, where no piece of a catalog looks whole; or its end."""
    found = data.find(b"Nachricht", place)
    return len(data) if found < 0 else found + 4


SAVING: tuple[Save, ...] = (
    in_place_and_slowly,
    by_renaming,
    with_a_backup,
    truncated_and_then_whole,
)


def instance(folder: Path) -> Path:
    """An instance whose German is version `v0`; the path of its catalog."""
    path = folder / "translations" / "de" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_bytes(version("v0"))
    database = Database(f"sqlite:///{folder / 'verso.db'}")
    schema.upgrade(database)
    database.close()
    return path


class Speakers:
    """Processes that read pages without pause, until each has read so many."""

    def __init__(self, processes: list[subprocess.Popen[str]]) -> None:
        self._processes = processes

    def told(self) -> list[dict[str, Any]]:
        """What each of them saw, when all have read their pages."""
        return [json.loads(process.communicate(timeout=500)[0]) for process in self._processes]


@contextmanager
def speakers(folder: Path, processes: int, requests: int, pause: float) -> Iterator[Speakers]:
    """So many processes of eight threads; each thread pauses so many seconds between its requests."""
    with ExitStack() as stack:
        ready = [stack.enter_context(_speaker(folder, requests, pause)) for _ in range(processes)]
        for process in ready:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        yield Speakers(ready)


@contextmanager
def _speaker(folder: Path, requests: int, pause: float) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.i18n.speaker", str(folder), str(requests), str(pause)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()
