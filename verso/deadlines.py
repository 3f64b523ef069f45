"""A client-side deadline on every wait for PostgreSQL: the server's own time-outs fail with the server."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.errors import ConnectionTimeout, UndefinedTable

from verso.revision import QUERY, mismatch
from verso.runtime.patience import REQUEST, current

PAUSE = 1.0


class Breaker:
    """Remembers that the server did not answer, so that the next callers fail at once.

    After PAUSE seconds one caller may try again; the others keep failing until it succeeded.
    """

    def __init__(self) -> None:
        self._open_until = 0.0

    @contextmanager
    def guard(self) -> Iterator[None]:
        now = time.monotonic()
        if now < self._open_until:
            raise psycopg.OperationalError("the database did not answer a moment ago")
        if self._open_until:
            self._open_until = now + REQUEST.answer
        try:
            yield
        except ConnectionTimeout:
            self._open_until = time.monotonic() + PAUSE
            raise
        self._open_until = 0.0


def deadline_connection(breaker: Breaker) -> type[psycopg.Connection[Any]]:
    """A psycopg connection class whose waits raise OperationalError when the patience ends."""

    class DeadlineConnection(psycopg.Connection[Any]):
        def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
            seconds = timeout or current().answer
            with breaker.guard():
                try:
                    return super().wait(gen, interval=interval, timeout=seconds)
                except psycopg.errors._WaitTimeout as error:
                    self.pgconn.finish()
                    raise ConnectionTimeout(f"no answer within {seconds} s") from error

    return DeadlineConnection


def expect_revision_on_server(raw: psycopg.Connection[Any], record: Any) -> None:
    """Raise psycopg.OperationalError for a database whose schema is not the one of this code."""
    try:
        row = raw.execute(QUERY).fetchone()
    except UndefinedTable:
        row = None
    finally:
        raw.rollback()
    if reason := mismatch(row[0] if row else None):
        raise psycopg.OperationalError(reason)
