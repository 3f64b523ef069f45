"""How long a piece of work waits for the database: a request little, what no request waits for longer."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for one statement to be answered, and for a lock that another transaction holds."""

    answer: float
    lock: float


# A reader waits for it: three seconds in all, for two statements that are late.
REQUEST = Patience(answer=1.9, lock=1.5)
# Threads that write what was counted or reported; what waits for them in memory is bounded.
BACKGROUND = Patience(answer=15, lock=10)
# Commands, imports and jobs.
BULK = Patience(answer=600, lock=60)

_current: ContextVar[Patience | None] = ContextVar("patience", default=None)


def current() -> Patience:
    """The patience of the work that this thread is doing."""
    return _current.get() or REQUEST


@contextmanager
def having(patience: Patience) -> Iterator[None]:
    """Do what is in the block with that patience; transactions that begin in it have it."""
    token = _current.set(patience)
    try:
        yield
    finally:
        _current.reset(token)
