"""Uploads to real servers when the connection breaks, the disk is full or the storage is away."""

import http.client
import json
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.admin.test_media import JSON, count, send, stored
from tests.conftest import LOCALES, MakeApp
from tests.errors.failures import wait_for
from tests.factories import Factory
from tests.media.pictures import picture
from tests.postgresql import skip_or_fail
from tests.servers import Server, free_port, running
from tests.test_inbox_faults import limit_files
from verso.admin.gate import LOGIN_COOKIE
from verso.db import Database
from verso.media.stores import open_store
from verso.models import Role
from verso.people.logins import begin

SERVERS = ("granian", "gunicorn")
BOUNDARY = "a-boundary"
RED = picture("JPEG")


class Site:
    """An instance folder with somebody signed in, and how to send it forms."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.folder = Path(app.instance_path)
        self.database: Database = app.extensions["verso.db"]
        factory = Factory(self.database, tuple(LOCALES))
        user = factory.user(role=Role.ADMIN)
        with self.database.writing() as session:
            self.login = begin(session, user)

    def head(self, length: int) -> bytes:
        """The beginning of a request that says how long its form is."""
        return (
            "POST /admin/media HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
            f"Cookie: {LOGIN_COOKIE}={self.login}\r\nConnection: close\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
            f"Content-Length: {length}\r\n\r\n"
        ).encode()

    def post(self, server: Server, body: bytes) -> tuple[int, Any]:
        """Send a form; the status and what the JSON says."""
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        headers = {
            **JSON,
            "Cookie": f"{LOGIN_COOKIE}={self.login}",
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        }
        connection.request("POST", "/admin/media", body, headers)
        answer = connection.getresponse()
        read = json.loads(answer.read())
        connection.close()
        return answer.status, read


def form(*files: tuple[str, bytes]) -> bytes:
    """The body of a form with these files."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n".encode()
        + data
        + b"\r\n"
        for name, data in files
    ]
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


@pytest.fixture
def site(make_app: MakeApp) -> Site:
    return Site(make_app())


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest, site: Site) -> Iterator[Server]:
    with running(request.param, site.folder, "verso.app:create_app") as started:
        yield started


def peak_megabytes(server: Server) -> int:
    """The most memory that any process of a server has had."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    pids = [str(server.process.pid), *children.read_text().split()]
    peaks = [Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2] for pid in pids]
    return max(int(words.split()[0]) // 1024 for words in peaks)


def test_a_connection_that_breaks_in_the_middle_leaves_nothing(site: Site, server: Server) -> None:
    body = form(("a.jpg", RED * 200))
    with socket.create_connection(("127.0.0.1", server.port)) as wire:
        wire.sendall(site.head(len(body)) + body[: len(body) // 2])
        # The server has begun to read, or has not: both must end without a trace.
        wire.settimeout(0.5)
        with pytest.raises(TimeoutError):
            wire.recv(1)
    wait_for(lambda: stored(site.app) == [], 30)
    assert count(site.database) == 0
    assert site.post(server, form(("a.jpg", RED)))[0] == 201


def test_a_full_disk_is_507_and_leaves_nothing(site: Site, server: Server) -> None:
    if shutil.which("prlimit") is None:
        skip_or_fail("prlimit is not installed")
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    pids = [server.process.pid, *map(int, children.read_text().split())]
    large = picture("PNG", (1500, 1500), color=(1, 2, 3))
    for limit, data in (("0:unlimited", RED), ("3000:unlimited", large), ("900:unlimited", RED)):
        for pid in pids:
            limit_files(pid, limit)
        status, problem = site.post(server, form(("a.jpg", data)))
        for pid in pids:
            limit_files(pid, "unlimited:unlimited")
        assert status == 507 and problem["detail"], (limit, problem)
        assert stored(site.app) == [] and count(site.database) == 0, limit
    assert site.post(server, form(("a.jpg", RED)))[0] == 201


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_large_forms_are_not_held_in_memory(site: Site, server: Server) -> None:
    assert site.post(server, form(("a.jpg", RED)))[0] == 201
    before = peak_megabytes(server)
    # JSON takes one file; what follows it is read past by nobody. HTML reads them all.
    body = form(*[(f"{n}.jpg", b"\xff\xd8\xff" + bytes(24 * 1024 * 1024)) for n in range(5)])
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=500)
    headers = {
        "Cookie": f"{LOGIN_COOKIE}={site.login}",
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
    }
    connection.request("POST", "/admin/media", body, headers)
    assert connection.getresponse().status == 422
    connection.close()
    assert peak_megabytes(server) - before < 60, "MB, of a form of 120"
    assert len([path for path in stored(site.app) if "uploads" in path.parts]) == 0


def test_storage_that_is_away_is_503_and_leaves_nothing(
    editor: FlaskClient, app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = send(editor, ("a.jpg", RED), **JSON).get_json()["url"]
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "TOP-SECRET")
    app.extensions["verso.store"] = open_store("s3://bucket/folder", Path("unused"))
    answer = send(editor, ("b.png", picture("PNG")), **JSON)
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    assert answer.get_json()["detail"] and "TOP-SECRET" not in answer.text
    assert count(database) == 1
    away = editor.get(url)
    assert away.status_code == 503 and "TOP-SECRET" not in away.text
