"""Sites of any size, and calls measured in turns, so that both sizes meet the same machine."""

import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from flask import Flask

from verso import schema
from verso.app import create_app
from verso.content import documents
from verso.content.synthetic import add_pages, add_posts
from verso.content.words import TextFields
from verso.models import Kind

SMALL = 100


def make_site(folder: Path, posts: int, url: str = "", *, pages: int = 0) -> Flask:
    """A site of so many made-up posts and pages, and one post with a rare word; says what it took."""
    folder.mkdir()
    app = create_app({"INSTANCE_PATH": folder, "LOG_LEVEL": "error", "DATABASE_URL": url})
    database = app.extensions["verso.db"]
    schema.upgrade(database)
    began = time.perf_counter()
    add_posts(database, posts, ("en",))
    add_pages(database, pages)
    with database.writing() as session:
        fields = TextFields(title="The rare one", slug="rare", body="A xylophone.")
        documents.publish(
            session, documents.create_document(session, Kind.POST, "en", fields, locales=("en",))
        )
    spent = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"made {posts:,} posts and {pages:,} pages in {spent:.1f} s, peak memory {memory} MB")
    return app


def in_turns(calls: Sequence[Callable[[], None]], rounds: int, warm_up: int) -> list[float]:
    """The median milliseconds of each call, called one after another, again and again."""
    times: list[list[float]] = [[] for _ in calls]
    for turn in range(warm_up + rounds):
        for call, spent in zip(calls, times, strict=True):
            began = time.perf_counter()
            call()
            if turn >= warm_up:
                spent.append((time.perf_counter() - began) * 1000)
    return [median(spent) for spent in times]
