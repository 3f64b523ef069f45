"""The runner: the thread of a served process that runs jobs as they become due."""

import os
import random
import weakref
from threading import Condition, Event, Thread

import structlog
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from verso.db import Database
from verso.jobs.kinds import Kinds
from verso.jobs.queue import listeners
from verso.jobs.worker import JobWorker
from verso.runtime.ending import JOBS, at_end

# Seconds. A server that loads the application and then forks its workers does so before FIRST_LOOK.
FIRST_LOOK = 3.0
LOOK_EVERY = 5.0
# Between looks while the database is away, doubling up to it.
LONGEST_PAUSE = 60.0
# Of each pause: processes that started together do not look together.
JITTER = 0.25
# How long the end of a process waits for the job that is running.
AT_EXIT = 2.0
THREAD_NAME = "verso-jobs"

log = structlog.get_logger("verso.jobs")


class Runner:
    """Looks for due jobs at intervals, and at once after a commit of its process that added some.

    Only `start` makes it run jobs; a command or a test that enqueues some has no thread.
    """

    def __init__(self, worker: JobWorker) -> None:
        self.worker = worker
        self._is_started = False
        self._reset()
        _runners.add(self)
        listeners.add(self)

    def _reset(self) -> None:
        self._changed = Condition()
        self._thread: Thread | None = None
        self._is_woken = False
        self._has_looked = False
        self._is_forking = False

    def start(self) -> None:
        """Run jobs in a thread of this process from now on; calling it again changes nothing."""
        self._is_started = True
        with self._changed:
            if self._thread is None:
                # A thread that was closed within a long job ends by its own event.
                stopping = self.worker.stopping = Event()
                self._thread = Thread(
                    target=self._run, args=(stopping,), name=THREAD_NAME, daemon=True
                )
                self._thread.start()

    def wake(self) -> None:
        """Look for due jobs now; it costs the caller a lock and returns at once."""
        if not self._is_started:
            return
        with self._changed:
            self._is_woken, self._is_forking = True, False
            self._changed.notify_all()
        self.start()

    def close(self, timeout: float = AT_EXIT) -> None:
        """End the thread: a job in pieces is given back after its piece, another has that many seconds.

        The lease of one that takes longer runs out, and another worker takes it.
        """
        self._is_started = False
        thread = self._thread
        self.worker.stopping.set()
        with self._changed:
            self._changed.notify_all()
        if thread is not None:
            thread.join(timeout)
        self._thread = None

    def forked_in_parent(self) -> None:
        """Leave the jobs to the workers that a server forks once it has loaded the application.

        A thread that looked would open connections to the database, which no fork may inherit.
        """
        if not self._has_looked:
            with self._changed:
                self._is_forking = True
                self._changed.notify_all()

    def forked_in_child(self) -> None:
        """Run jobs in a worker that was forked; a fork of a process that runs jobs itself has none."""
        is_worker = self._is_started and not self._has_looked
        # The lock came through the fork, perhaps held by a thread that did not.
        self._reset()
        self._is_started = False
        if is_worker:
            self.start()

    def _run(self, stopping: Event) -> None:
        pause, is_scheduled, is_failing = FIRST_LOOK, False, False
        while self._waited(pause, stopping):
            try:
                self._run_due(stopping, is_scheduled=is_scheduled)
            except Exception as error:  # A thread that ends would take all later jobs with it.
                if not is_failing:
                    self._tell(error)
                # The database that answers again may be a backup without the recurring jobs.
                is_scheduled, is_failing = False, True
                pause = min(max(pause, LOOK_EVERY) * 2, LONGEST_PAUSE)
                continue
            if is_failing:
                log.warning("jobs are run again")
            pause, is_scheduled, is_failing = LOOK_EVERY, True, False

    def _run_due(self, stopping: Event, *, is_scheduled: bool) -> None:
        if not is_scheduled:
            self.worker.schedule()
        while not stopping.is_set() and self.worker.is_due():
            if self.worker.run_next() is None:
                return

    def _tell(self, error: Exception) -> None:
        """Log that the database is away, and report anything else as a fault."""
        if isinstance(error, SQLAlchemyError):
            reason = str(getattr(error, "orig", error)).partition("\n")[0]
            log.warning("jobs wait for the database", reason=reason)
        else:
            self.worker.report(error)

    def _waited(self, seconds: float, stopping: Event) -> bool:
        """Wait for about this time or to be woken; False when the thread has to end."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_woken or self._is_forking or stopping.is_set(),
                seconds * random.uniform(1 - JITTER, 1 + JITTER),
            )
            self._is_woken = False
            if self._is_forking:
                self._thread = None
            self._has_looked = not self._is_forking
            return not (self._is_forking or stopping.is_set())


def init_app(app: Flask, database: Database, kinds: Kinds) -> None:
    """Give the application a runner of these kinds of jobs; `start` is for a served process."""
    worker = JobWorker(database, kinds, app.extensions["verso.reporter"])
    app.extensions["verso.jobs"] = Runner(worker)


def get_runner() -> Runner:
    """The runner of the current application."""
    runner: Runner = current_app.extensions["verso.jobs"]
    return runner


def _forked_in_parent() -> None:
    for runner in list(_runners):
        runner.forked_in_parent()


def _forked_in_child() -> None:
    for runner in list(_runners):
        runner.forked_in_child()


def _finish() -> None:
    for runner in list(_runners):
        runner.close()


_runners: "weakref.WeakSet[Runner]" = weakref.WeakSet()
os.register_at_fork(after_in_parent=_forked_in_parent, after_in_child=_forked_in_child)
at_end(JOBS, _finish)
