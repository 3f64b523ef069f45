"""A process that speaks German under load and tells what it saw: `python -m tests.i18n.speaker`."""

import json
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Lock

from flask import Flask, render_template_string

from verso.app import create_app

THREADS = 8
# Strings of a page, spread over the whole catalog.
SHOWN = [f"message {number}" for number in range(0, 5000, 125)]
PAGE = "{% for text in shown %}{{ _(text) }}|{% endfor %}"


class Witness:
    """What readers saw: pages by the versions on them, and when each version was first seen."""

    def __init__(self) -> None:
        self.pages: Counter[str] = Counter()
        self.first_seen: dict[str, float] = {}
        self.slowest: list[float] = []
        self._lock = Lock()

    def note(self, page: str, seconds: float) -> None:
        words = {text.partition(" ")[0] for text in page.split("|")[:-1]}
        seen = "+".join(sorted(words))
        with self._lock:
            self.pages[seen] += 1
            self.first_seen.setdefault(seen, time.time())
            self.slowest.append(seconds)


def make(instance: Path) -> Flask:
    """The site, with one page whose words all come from the catalog."""
    app = create_app({"INSTANCE_PATH": instance, "LOCALES": ["en", "de"], "LOG_LEVEL": "error"})
    app.add_url_rule("/de/words", "words", lambda: render_template_string(PAGE, shown=SHOWN))
    return app


def main() -> None:
    instance, requests, pause = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    app, witness, stop = make(instance), Witness(), Event()

    def read() -> None:
        client = app.test_client()
        for _ in range(requests // THREADS):
            if stop.is_set():
                return
            begin = time.perf_counter()
            page = client.get("/de/words").text
            witness.note(page, time.perf_counter() - begin)
            time.sleep(pause)

    print("ready", flush=True)
    # All begin together, however long each took to start.
    sys.stdin.readline()
    with ThreadPoolExecutor(THREADS) as pool:
        for reader in [pool.submit(read) for _ in range(THREADS)]:
            reader.result()
    told = {"pages": witness.pages, "first_seen": witness.first_seen, "times": witness.slowest}
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
