"""What the streams of the API share: how many there may be at once, and their headers."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from flask import Flask, Response, current_app

from verso.errors.problem import Problem

# Streams of one process; `verso serve` has four times as many threads.
SLOTS = 16
# Seconds after which a reader who found no slot may ask again.
RETRY_AFTER = 10


class Slots:
    """A bounded number of places; each open stream holds one, a reader who does not read included."""

    def __init__(self, number: int) -> None:
        self._free = BoundedSemaphore(number)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold a place inside a generator, which is closed whatever becomes of its reader.

        Raises the problem service-unavailable when there is none.
        """
        if not self._free.acquire(blocking=False):
            raise Problem("too-many-streams", headers={"Retry-After": str(RETRY_AFTER)})
        try:
            yield
        finally:
            self._free.release()


def init_app(app: Flask) -> None:
    app.extensions["verso.slots"] = Slots(SLOTS)


def get_slots() -> Slots:
    """The slots of the current application."""
    slots: Slots = current_app.extensions["verso.slots"]
    return slots


def stream(chunks: Iterator[bytes], content_type: str) -> Response:
    """A stream that no cache keeps and no proxy holds back; it takes its slot when it begins."""
    response = Response(chunks, content_type=content_type)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
