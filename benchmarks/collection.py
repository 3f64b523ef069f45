"""What collecting in a thread of its own costs: `python -m benchmarks.collection`.

One process renders pages in threads, in turns with automatic collection and with Verso's: pages a
second, p50 and p99 of a page, the longest pause of a collection, and the memory at its highest. The
ratios are Verso's to automatic; above 1.1 (below 0.9 for pages a second) is a defect to explain.
"""

import gc
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from flask import Flask

from benchmarks.sites import SMALL, make_site
from verso.runtime.collector import Collector

THREADS, TURNS, SECONDS = 8, 3, 6.0
PATHS = ("/en/blog/", "/en/search?q=made", "/en/blog/made-up-post-50")


@dataclass
class Measured:
    """Milliseconds of each page and of each collection; resident megabytes."""

    pages: list[float] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    memory: int = 0
    _began: float = 0.0

    def note(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.perf_counter()
        else:
            self.pauses.append((time.perf_counter() - self._began) * 1000)

    def row(self) -> list[float]:
        p99 = quantiles(self.pages, n=100)[98]
        rate = len(self.pages) / (TURNS * SECONDS)
        return [rate, median(self.pages), p99, max(self.pauses, default=0.0), float(self.memory)]


def render(app: Flask, measured: Measured) -> None:
    """Render pages in threads for SECONDS."""
    end = time.monotonic() + SECONDS

    def reader() -> None:
        client, number = app.test_client(), 0
        while time.monotonic() < end:
            began = time.perf_counter()
            client.get(PATHS[number % len(PATHS)])
            measured.pages.append((time.perf_counter() - began) * 1000)
            number += 1

    gc.callbacks.append(measured.note)
    threads = [threading.Thread(target=reader) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    gc.callbacks.remove(measured.note)
    status = Path("/proc/self/status").read_text().partition("VmRSS:")[2]
    measured.memory = max(measured.memory, int(status.split()[0]) // 1024)


def main() -> None:
    automatic, own = Measured(), Measured()
    with tempfile.TemporaryDirectory() as folder:
        app = make_site(Path(folder) / "site", SMALL)
        gc.collect()
        gc.freeze()
        for _ in range(TURNS):
            render(app, automatic)
            collector = Collector()
            collector.start()
            render(app, own)
            collector.stop()
            gc.collect()
    names = ("pages a second", "p50 ms", "p99 ms", "longest pause ms", "memory MB")
    print(f"{'':>18}{'automatic':>12}{'own thread':>12}{'ratio':>8}")
    for name, before, after in zip(names, automatic.row(), own.row(), strict=True):
        print(f"{name:>18}{before:>12.1f}{after:>12.1f}{after / before:>8.2f}")


if __name__ == "__main__":
    main()
