"""Feeds parse without a complaint and carry only what exists in their language."""

import feedparser
import pytest
from flask.testing import FlaskClient

from tests.factories import Factory, words


@pytest.fixture
def posts(factory: Factory) -> None:
    factory.post(
        "Hello & <good> morning",
        slug="hello",
        body="A [link](/en/about) and `<code>`.",
        tags=("Ink",),
        authors=("Ada",),
        translations={"ar": words("مرحبا", slug="marhaba", body="نص")},
    )
    factory.post("Only English", slug="only", days_ago=2)


@pytest.mark.usefixtures("posts")
def test_atom_parses_without_a_bozo_flag(client: FlaskClient) -> None:
    for path, titles in (
        ("/en/blog/feed.xml", ["Hello & <good> morning", "Only English"]),
        ("/ar/blog/feed.xml", ["مرحبا"]),
        ("/fr/blog/feed.xml", []),
        ("/en/blog/tags/ink/feed.xml", ["Hello & <good> morning"]),
    ):
        answer = client.get(path)
        assert answer.mimetype == "application/atom+xml"
        feed = feedparser.parse(answer.data)
        assert not feed.bozo, feed.get("bozo_exception")
        assert [entry.title for entry in feed.entries] == titles
    feed = feedparser.parse(client.get("/en/blog/feed.xml").data)
    assert feed.entries[0].author == "Ada"
    assert 'href="http://localhost/en/about"' in feed.entries[0].content[0].value


@pytest.mark.usefixtures("posts")
def test_json_feed_is_complete(client: FlaskClient) -> None:
    feed = client.get("/en/blog/feed.json")
    assert feed.mimetype == "application/feed+json"
    body = feed.json
    assert body is not None and body["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["title"] for item in body["items"]] == ["Hello & <good> morning", "Only English"]
    for item in body["items"]:
        assert client.get(item["url"].removeprefix("http://localhost")).status_code == 200


@pytest.mark.usefixtures("posts")
def test_an_unchanged_feed_is_304(client: FlaskClient) -> None:
    for name in ("feed.xml", "feed.json"):
        etag = client.get(f"/en/blog/{name}").headers["ETag"]
        again = client.get(f"/en/blog/{name}", headers={"If-None-Match": etag})
        assert again.status_code == 304 and again.data == b""
