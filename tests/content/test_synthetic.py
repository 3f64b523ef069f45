"""Made-up posts and pages: real documents, as many as asked for."""

import pytest
from flask.testing import FlaskClient

from verso.content import synthetic
from verso.content.synthetic import add_pages, add_posts
from verso.db import Database


def test_made_up_posts_and_pages_are_served(client: FlaskClient, database: Database) -> None:
    assert (add_posts(database, 3, ("en",)), add_pages(database, 3)) == (3, 3)
    assert client.get("/en/blog/made-up-post-2").status_code == 200
    assert client.get("/en/made-up-page-2").status_code == 200


def test_only_what_is_missing_is_added(database: Database) -> None:
    assert [add_pages(database, wanted) for wanted in (2, 5, 5)] == [2, 3, 0]
    assert [add_posts(database, wanted, ("en",)) for wanted in (2, 5, 5)] == [2, 3, 0]


def test_pages_beyond_the_top_level_stand_below_others(
    client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(synthetic, "PAGES_BELOW", 2)
    for wanted in (2, 6, 8):
        add_pages(database, wanted)
    path = "/en/made-up-page-0/made-up-page-2/made-up-page-6"
    assert "Made-up page 6" in client.get(path).text
