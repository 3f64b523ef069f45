"""A body that is shorter than announced, or has no end, is no body: nothing of it is stored."""

import shutil
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.admin.test_security import READS, path_of
from tests.conftest import LOCALES
from tests.factories import PASSWORD, Factory
from tests.sections import form_of
from tests.servers import SERVERS, Server, running
from verso.bodies import END_FIELD
from verso.db import Database
from verso.models import Document, DocumentText, Role
from verso.sections import Section

FORM = "application/x-www-form-urlencoded"
TEXT = "The text that is there. " * 40
# Seconds in which a server would have stored what it took for a whole form.
GRACE = 1.5


def text_of(session: Session, document_id: int) -> DocumentText:
    return session.query(DocumentText).filter_by(document_id=document_id, locale="en").one()


class Site:
    """A site on a real server, with a page, and a person who has signed in."""

    def __init__(self, server: Server, database: Database, page: int, cookie: str) -> None:
        self.server, self.database, self.page, self.cookie = server, database, page, cookie

    def form(self) -> bytes:
        """The editor's form in a browser's order, as the browser would send it whole."""
        with self.database.reader() as session:
            text = text_of(session, self.page)
            fields = {"version": text.version, "title": text.title, "body": TEXT + "New words."}
        return urlencode({**fields, "slug": "about", "summary": "A summary", END_FIELD: 1}).encode()

    def head(self, *lines: str) -> bytes:
        path = f"/admin/documents/{self.page}/text/en"
        return "\r\n".join(
            [f"POST {path} HTTP/1.1", "Host: localhost", f"Cookie: {self.cookie}", *lines, "", ""]
        ).encode()

    def body(self) -> str:
        with self.database.reader() as session:
            return text_of(session, self.page).body


@pytest.fixture(scope="module", params=SERVERS)
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, empty_database: Path
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("bodies")
    shutil.copy(empty_database, folder / "verso.db")
    database = Database(f"sqlite:///{folder / 'verso.db'}")
    factory = Factory(database, tuple(LOCALES))
    page = factory.page("About", slug="about", body=TEXT, summary="A summary")
    person = factory.user(role=Role.ADMIN)
    with running(request.param, folder, "verso.app:create_app") as server:
        yield Site(server, database, page.id, sign_in(server, person.email))
    database.close()


def sign_in(server: Server, email: str) -> str:
    """The cookie of a login."""
    form = urlencode({"email": email, "password": PASSWORD, END_FIELD: 1})
    request = (
        "POST /admin/sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Content-Type: {FORM}\r\nContent-Length: {len(form)}\r\n\r\n{form}"
    )
    head = server.exchange(request.encode()).decode().partition("\r\n\r\n")[0]
    [cookie] = [line for line in head.splitlines() if "verso_login=" in line]
    return cookie.partition(":")[2].strip().partition(";")[0]


def half_close(wire: socket.socket) -> None:
    wire.shutdown(socket.SHUT_WR)
    with wire:
        while wire.recv(65536):
            pass


def close(wire: socket.socket) -> None:
    wire.close()


def reset(wire: socket.socket) -> None:
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wire.close()


@pytest.mark.parametrize("cut", [half_close, close, reset])
@pytest.mark.parametrize("share", [0.2, 0.9])
def test_a_save_that_is_cut_stores_nothing(
    site: Site, cut: Callable[[socket.socket], None], share: float
) -> None:
    form = site.form()
    wire = socket.create_connection(("127.0.0.1", site.server.port), 60)
    wire.sendall(site.head(f"Content-Type: {FORM}", f"Content-Length: {len(form)}"))
    wire.sendall(form[: int(len(form) * share)])
    time.sleep(0.2)
    with suppress(ConnectionResetError):
        cut(wire)
    time.sleep(GRACE)
    assert site.body() == TEXT


@pytest.mark.parametrize("cut", [half_close, close, reset])
def test_a_form_in_chunks_without_the_last_one_stores_nothing(
    site: Site, cut: Callable[[socket.socket], None]
) -> None:
    form = site.form()[:700]
    wire = socket.create_connection(("127.0.0.1", site.server.port), 60)
    wire.sendall(site.head(f"Content-Type: {FORM}", "Transfer-Encoding: chunked"))
    wire.sendall(b"%x\r\n%s\r\n" % (len(form), form))
    time.sleep(0.2)
    with suppress(ConnectionResetError):
        cut(wire)
    time.sleep(GRACE)
    assert site.body() == TEXT


