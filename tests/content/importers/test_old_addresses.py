"""Old addresses lead to the document that stated them, and to its original where they name no language."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.factories import Factory, words
from verso.content.importers import Report, import_folder
from verso.content.paths import add_old_url
from verso.content.urls import find_old_neutral
from verso.db import Database
from verso.media.stores import LocalStore
from verso.models import Kind

LOCALES = ["en", "de", "fr", "ar"]
Import = Callable[[str], Report]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


@pytest.fixture
def import_all(database: Database, folder: Path) -> Import:
    def run(below: str = "") -> Report:
        return import_folder(
            database,
            folder / below,
            section=Kind.POST,
            locale="en",
            locales=LOCALES,
            store=LocalStore(folder.parent / "media"),
        )

    return run


def _write(
    folder: Path, name: str, *, date: str = "2024-03-01", body: str = "", **fields: str
) -> None:
    lines = [f"title: {fields.pop('title', name)}", f"date: {date}"]
    lines += [f"{field}: {value}" for field, value in fields.items()]
    (folder / name).write_text("---\n" + "\n".join(lines) + f"\n---\n{body}\n")


def _leads_to(client: FlaskClient, path: str, language: str = "en") -> str | None:
    answer = client.get(path, headers={"Accept-Language": language})
    return answer.location if answer.status_code == 301 else str(answer.status_code)


@pytest.mark.parametrize("language", ["en", "de", "ja", "ar"])
def test_an_address_without_a_language_leads_to_the_original(
    client: FlaskClient, folder: Path, import_all: Import, language: str
) -> None:
    for locale in ("ar", "de", "fr"):
        _write(folder, f"lamp.{locale}.md", path=f"{locale}/lamp")
    _write(folder, "lamp.md", path="lamp")
    import_all("")
    assert _leads_to(client, "/lamp", language) == "/en/blog/lamp"
    assert _leads_to(client, "/ar/lamp", language) == "/ar/blog/lamp"
    assert _leads_to(client, "/fr/lamp", language) == "/fr/blog/lamp"


@pytest.mark.parametrize("order", [("first", "second"), ("second", "first")])
def test_an_address_without_a_language_outranks_the_rest_of_one_with(
    client: FlaskClient, folder: Path, import_all: Import, order: tuple[str, str]
) -> None:
    days = dict(zip(order, ("2024-01-01", "2024-01-02"), strict=True))
    _write(folder, "first.md", date=days["first"], path="fr/lamp", lang="fr")
    _write(folder, "second.md", date=days["second"], path="lamp", slug="second")
    import_all("")
    assert _leads_to(client, "/lamp") == "/en/blog/second"
    assert _leads_to(client, "/fr/lamp") == "/fr/blog/lamp"


@pytest.mark.parametrize("order", [("lamp", "ship"), ("ship", "lamp")])
def test_a_stated_blog_address_outranks_that_of_a_page_of_the_same_name(
    client: FlaskClient, folder: Path, import_all: Import, order: tuple[str, str]
) -> None:
    days = dict(zip(order, ("2024-01-01", "2024-01-02"), strict=True))
    _write(folder, "lamp.md", date=days["lamp"], aliases="[/old]")
    _write(folder, "ship.md", date=days["ship"], aliases="[/blog/old]")
    assert import_all("").notes == []
    assert _leads_to(client, "/old") == "/en/blog/lamp"
    assert _leads_to(client, "/blog/old") == "/en/blog/ship"


@pytest.mark.parametrize("runs", [("",), ("a", "b")])
def test_a_stated_address_outranks_one_that_follows_from_a_file_name(
    client: FlaskClient, folder: Path, import_all: Import, runs: tuple[str, ...]
) -> None:
    for name in ("a", "b"):
        (folder / name).mkdir()
    _write(folder / "a", "2024-01-01-lamp.md", date="2024-01-01")
    _write(folder / "b", "ship.md", date="2024-02-01", aliases="[/2024/01/01/lamp]")
    for run in runs:
        assert import_all(run).notes == []
    assert _leads_to(client, "/2024/01/01/lamp") == "/en/blog/ship"
    assert _leads_to(client, "/2024/01/01/lamp.html") == "/en/blog/lamp"


def test_two_documents_that_state_one_address_are_reported(
    client: FlaskClient, folder: Path, import_all: Import
) -> None:
    _write(folder, "one.md", date="2024-01-01", aliases="[/old]")
    _write(folder, "two.md", date="2024-01-02", aliases="[/old]")
    assert [str(note) for note in import_all("").notes] == [
        "two.md: /old already leads to another document"
    ]
    assert _leads_to(client, "/old") == "/en/blog/one"


def test_a_link_follows_a_stated_address_in_its_own_language(
    database: Database, client: FlaskClient, folder: Path, import_all: Import
) -> None:
    (folder / "a").mkdir()
    _write(folder / "a", "2024-01-01-lamp.md", date="2024-01-01")
    _write(folder / "a", "ship.md", date="2024-02-01", aliases="[/2024/01/01/lamp, /home]")
    _write(folder / "a", "heim.md", date="2024-01-02", lang="de", aliases="[/home]")
    link = "[x](/2024/01/01/lamp) [y](/home)"
    _write(folder / "a", "links.md", body=link)
    _write(folder / "a", "verweise.md", lang="de", body=link)
    import_all("a")
    english = client.get("/en/blog/links").text
    assert 'href="/en/blog/ship">x' in english and 'href="/en/blog/ship">y' in english
    assert 'href="/de/blog/heim">y' in client.get("/de/blog/verweise").text
    (folder / "b").mkdir()
    shutil.copy(folder / "a/links.md", folder / "b/later.md")
    import_all("b")
    later = client.get("/en/blog/later").text
    assert 'href="/en/blog/ship">x' in later and 'href="/en/blog/ship">y' in later


def test_an_original_outranks_a_translation_whatever_was_stored_first(
    database: Database, factory: Factory
) -> None:
    lamp = factory.post("Lamp", translations={"ar": words("Lamp ar")})
    with database.writing() as session:
        assert lamp.published_at is not None
        for locale in ("ar", "en"):
            add_old_url(session, Kind.POST, "old", locale, lamp.id, lamp.published_at)
    with database.reader() as session:
        found = find_old_neutral(session, Kind.POST, "old", lamp.updated_at)
        assert found is not None and found[1] == "en"
