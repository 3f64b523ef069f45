"""The guard: whatever is wrong with an answer, it is found before the server sees it."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client, create_environ

from tests.conftest import LOCALES, MakeApp
from tests.failing import add_routes
from tests.sections import root_of
from verso import logs
from verso.errors import last_resort
from verso.errors.guard import Guard
from verso.headers import SECURITY_HEADERS
from verso.i18n.locales import get_locales
from verso.sections import Section

Application = Callable[[dict[str, Any], Any], Iterable[Any]]
HTML = tuple(section for section in Section if section is not Section.API)


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    return tmp_path / "verso.log"


@pytest.fixture
def app(make_app: MakeApp, log_file: Path) -> Flask:
    app = make_app(TESTING=True, LOG_FILE=log_file, LOG_FORMAT="json")
    add_routes(app)
    return app


def guarded(app: Flask, application: Application, base_url: str = "") -> Client:
    """A client of the guard around any WSGI application."""
    app.wsgi_app = application  # type: ignore[method-assign, assignment]
    with app.app_context():
        return Client(Guard(app, get_locales(), SECURITY_HEADERS, base_url))


def answering(
    chunks: Iterable[Any], headers: Iterable[Any] = (), status: Any = "200 OK"
) -> Application:
    """An application that answers just so."""

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[Any]:
        start_response(status, list(headers))
        return chunks

    return application


def faults(log_file: Path) -> list[dict[str, Any]]:
    logs.flush()
    entries = (json.loads(line) for line in log_file.read_text().splitlines())
    return [entry for entry in entries if entry["event"] == "fault"]


def _start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
    """A server's start_response that sends nothing."""


