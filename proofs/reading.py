"""Ordinary reading ends no process: `python -m proofs.reading [RUNS] [SECONDS] [DATABASE_URL]`.

Each run serves the demo with gunicorn (3 workers of 16 threads) and the debugging allocator, which lets
a wrong reference fail at its place, and reads it with eight clients. Before Verso collected garbage in
a thread of its own, CPython 3.11 crashed in every second to third run.
"""

import sys
import tempfile
import threading
import time
from collections import Counter
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from proofs.site import Site, gunicorn, make_site, serving
from tests.servers import free_port

CLIENTS = 8
REQUESTS_PER_CONNECTION = 10
PATHS = ("/fr/blog/", "/fr/search", "/fr/blog/")
CRASH = b"Fatal Python error"


def read(port: int, seconds: float, paths: tuple[str, ...] = PATHS) -> Counter[str]:
    """What eight clients get in that many seconds: statuses, and exceptions by name."""
    outcomes: Counter[str] = Counter()
    end = time.monotonic() + seconds

    def client() -> None:
        connection, number = HTTPConnection("127.0.0.1", port, timeout=120), 0
        while time.monotonic() < end:
            number += 1
            try:
                connection.request("GET", paths[number % len(paths)])
                answer = connection.getresponse()
                answer.read()
                outcomes[str(answer.status)] += 1
            except (OSError, HTTPException) as error:
                outcomes[type(error).__name__] += 1
                connection.close()
            if number % REQUESTS_PER_CONNECTION == 0:
                connection.close()
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def run(site: Site, seconds: float) -> tuple[Counter[str], int]:
    """Serve and read once: the outcomes, and how many workers crashed."""
    port = free_port()
    debugging = {"PYTHONMALLOC": "debug", "PYTHONFAULTHANDLER": "1"}
    with serving(site, gunicorn(port), port, **debugging) as output:
        outcomes = read(port, seconds)
    return outcomes, output.read_bytes().count(CRASH)


def main(runs: int, seconds: float, database_url: str) -> int:
    dead = 0
    with tempfile.TemporaryDirectory() as folder:
        site = make_site(Path(folder) / "instance", database_url)
        for number in range(1, runs + 1):
            outcomes, crashes = run(site, seconds)
            dead += crashes > 0
            print(f"run {number}: {dict(outcomes)}, {crashes} crashes", flush=True)
    print(f"{dead} of {runs} runs with a crash (Python {sys.version.split()[0]})")
    return 1 if dead else 0


if __name__ == "__main__":
    words = [*sys.argv[1:], *("30", "10", "")[len(sys.argv) - 1 :]]
    sys.exit(main(int(words[0]), float(words[1]), words[2]))
