"""A PostgreSQL server of its own, whose backends a proof may kill."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import psycopg

from tests.servers import free_port

# Debian keeps them off the PATH.
PROGRAMS = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/usr/bin"))
# PostgreSQL refuses to run as root.
OWNER = "postgres"


class Cluster:
    """Its address, and the processes that serve its connections."""

    def __init__(self, folder: Path, port: int) -> None:
        self._server = f"postgresql://{OWNER}@127.0.0.1:{port}"
        self.url = f"{self._server}/postgres"
        self._folder = folder

    def databases(self) -> Iterator[str]:
        """The URLs of new, empty databases."""
        for number in count(1):
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE other{number}".encode())
            yield f"{self._server}/other{number}"

    def backends(self) -> list[int]:
        """The processes that serve a client over TCP."""
        with suppress(FileNotFoundError):
            main = int((self._folder / "data" / "postmaster.pid").read_text().split()[0])
            return [pid for pid in children(main) if b"127.0.0.1(" in command_of(pid)]
        return []

    def kill_backend(self, pid: int) -> None:
        """As when it crashes: the server ends all the others, and recovers."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Make one in a temporary folder, and take it away again."""
    folder, port = Path(tempfile.mkdtemp(prefix="verso-cluster-")), free_port()
    if os.geteuid() == 0:
        shutil.chown(folder, OWNER)
    data = str(folder / "data")
    _run("initdb", "-D", data, "-A", "trust", "-U", OWNER, "-E", "UTF8", "--locale=C.UTF-8")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    _run("pg_ctl", "-D", data, "-w", "-o", options, "-l", str(folder / "log"), "start")
    try:
        yield Cluster(folder, port)
    finally:
        _run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _run(program: str, *words: str) -> None:
    command = [str(PROGRAMS / program), *words]
    if os.geteuid() == 0:
        command = ["runuser", "-u", OWNER, "--", *command]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def children(pid: int) -> list[int]:
    """The direct children of a process."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def command_of(pid: int) -> bytes:
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""
