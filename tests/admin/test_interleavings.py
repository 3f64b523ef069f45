"""Three editors in any order: whatever they typed can be found again, and no address is lost."""

import random
import re
from collections.abc import Iterator
from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.admin.test_editor import text_version
from tests.conftest import LOCALES, MakeApp
from tests.factories import Factory
from verso.db import Database
from verso.models import Document, DocumentText, Draft, Revision

STEPS = 40
SEEDS = range(4)
WORD = re.compile(r"word\d+")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def any_app(request: pytest.FixtureRequest, make_app: MakeApp) -> Flask:
    """The application on a fresh database of either kind."""
    if request.param == "sqlite":
        return make_app()
    return make_app(DATABASE_URL=request.getfixturevalue("postgresql_url"))


class Writer:
    """Somebody with one open form, who only ever adds words, each of them once."""

    def __init__(self, browser: FlaskClient, number: int, words: Iterator[int]) -> None:
        self.browser = browser
        self.place = f"/admin/documents/{number}/text/en"
        self.words = words
        self.form: dict[str, str] = {}
        self.open()

    def open(self, query: str = "") -> None:
        self.form = form_in(self.browser.get(self.place + query).text)

    def type(self, chance: random.Random) -> str:
        """Add a word to some paragraph, or a paragraph, or to the title."""
        word = f"word{next(self.words)}"
        blocks = self.form["body"].split("\n\n")
        place = chance.randrange(len(blocks))
        if chance.random() < 0.3:
            blocks.insert(place, word)
        else:
            blocks[place] += " " + word
        self.form["body"] = "\n\n".join(blocks)
        if chance.random() < 0.2:
            self.form["slug"] = word
        return word

    def keep(self) -> None:
        answer = self.browser.post(f"{self.place}/draft", data=self.form)
        assert answer.status_code == 200, answer.text
        self.form["lane"] = answer.get_json()["lane"]
        self.form["lane_version"] = str(answer.get_json()["lane_version"])

    def save(self, then: str = "") -> None:
        answer = self.browser.post(self.place, data={**self.form, "then": then})
        assert answer.status_code in (303, 409, 422), answer.text
        if answer.status_code == 303:
            self.open()
        else:
            self.form = form_in(answer.text)

    def restore(self, chance: random.Random) -> None:
        links = re.findall(r"/history/\d+", self.browser.get(self.place + "/history").text)
        path = f"/admin/documents/{self.place.split('/')[3]}/text/en{chance.choice(links)}/restore"
        assert self.browser.post(path).status_code == 303

    def close(self) -> None:
        """Close the tab after an autosave, and come back to what was kept."""
        self.keep()
        self.open(f"?lane={self.form['lane']}")


def form_in(page: str) -> dict[str, str]:
    """The fields of the editor's form as a browser would send them."""
    found = {}
    for name in ("version", "lane", "lane_version", "title", "slug"):
        tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
        assert tag is not None, page
        value = re.search(r'value="([^"]*)"', tag[0])
        found[name] = value[1] if value else ""
    body = re.search(r'<textarea id="body"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert body is not None
    found["body"] = body[1].removeprefix("\n")
    return found


def words_anywhere(database: Database) -> set[str]:
    """Every word in texts, revisions and drafts."""
    with database.reader() as session:
        bodies = [text.body for text in session.query(DocumentText)]
        bodies += [revision.body for revision in session.query(Revision)]
        bodies += [draft.fields["body"] for draft in session.query(Draft)]
    return {word for body in bodies for word in WORD.findall(body)}


def urls_served(database: Database, number: int) -> str:
    with database.reader() as session:
        return "/en/" + session.get_one(Document, number).source.slug


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_three_editors_do_no_word_and_no_address_is_lost(
    any_app: Flask, seed: int
) -> None:
    chance, words = random.Random(seed), count()
    database: Database = any_app.extensions["verso.db"]
    factory = Factory(database, tuple(LOCALES))
    page = factory.page("About", body="One.\n\nTwo.\n\nThree.\n\nFour.")
    writers = [Writer(factory.sign_in(any_app, factory.user()), page.id, words) for _ in range(3)]
    visitor, typed, served = any_app.test_client(), set(), {"/en/about"}
    for _ in range(STEPS):
        writer = chance.choice(writers)
        deed = chance.choice(["type", "type", "keep", "save", "publish", "restore", "close"])
        if deed == "type":
            typed.add(writer.type(chance))
        elif deed == "publish":
            writer.save("publish")
        elif deed == "restore":
            writer.restore(chance)
        else:
            getattr(writer, deed)()
        served.add(urls_served(database, page.id))
    for writer in writers:
        writer.keep()
    assert typed <= words_anywhere(database)
    now = urls_served(database, page.id)
    for url in served:
        answer = visitor.get(url, follow_redirects=True)
        assert (answer.status_code, answer.request.path) == (200, now), url
    assert text_version(database, page.id) != "0"
