"""Failures to report in tests: made by raising, so that they have a trace."""

import time
from collections.abc import Callable
from typing import Any

from flask import Flask

from verso.errors.circumstances import Circumstances
from verso.errors.occurrence import Occurrence
from verso.errors.report import Reporter
from verso.errors.scrub import Scrubber

WHERE = Circumstances(section="blog", method="GET", path="/en/blog/x")


class Catching:
    """A sink that keeps what it is handed."""

    name = "catching"

    def __init__(self) -> None:
        self.taken: list[Occurrence] = []

    def take(self, occurrence: Occurrence) -> None:
        self.taken.append(occurrence)

    def close(self) -> None:
        """Nothing to end."""


def broken_post(words: str) -> None:
    raise LookupError(words)


def broken_feed(words: str) -> None:
    raise LookupError(words)


def raised(function: Callable[[str], Any], words: str = "it broke") -> Exception:
    """The exception that a function raises."""
    try:
        function(words)
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def occurrence_of(error: BaseException, where: Circumstances = WHERE) -> Occurrence:
    """What is reported of an exception."""
    sink = Catching()
    Reporter(Scrubber(), [sink]).report(error, where)
    return sink.taken[0]


def flush_inbox(app: Flask) -> None:
    """Wait until the inbox has tried to write what was reported."""
    inbox = next(sink for sink in app.extensions["verso.reporter"].sinks if sink.name == "inbox")
    assert inbox.worker.flush(60)


def wait_for(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait until something holds; fails after so many seconds."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not come true"
        time.sleep(0.02)
