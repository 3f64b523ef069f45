"""Garbage collection in a thread of its own, for served processes on CPython before 3.12.

Up to 3.11 a collection begins inside any allocation of any thread (python/cpython#97922) and calls
the callbacks of weak references there, while that thread is in the middle of changing an object.
SQLAlchemy keeps such callbacks for every row that it loads: eight readers crash the interpreter
within seconds. In a thread of its own a collection begins between two bytecodes, as from 3.12 on.
"""

import gc
import os
import sys
import time
from threading import Event, RLock, Thread

# Seconds between two looks; in between cycles wait, about as many as a few pages leave.
INTERVAL = 0.02
# A full collection looks at everything that lives: it may take at most this part of the time.
FULL_SHARE = 0.02
THREAD_NAME = "verso-collector"


class Collector:
    """Collects when the counts of the generations exceed their thresholds, as the interpreter would.

    `start` switches automatic collection off, in forks of the process too; `stop` brings it back.
    """

    def __init__(self, interval: float = INTERVAL) -> None:
        self._interval = interval
        self._stopped = Event()
        self._thread: Thread | None = None
        self._full_from = 0.0
        # A fork in the middle of a collection would leave a child that never collects.
        self._collecting = RLock()
        os.register_at_fork(
            before=lambda: self._collecting.acquire(),
            after_in_parent=lambda: self._collecting.release(),
            after_in_child=self._restart,
        )

    def start(self) -> None:
        """Take over from automatic collection; calling it again changes nothing."""
        if self._thread is not None:
            return
        gc.disable()
        self._stopped = Event()
        self._thread = Thread(target=self._run, name=THREAD_NAME, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and switch automatic collection on again."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._stopped.set()
            thread.join()
            gc.enable()

    def _restart(self) -> None:
        """A fork has no thread but the one that forked: without this it would never collect."""
        self._collecting = RLock()
        if self._thread is not None:
            self._thread = None
            self.start()

    def _run(self) -> None:
        while not self._stopped.wait(self._interval):
            if (generation := self._due()) is not None:
                began = time.monotonic()
                with self._collecting:
                    gc.collect(generation)
                if generation == 2:
                    now = time.monotonic()
                    self._full_from = now + (now - began) / FULL_SHARE

    def _due(self) -> int | None:
        """The oldest generation whose count is over its threshold; the full one not too often."""
        for generation, (count, threshold) in reversed(
            list(enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)))
        ):
            is_early = generation == 2 and time.monotonic() < self._full_from
            if count > threshold and not is_early:
                return generation
        return None


_collector = Collector()


def is_needed() -> bool:
    """Whether this interpreter collects inside allocations."""
    return sys.version_info < (3, 12)


def start() -> None:
    """Collect in a thread of its own from now on, where this interpreter needs it."""
    if is_needed():
        _collector.start()
