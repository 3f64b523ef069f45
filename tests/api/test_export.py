"""The export: everything that is published, in constant memory, with an end that says it is whole."""

import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import LOCALES
from tests.factories import Factory, words
from verso.api.streams import SLOTS
from verso.content import documents
from verso.content.synthetic import add_posts
from verso.content.walk import BATCH
from verso.db import Database


def export(client: FlaskClient) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The documents and the end of an export."""
    *found, end = (json.loads(line) for line in client.get("/api/v1/export").data.splitlines())
    return found, end


def test_a_document_comes_with_all_its_texts(client: FlaskClient, factory: Factory) -> None:
    parent = factory.page("Parent")
    factory.page("Child", parent=parent)
    french = words("Salut", body="*Salut*", summary="Bref", search_title="Saluer")
    factory.post("Hello", translations={"fr": french}, tags=("Ink",), authors=("Ada Lovelace",))
    (_, child, post), end = export(client)
    assert child["parent_id"] == parent.id
    assert child["texts"][0]["url"] == "http://localhost/en/parent/child"
    assert (post["kind"], post["source_lang"]) == ("post", "en")
    assert post["tags"] == [{"slug": "ink", "names": {"en": "Ink"}}]
    assert post["authors"] == [{"slug": "ada-lovelace", "name": "Ada Lovelace"}]
    assert post["published_at"].endswith("+00:00")
    texts = {text["lang"]: text for text in post["texts"]}
    assert texts["fr"].items() >= {
        ("title", "Salut"),
        ("slug", "salut"),
        ("summary", "Bref"),
        ("search_title", "Saluer"),
        ("search_description", ""),
        ("content_markdown", "*Salut*"),
        ("url", "http://localhost/fr/blog/salut"),
    }
    assert texts["en"]["title"] == "Hello"
    assert (end["end"], end["count"]) == (True, 3)


def test_what_is_not_live_is_left_out(client: FlaskClient, factory: Factory) -> None:
    factory.post("Draft", live=False)
    factory.post("Later", slug="later", days_ago=-1)
    found, end = export(client)
    assert found == [] and (end["end"], end["count"]) == (True, 0)


def test_every_document_comes_once_whatever_the_batches(
    client: FlaskClient, database: Database
) -> None:
    for number in (BATCH - 1, BATCH, BATCH + 1, 2 * BATCH + 1):
        add_posts(database, number, ["en"])
        found, end = export(client)
        ids = [one["id"] for one in found]
        assert ids == sorted(set(ids)) and len(ids) == end["count"] == number


def test_its_headers(client: FlaskClient) -> None:
    answer = client.get("/api/v1/export")
    assert answer.mimetype == "application/x-ndjson"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="verso-')
    assert "Content-Length" not in answer.headers


def test_addresses_are_under_the_mount(client: FlaskClient, factory: Factory) -> None:
    factory.post("Hello")
    answer = client.get("/api/v1/export", environ_overrides={"SCRIPT_NAME": "/mount"})
    text = json.loads(answer.data.splitlines()[0])["texts"][0]
    assert text["url"] == "http://localhost/mount/en/blog/hello"


def test_its_end_says_where_the_events_go_on(
    client: FlaskClient, factory: Factory, database: Database
) -> None:
    """What is published while an export is read is found in the events after it."""
    first = factory.post("First")
    _, end = export(client)
    with database.writing() as session:
        documents.withdraw(session, documents.get_for_change(session, first.id))
    answer = client.get(f"/api/v1/events?after={end['events_after']}", buffered=False)
    chunks = iter(answer.response)
    next(chunks)
    assert b"event: removed" in next(chunks)
    answer.close()


@pytest.mark.slow
@pytest.mark.slow
def test_memory_does_not_grow_with_the_site(app: Flask, database: Database) -> None:
    add_posts(database, 500, LOCALES)
    _peak(app)
    small = _peak(app)
    add_posts(database, 5000, LOCALES)
    assert _peak(app) < 1.5 * small


def _peak(app: Flask) -> int:
    """The most memory in bytes that reading a whole export takes."""
    tracemalloc.start()
    answer = app.test_client().get("/api/v1/export", buffered=False)
    for _ in answer.response:
        pass
    answer.close()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_no_connection_is_held_while_lines_are_sent(
    client: FlaskClient, database: Database
) -> None:
    add_posts(database, 2 * BATCH, ["en"])
    answer = client.get("/api/v1/export", buffered=False)
    pool: Any = database.engine.pool
    for _ in answer.response:
        assert pool.checkedout() == 0
    answer.close()


def test_a_slot_comes_back_however_the_stream_ends(client: FlaskClient, factory: Factory) -> None:
    factory.post("Hello")
    for _ in range(2 * SLOTS):
        client.get("/api/v1/export", buffered=False).close()
        client.head("/api/v1/export")
        assert client.get("/api/v1/export").status_code == 200
    held = [client.get("/api/v1/export", buffered=False) for _ in range(SLOTS)]
    refused = client.get("/api/v1/export")
    assert refused.status_code == 503 and refused.headers["Retry-After"] == "10"
    assert refused.mimetype == "application/problem+json"
    for one in held:
        one.close()
    assert client.get("/api/v1/export").status_code == 200


def test_a_database_that_goes_away_is_said_in_the_last_line(
    client: FlaskClient, database: Database
) -> None:
    add_posts(database, 3 * BATCH, ["en"])
    answer = client.get("/api/v1/export", buffered=False)
    chunks: Iterator[Any] = iter(answer.response)
    next(chunks)
    assert database.path is not None
    database.path.rename(database.path.with_suffix(".aside"))
    error = json.loads(next(chunks))["error"]
    assert (error["status"], error["code"], error["retryable"]) == (503, 50301, True)
    answer.close()
    assert client.get("/api/v1/export").status_code == 503
