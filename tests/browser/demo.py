"""The demo site as the browser tests visit it: imported once, with what a demo lacks, and served."""

import io
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.conftest import LOCALES
from tests.errors.failures import flush_inbox
from tests.factories import PASSWORD, Factory, words
from tests.media.pictures import picture
from tests.support.browser import Browser
from verso.admin.gate import LOGIN_COOKIE
from verso.app import create_app
from verso.content import documents, review, site_settings
from verso.content.revisions import list_revisions
from verso.content.site_settings import MAINTENANCE, ON
from verso.i18n.locales import ADMIN_LANGUAGE_COOKIE
from verso.models import Document, Login, Passkey, Purpose, Role, User
from verso.people import audit, second_factor, timeline, tokens, users
from verso.people.logins import begin
from verso.site.language import counterpart

# Enough for three pages of the blog's index.
MORE_POSTS = 40
WORDS = {"en": "paper", "de": "Papier", "fr": "papier", "ar": "ورق"}
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"

MISSED = (
    ("/en/blog/flod-night", "http://localhost/en/blog/"),
    ("/en/ueber-uns", "https://blog.example.org/links"),
    ("/de/abuot", ""),
    ("/en/2025/11/imposition-script.html", "https://printers.example/forum/thread"),
    (f"/en/{LONG_WORD}{LONG_WORD}", f"https://{'sub.' * 20}example.com/"),
    ("/en/نص", ""),
    ("/wp-login.php", ""),
    ("/.env", ""),
)

EVERYTHING = f"""
A paragraph with **strong**, *emphasis*, ~~struck~~, `{"code" * 40}`, a footnote[^one], another[^two]
and a bare address: https://example.org/{"very-long-path/" * 20}

## A heading with `code` and {LONG_WORD}

### Third level

#### Fourth level

| A | table | that | is | far | too | wide | for | a | telephone |
|---|:-----:|-----:|----|-----|-----|------|-----|---|-----------|
| {LONG_WORD} | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | unbreakable_name_of_something_long |

```python
def function(argument: str = "{"x" * 300}") -> None:  # A line that does not fit.
    return None
```

    an indented block {"y" * 300}

- [x] done
- [ ] {LONG_WORD}
    - nested
        1. deeper
            - and deeper

Term
:   Its definition, with `{"z" * 200}`.

> A quotation
>
> > within {LONG_WORD}{LONG_WORD}

---

[^one]: The first note.
[^two]: The second note, with `{"w" * 200}`.
"""


@dataclass(frozen=True)
class Demo:
    """A served site: where it is, who can sign in, and the names of what pages need in their URL."""

    app: Flask
    url: str
    logins: Mapping[str, str]
    names: Mapping[str, str]

    def path(self, english: str, locale: str) -> str:
        """The path in a locale of what an English path shows, its gaps filled."""
        with self.app.test_request_context("/"):
            filled = english.format(
                **self.names,
                locale=locale,
                word=WORDS[locale],
                elsewhere=self._path_elsewhere(locale),
            )
            is_meant = filled.startswith(("/admin/", f"/{locale}/"))
            return filled if is_meant else counterpart("/en" + filled, locale)

    def client(self, locale: str, *, signed_in: bool) -> FlaskClient:
        """A browser without a window, in a language."""
        client = self.app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = locale
        for name, value in self.cookies(locale, signed_in=signed_in).items():
            client.set_cookie(name, value)
        return client

    def cookies(self, locale: str, *, signed_in: bool) -> dict[str, str]:
        """What a browser holds in which somebody who reads this language is signed in, or not."""
        if not signed_in:
            return {}
        return {LOGIN_COOKIE: self.logins[locale], ADMIN_LANGUAGE_COOKIE: locale}

    def surroundings(self, *, busy: bool, closed: bool) -> AbstractContextManager[None]:
        """What is around a request: a busy database, a site in maintenance, or nothing special."""
        if closed:
            return in_maintenance(self.app)
        return locked(self.app) if busy else nullcontext()

    def _path_elsewhere(self, locale: str) -> str:
        """The path of a page that has it in another language only."""
        other = "fr" if locale == "de" else "de"
        return counterpart("/en/about/history", other).removeprefix(f"/{other}/")


@contextmanager
def in_maintenance(app: Flask) -> Iterator[None]:
    """The site is closed to visitors while the block runs."""
    database = app.extensions["verso.db"]

    def switch(value: str) -> None:
        with database.writing() as session:
            site_settings.save(session, {MAINTENANCE: value}, version=None, user_id=None)

    switch(ON)
    try:
        yield
    finally:
        switch("")


@contextmanager
def locked(app: Flask) -> Iterator[None]:
    """Somebody else holds the write lock of the application's database while the block runs."""
    file = app.extensions["verso.db"].url.database
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an application over real HTTP while the block runs; its URL."""
    server = make_server(
        "127.0.0.1", 0, _keeping_bodies(app), threaded=True, request_handler=_Quiet
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# Where a request keeps the body of its answer.
_BODY = "tests.body"


def _keeping_bodies(app: Flask) -> Callable[..., Any]:
    """The application, with the body of each answer in its request."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        environ[_BODY] = app(environ, start_response)
        return environ[_BODY]

    return answer


