"""Streams on four real servers: what fails can be told from what is whole, and nothing leaks."""

import json
import shutil
import time
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from tests.servers import SERVERS, Server, running
from verso.api.streams import SLOTS
from verso.content.synthetic import add_posts
from verso.db import Database

ROOTS = {"site": "/fr", "blog": "/fr/blog", "api": "/api/v1"}
TYPES = dict.fromkeys(ROOTS, "text/html; charset=utf-8") | {"api": "application/problem+json"}
# granian ends a broken stream as if it were whole; the others cut the connection.
POLITE = "granian"
# Seconds until a client that left is noticed, at most; a busy machine needs most of them.
NOTICED = 30.0
POSTS = 3000


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Path:
    """An instance with more posts than the buffers of sockets hold."""
    folder = tmp_path_factory.mktemp("streams")
    shutil.copy(empty_database, folder / "verso.db")
    database = Database(f"sqlite:///{folder / 'verso.db'}")
    add_posts(database, POSTS, ["en"])
    database.close()
    return folder


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest, instance: Path) -> Iterator[Server]:
    with running(request.param, instance) as server:
        yield server


@pytest.mark.parametrize("section", ROOTS)
@pytest.mark.parametrize(
    ("route", "status"), [("before", 500), ("abort", 403), ("problem", 503), ("number", 500)]
)
def test_what_fails_before_the_first_chunk_gets_the_sections_answer_and_its_status(
    server: Server, section: str, route: str, status: int
) -> None:
    answer = server.ask(f"{ROOTS[section]}/t-{route}?lang=fr")
    assert answer.status == status
    assert answer.headers["Content-Type"] == TYPES[section]
    assert answer.headers["Content-Language"] == "fr"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "secret detail" not in answer.text
    if route == "problem":
        assert answer.headers["Retry-After"] == "77"
    if status >= 500:
        assert answer.headers["X-Error-ID"] in answer.text


def test_an_empty_stream_is_an_empty_answer(server: Server) -> None:
    answer = server.ask("/api/v1/t-empty")
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize("name", ["ndjson", "sse", "html", "text", "late-number"])
def test_what_fails_later_can_be_told_from_success_and_is_reported_once(
    server: Server, name: str
) -> None:
    path = f"{ROOTS['blog']}/t-{name}"
    raw = server.get_raw(path)
    assert raw.startswith(b"HTTP/1.1 200")
    assert raw.endswith(b"0\r\n\r\n") == (server.name == POLITE)
    faults = server.faults(path, 1)
    assert [fault["phase"] for fault in faults] == ["stream"]
    if name != "text":
        assert faults[0]["error_id"].encode() in raw


def test_each_format_has_its_own_way_to_say_so(server: Server) -> None:
    ndjson = _body(server, "/api/v1/t-ndjson")
    error = json.loads(ndjson.splitlines()[-1])["error"]
    assert (error["status"], error["code"]) == (500, 50000)
    assert error["type"] == "http://localhost/problems/internal-error"
    name, data = _body(server, "/api/v1/t-sse").strip().split("\n\n")[-1].split("\n")
    assert name == "event: error"
    assert json.loads(data.removeprefix("data: "))["instance"].startswith("urn:verso:error:")
    page = _body(server, "/fr/t-html")
    assert '<div role="alert" lang="fr" dir="ltr">' in page and "<!-- stream error " in page


def _body(server: Server, path: str) -> str:
    """The lines of a broken answer, without the sizes of its chunks."""
    _, _, framed = server.get_raw(path).partition(b"\r\n\r\n")
    return "".join(part.decode() for part in framed.removesuffix(b"0\r\n\r\n").split(b"\r\n")[1::2])


def test_a_length_that_was_declared_is_not_filled_with_words(server: Server) -> None:
    raw = server.get_raw("/api/v1/t-declared")
    assert b"error" not in raw.partition(b"\r\n\r\n")[2]
    assert len(server.faults("/api/v1/t-declared", 1)) == 1


def test_a_failing_close_is_reported_and_harms_no_answer(server: Server) -> None:
    assert server.ask("/api/v1/t-close").body == b"onetwo"
    assert [fault["phase"] for fault in server.faults("/api/v1/t-close", 1)] == ["close"]


@pytest.mark.parametrize("path", ["/api/v1/t-ndjson", "/api/v1/export", "/api/v1/events"])
def test_head_has_no_body_and_starts_no_stream(server: Server, path: str) -> None:
    raw = server.get_raw(path, "HEAD")
    assert raw.startswith(b"HTTP/1.1 200")
    # Waitress writes an empty chunked body after every HEAD without a length.
    assert raw.partition(b"\r\n\r\n")[2] == (b"0\r\n\r\n" if server.name == "waitress" else b"")


