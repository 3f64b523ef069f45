"""What pages cost at 100 and at 100,000 posts: `python -m benchmarks.scale [--posts N]`.

Prints the median milliseconds of each kind of page at both sizes, measured in turns, and their
ratio; a ratio above 2 is a defect to explain. The databases are made in a temporary folder.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from benchmarks.sites import SMALL, in_turns, make_site
from verso.content.cursors import Cursor
from verso.content.listing import list_documents
from verso.models import Document, Kind

ROUNDS = 40
WARM_UP = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000, help="size of the large site")
    parser.add_argument("--database-url", default="", help="an empty database for the large site")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small = make_site(Path(folder) / "small", SMALL)
        large = make_site(Path(folder) / "large", options.posts, options.database_url)
        print(f"{'page':<28}{SMALL:>12,}{options.posts:>12,}{'ratio':>8}")
        for name, path_of in PAGES.items():
            _compare(name, path_of, small, large)


def _deep(client: FlaskClient) -> str:
    """A page in the middle of the index, by its cursor."""
    with client.application.extensions["verso.db"].reader() as session:
        highest = session.query(Document.id).order_by(Document.id.desc()).limit(1).scalar()
        middle = session.get_one(Document, max(1, highest // 2))
        assert middle.listed_at is not None
        found = list_documents(session, Kind.POST, cursor=Cursor(middle.listed_at, middle.id))
        assert found.documents
        return f"/en/blog/?at={Cursor(middle.listed_at, middle.id)}"


PathOf = Callable[[FlaskClient], str]
PAGES: dict[str, PathOf] = {
    "blog index": lambda client: "/en/blog/",
    "a deep page of it": _deep,
    "a tag": lambda client: "/en/blog/tags/river",
    "a post": lambda client: "/en/blog/made-up-post-50",
    "search, a common word": lambda client: "/en/search?q=made",
    "search, a rare word": lambda client: "/en/search?q=xylophone",
    "search, beginning of a word": lambda client: "/en/search?q=librar",
    "feed": lambda client: "/en/blog/feed.xml",
    "feed of a language without": lambda client: "/de/blog/feed.xml",
    "archive": lambda client: "/en/blog/archive/",
    "tags": lambda client: "/en/blog/tags/",
    "home": lambda client: "/en/",
    "API list": lambda client: "/api/v1/posts",
    "404": lambda client: "/en/blog/nothing-here",
}


def _compare(name: str, path_of: PathOf, small: Flask, large: Flask) -> None:
    def asked(app: Flask) -> Callable[[], None]:
        client = app.test_client()
        path = path_of(client)

        def ask() -> None:
            answer = client.get(path)
            assert answer.status_code == (404 if name == "404" else 200), (path, answer.status)

        return ask

    at_small, at_large = in_turns([asked(small), asked(large)], ROUNDS, WARM_UP)
    print(f"{name:<28}{at_small:>9.2f} ms{at_large:>9.2f} ms{at_large / at_small:>8.2f}")


if __name__ == "__main__":
    main()