def test_a_whole_form_is_saved_counted_or_in_chunks(site: Site) -> None:
    for framing in ("counted", "chunked"):
        form = site.form()
        length = f"Content-Length: {len(form)}" if framing == "counted" else ""
        lines = [f"Content-Type: {FORM}", "Connection: close"]
        lines.append(length or "Transfer-Encoding: chunked")
        body = form if length else b"%x\r\n%s\r\n0\r\n\r\n" % (len(form), form)
        assert b" 303 " in site.server.exchange(site.head(*lines) + body).split(b"\r\n")[0]
        assert site.body().endswith("New words.")
        restore(site)


def restore(site: Site) -> None:
    with site.database.writing() as session:
        text_of(session, site.page).body = TEXT


def test_chunks_of_a_format_without_an_end_are_refused(site: Site) -> None:
    lines = ("Content-Type: text/plain", "Transfer-Encoding: chunked", "Connection: close")
    answer = site.server.exchange(site.head(*lines) + b"3\r\nabc\r\n0\r\n\r\n")
    # waitress counts the chunks before it hands a body on: to Verso this is a text of known length.
    expected = b" 422 " if site.server.name == "waitress" else b" 411 "
    assert expected in answer.split(b"\r\n")[0]
    assert site.body() == TEXT


@pytest.fixture
def page(factory: Factory) -> Document:
    return factory.page("About", body=TEXT)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (FORM, b"title=About&body=Half+of+the"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="title'),
        ("multipart/form-data; boundary=b", b""),
        (FORM, b""),
    ],
)
def test_a_form_without_its_last_field_is_400_in_the_admins_form(
    editor: FlaskClient, page: Document, database: Database, content_type: str, body: bytes
) -> None:
    answer = editor.post(
        f"/admin/documents/{page.id}/text/en", data=body, content_type=content_type
    )
    assert answer.status_code == 400 and form_of(answer) is Section.ADMIN
    assert "did not arrive whole" in answer.text
    with database.reader() as session:
        assert text_of(session, page.id).body == TEXT


def test_a_cut_form_of_a_stranger_is_not_kept_to_be_sent_again(client: FlaskClient) -> None:
    cut = client.post("/admin/documents/1/text/en", data=b"body=Half", content_type=FORM)
    assert cut.status_code == 400
    whole = client.post("/admin/documents/1/text/en", data={"body": "All of it"})
    assert whole.status_code == 403 and "All of it" in whole.text


def test_a_form_of_another_blueprint_needs_no_last_field(app: Flask) -> None:
    app.add_url_rule("/theirs", "theirs", lambda: "taken", methods=["POST"])
    answer = app.test_client().post("/theirs", data=b"a=1", content_type=FORM)
    assert answer.text == "taken"


class Forms(HTMLParser):
    """The posted forms of a page, each with the names of its fields in the order of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            is_posted = given.get("method") == "post"
            self._open = given.get("id") or f"form-{len(self.fields)}" if is_posted else ""
            if self._open:
                self.fields[self._open] = []
        elif tag in ("input", "select", "textarea", "button") and given.get("name"):
            owner = given.get("form", self._open)
            if owner:
                self.fields[owner].append(given["name"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = ""


@pytest.mark.parametrize("route", READS)
def test_every_form_of_the_admin_ends_with_the_last_field(
    app: Flask, editor: FlaskClient, factory: Factory, route: str
) -> None:
    page = factory.page("About", translations={})
    assert_forms_end(editor.get(path_of(app, route, document_id=page.id)).text)


@pytest.mark.parametrize("path", ["/en/", "/en/about", "/en/blog/", "/en/nothing-here"])
def test_every_form_of_the_site_ends_with_the_last_field(
    client: FlaskClient, page: Document, path: str
) -> None:
    assert assert_forms_end(client.get(path).text) > 0


def assert_forms_end(html: str) -> int:
    forms = Forms()
    forms.feed(html)
    for form, fields in forms.fields.items():
        assert fields and fields[-1] == END_FIELD, (form, fields)
    return len(forms.fields)
