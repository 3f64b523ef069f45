"""Every command beside a site that is served by two workers and written to: nothing acknowledged is lost."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

import pytest

from proofs.site import wait_until_served
from tests.cli.shell import ROOT, Shell, nursery
from tests.errors.failures import wait_for
from tests.factories import PASSWORD
from tests.servers import free_port
from verso.bodies import END_FIELD

EMAIL = "ada@example.org"
WRITERS = 3
COMMANDS = (
    ("init",),
    ("doctor",),
    ("routes",),
    ("errors", "list"),
    ("errors", "prune"),
    ("audit", "prune"),
    ("maintenance", "status"),
    ("media", "sizes"),
    ("redirects", "add", "/by-command", "/en/"),
    ("redirects", "missing"),
    ("translations", "status"),
    ("user", "create", "bob@example.org", "--password-stdin"),
    ("export", "{folder}/out"),
    ("import", "{folder}/posts", "--section", "blog", "--locale", "en"),
)


@pytest.fixture
def verso(tmp_path: Path) -> Iterator[Shell]:
    with nursery() as process:
        shell = Shell(process, tmp_path / "instance")
        assert shell("init", "--no-link")[0] == 0
        create = ("user", "create", EMAIL, "--role", "admin", "--password-stdin")
        assert shell(*create, stdin=PASSWORD + "\n")[0] == 0
        yield shell


@contextmanager
def served(instance: Path) -> Iterator[int]:
    """`verso serve` with two workers; yields its port, and stops it as systemd does."""
    port = free_port()
    with (instance / "served.out").open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "verso", "serve", "--workers", "2", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "VERSO_INSTANCE_PATH": str(instance), "VERSO_LOG_LEVEL": "error"},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        wait_until_served(port)
        yield port
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(30)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Browser:
    """A person at a served site, over plain HTTP."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._cookie = ""

    def post(self, path: str, **fields: str) -> int:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self._cookie}
        with closing(connection):
            connection.request("POST", path, urlencode({**fields, END_FIELD: "1"}), headers)
            answer = connection.getresponse()
            answer.read()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            if "verso_login=" in cookie:
                self._cookie = cookie.partition(";")[0]
        return answer.status


class Writers:
    """Threads that make redirects as fast as they are answered; `saved` is what was acknowledged."""

    def __init__(self, port: int) -> None:
        self.saved: set[str] = set()
        self.enough = threading.Event()
        self._port = port
        self._threads = [threading.Thread(target=self._write, args=(n,)) for n in range(WRITERS)]
        for thread in self._threads:
            thread.start()

    def _write(self, number: int) -> None:
        browser, count = Browser(self._port), 0
        assert browser.post("/admin/sign-in", email=EMAIL, password=PASSWORD) == 303
        while not self.enough.is_set():
            count += 1
            source = f"/old-{number}-{count}"
            with suppress(OSError, HTTPException):
                if (
                    browser.post("/admin/redirects", source=source, target="/en/", code="301")
                    == 303
                ):
                    self.saved.add(source)

    def __enter__(self) -> "Writers":
        return self

    def __exit__(self, *error: object) -> None:
        self.enough.set()
        for thread in self._threads:
            thread.join()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_command_beside_a_served_site_loses_no_write(verso: Shell, tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "one.md").write_text("---\ntitle: One\ndate: 2024-01-01\n---\nWords.\n")
    with served(verso.instance) as port, Writers(port) as writers:
        for command in COMMANDS:
            words = [word.format(folder=tmp_path) for word in command]
            before = len(writers.saved)
            status, said = verso(*words, stdin=PASSWORD + "\n")
            assert status == 0 and "Traceback" not in said, (words, said)
            wait_for(lambda: len(writers.saved) >= before + 5, 120)  # noqa: B023
        bob = Browser(port)
        assert bob.post("/admin/sign-in", email="bob@example.org", password=PASSWORD) == 303
    saved = writers.saved
    assert len(saved) >= 5 * len(COMMANDS)
    # A clean stop leaves everything in the one file.
    assert sources(verso.instance / "verso.db") >= saved | {"/by-command"}
    with served(verso.instance) as port:
        assert Browser(port).post("/admin/sign-in", email=EMAIL, password=PASSWORD) == 303


def sources(file: Path) -> set[str]:
    assert not Path(f"{file}-wal").exists()
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        return {source for (source,) in database.execute("SELECT source FROM redirects")}
