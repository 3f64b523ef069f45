"""`kill -9` loses nothing acknowledged: `python -m proofs.kill [SECONDS] [sqlite | postgresql]`.

Sixteen writers make redirects at a site that is served by three workers, while workers, the main process
and commands are killed at random, and started again as systemd would; on PostgreSQL the server's
backends are killed as well. Every answer must be right, 503, 504 or none, and in the end every
redirect that was acknowledged must be there. Backups are made meanwhile: each restores to a site with every redirect
that was acknowledged before it began, and none that was asked for after it ended.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from itertools import repeat
from pathlib import Path
from urllib.parse import urlencode

from proofs.cluster import Cluster, children, cluster
from proofs.site import ROOT, Site, make_site, verso_serve, wait_until_served
from tests.servers import free_port
from verso.bodies import END_FIELD

WRITERS, PEOPLE = 16, 4
PASSWORD = "a good long password"
COMMANDS = (
    ("errors", "list"),
    ("doctor",),
    ("redirects", "missing"),
    ("maintenance", "status"),
    ("init", "--no-link"),
    ("errors", "prune"),
)
# Answers of a writer that are right; what was answered otherwise is a fault.
SAVED, REFUSED = 303, (503, 504)
READ = ("/en/", "/api/v1/posts", "/en/blog/", "/readyz")


class Service:
    """`verso serve` under a supervisor that starts it again, and ends what is left of it first."""

    def __init__(self, site: Site, port: int) -> None:
        self._site, self._port = site, port
        self._stopping = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0
        self._thread = threading.Thread(target=self._supervise)
        self._thread.start()

    def _supervise(self) -> None:
        with (self._site.instance / "served.out").open("ab") as out:
            while not self._stopping.is_set():
                self.starts += 1
                self.process = subprocess.Popen(
                    [sys.executable, *verso_serve(self._port, workers=3)],
                    cwd=ROOT,
                    env=dict(self._site.environ),
                    stdout=out,
                    stderr=out,
                    start_new_session=True,
                )
                self.process.wait()
                # As systemd does with the control group of a service that ended.
                with suppress(ProcessLookupError):
                    os.killpg(self.process.pid, signal.SIGKILL)
                time.sleep(0.1)

    def processes(self) -> list[int]:
        """The main process and its workers."""
        main = self.process
        return [] if main is None else [main.pid, *children(main.pid)]

    def stop(self) -> None:
        self._stopping.set()
        if self.process is not None:
            self.process.terminate()
        self._thread.join()


class Load:
    """Writers and readers, and what came back."""

    def __init__(self, port: int, cookies: list[str]) -> None:
        self.asked: set[str] = set()
        self.saved: set[str] = set()
        self.answers: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.enough = threading.Event()
        self._port = port
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._write, args=(number, cookies[number % len(cookies)]))
            for number in range(WRITERS)
        ] + [threading.Thread(target=self._read)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self.enough.set()
        for thread in self._threads:
            thread.join()

    def _write(self, number: int, cookie: str) -> None:
        count = 0
        while not self.enough.is_set():
            count += 1
            source = f"/killed/{number}/{count}"
            self.asked.add(source)
            status, place = post(
                self._port, "/admin/redirects", cookie, source=source, target="/en/", code="301"
            )
            with self._lock:
                self.answers[f"write {status or place}"] += 1
                if status == SAVED and "done=" in place:
                    self.saved.add(source)
                elif status not in (*REFUSED, 0):
                    self.wrong.append(f"{source}: {status} {place}")
            if status != SAVED:
                time.sleep(0.05)

    def _read(self) -> None:
        while not self.enough.is_set():
            path = random.choice(READ)
            status = get(self._port, path)
            with self._lock:
                self.answers[f"read {status or 'none'}"] += 1
                if status not in (0, 200, 204, *REFUSED):
                    self.wrong.append(f"{path}: {status}")
            time.sleep(0.02)


def post(port: int, path: str, cookie: str, **fields: str) -> tuple[int, str]:
    """Status and Location of a form's answer; status 0 and why where there is none."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    try:
        connection.request("POST", path, urlencode({**fields, END_FIELD: 1}), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.getheader("Location", "")
    except (OSError, HTTPException) as error:
        return 0, type(error).__name__
    finally:
        connection.close()


def get(port: int, path: str) -> int:
    """The status of a page; 0 where there is no answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()


def sign_in(port: int, email: str) -> str:
    """The cookie of a login."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    form = urlencode({"email": email, "password": PASSWORD, END_FIELD: 1})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/admin/sign-in", form, headers)
    cookies = connection.getresponse().headers.get_all("Set-Cookie", [])
    connection.close()
    [cookie] = [cookie.partition(";")[0] for cookie in cookies if "verso_login=" in cookie]
    return cookie


