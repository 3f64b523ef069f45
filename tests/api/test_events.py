"""The events: news of documents as it happens, with nothing lost to a reader who comes back."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.clock import clock_ahead
from tests.factories import Factory
from verso.api import events
from verso.content import documents
from verso.db import Database
from verso.models import Change


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits a second in a test."""
    monkeypatch.setattr(events, "POLL", 0.02)


class Reader:
    """A client of the events: what came, event by event."""

    def __init__(self, client: FlaskClient, query: str = "", **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answer = client.get(f"/api/v1/events{query}", headers=named, buffered=False)
        self._events = self._read()

    def _read(self) -> Iterator[dict[str, str]]:
        chunks: Any = self.answer.response
        for chunk in chunks:
            for event in chunk.decode().removesuffix("\n\n").split("\n\n"):
                fields = (line.partition(": ") for line in event.splitlines())
                yield {name: value for name, _, value in fields}

    def next(self) -> dict[str, str]:
        """The next event that is no sign of life."""
        return next(event for event in self._events if set(event) != {""})

    def look(self) -> dict[str, str]:
        """What comes next, be it a sign of life."""
        return next(self._events)

    def kinds(self, count: int) -> list[str]:
        return [self.next()["event"] for _ in range(count)]

    def leave(self) -> None:
        self.answer.close()


def change(database: Database, document_id: int, *, withdraw: bool = False) -> None:
    """Publish a document, or take it off the site."""
    with database.writing() as session:
        document = documents.get_for_change(session, document_id)
        if withdraw:
            documents.withdraw(session, document)
        else:
            documents.publish(session, document)


def test_news_is_told_as_it_happens(
    client: FlaskClient, factory: Factory, database: Database
) -> None:
    post = factory.post("Hello", live=False)
    reader = Reader(client)
    first = reader.next()
    assert first["retry"] == "2000" and first["id"] and first[""] == "ok"
    change(database, post.id)
    told = reader.next()
    assert told["event"] == "published"
    data = json.loads(told["data"])
    assert data.pop("at").endswith("+00:00")
    urls = {"en": "http://localhost/en/blog/hello"}
    assert data == {"id": post.id, "kind": "post", "urls": urls}
    change(database, post.id)
    change(database, post.id, withdraw=True)
    assert reader.kinds(2) == ["changed", "removed"]
    reader.leave()


@pytest.mark.parametrize("how", ["header", "query", "both"])
def test_a_reader_who_comes_back_misses_nothing(
    client: FlaskClient, factory: Factory, database: Database, how: str
) -> None:
    posts = [factory.post(f"Post {number}", live=False).id for number in range(3)]
    reader = Reader(client)
    began = reader.next()["id"]
    change(database, posts[0])
    last = reader.next()["id"]
    reader.leave()
    change(database, posts[1])
    change(database, posts[2])
    query = {"query": f"?after={last}", "both": f"?after={began}"}.get(how, "")
    headers = {} if how == "query" else {"Last_Event_ID": last}
    back = Reader(client, query, **headers)
    assert "event" not in back.next()
    assert [json.loads(back.next()["data"])["id"] for _ in range(2)] == posts[1:]
    back.leave()


def test_a_scheduled_post_is_told_when_its_time_has_come(
    client: FlaskClient, factory: Factory, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = clock_ahead()
    monkeypatch.setattr(events, "datetime", clock)
    reader = Reader(client)
    reader.next()
    post = factory.post("Soon", live=False)
    due = datetime.now(UTC) + timedelta(hours=1)
    with database.writing() as session:
        documents.publish(session, documents.get_for_change(session, post.id), due)
    assert [reader.look() for _ in range(3)] == [{"": "still here"}] * 3
    clock.ahead = timedelta(hours=2)
    told = reader.next()
    assert (told["event"], json.loads(told["data"])["at"]) == ("published", due.isoformat())
    reader.leave()


def test_who_comes_too_late_is_told_to_read_the_export_again(
    client: FlaskClient, factory: Factory, database: Database
) -> None:
    factory.post("One")
    begun = Reader(client, "?after=0-0")
    assert [begun.next().get("event"), begun.next()["event"]] == [None, "published"]
    begun.leave()
    with database.writing() as session:
        session.execute(update(Change).values(at=datetime(2020, 1, 1, tzinfo=UTC)))
    factory.post("Two")
    for place in ("0-0", "99-0", "2-99999999999999999"):
        reader = Reader(client, f"?after={place}")
        reader.next()
        reset = reader.next()
        assert reset["event"] == "reset"
        assert json.loads(reset["data"]) == {"export": "http://localhost/api/v1/export"}
        reader.leave()


@pytest.mark.parametrize("place", ["x", "1", "-1-1", "1-1-1", "9" * 40 + "-1", "%00"])
def test_a_malformed_place_is_400(client: FlaskClient, place: str) -> None:
    answer = client.get(f"/api/v1/events?after={place}")
    assert answer.status_code == 400 and answer.mimetype == "application/problem+json"


def test_a_silent_site_gives_signs_of_life_and_the_connection_ends_with_an_event(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "LIFETIME", 0.2)
    *chunks, last = client.get("/api/v1/events").data.decode().removesuffix("\n\n").split("\n\n")
    assert chunks[0].startswith(": ok\nretry: ") and chunks[1:] == [": still here"] * (
        len(chunks) - 1
    )
    assert len(chunks) > 2 and "\nevent: end\n" in last


def test_its_headers(client: FlaskClient) -> None:
    reader = Reader(client)
    headers = reader.answer.headers
    assert headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Accel-Buffering"] == "no"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    reader.leave()


def test_a_database_that_is_away_is_503_and_one_that_goes_away_is_said(
    client: FlaskClient, database: Database
) -> None:
    reader = Reader(client)
    reader.next()
    assert database.path is not None
    aside = database.path.with_suffix(".aside")
    database.path.rename(aside)
    told = reader.next()
    assert told["event"] == "error" and json.loads(told["data"])["status"] == 503
    reader.leave()
    assert client.get("/api/v1/events").status_code == 503
    aside.rename(database.path)
    again = Reader(client)
    assert again.answer.status_code == 200
    again.leave()


def test_the_index_names_the_streams(client: FlaskClient) -> None:
    index: Any = client.get("/api/v1").json
    for name in ("export", "events"):
        assert index["streams"][name] == f"http://localhost/api/v1/{name}"
        assert client.head(f"/api/v1/{name}").status_code == 200
