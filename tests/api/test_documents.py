"""The API reads documents in the language asked for, page by page."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factories import Factory, words
from verso.db import Database
from verso.media.storage import media_url
from verso.models import Document


def get(client: FlaskClient, path: str) -> Any:
    answer = client.get(path.removeprefix("http://localhost"))
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/json"
    return answer.json


def test_the_index_leads_to_every_collection(client: FlaskClient, factory: Factory) -> None:
    factory.post("Hello", tags=("Ink",))
    index = get(client, "/api/v1")
    for name, url in index["links"].items():
        found = get(client, url + ("?q=hello" if name == "search" else ""))
        assert "items" in found


def test_lists_are_walked_by_their_next_links(client: FlaskClient, factory: Factory) -> None:
    for number in range(7):
        factory.post(f"Post {number}", days_ago=number + 1)
    seen: list[str] = []
    url: str | None = "/api/v1/posts?size=3"
    while url:
        answer = client.get(url.removeprefix("http://localhost"))
        body = answer.json
        assert body is not None
        seen += [item["title"] for item in body["items"]]
        url = body["next"]
        assert ('rel="next"' in answer.headers.get("Link", "")) == bool(url)
    assert seen == [f"Post {number}" for number in range(7)]


@pytest.mark.parametrize("how", ["query", "header"])
def test_documents_are_in_the_language_asked_for(
    client: FlaskClient, factory: Factory, how: str
) -> None:
    post = factory.post("Hello", translations={"fr": words("Bonjour", body="*Salut*")})
    query, headers = ("?lang=fr", {}) if how == "query" else ("", {"Accept-Language": "fr"})
    answer = client.get(f"/api/v1/posts/{post.id}{query}", headers=headers)
    body = answer.json
    assert body is not None
    assert (body["lang"], body["title"]) == ("fr", "Bonjour")
    assert body["content_markdown"] == "*Salut*" and "<em>Salut</em>" in body["content_html"]
    assert body["translations"]["en"] == "http://localhost/en/blog/hello"
    assert answer.headers["Content-Language"] == "fr"
    assert "Accept-Language" in answer.headers["Vary"]


def test_one_document_has_its_words_for_search_engines(
    client: FlaskClient, factory: Factory, database: Database
) -> None:
    found = {"search_title": "Lamps", "search_description": "Who lights them?"}
    post, medium = factory.post("Hello", **found), factory.medium("card.png")
    path = f"/api/v1/posts/{post.id}"
    assert get(client, path).items() >= {**found, "title": "Hello", "sharing": None}.items()
    with database.writing() as session:
        session.get_one(Document, post.id).sharing_id = medium.id
    body = get(client, path)
    assert body["sharing"]["url"] == f"http://localhost{media_url(medium)}"
    assert body["cover"] is None
    assert "search_title" not in get(client, "/api/v1/posts")["items"][0]


def test_what_is_not_live_or_of_another_kind_is_404(client: FlaskClient, factory: Factory) -> None:
    draft, page = factory.post("Draft", live=False), factory.page("About")
    for path in (f"/api/v1/posts/{draft.id}", f"/api/v1/posts/{page.id}", "/api/v1/posts/0"):
        assert client.get(path).status_code == 404, path
    assert get(client, f"/api/v1/pages/{page.id}")["kind"] == "page"


def test_tags_lead_to_their_posts(client: FlaskClient, factory: Factory) -> None:
    factory.post("Hello", tags=("Ink",))
    factory.post("Other", slug="other")
    tag = get(client, "/api/v1/tags")["items"][0]
    assert (tag["slug"], tag["name"]) == ("ink", "Ink")
    assert [item["title"] for item in get(client, tag["posts"])["items"]] == ["Hello"]
    assert get(client, "/api/v1/posts?tag=none")["items"] == []


def test_search_needs_words(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?lang=fr")
    assert answer.status_code == 422
    body = answer.json
    assert body is not None and body["errors"][0]["parameter"] == "q"


def test_an_api_rule_accepts_a_last_slash(client: FlaskClient) -> None:
    for path in ("/api/v1/", "/api/v1/posts/", "/api/v1/tags/"):
        assert client.get(path).status_code == 200


def test_an_unchanged_answer_is_304(client: FlaskClient, factory: Factory) -> None:
    post = factory.post("Hello")
    path = f"/api/v1/posts/{post.id}"
    etag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
