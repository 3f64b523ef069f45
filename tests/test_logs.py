"""The log: a reader that hangs costs no request anything, and gets every line afterwards."""

import os
import time
from pathlib import Path

from flask import Flask

from tests.conftest import MakeApp
from tests.errors.failures import wait_for
from verso import logs

FAILURES = 30


def test_a_log_that_hangs_costs_a_request_nothing(make_app: MakeApp, tmp_path: Path) -> None:
    """A named pipe that nobody reads: opening it waits for ever."""
    usual, _ = fail(make_app(LOG_FILE=tmp_path / "healthy", LOG_FORMAT="json"))
    pipe = tmp_path / "log"
    os.mkfifo(pipe)
    seconds, ids = fail(make_app(LOG_FILE=pipe, LOG_FORMAT="json"))
    assert seconds < max(3, 3 * usual)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        text = bytearray()

        def has_everything() -> bool:
            try:
                text.extend(os.read(reader, 1 << 20))
            except BlockingIOError:
                return False
            return all(error_id.encode() in text for error_id in ids)

        wait_for(has_everything)
        logs.flush()
    finally:
        os.close(reader)


def fail(app: Flask) -> tuple[float, list[str]]:
    """The seconds that failing requests take, and their numbers."""
    app.add_url_rule("/en/boom", endpoint="site.t_boom", view_func=_boom)
    browser = app.test_client()
    began = time.monotonic()
    ids = [browser.get("/en/boom").headers["X-Error-ID"] for _ in range(FAILURES)]
    return time.monotonic() - began, ids


def _boom() -> str:
    raise ZeroDivisionError
