"""The surroundings fail: every section still answers soon, in its own form, and recovers by itself."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import LOCALES, MakeApp
from tests.errors.failures import flush_inbox, wait_for
from tests.factories import Factory
from tests.postgresql import SERVER, skip_or_fail
from tests.sections import form_of, root_of
from tests.servers import free_port
from verso.db import Database
from verso.deadlines import PAUSE
from verso.models import Document, FailureEvent
from verso.sections import Section

SOON = 3.0
# What needs the database, by section; the admin is asked with a login.
NEEDS_DATABASE = {
    "/fr/": Section.SITE,
    "/fr/about": Section.SITE,
    "/fr/search?q=x": Section.SITE,
    "/about": Section.SITE,
    "/readyz": Section.SITE,
    "/fr/blog/": Section.BLOG,
    "/fr/blog/hello": Section.BLOG,
    "/fr/blog/feed.xml": Section.BLOG,
    "/api/v1/posts?lang=fr": Section.API,
    "/api/v1/posts/2?lang=fr": Section.API,
    "/admin/documents": Section.ADMIN,
}


@pytest.fixture
def browser(app: Flask, factory: Factory) -> FlaskClient:
    """A French browser with a login; the site has a page and a post."""
    factory.page("About")
    factory.post("Hello")
    browser = factory.sign_in(app, factory.user(locale="fr"))
    browser.set_cookie("verso_language", "fr")
    return browser


Answered = TypeVar("Answered")


def soon(ask: Callable[[], Answered]) -> Answered:
    """What comes back, and soon; it is asked for up to three times, for a machine may be busy.

    In between the pause ends after which the database itself is asked again.
    """
    for _ in range(3):
        began = time.monotonic()
        answer = ask()
        if time.monotonic() - began < SOON:
            return answer
        time.sleep(PAUSE + 0.1)
    raise AssertionError(f"three times no answer within {SOON} s")


def assert_unavailable(browser: FlaskClient) -> None:
    """What needs the database is 503 with Retry-After, soon, in form and language; the rest works."""
    for path, section in NEEDS_DATABASE.items():
        answer = soon(partial(browser.get, path))
        assert answer.status_code == 503, (path, answer.text)
        assert int(answer.headers["Retry-After"]) > 0
        assert form_of(answer) is section, path
        assert answer.headers["Content-Language"] == "fr"
        assert answer.headers["X-Error-ID"] in answer.text
    for section in Section:
        path = root_of(section, "fr") + "zz"
        answer = soon(partial(browser.get, path, headers={"Accept-Language": "fr"}))
        assert answer.status_code in (404, 503), (section, answer.text)
        assert form_of(answer) is section
        assert answer.headers["Content-Language"] == "fr"
    assert browser.get("/fr/problems/database-unavailable").status_code == 200
    assert browser.get("/healthz").status_code == 204
    assert browser.get("/api/v1").status_code == 200
    assert browser.get("/robots.txt").status_code == 200


def assert_available(browser: FlaskClient) -> None:
    for path in NEEDS_DATABASE:
        answer = browser.get(path)
        assert answer.status_code in (200, 204, 302), (path, answer.text)


def test_the_database_file_removed_and_brought_back(
    browser: FlaskClient, database: Database
) -> None:
    assert database.path is not None
    assert_available(browser)
    aside = database.path.with_suffix(".aside")
    database.path.rename(aside)
    assert_unavailable(browser)
    assert not database.path.exists()
    aside.rename(database.path)
    assert_available(browser)


@pytest.mark.parametrize("content", [b"", b"this is no database at all" * 200])
def test_the_database_file_replaced_by_something_else(
    browser: FlaskClient, database: Database, content: bytes
) -> None:
    assert database.path is not None
    assert_available(browser)
    aside = database.path.with_suffix(".aside")
    database.path.rename(aside)
    database.path.write_bytes(content)
    assert_unavailable(browser)
    aside.replace(database.path)
    assert_available(browser)


def test_the_database_file_replaced_by_a_backup_is_read_at_once(
    browser: FlaskClient, database: Database, empty_database: Path
) -> None:
    assert database.path is not None
    assert browser.get("/en/about").status_code == 200
    fresh = database.path.with_suffix(".fresh")
    shutil.copy(empty_database, fresh)
    fresh.replace(database.path)
    # As SQLite asks of whoever restores a backup: its write-ahead log goes with the old file.
    for suffix in ("-wal", "-shm"):
        Path(f"{database.path}{suffix}").unlink(missing_ok=True)
    assert browser.get("/en/about").status_code == 404


def failures_told(app: Flask, database: Database) -> list[str]:
    """What the newest event of each group of the inbox says."""
    flush_inbox(app)
    with database.reader() as session:
        return [event.body for event in session.query(FailureEvent)]


def test_a_log_that_was_removed_is_told_once_and_the_site_goes_on(
    browser: FlaskClient, app: Flask, database: Database
) -> None:
    assert_available(browser)
    assert browser.post("/admin/documents/new/page", data={"title": "Before"}).status_code == 303
    for suffix in ("-wal", "-shm"):
        Path(f"{database.path}{suffix}").unlink()
    answer = browser.post("/admin/documents/new/page", data={"title": "Meanwhile"})
    assert answer.status_code == 503 and answer.headers["X-Error-ID"] in answer.text
    assert browser.post("/admin/documents/new/page", data={"title": "After"}).status_code == 303
    assert_available(browser)
    told = [body for body in failures_told(app, database) if "lost its write-ahead log" in body]
    assert len(told) == 1
    with database.reader() as session:
        titles = {document.source.title for document in session.query(Document)}
    assert {"Before", "After"} <= titles and "Meanwhile" not in titles


def test_another_database_beside_the_old_log_is_503_and_untouched(
    browser: FlaskClient, database: Database, empty_database: Path
) -> None:
    assert database.path is not None
    assert_available(browser)
    kept = database.path.rename(database.path.with_suffix(".kept"))
    shutil.copy(empty_database, database.path)
    foreign = database.path.read_bytes()
    assert_unavailable(browser)
    assert database.path.read_bytes() == foreign
    kept.replace(database.path)
    assert_available(browser)


def test_a_long_writer_leaves_reading_alone_and_writing_gets_503_with_the_text(
    browser: FlaskClient, database: Database
) -> None:
    assert_available(browser)
    with locked(database):
        assert_available(browser)
        form = {"title": "Typed for an hour", "body": "All of it."}
        answer = soon(lambda: browser.post("/admin/documents/new/page", data=form))
        assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
        assert "Typed for an hour" in answer.text and "All of it." in answer.text
        publish = browser.post("/admin/documents/1/publish", data={"version": "1"})
        assert publish.status_code == 503 and form_of(publish) is Section.ADMIN
    wait_for(lambda: browser.post("/admin/documents/new/page", data=form).status_code == 303)


@contextmanager
def locked(database: Database) -> Iterator[None]:
    assert database.path is not None
    writer = sqlite3.connect(database.path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        writer.execute("ROLLBACK")
        writer.close()


@pytest.mark.timeout(300)
def test_the_disk_answers_with_io_errors(
    make_app: MakeApp, tmp_path: Path, empty_database: Path
) -> None:
    """A real server, whose every read of the database file is made to fail with EIO."""
    if shutil.which("strace") is None:
        skip_or_fail("strace is not installed")
    app = make_app()
    factory = Factory(app.extensions["verso.db"], tuple(LOCALES))
    factory.page("About")
    factory.post("Hello")
    database_file = tmp_path / "instance" / "verso.db"
    with server(tmp_path / "instance") as (process, ask):
        assert ask("/fr/about").status == 200
        with _failing_reads(process.pid, database_file):
            for path in ("/fr/about", "/fr/blog/", "/api/v1/posts?lang=fr"):
                answer = soon(partial(ask, path))
                assert answer.status == 503, path
                assert answer.headers["Retry-After"] and answer.headers["X-Error-ID"]
                assert answer.headers["Content-Language"] == "fr"
            assert ask("/healthz").status == 204
        assert ask("/fr/about").status == 200


Ask = Callable[..., HTTPResponse]


@contextmanager
def server(instance: Path) -> Iterator[tuple[subprocess.Popen[bytes], Ask]]:
    """The site on a real WSGI server of one process, without a page cache of SQLite's own."""
    port = free_port()
    code = (
        "import sys; from werkzeug.serving import run_simple; from verso.app import create_app;"
        "from sqlalchemy import event;"
        "app = create_app();"
        "event.listen(app.extensions['verso.db'].engine, 'connect', "
        "lambda raw, record: raw.execute('PRAGMA cache_size=0'));"
        f"run_simple('127.0.0.1', {port}, app, threaded=True)"
    )
    environ = {
        **os.environ,
        "VERSO_INSTANCE_PATH": str(instance),
        "VERSO_LOCALES": ",".join(LOCALES),
        "VERSO_LOG_FILE": str(instance / "server.log"),
    }
    process = subprocess.Popen([sys.executable, "-c", code], env=environ, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield process, lambda path, form=None: _ask(port, path, form)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


@contextmanager
def _failing_reads(pid: int, file: Path) -> Iterator[None]:
    """strace makes every pread64 of the database fail with EIO, in all threads of the process."""
    command = [
        "strace", "-f", "-qq", "-o", "/dev/null", "-p", str(pid), "-P", str(file),
        "-e", "trace=pread64", "-e", "inject=pread64:error=EIO",
    ]  # fmt: skip
    tracer = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while tracer.poll() is None and not _is_traced(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    if tracer.poll() is not None:
        skip_or_fail("strace may not attach to a process here")
    try:
        yield
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(60)


def _is_traced(pid: int) -> bool:
    """Whether every thread of a process has a tracer."""
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        # A thread may end meanwhile.
        with suppress(FileNotFoundError):
            if "\nTracerPid:\t0\n" in status.read_text():
                return False
    return True


def _ask(port: int, path: str, form: bytes | None = None) -> HTTPResponse:
    """Get a page, or post a form to it."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
    connection.request("POST" if form else "GET", path, form, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def _wait_for(port: int) -> None:
    for _ in range(900):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"nothing listens on port {port}")


class Wire:
    """A TCP relay in front of PostgreSQL that can be frozen or cut like a server or its network."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._open = threading.Event()
        self._open.set()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._listen(0)

    def _listen(self, port: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._target)
            self._pairs.append((client, server))
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(source, target), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                self._open.wait()
                target.sendall(data)
        except OSError:
            return

    def freeze(self) -> None:
        """Connections stay, new ones are accepted, and nothing ever comes back."""
        self._open.clear()

    def thaw(self) -> None:
        self._open.set()

    def cut(self) -> None:
        """The server is stopped: connections end and new ones are refused."""
        for end in (self._listener, *(end for pair in self._pairs for end in pair)):
            # Closing alone would not wake the threads that wait on the socket.
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._pairs.clear()

    def restore(self) -> None:
        self._listen(self.port)


@pytest.fixture
def wire() -> Iterator[Wire]:
    parts = urlsplit(SERVER)
    made = Wire(parts.hostname or "127.0.0.1", parts.port or 5432)
    yield made
    made.thaw()
    made.cut()


@pytest.fixture
def remote_browser(make_app: MakeApp, wire: Wire, postgresql_url: str) -> FlaskClient:
    """A French browser with a login, on a site whose PostgreSQL is behind the wire."""
    name = postgresql_url.rpartition("/")[2]
    user = urlsplit(postgresql_url).username
    app = make_app(DATABASE_URL=f"postgresql://{user}@127.0.0.1:{wire.port}/{name}")
    factory = Factory(app.extensions["verso.db"], tuple(LOCALES))
    factory.page("About")
    factory.post("Hello")
    browser = factory.sign_in(app, factory.user(locale="fr"))
    browser.set_cookie("verso_language", "fr")
    return browser


@pytest.mark.postgresql
def test_a_frozen_postgresql(remote_browser: FlaskClient, wire: Wire) -> None:
    assert_available(remote_browser)
    wire.freeze()
    assert_unavailable(remote_browser)
    wire.thaw()
    wait_for(lambda: remote_browser.get("/fr/about").status_code == 200, 30)
    assert_available(remote_browser)


@pytest.mark.postgresql
def test_a_stopped_postgresql(remote_browser: FlaskClient, wire: Wire) -> None:
    assert_available(remote_browser)
    wire.cut()
    assert_unavailable(remote_browser)
    wire.restore()
    wait_for(lambda: remote_browser.get("/fr/about").status_code == 200, 30)
    assert_available(remote_browser)