class Body:
    """A body that counts how often it is closed."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.closed = 0
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._chunks)

    def close(self) -> None:
        self.closed += 1


def test_the_admin_answers_a_stream_that_fails_at_once(app: Flask, editor: FlaskClient) -> None:
    for route, status in (("before", 500), ("abort", 403), ("problem", 503)):
        answer = editor.get(f"/admin/t-{route}")
        assert answer.status_code == status
        assert '<body class="admin' in answer.text


@pytest.mark.parametrize(
    ("chunks", "headers", "status"),
    [
        ([1], (), "200 OK"),
        (["text"], (), "200 OK"),
        ([b"x"], [("X-Snow", "\u2603")], "200 OK"),
        ([b"x"], [("X-Two", "a\r\nSet-Cookie: b")], "200 OK"),
        ([b"x"], [("X Space", "a")], "200 OK"),
        ([b"x"], [("X-Number", 1)], "200 OK"),
        ([b"x"], [(b"X-Bytes", "a")], "200 OK"),
        ([b"x"], (), 200),
        ([b"x"], (), "OK"),
        ([b"x"], (), "200 OK\r\nX: y"),
        ([b"x"], (), "100 Continue"),
        ([b"x"], (), None),
    ],
)
def test_what_no_server_could_send_is_a_fault_and_gets_the_last_resort(
    app: Flask, log_file: Path, chunks: Any, headers: Any, status: Any
) -> None:
    answer = guarded(app, answering(chunks, headers, status)).get("/fr/x")
    assert answer.status_code == 500
    assert answer.headers["X-Error-ID"] in answer.text
    assert 'data-section="site"' in answer.text
    assert [fault["error_id"] for fault in faults(log_file)] == [answer.headers["X-Error-ID"]]


def test_an_application_that_starts_no_answer_is_a_fault(app: Flask) -> None:
    assert guarded(app, lambda environ, start_response: [b"x"]).get("/").status_code == 500


def test_an_answer_may_start_late_and_with_empty_chunks(app: Flask) -> None:
    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        yield b""
        start_response("201 CREATED", [("Connection", "close"), ("TE", "x"), ("X-Kept", "é")])
        yield b"a"
        yield b""
        yield b"b"

    answer = guarded(app, application).get("/")
    assert (answer.status_code, answer.data) == (201, b"ab")
    assert answer.headers.to_wsgi_list() == [("X-Kept", "é")]


@pytest.mark.parametrize("read", [0, 1, 2, 9])
def test_a_body_is_closed_exactly_once_however_much_was_read(app: Flask, read: int) -> None:
    body = Body([b"a", b"b", b"c"])
    application = guarded(app, answering(body)).application
    chunks = iter(application(create_environ("/fr/x"), _start))
    assert len([chunk for _, chunk in zip(range(read), chunks, strict=False)]) == min(read, 3)
    chunks.close()  # type: ignore[attr-defined]
    chunks.close()  # type: ignore[attr-defined]
    assert body.closed == 1


def test_a_body_is_closed_when_its_headers_cannot_be_sent(app: Flask) -> None:
    body = Body([b"a", b"b"])
    assert guarded(app, answering(body, [("X-Snow", "\u2603")])).get("/fr/x").status_code == 500
    assert body.closed == 1


@pytest.mark.parametrize("error", [SystemExit(1), KeyboardInterrupt(), GeneratorExit()])
def test_what_ends_the_process_passes_and_the_body_is_closed(
    app: Flask, log_file: Path, error: BaseException
) -> None:
    def chunks() -> Iterator[bytes]:
        raise error
        yield b""

    body = Body(chunks())
    with pytest.raises(type(error)):
        guarded(app, answering(body)).get("/fr/x")
    assert body.closed == 1
    assert not log_file.exists() or faults(log_file) == []


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ([("Content-Type", "application/x-ndjson; charset=utf-8")], '\n{"error": {"type": '),
        ([("Content-Type", "Text/Event-Stream")], "\nevent: error\ndata: {"),
        ([("Content-Type", "text/html")], '<div role="alert" lang="ar" dir="rtl">'),
        ([("Content-Type", "text/html"), ("Content-Length", "99")], ""),
        ([("Content-Type", "text/html"), ("Content-Encoding", "gzip")], ""),
        ([("Content-Type", "image/png")], ""),
        ([], ""),
    ],
)
def test_the_reader_is_told_where_the_format_has_room_for_it(
    app: Flask, log_file: Path, headers: list[tuple[str, str]], told: str
) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"half a line"
        raise ZeroDivisionError

    client = guarded(app, answering(chunks(), [*headers, ("Content-Language", "ar")]))
    stream = iter(client.application(create_environ("/fr/x"), _start))
    assert next(stream) == b"half a line"
    assert (told in next(stream).decode()) if told else (next(stream) == b"")
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            next(stream)
    assert [fault["phase"] for fault in faults(log_file)] == ["stream"]


@pytest.mark.parametrize("route", ["abort", "before"])
def test_an_error_page_that_crashes_leads_to_the_last_resort(
    app: Flask, log_file: Path, route: str
) -> None:
    del app.extensions["verso.navigation"]
    answer = app.test_client().get(f"/fr/t-{route}")
    assert answer.status_code == 500 and 'data-section="site"' in answer.text
    assert answer.headers["X-Error-ID"] in {fault["error_id"] for fault in faults(log_file)}


def _raise(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    raise ZeroDivisionError


@pytest.mark.parametrize("mount", ["", "/mount", '/a b/é"<>'])
@pytest.mark.parametrize("section", HTML)
def test_the_last_resort_is_a_page_of_its_section_that_leads_home(
    app: Flask, section: Section, mount: str
) -> None:
    script_name = mount.encode().decode("latin-1")
    client = guarded(app, _raise)
    client.set_cookie("verso_admin_language", "fr")
    environ = {"SCRIPT_NAME": script_name}
    answer = client.get(root_of(section, "fr") + "x", environ_overrides=environ)
    assert answer.status_code == 500 and len(answer.data) < 15_000
    assert f'<body data-section="{section}">' in answer.text
    quoted = {"": "", "/mount": "/mount"}.get(mount, "/a%20b/%C3%A9%22%3C%3E")
    assert f'<a href="{quoted}{root_of(section, "fr")}">' in answer.text
    assert answer.headers["Content-Security-Policy"] == last_resort.CSP
    assert answer.headers["Content-Language"] == "fr"
    assert "{" not in answer.text.partition("</style>")[2]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_last_resort_is_in_the_language_of_the_url(app: Flask, locale: str) -> None:
    answer = guarded(app, _raise).get(f"/{locale}/x")
    direction = "rtl" if locale == "ar" else "ltr"
    assert f'<html lang="{locale}" dir="{direction}">' in answer.text


@pytest.mark.parametrize(
    ("base_url", "expected"), [("", "/m"), ("https://x.org/y", "https://x.org/y")]
)
def test_the_last_resort_of_the_api_has_the_type_of_its_other_problems(
    app: Flask, base_url: str, expected: str
) -> None:
    client = guarded(app, _raise, base_url)
    answer = client.get("/api/v1/x", environ_overrides={"SCRIPT_NAME": "/m"})
    body = json.loads(answer.data)
    assert answer.mimetype == "application/problem+json"
    assert body["type"] == f"{expected}/problems/internal-error"
    assert body["instance"] == f"urn:verso:error:{answer.headers['X-Error-ID']}"


def test_a_locale_that_appeared_meanwhile_gets_the_default_locales_page(
    make_app: MakeApp, tmp_path: Path
) -> None:
    app = make_app(TESTING=True, LOCALES=[])
    client = guarded(app, _raise)
    folder = tmp_path / "instance" / "translations" / "it" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text('msgid ""\nmsgstr ""\n')
    answer = client.get("/it/x")
    assert answer.status_code == 500
    assert '<html lang="en"' in answer.text and answer.headers["Content-Language"] == "en"


def test_head_gets_no_body_of_the_last_resort(app: Flask) -> None:
    client = guarded(app, _raise)
    head = client.head("/fr/x")
    assert (
        head.data == b""
        and head.headers["Content-Length"] == client.get("/fr/x").headers["Content-Length"]
    )