@pytest.mark.timeout(300)
def test_two_hundred_aborted_streams_leave_nothing_behind(server: Server) -> None:
    for _ in range(200):
        answer = server.open("/api/v1/t-endless")
        assert answer.read(1) == b"x"
        answer.close()
    before = _settled(server)
    for _ in range(50):
        assert server.ask("/healthz").status == 204
    after = server.ask("/api/v1/t-counts").json
    assert after["checked_out"] == 0
    # The fifty, and the request that counted before them.
    assert after["requests"] - before["requests"] == 51
    assert after["contexts"] - before["contexts"] == 51
    assert not server.faults("/api/v1/t-endless", 0)


def _settled(server: Server) -> Any:
    """The counts, when the streams have been closed."""
    deadline = time.monotonic() + NOTICED
    while (counts := server.ask("/api/v1/t-counts").json)["checked_out"]:
        assert time.monotonic() < deadline, counts
        time.sleep(0.1)
    return counts


@pytest.mark.timeout(300)
def test_a_reader_who_does_not_read_holds_no_connection(server: Server) -> None:
    lazy = [server.open("/api/v1/export", buffer=4096) for _ in range(5)]
    _settled(server)
    for answer in lazy:
        assert answer.read(1) == b"{"
        answer.close()


@pytest.mark.timeout(300)
def test_the_number_of_streams_is_bounded_and_who_leaves_makes_room(server: Server) -> None:
    readers = _fill(server)
    refused = server.ask("/api/v1/events")
    assert (refused.status, refused.headers["Retry-After"]) == (503, "10")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert server.ask("/api/v1/export").status == 503
    _settled(server)
    for reader in readers:
        reader.close()
    for reader in _fill(server):
        reader.close()
    assert server.faults("/api/v1/events", 0) == []


def _fill(server: Server) -> list[HTTPResponse]:
    """As many readers of the events as there may be, as soon as there is room for them."""
    readers: list[HTTPResponse] = []
    deadline = time.monotonic() + NOTICED
    while len(readers) < SLOTS and time.monotonic() < deadline:
        answer = server.open("/api/v1/events")
        if answer.status == 200:
            assert answer.readline() == b": ok\n"
            readers.append(answer)
        else:
            answer.close()
            time.sleep(0.1)
    assert len(readers) == SLOTS, f"not noticed within {NOTICED} s"
    return readers


HEAD = b"GET /fr/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
# What servers refuse before the application sees it; docs/errors.md has the same table.
REFUSED = {
    "a malformed request line": (b"GARBAGE\r\n\r\n", SERVERS),
    "a header of 100 kB": (
        HEAD + b"X-A: " + b"a" * 100_000 + b"\r\n\r\n",
        ("werkzeug", "gunicorn"),
    ),
    "a header of 20 kB": (HEAD + b"X-A: " + b"a" * 20_000 + b"\r\n\r\n", ("gunicorn",)),
    "200 headers": (
        HEAD + b"".join(b"X-%d: a\r\n" % number for number in range(200)) + b"\r\n",
        ("werkzeug", "gunicorn", "granian"),
    ),
    "a raw byte in the path": (
        HEAD.replace(b"/x", b"/\xff") + b"\r\n",
        ("gunicorn", "waitress", "granian"),
    ),
    "the same byte, encoded": (HEAD.replace(b"/x", b"/%ff") + b"\r\n", ()),
    "a raw byte in the query": (
        HEAD.replace(b"/x", b"/x?q=\xff") + b"\r\n",
        ("gunicorn", "waitress", "granian"),
    ),
    "a method in lower case": (HEAD.replace(b"GET", b"get") + b"\r\n", ("gunicorn", "waitress")),
    "no Host": (HEAD.replace(b"Host: localhost\r\n", b"") + b"\r\n", ()),
    "two Hosts": (HEAD + b"Host: other\r\n\r\n", ("gunicorn",)),
    "a length that is no number": (
        HEAD + b"Content-Length: x\r\n\r\n",
        ("gunicorn", "waitress", "granian"),
    ),
    "a space in a header's name": (
        HEAD + b"X A: 1\r\n\r\n",
        ("gunicorn", "waitress", "granian"),
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_never_reaches_us_is_known(server: Server, what: str) -> None:
    request, refusing = REFUSED[what]
    is_ours = b"x-frame-options" in server.exchange(request).lower()
    assert is_ours == (server.name not in refusing)