class _Quiet(WSGIRequestHandler):
    """Says nothing about each request, and closes every body.

    Werkzeug's own leaves it open when the reader goes while the rest of the request is read; no
    other server does.
    """

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:
        if body := (environ or {}).get(_BODY):
            body.close()


@contextmanager
def demo_site(folder: Path) -> Iterator[Demo]:
    """Make the demo site in a folder and serve it."""
    settings = {"INSTANCE_PATH": folder, "LOCALES": LOCALES, "LOG_LEVEL": "error"}
    app = create_app(settings)
    app.test_client_class = Browser
    _add_faults(app)
    database = app.extensions["verso.db"]
    imported = app.test_cli_runner().invoke(args=["demo", "--posts", str(MORE_POSTS)])
    assert imported.exit_code == 0, imported.output
    factory = Factory(database, tuple(LOCALES))
    logins = _sign_everybody_in(factory)
    made = _make_names(factory)
    names = {
        **made,
        "lane": _leave_drafts(app, logins, made["page"]),
        **_make_people(factory),
        "medium": _upload(app, logins),
        "older": _second_page(app),
        "token": _setup_token(factory),
    }
    _miss_pages(app)
    _fail_pages(app)
    with served(app) as url:
        yield Demo(app, url, logins, names)
    app.extensions["verso.recorder"].worker.close()
    app.extensions["verso.reporter"].close()
    database.close()


def _make_names(factory: Factory) -> dict[str, str]:
    """Make what the demo lacks; the ids, slugs and tokens by which pages find it."""
    page = factory.page(
        "Everything",
        body=EVERYTHING,
        summary=f"A page with {LONG_WORD} in its summary.",
        in_menu=True,
        translations={"de": words(LONG_WORD, body=EVERYTHING), "ar": words("كل شيء")},
    )
    below = factory.page("Far below", parent=factory.page("Below", parent=page))
    found = {"search_title": LONG_WORD, "search_description": f"All of it, and {LONG_WORD}."}
    tags = ("paper", LONG_WORD)
    post = factory.post("All of it", body=EVERYTHING, tags=tags, authors=("Jo",), **found)
    draft = factory.post("Not yet", live=False)
    gone, waiting = factory.page("Gone"), factory.page("Waits", live=False)
    with factory.database.writing() as session:
        _take_off(session, documents.get_for_change(session, gone.id))
        _submit(session, documents.get_for_change(session, waiting.id))
    revision = _change(factory, page)
    with factory.database.reader() as session:
        version = session.get_one(Document, page.id).version
    return {
        "page": str(page.id),
        "page_version": str(version),
        "revision": revision,
        "below": str(below.id),
        "post": str(post.id),
        "draft": str(draft.id),
        "gone": str(gone.id),
        "waiting": str(waiting.id),
        "long_word": LONG_WORD,
    }


def _take_off(session: Session, document: Document) -> None:
    """Withdraw a document as the admin does, so that it can be undone."""
    was = document.state
    documents.withdraw(session, document)
    detail = {"was": was, "version": document.version}
    audit.record(session, None, timeline.WITHDRAWN, audit.of_document(document), **detail)


def _submit(session: Session, document: Document) -> None:
    """Let a document wait for a review, with more said about it than fits a page."""
    author = users.create_user(session, "waits@example.org", PASSWORD, role=Role.AUTHOR)
    review.submit(session, document)
    audit.record(session, author.id, "document-submitted", audit.of_document(document))
    for number in range(timeline.PAGE_SIZE):
        timeline.comment(session, document, author.id, f"{LONG_WORD * 2}\n\n{number}")


def _change(factory: Factory, page: Document) -> str:
    """Save a page again, with other words; the id of its first revision."""
    changed = words(
        "Everything",
        body=EVERYTHING.replace("struck", "crossed out") + f"\n\n{LONG_WORD} {LONG_WORD}",
        summary=f"A page with {LONG_WORD} in its summary.",
        search_title=f"Everything about {LONG_WORD}",
    )
    with factory.database.writing() as session:
        [first, *_] = list_revisions(session, page.id, "en")
        found = documents.get_for_change(session, page.id)
        documents.save_text(session, found, "en", changed, locales=LOCALES)
        return str(first.id)


def _leave_drafts(app: Flask, logins: Mapping[str, str], page: str) -> str:
    """Somebody in each language has unsaved words in two lanes; the name of one lane."""
    place, lane = f"/admin/documents/{page}/text/de", "unsaved-words"
    for login in logins.values():
        client = app.test_client()
        client.set_cookie(LOGIN_COOKIE, login)
        for name in (lane, f"{lane}-too"):
            form = {"title": LONG_WORD, "body": LONG_WORD, "lane": name, "version": "1"}
            assert client.post(f"{place}/draft", data=form).status_code == 200
    return lane


