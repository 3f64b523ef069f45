"""A process that writes to a database as a site does, one word a line; it says what became of each."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from verso.db import Database
from verso.models import Tag

SAVED = "saved"
COUNT = "?"


class Writer:
    """Another process on the same database, which is asked over its standard input."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def write(self, slug: str) -> str:
        """SAVED, or why not."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(slug + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def count(self) -> int:
        """How many rows this process sees."""
        return int(self.write(COUNT))


@contextmanager
def writer(url: str) -> Iterator[Writer]:
    """Start one; in the end it stops as a site does."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.support.writer", url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Writer(process)


def main(url: str) -> None:
    database = Database(url)
    for line in sys.stdin:
        try:
            answer = _do(database, line.strip())
        except SQLAlchemyError as error:
            answer = str(getattr(error, "orig", error))
        print(answer.replace("\n", " "), flush=True)


def _do(database: Database, word: str) -> str:
    if word == COUNT:
        with database.reader() as session:
            return str(session.scalar(select(func.count()).select_from(Tag)))
    with database.writing() as session:
        session.add(Tag(slug=word))
    return SAVED


if __name__ == "__main__":
    main(sys.argv[1])
