"""`verso redirects`: what the admin does, for scripts."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import Factory

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def redirects(app: Flask) -> Run:
    def run(*words: str) -> tuple[int, str]:
        done = app.test_cli_runner().invoke(args=["redirects", *words])
        return done.exit_code, done.output

    return run


def test_redirects_are_made_listed_and_removed(redirects: Run, client: FlaskClient) -> None:
    assert redirects("add", "/a/", "/en/b") == (0, "/a leads to /en/b (301).\n")
    assert redirects("add", "/gone", "--code", "410") == (0, "/gone is gone (410).\n")
    assert redirects("list") == (0, "301  /a  /en/b\n410  /gone\n")
    assert json.loads(redirects("list", "--json")[1])[0] == {
        "source": "/a",
        "target": "/en/b",
        "code": 301,
    }
    assert client.get("/a").status_code == 301
    assert redirects("remove", "/a")[0] == 0
    assert client.get("/a").status_code == 404


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("add", "/x", "/a"), "Lead “/x” right to “/en/b”"),
        (("add", "/en/b", "/a"), "in a circle"),
        (("add", "/x"), "or choose 410"),
        (("add", "x", "/y"), "beginning with one slash"),
        (("add", "/x", "/y", "--code", "303"), "'301'"),
        (("remove", "/x"), "see `verso redirects list`"),
        (("remove", "x"), "beginning with one slash"),
        (("import", "/nowhere.csv"), "does not exist"),
    ],
)
def test_a_mistake_names_its_fix(redirects: Run, words: tuple[str, ...], answer: str) -> None:
    redirects("add", "/a", "/en/b")
    status, said = redirects(*words)
    assert status != 0 and answer in said


def test_a_table_goes_out_and_in(redirects: Run, tmp_path: Path) -> None:
    file = tmp_path / "redirects.csv"
    file.write_text("source,target,code\n/a,/en/ü,301\n")
    assert "Would be imported: 1 added" in redirects("import", str(file), "--dry-run")[1]
    assert redirects("list") == (0, "")
    assert "Imported: 1 added, 0 changed, 0 unchanged." in redirects("import", str(file))[1]
    assert "0 added, 0 changed, 1 unchanged" in redirects("import", str(file))[1]
    table = "source,target,code\n/a,/en/%C3%BC,301\n"
    assert redirects("export", "-") == (0, table)
    assert redirects("export", str(tmp_path / "out.csv"))[0] == 0
    assert (tmp_path / "out.csv").read_text() == table
    file.write_text("source,target,code\n/b,/c,301\nx,/c,301\n")
    status, said = redirects("import", str(file))
    assert status == 1 and "nothing was imported" in said and "line 3: “x” must be" in said


def test_missing_urls_are_shown_with_what_is_known(
    app: Flask, redirects: Run, client: FlaskClient, factory: Factory
) -> None:
    client.get("/en/blog/flod-night", headers={"Referer": "http://localhost/en/"})
    client.get("/.env")
    app.extensions["verso.recorder"].work()
    said = redirects("missing")[1]
    assert "1  unknown   own link  /en/blog/flod-night\n" in said
    assert "(1 hits, kinds: 1): see --noise." in said
    assert "secrets" in redirects("missing", "--noise")[1]
    factory.post("Flood night")
    [row] = json.loads(redirects("missing", "--again", "--json")[1])
    assert (row["cause"], row["suggestion"]) == ("spelling", "/en/blog/flood-night")
    assert (row["hits"], row["own_hits"], row["hosts"]) == (1, 1, {})
