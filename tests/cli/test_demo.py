"""`verso demo` fills an empty site, can be run again, and leaves a site with content of its own alone."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.shell import Nursery, Shell, nursery

OWN = "---\ntitle: My first post\ndate: 2024-01-01\n---\nHello.\n"


@pytest.fixture(scope="module")
def running() -> Iterator[Nursery]:
    with nursery() as process:
        yield process


@pytest.fixture
def verso(running: Nursery, tmp_path: Path) -> Shell:
    shell = Shell(running, tmp_path / "instance")
    shell("init", "--no-link")
    return shell


def _run_sql(verso: Shell, statement: str, *values: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(verso.instance / "verso.db")) as database, database:
        return database.execute(statement, values).fetchall()


def _rename(verso: Shell, name: str) -> None:
    _run_sql(verso, "INSERT OR REPLACE INTO site_settings VALUES ('name', 'en', ?)", name)


def _name(verso: Shell) -> object:
    query = "SELECT value FROM site_settings WHERE name = 'name' AND locale = 'en'"
    return _run_sql(verso, query)[0][0]


def test_a_site_with_a_name_is_not_renamed(verso: Shell) -> None:
    _rename(verso, "My real site")
    status, words = verso("demo")
    assert status == 1
    assert "name (en): My real site" in words and "--force" in words and "Traceback" not in words
    assert _name(verso) == "My real site"
    assert _run_sql(verso, "SELECT count(*) FROM documents") == [(0,)]


@pytest.mark.parametrize("file", ["mine.md", "walnuts.md", "what-to-bring.md"])
def test_a_site_with_documents_gets_no_others(verso: Shell, tmp_path: Path, file: str) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / file).write_text(OWN)
    verso("import", str(tmp_path / "posts"))
    status, words = verso("demo", "--posts", "3")
    assert status == 1 and "1 document (“My first post”)" in words
    assert _run_sql(verso, "SELECT count(*) FROM documents") == [(1,)]


def test_it_can_be_forced(verso: Shell) -> None:
    _rename(verso, "My real site")
    status, words = verso("demo", "--force")
    assert status == 0 and "34 created" in words
    assert _name(verso) == "The Ferry House"


@pytest.mark.slow
def test_a_site_with_the_demo_only_is_a_demo_site(verso: Shell) -> None:
    assert verso("demo", "--posts", "3", "--pages", "2")[0] == 0
    status, words = verso("demo", "--posts", "5")
    assert status == 0 and "34 unchanged" in words
    # What a Verso before 0012 filled has origins without a folder.
    _run_sql(
        verso,
        "UPDATE documents SET origin = kind || ':' || replace(replace(origin, kind || ':@demo/', ''),"
        " CASE kind WHEN 'post' THEN 'blog/' ELSE 'pages/' END, '') WHERE origin NOT LIKE 'made-up%'",
    )
    assert ("what-to-bring.md",) in _run_sql(
        verso, "SELECT substr(origin, 6) FROM documents WHERE kind = 'post'"
    )
    status, words = verso("demo", "--posts", "6")
    assert status == 0 and "34 unchanged" in words
    assert _run_sql(verso, "SELECT count(*) FROM documents") == [(34 + 6 + 2,)]
    _rename(verso, "Renamed by its owner")
    assert verso("demo")[0] == 1
