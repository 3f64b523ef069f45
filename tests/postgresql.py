"""A PostgreSQL server for tests: `VERSO_TEST_POSTGRESQL` names it, else the local one is tried."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import psycopg
import pytest

SERVER = os.environ.get("VERSO_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")


@contextmanager
def fresh_database(template: str = "template1") -> Iterator[str]:
    """The URL of a database of its own, a copy of another, dropped afterwards.

    Skips where there is no server.
    """
    name = f"verso_test_{secrets.token_hex(6)}"
    try:
        connection = psycopg.connect(SERVER, autocommit=True, connect_timeout=30)
    except psycopg.OperationalError as error:
        skip_or_fail(f"PostgreSQL is not reachable ({error}); set VERSO_TEST_POSTGRESQL")
    with connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield SERVER.rpartition("/")[0] + "/" + name
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def skip_or_fail(reason: str) -> NoReturn:
    """Skip a test for want of a tool; under CI that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
