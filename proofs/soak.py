"""Five minutes of reading with four workers: `python -m proofs.soak [SECONDS] [DATABASE_URL]`.

Prints the answers by status, the crashes and the memory of the workers in the middle and at the end.
"""

import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from proofs.reading import CRASH, read
from proofs.site import make_site, serving, verso_serve
from tests.servers import free_port

WORKERS = 4
PATHS = (
    "/fr/",
    "/fr/blog/",
    "/de/",
    "/fr/search?q=a",
    "/en/nothing-here",
    "/api/v1/posts",
    "/ar/blog/",
)
EXPECTED = {"200", "404"}


def memory(instance: Path) -> dict[int, int]:
    """Megabytes of each process that serves an instance, by its id."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environ = (folder / "environ").read_bytes()
            is_served = b"serve" in (folder / "cmdline").read_bytes()
            if is_served and str(instance).encode() in environ:
                status = (folder / "status").read_text()
                kilobytes = int(status.partition("VmRSS:")[2].split()[0])
                found[int(folder.name)] = kilobytes // 1024
        except (OSError, IndexError):
            continue
    return found


def main(seconds: float, database_url: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        site = make_site(Path(folder) / "instance", database_url)
        port = free_port()
        with serving(
            site, verso_serve(port, workers=WORKERS), port, PYTHONFAULTHANDLER="1"
        ) as output:
            first = memory(site.instance)
            middle: dict[int, int] = {}
            look = threading.Timer(seconds / 2, lambda: middle.update(memory(site.instance)))
            look.start()
            began = time.monotonic()
            outcomes: Counter[str] = read(port, seconds, PATHS)
            spent = time.monotonic() - began
            last = memory(site.instance)
        crashes = output.read_bytes().count(CRASH)
    print(f"{spent:.0f} s, {WORKERS} workers: {dict(outcomes)}, {crashes} crashes")
    print(f"MB at the start {first}, in the middle {middle}, at the end {last}")
    is_whole = set(first) == set(last) and set(outcomes) <= EXPECTED
    return 0 if is_whole and not crashes else 1


if __name__ == "__main__":
    words = [*sys.argv[1:], *("300", "")[len(sys.argv) - 1 :]]
    sys.exit(main(float(words[0]), words[1]))
