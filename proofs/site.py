"""A demo site on a database and a server of its own, for a proof to read, to write and to break."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).parent.parent
# Seconds.
START, STOP = 120.0, 20.0


@dataclass(frozen=True, slots=True)
class Site:
    """An instance folder, and the variables that a command or a server on it needs."""

    instance: Path
    environ: Mapping[str, str]

    def verso(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command of Verso's to its end."""
        command = [sys.executable, "-m", "verso", *words]
        return subprocess.run(
            command, cwd=ROOT, env=dict(self.environ), input=stdin, capture_output=True, text=True
        )


def make_site(instance: Path, database_url: str = "", *, demo: bool = True) -> Site:
    """A new site, with the demo content; empty means SQLite."""
    outside = {name: text for name, text in os.environ.items() if not name.startswith("VERSO_")}
    settings = {"VERSO_INSTANCE_PATH": str(instance), "VERSO_DATABASE_URL": database_url}
    site = Site(instance, {**outside, **settings, "VERSO_LOG_LEVEL": "error"})
    for words in (("init", "--no-link"), ("demo",))[: 2 if demo else 1]:
        done = site.verso(*words)
        if done.returncode:
            raise RuntimeError(f"verso {words[0]}: {done.stdout}{done.stderr}")
    return site


@contextmanager
def serving(site: Site, command: list[str], port: int, **environ: str) -> Iterator[Path]:
    """Run a server until it answers; in the end it and its workers are stopped. Yields its output."""
    output = site.instance / f"server-{port}.out"
    with output.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**site.environ, **environ},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        wait_until_served(port)
        yield output
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP)
        # The group is the server's own: it leads a session.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def gunicorn(port: int, *, workers: int = 3, threads: int = 16) -> list[str]:
    """The arguments of Python for gunicorn with threads."""
    return ["-m", "gunicorn", "-w", str(workers), "-k", "gthread", "--threads", str(threads)] + [
        "--no-control-socket", "-b", f"127.0.0.1:{port}", "wsgi:app",
    ]  # fmt: skip


def verso_serve(port: int, *, workers: int) -> list[str]:
    """The arguments of Python for `verso serve`."""
    return ["-m", "verso", "serve", "--port", str(port), "--workers", str(workers)]


def wait_until_served(port: int) -> None:
    """Wait until something answers on a port; TimeoutError after START seconds."""
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise TimeoutError(f"nothing answers on port {port}")