def _make_people(factory: Factory) -> dict[str, str]:
    """People in every state, links to them, a key and sessions for everybody, and what they did."""
    translator = factory.user(
        f"{LONG_WORD[:60]}@example.org", role=Role.TRANSLATOR, locales=("de",)
    )
    closed = factory.user("closed@example.org", role=Role.AUTHOR)
    with factory.database.writing() as session:
        users.disable(session, session.get_one(User, closed.id))
        invited, invited_too = (
            users.invite_user(session, f"{name}@example.net", role=Role.EDITOR, name=LONG_WORD)
            for name in ("invited", "invited-too")
        )
        for user in session.query(User).filter_by(role=Role.ADMIN):
            second_factor.propose(user)
            begin(session, user, "Mozilla/5.0 (X11; Linux) Firefox/140.0")
            session.add(_passkey(user))
        for number in range(audit.PAGE_SIZE + 5):
            subject = audit.Subject("thing", number, f"{LONG_WORD} {number}")
            audit.record(session, translator.id, "medium-described", subject, number=LONG_WORD * 2)
        return {
            "translator": str(translator.id),
            "closed": str(closed.id),
            "invited": str(invited.id),
            "invited_too": str(invited_too.id),
            "invitation": tokens.issue(session, Purpose.INVITATION, invited),
            "reset": tokens.issue(session, Purpose.RESET, translator),
        }


def _passkey(user: User) -> Passkey:
    made = Passkey(user_id=user.id, credential_id=f"x{user.id}", public_key=b"x", sign_count=0)
    made.name, made.created_at = LONG_WORD, datetime.now(UTC)
    return made


def _upload(app: Flask, logins: Mapping[str, str]) -> str:
    """Upload pictures of several shapes; the id of the last, whose name is long."""
    client = app.test_client()
    client.set_cookie(LOGIN_COOKIE, logins["en"])
    number = ""
    for name, size in (("paper.png", (900, 90)), (f"paper-{LONG_WORD}.jpg", (700, 1000))):
        data = {"file": (io.BytesIO(picture("PNG", size)), name)}
        answer = client.post("/admin/media", data=data, headers={"Accept": "application/json"})
        number = answer.get_json()["page"].rpartition("/")[2]
    client.post(f"/admin/media/{number}", data={"alt-en": "A red half", "focus_x": "20"})
    return number


def _miss_pages(app: Flask) -> None:
    """Follow broken links from here and from elsewhere, and redirect some."""
    client = app.test_client()
    for path, referrer in MISSED:
        client.get(path, headers={"Referer": referrer})
    app.extensions["verso.recorder"].work()
    for source, *target in (("/old", "/en/about"), (f"/en/old/{LONG_WORD * 3}", "/en/everything")):
        made = app.test_cli_runner().invoke(args=["redirects", "add", source, *target])
        assert made.exit_code == 0, made.output
    app.test_cli_runner().invoke(args=["redirects", "add", "/en/burnt", "--code", "410"])


def _fail_pages(app: Flask) -> None:
    """Let pages fail, one of them for long enough words and values."""
    client = app.test_client()
    headers = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}
    for path in ("/en/boom", f"/ar/boom?{LONG_WORD}={LONG_WORD * 3}", "/en/blog/unavailable"):
        client.get(path, headers=headers)
    flush_inbox(app)
    muted = app.test_cli_runner().invoke(args=["errors", "mute", "2", "--more", "1000"])
    assert muted.exit_code == 0, muted.output


def _setup_token(factory: Factory) -> str:
    """A link that still makes an account; made last, because a new account makes links void."""
    with factory.database.writing() as session:
        return tokens.issue(session, Purpose.SETUP)


def _second_page(app: Flask) -> str:
    """The query of the blog index's second page, as the first one links it."""
    html = app.test_client().get("/en/blog/").text
    link = html.partition('rel="next" href="')[2].partition('"')[0]
    return parse_qs(urlsplit(link).query)["at"][0]


def _sign_everybody_in(factory: Factory) -> dict[str, str]:
    """An administrator for each language, signed in: the tokens for their cookies.

    However long the tests take, nobody is asked for the password again.
    """
    found, confirmed_at = {}, datetime.now(UTC) + timedelta(hours=2)
    for locale in LOCALES:
        user = factory.user(f"{locale}@example.org", role=Role.ADMIN, locale=locale)
        with factory.database.writing() as session:
            found[locale] = begin(session, user)
            session.query(Login).filter_by(user_id=user.id).update({"confirmed_at": confirmed_at})
    return found


def _add_faults(app: Flask) -> None:
    """Routes from outside, for the pages that nobody can ask for."""

    def boom(**_: str) -> str:
        raise RuntimeError("boom")

    def unavailable(**_: str) -> str:
        raise OperationalError("SELECT 1", None, RuntimeError("the database went away"))

    def broken() -> dict[str, str]:
        if request.path.endswith("/broken"):
            raise RuntimeError("no template can be rendered")
        return {}

    for name, view in (("boom", boom), ("unavailable", unavailable)):
        app.add_url_rule(f"/<locale:locale>/{name}", endpoint=f"site.{name}", view_func=view)
        app.add_url_rule(f"/<locale:locale>/blog/{name}", endpoint=f"blog.{name}", view_func=view)
        app.add_url_rule(f"/admin/{name}", endpoint=f"admin.{name}", view_func=view)
    app.context_processor(broken)
