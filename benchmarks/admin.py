"""What the admin costs at 100 and at 100,000 posts, and as many pages: `python -m benchmarks.admin [--posts N]`.

Prints the median milliseconds of server time at both sizes, measured in turns, their ratio, and the
statements that a page sends to the database. A ratio above 1.5, or a page above 100 ms, is a defect to
explain. The databases are made in a temporary folder.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from benchmarks.sites import SMALL, in_turns, make_site
from verso.admin.gate import LOGIN_COOKIE
from verso.content.synthetic import PAGE_ORIGIN
from verso.models import Document, Role
from verso.people import logins
from verso.people.users import create_user

ROUNDS = 40
WARM_UP = 3
POST = "/admin/documents/50"
TEXT = f"{POST}/text/en"
PAGES = {
    "overview": "/admin/",
    "list": "/admin/documents",
    "drafts": "/admin/documents?state=draft",
    "published posts": "/admin/documents?kind=post&state=published",
    "scheduled": "/admin/documents?state=scheduled",
    "pages": "/admin/documents?kind=page",
    "a language": "/admin/documents?locale=en",
    "a language without": "/admin/documents?locale=de",
    "words, common": "/admin/documents?q=made",
    "words, rare": "/admin/documents?q=xylophone",
    "tree": "/admin/tree",
    "editor": TEXT,
    "history": TEXT + "/history",
    "links for a text": "/admin/links?q=made&locale=en",
    "media": "/admin/media",
    "errors": "/admin/errors",
    "audit log": "/admin/audit",
}
_numbers = count(1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000, help="size of the large site")
    parser.add_argument("--database-url", default="", help="an empty database for the large site")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small = make_site(Path(folder) / "small", SMALL, pages=SMALL)
        large = make_site(
            Path(folder) / "large", options.posts, options.database_url, pages=options.posts
        )
        desks = [_signed_in(small), _signed_in(large)]
        print(f"{'page':<20}{SMALL:>12,}{options.posts:>12,}{'ratio':>8}{'statements':>12}")
        for name, path in PAGES.items():
            _compare(name, desks, partial(_read, path))
        for name, act in ACTS.items():
            _compare(name, desks, act)


def _signed_in(app: Flask) -> FlaskClient:
    with app.extensions["verso.db"].writing() as session:
        user = create_user(session, "ada@example.org", "a good long password", role=Role.ADMIN)
        token = logins.begin(session, user)
    client = app.test_client()
    client.set_cookie(LOGIN_COOKIE, token)
    return client


def _read(path: str, desk: FlaskClient) -> None:
    answer = desk.get(path)
    assert answer.status_code == 200, (path, answer.status)


def _form() -> dict[str, str]:
    number = next(_numbers)
    body = f"A text with changes.\n\nThe change is number {number}."
    return {"title": "Made up", "body": body, "slug": "made-up-again", "version": "1"}


def _save(desk: FlaskClient) -> None:
    with desk.application.extensions["verso.db"].reader() as session:
        version = session.connection().exec_driver_sql(
            "SELECT version FROM document_texts WHERE document_id = 50 AND locale = 'en'"
        )
        form = {**_form(), "version": str(version.scalar_one())}
    answer = desk.post(TEXT, data=form)
    assert answer.status_code == 303, answer.text


def _autosave(desk: FlaskClient) -> None:
    answer = desk.post(TEXT + "/draft", data={**_form(), "lane": "a-lane-of-its-own"})
    assert answer.status_code == 200, answer.text


def _preview(desk: FlaskClient) -> None:
    answer = desk.post("/admin/preview/post", data={**_form(), "document": "50", "locale": "en"})
    assert answer.status_code == 200, answer.text


def _tree_near(desk: FlaskClient) -> None:
    _read(f"/admin/tree?near={_page(desk)[0]}", desk)


def _edit_page(desk: FlaskClient) -> None:
    _read(f"/admin/documents/{_page(desk)[0]}/text/en", desk)


def _move(desk: FlaskClient) -> None:
    """Down among its neighbours: after the neighbour of a moment ago."""
    page, version = _page(desk)
    answer = desk.post(f"/admin/documents/{page}/move", data={"version": version, "to": "down"})
    assert answer.status_code == 303, answer.text


def _page(desk: FlaskClient) -> tuple[int, int]:
    """The id and version of a page in the middle of the top level."""
    with desk.application.extensions["verso.db"].reader() as session:
        query = select(Document.id, Document.version).where(
            Document.origin == f"{PAGE_ORIGIN}{SMALL // 2}"
        )
        page, version = session.execute(query).one()
        return page, version


ACTS: dict[str, Callable[[FlaskClient], None]] = {
    "tree around a page": _tree_near,
    "editor of a page": _edit_page,
    "move in the tree": _move,
    "save": _save,
    "autosave": _autosave,
    "preview": _preview,
}


def _compare(name: str, desks: list[FlaskClient], act: Callable[[FlaskClient], None]) -> None:
    calls = [partial(act, desk) for desk in desks]
    at_small, at_large = in_turns(calls, ROUNDS, WARM_UP)
    with _counted(desks[1].application) as statements:
        act(desks[1])
    ratio = at_large / at_small
    print(f"{name:<20}{at_small:>9.2f} ms{at_large:>9.2f} ms{ratio:>8.2f}{len(statements):>12}")


@contextmanager
def _counted(app: Flask) -> Iterator[list[str]]:
    """The statements that a block sends to the database."""
    sent: list[str] = []
    engine = app.extensions["verso.db"].engine

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


if __name__ == "__main__":
    main()
