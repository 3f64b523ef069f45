"""Real WSGI servers for tests: werkzeug, gunicorn (gthread), waitress and granian, each a process of its own."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

from werkzeug.datastructures import Headers

ROOT = Path(__file__).parent.parent
SERVERS = ("werkzeug", "gunicorn", "waitress", "granian")
THREADS = 32
# Seconds.
START, STOP, ANSWER = 90.0, 3.0, 60.0
LOGGED, SILENCE = 10.0, 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: body is what was read, without the framing of chunks."""

    status: int
    headers: Headers
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: its address, its process and the log of the application in it."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    log_file: Path

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """One request on a connection of its own, read to its end."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=ANSWER)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        # granian writes the names in lower case.
        return Answer(answer.status, Headers(answer.getheaders()), body)

    def open(self, path: str, *, buffer: int | None = None) -> HTTPResponse:
        """A request whose answer is read by the caller, who closes it; buffer bytes wait unread."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=ANSWER)
        connection.sock = socket.socket()
        connection.sock.settimeout(ANSWER)
        if buffer:
            connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        connection.sock.connect(("127.0.0.1", self.port))
        connection.request("GET", path, headers={"Connection": "close"})
        return connection.getresponse()

    def exchange(self, request: bytes) -> bytes:
        """What comes back for these very bytes until the server closes, or is silent in the middle."""
        received = b""
        with socket.create_connection(("127.0.0.1", self.port), ANSWER) as wire:
            wire.sendall(request)
            with suppress(TimeoutError, ConnectionResetError):
                while data := wire.recv(65536):
                    received += data
                    wire.settimeout(SILENCE)
        return received

    def get_raw(self, path: str, method: str = "GET") -> bytes:
        """The bytes of an answer, with their framing."""
        lines = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        return self.exchange(lines.encode())

    def faults(self, path: str, expected: int) -> list[dict[str, Any]]:
        """The faults at a path in the application's log, which is written a moment later."""
        deadline = time.monotonic() + LOGGED
        while len(found := self._logged(path)) < expected and time.monotonic() < deadline:
            time.sleep(0.05)
        return found

    def _logged(self, path: str) -> list[dict[str, Any]]:
        lines = self.log_file.read_text().splitlines() if self.log_file.exists() else []
        entries = (json.loads(line) for line in lines if line.startswith("{"))
        return [one for one in entries if one["event"] == "fault" and one["path"] == path]


@contextmanager
def running(
    name: str, instance: Path, application: str = "tests.failing:create", **settings: str
) -> Iterator[Server]:
    """Start a server on an instance folder, wait until it answers, and stop it by its process id.

    Settings are by name, as in VERSO_JOBS="command".
    """
    port = free_port()
    log_file = instance / f"{name}.log"
    environ = {
        **{key: value for key, value in os.environ.items() if not key.startswith("VERSO_")},
        "PYTHONWARNINGS": "default",
        "VERSO_INSTANCE_PATH": str(instance),
        "VERSO_LOCALES": "en,de,fr,ar",
        "VERSO_LOG_FILE": str(log_file),
        "VERSO_LOG_FORMAT": "json",
        **settings,
    }
    with (instance / f"{name}.out").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *command(name, application, port)],
            cwd=ROOT,
            env=environ,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait_for(port, process, instance / f"{name}.out")
        yield Server(name, port, process, log_file)
    finally:
        stop(process)


def command(name: str, application: str, port: int) -> list[str]:
    """The arguments of Python that start a server."""
    module, _, factory = application.partition(":")
    run_werkzeug = (
        "from werkzeug.serving import run_simple; "
        f"from {module} import {factory}; "
        f"run_simple('127.0.0.1', {port}, {factory}(), threaded=True)"
    )
    address, threads = f"127.0.0.1:{port}", str(THREADS)
    return {
        "werkzeug": ["-c", run_werkzeug],
        "gunicorn": ["-m", "gunicorn", "-k", "gthread", "-w", "1", "--threads", threads]
        + ["-b", address, "--no-control-socket", f"{application}()"],
        "waitress": ["-m", "waitress", f"--listen={address}", f"--threads={threads}"]
        + ["--call", application],
        "granian": ["-m", "granian", "--interface", "wsgi", "--blocking-threads", threads]
        + ["--host", "127.0.0.1", "--port", str(port), "--factory", application],
    }[name]


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server, its workers too; one that waits for its streams is not waited for."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP)
    # The group is the server's own: it was started as the leader of a session.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    """A port that nobody listens on, and below those that the system itself gives to connections."""
    while True:
        port = 10_000 + secrets.randbelow(22_000)
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


def _wait_for(port: int, process: subprocess.Popen[bytes], output: Path) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise TimeoutError(f"nothing answers on port {port}: {output.read_text()[-2000:]}")
