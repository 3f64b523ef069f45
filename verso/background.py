"""Work that no request waits for: a job that runs in a thread of its own soon after it was asked for."""

import os
import sys
import time
import traceback
import weakref
from collections.abc import Callable
from threading import Condition, Thread

from verso.runtime.ending import THREADS, at_end
from verso.runtime.patience import BACKGROUND, having

# Seconds: between being asked and the work, so that what comes together is done together; and between
# attempts after a failure, doubling.
GATHERING = 0.1
FIRST_RETRY = 1.0
LAST_RETRY = 8.0
AT_EXIT = 2.0
LOG = "log"
# Who ends later hears from those before: the inbox tells the mail what is new, and all of them log.
_ENDING = {"mail": 1, LOG: 2}


class Worker:
    """Runs `job` after `wake`; it returns False when something is left, which is then tried again.

    The thread is started when it is first needed, in each process: a fork leaves threads behind.
    What it raises is shown and counts as a failure. `every` also runs it so many seconds after it last ran.
    """

    def __init__(self, name: str, job: Callable[[], bool], *, every: float | None = None) -> None:
        self.name = name
        self._job = job
        self._every = every
        self._reset()
        _workers.add(self)

    def _reset(self) -> None:
        self._changed = Condition()
        self._process = 0
        self._thread: Thread | None = None
        self._wanted = 0
        self._done = 0
        self._hurried = False
        self._stopping = False

    def wake(self) -> None:
        """Ask for the job; it costs the caller a lock and returns at once."""
        if self._process != os.getpid():
            self._start()
        with self._changed:
            self._wanted += 1
            self._changed.notify_all()

    def flush(self, timeout: float = 5.0) -> bool:
        """Ask for the job at once and wait until it has run; whether it has, within so many seconds."""
        self.wake()
        with self._changed:
            target, self._hurried = self._wanted, True
            self._changed.notify_all()
            return self._changed.wait_for(lambda: self._done >= target, timeout)

    def close(self, timeout: float = AT_EXIT) -> None:
        """Run the job a last time if it is wanted, and end the thread; `wake` starts it anew."""
        thread = self._thread
        if thread is None or self._process != os.getpid():
            return
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        thread.join(timeout)
        self._reset()

    def _start(self) -> None:
        if self._process:
            # The lock came through a fork, perhaps held by a thread that did not.
            self._reset()
        with self._changed:
            if self._thread is None:
                self._process = os.getpid()
                self._thread = Thread(target=self._run, name=f"verso-{self.name}", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        changed, pause = self._changed, FIRST_RETRY
        deadline: float | None = None
        while True:
            with changed:
                changed.wait_for(
                    lambda: self._stopping or self._wanted > self._done, _until(deadline)
                )
                if self._stopping and self._wanted == self._done:
                    return
                changed.wait_for(lambda: self._stopping or self._hurried, GATHERING)
                stopping, wanted, self._hurried = self._stopping, self._wanted, False
            finished = self._run_job()
            pause = FIRST_RETRY if finished else min(pause * 2, LAST_RETRY)
            wait = self._every if finished else pause / 2
            deadline = None if wait is None else time.monotonic() + wait
            with changed:
                self._done = wanted
                changed.notify_all()
                if stopping:
                    return

    def _run_job(self) -> bool:
        try:
            with having(BACKGROUND):
                return self._job()
        except Exception:  # A thread that ends would take all later work with it.
            if sys.__stderr__ is not None:
                traceback.print_exc(file=sys.__stderr__)
            return False


def _until(deadline: float | None) -> float | None:
    return None if deadline is None else max(0.0, deadline - time.monotonic())


_workers: "weakref.WeakSet[Worker]" = weakref.WeakSet()


def _finish() -> None:
    """What was reported last is not lost with the process, if it can be kept within the time."""
    for worker in sorted(_workers, key=lambda worker: _ENDING.get(worker.name, 0)):
        worker.close()


at_end(THREADS, _finish)
