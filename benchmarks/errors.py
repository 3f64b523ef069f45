"""What errors cost: `python -m benchmarks.errors`.

Three tables, each measured in turns in one run: an error answer against the median uncached page of
its section (a ratio above 0.5 is a defect to explain), failing requests with a mail server that hangs
against one that answers (p99, above 2), and the inbox at 1,000 and 100,000 failures (above 2).
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.errors.failures import broken_post, occurrence_of, raised
from tests.factories import Factory
from tests.receivers import letterbox, silent_server
from verso import schema
from verso.app import create_app
from verso.content.synthetic import add_posts
from verso.errors.inbox.pending import Pending
from verso.errors.inbox.store import store
from verso.models import FailureEvent, FailureGroup, Role

POSTS = 1000
ROUNDS = 60
WARM_UP = 5
PAGES = {
    "site": ("/en/", "/en/about", "/en/search?q=made", "/en/problems/", "/en/problems/gone"),
    "blog": (
        "/en/blog/",
        "/en/blog/made-up-post-50",
        "/en/blog/tags/river",
        "/en/blog/tags/",
        "/en/blog/archive/",
        "/en/blog/feed.xml",
    ),
    "api": ("/api/v1", "/api/v1/posts", "/api/v1/posts/2", "/api/v1/tags", "/api/v1/search?q=made"),
    "admin": ("/admin/documents", "/admin/documents/1/text/en", "/admin/account", "/admin/errors"),
}
ERRORS = {
    "site": ("/en/nothing-here", "/en/problems/"),
    "blog": ("/en/blog/nothing-here", "/en/blog/"),
    "api": ("/api/v1/nothing", "/api/v1/posts"),
    "admin": ("/admin/nothing-here", "/admin/documents"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--failures", type=int, default=100_000, help="size of the large inbox")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _answers(Path(folder))
        _mail(Path(folder))
        _inbox(Path(folder), options.failures)


def _site(folder: Path, **settings: Any) -> Flask:
    folder.mkdir()
    app = create_app({"INSTANCE_PATH": folder, "LOG_FILE": folder / "log", **settings})
    app.add_url_rule("/en/boom", endpoint="site.boom", view_func=_boom)
    schema.upgrade(app.extensions["verso.db"])
    return app


def _boom() -> str:
    raise ZeroDivisionError(f"order {time.perf_counter_ns()}")


def _answers(folder: Path) -> None:
    app = _site(folder / "answers")
    database = app.extensions["verso.db"]
    factory = Factory(database, ("en",))
    factory.page("About")
    add_posts(database, POSTS, ("en",))
    admin = factory.sign_in(app, factory.user(role=Role.ADMIN))
    print(f"{'section':<10}{'median page':>14}{'404':>12}{'ratio':>8}{'405':>12}{'ratio':>8}")
    for section, paths in PAGES.items():
        browser = admin if section == "admin" else app.test_client()
        missing, wrong = ERRORS[section]
        asks = [_get(browser, path, 200) for path in paths]
        asks += [_get(browser, missing, 404), _get(browser, wrong, 405, "DELETE")]
        *pages, not_found, not_allowed = _medians(asks)
        page = median(pages)
        print(
            f"{section:<10}{page:>11.2f} ms{not_found:>9.2f} ms{not_found / page:>8.2f}"
            f"{not_allowed:>9.2f} ms{not_allowed / page:>8.2f}"
        )
    app.extensions["verso.reporter"].close()


def _get(browser: FlaskClient, path: str, status: int, method: str = "GET") -> Callable[[], None]:
    def ask() -> None:
        answer = browser.open(path, method=method)
        assert answer.status_code == status, (path, answer.status)

    return ask


def _medians(asks: list[Callable[[], None]]) -> list[float]:
    """Median milliseconds of each, measured in turns."""
    times: list[list[float]] = [[] for _ in asks]
    for turn in range(WARM_UP + ROUNDS):
        for spent, ask in zip(times, asks, strict=True):
            milliseconds = _milliseconds(ask)
            if turn >= WARM_UP:
                spent.append(milliseconds)
    return [median(spent) for spent in times]


def _mail(folder: Path) -> None:
    with letterbox() as box, silent_server() as port:
        asks = []
        for name, address in (("answering", box.url), ("hanging", f"127.0.0.1:{port}")):
            mail = {"MAIL_URL": f"smtp://{address}", "ADMINS": "a@example.org"}
            app = _site(folder / name, **mail, MAIL_DIGEST_SECONDS=1)
            asks.append(_get(app.test_client(), "/en/boom", 500))
        times: list[list[float]] = [[], []]
        for _ in range(1000):
            for spent, ask in zip(times, asks, strict=True):
                spent.append(_milliseconds(ask))
    answering, hanging = (quantiles(spent, n=100)[98] for spent in times)
    print("\nfailing requests, p99 of 1,000, mail server answering and hanging")
    print(f"{answering:>9.2f} ms{hanging:>9.2f} ms{hanging / answering:>8.2f}")


def _inbox(folder: Path, failures: int) -> None:
    asks, sizes = [], []
    for number in (1000, failures):
        app = _site(folder / f"inbox-{number}")
        began = time.perf_counter()
        _fill(app, number)
        spent = time.perf_counter() - began
        with app.extensions["verso.db"].reader() as session:
            events = session.query(FailureEvent).count()
            size = sum(group.size for group in session.query(FailureGroup))
        sizes.append(
            f"{number:,} failures in {spent:.1f} s: {events:,} events, {size / 1e6:.1f} MB"
        )
        factory = Factory(app.extensions["verso.db"], ("en",))
        admin = factory.sign_in(app, factory.user(role=Role.ADMIN))
        asks += [_get(admin, "/admin/errors", 200), _get(admin, "/admin/errors/1", 200)]
    small_list, small_group, large_list, large_group = _medians(asks)
    print("\nthe inbox: " + "; ".join(sizes))
    print(f"list  {small_list:>9.2f} ms{large_list:>9.2f} ms{large_list / small_list:>8.2f}")
    print(f"group {small_group:>9.2f} ms{large_group:>9.2f} ms{large_group / small_group:>8.2f}")


def _fill(app: Flask, number: int) -> None:
    """So many failures of 200 kinds, in batches, as the inbox gets them."""
    first = occurrence_of(raised(broken_post))
    for start in range(0, number, 500):
        pending = Pending()
        for index in range(start, min(start + 500, number)):
            kind = f"print-{index % 40 + index // 500 % 5 * 40}"
            pending.add(replace(first, error_id=f"{index:012}", fingerprint=kind, message=kind))
        with app.extensions["verso.db"].writing() as session:
            store(session, pending.take()[0], 50)


def _milliseconds(ask: Callable[[], None]) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