class Backups:
    """Backups one after the other, beside everything else, and what each must and may hold."""

    def __init__(self, site: Site, load: Load, every: float) -> None:
        self.made: list[tuple[Path, set[str], set[str]]] = []
        self.failed = 0
        self._site, self._load, self._every = site, load, every
        self._thread = threading.Thread(target=self._make)
        self._thread.start()

    def join(self) -> None:
        self._thread.join()

    def _make(self) -> None:
        number = 0
        while not self._load.enough.wait(self._every):
            number += 1
            file = self._site.instance.parent / f"backup-{number}.tar"
            acknowledged = set(self._load.saved)
            done = self._site.verso("backup", str(file))
            if done.returncode:
                self.failed += 1
            else:
                self.made.append((file, acknowledged, set(self._load.asked)))

    def faults(self, databases: Iterator[str]) -> list[str]:
        """What is missing in restored sites, and what is there that was asked for later."""
        found = []
        for (file, acknowledged, asked), url in zip(self.made, databases, strict=False):
            instance = file.with_suffix(".restored")
            settings = {"VERSO_DATABASE_URL": url, "VERSO_INSTANCE_PATH": str(instance)}
            other = Site(instance, {**self._site.environ, **settings})
            done = other.verso("restore", str(file))
            if done.returncode:
                found.append(f"{file.name}: {done.stdout}{done.stderr}")
                continue
            restored = {source for source in kept(other) if source.startswith("/killed/")}
            lost, early = acknowledged - restored, restored - asked
            if lost or early:
                found.append(f"{file.name}: {len(lost)} lost, {len(early)} from later")
        return found


class Killer:
    """Ends processes at random, and runs commands of which it ends some."""

    def __init__(self, site: Site, service: Service, server: Cluster | None) -> None:
        self._site, self._service, self._server = site, service, server
        self.kills: Counter[str] = Counter()

    def run(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(random.uniform(0.3, 3))
            random.choice((self._kill_worker, self._kill_main, self._command, self._kill_backend))()

    def _kill_worker(self) -> None:
        if workers := self._service.processes()[1:]:
            self._kill(random.choice(workers), "worker")

    def _kill_main(self) -> None:
        if processes := self._service.processes():
            self._kill(processes[0], "main process")

    def _kill_backend(self) -> None:
        if self._server and (backends := self._server.backends()):
            self.kills["backend"] += 1
            self._server.kill_backend(random.choice(backends))

    def _command(self) -> None:
        process = subprocess.Popen(
            [sys.executable, "-m", "verso", *random.choice(COMMANDS)],
            cwd=ROOT,
            env=dict(self._site.environ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            process.wait(random.uniform(0.5, 4))
            self.kills["command that ended"] += 1
        except subprocess.TimeoutExpired:
            self._kill(process.pid, "command")
            process.wait()

    def _kill(self, pid: int, name: str) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            self.kills[name] += 1


def kept(site: Site) -> set[str]:
    """The redirects that the site has when all is over."""
    table = site.instance / "redirects.csv"
    done = site.verso("redirects", "export", str(table))
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return {line.partition(",")[0] for line in table.read_text().splitlines()}


@contextmanager
def prepared(database: str) -> Iterator[tuple[Site, Cluster | None]]:
    """A site with people who can sign in, on SQLite or on a PostgreSQL of its own."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        server = stack.enter_context(cluster()) if database == "postgresql" else None
        site = make_site(Path(folder) / "instance", server.url if server else "")
        for number in range(PEOPLE):
            words = ("user", "create", f"person{number}@example.org", "--role", "admin")
            site.verso(*words, "--password-stdin", stdin=PASSWORD + "\n")
        yield site, server


def prove(seconds: float, database: str) -> bool:
    """Whether nothing that was acknowledged was lost; prints what happened."""
    with prepared(database) as (site, server):
        port = free_port()
        service = Service(site, port)
        try:
            wait_until_served(port)
            cookies = [sign_in(port, f"person{number}@example.org") for number in range(PEOPLE)]
            load, killer = Load(port, cookies), Killer(site, service, server)
            backups = Backups(site, load, seconds / 30)
            try:
                killer.run(seconds)
            finally:
                load.stop()
                backups.join()
        finally:
            service.stop()
        lost = load.saved - kept(site)
        doctor = site.verso("doctor")
        log = (site.instance / "served.out").read_text(errors="replace")
        faults = backups.faults(server.databases() if server else repeat(""))
    print(f"{database}, {seconds:.0f} s, {WRITERS} writers, {service.starts} starts")
    print(f"killed: {dict(killer.kills)}")
    print(f"answers: {dict(sorted(load.answers.items()))}")
    print(f"acknowledged: {len(load.saved)}, lost: {len(lost)}, wrong answers: {len(load.wrong)}")
    print(f"backups: {len(backups.made)} made, {backups.failed} failed, {len(faults)} wrong")
    for line in [*sorted(lost)[:10], *load.wrong[:10], *faults]:
        print(f"  {line}")
    if doctor.returncode:
        print(doctor.stdout)
    for entry in [entry for entry in log.split("[error") if "status=500" in entry][:3]:
        print(entry)
    return bool(load.saved) and not (lost or load.wrong or faults or doctor.returncode)


if __name__ == "__main__":
    words = [*sys.argv[1:], *("600", "sqlite")[len(sys.argv) - 1 :]]
    sys.exit(0 if prove(float(words[0]), words[1]) else 1)
