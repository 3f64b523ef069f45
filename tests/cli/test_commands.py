"""The commands, run as people run them: they do what they say, and a mistake names its fix."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.shell import Nursery, Shell, nursery


@pytest.fixture(scope="module")
def running() -> Iterator[Nursery]:
    with nursery() as process:
        yield process


@pytest.fixture
def verso(running: Nursery, tmp_path: Path) -> Shell:
    return Shell(running, tmp_path / "instance")


@pytest.mark.slow
def test_a_first_site_is_four_commands(verso: Shell, tmp_path: Path) -> None:
    status, words = verso("init")
    assert status == 0 and "/admin/setup/" in words
    assert verso("init")[0] == 0
    status, words = verso("demo")
    assert status == 0 and "34 created" in words
    assert "34 unchanged" in verso("demo")[1]
    status, words = verso(
        "user", "create", "Ada@Example.org", "--role", "admin", "--password-stdin",
        stdin="a good long password\n",
    )  # fmt: skip
    assert status == 0 and "ada@example.org" in words
    assert "/admin/setup/" not in verso("init")[1]
    status, words = verso("doctor", "--json")
    assert status == 0
    assert {finding["level"] for finding in json.loads(words)} <= {"ok", "advice"}
    assert verso("doctor", "--deploy")[0] == 1

    status, words = verso("export", str(tmp_path / "out"))
    assert status == 0 and "34 documents" in words
    other = verso.beside("other")
    other("init")
    status, words = other("import", str(tmp_path / "out"))
    assert status == 0 and "34 created" in words


def test_made_up_posts_and_pages_are_added_up_to_the_number_asked_for(verso: Shell) -> None:
    verso("init")
    for _ in range(2):
        assert verso("demo", "--posts", "30", "--pages", "20")[0] == 0
    with closing(sqlite3.connect(verso.instance / "verso.db")) as database:
        made = "SELECT kind, count(*) FROM documents WHERE origin LIKE 'made-up%' GROUP BY kind"
        assert dict(database.execute(made).fetchall()) == {"page": 20, "post": 30}


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("serve", "--prot", "1"), "--port"),
        (("serve",), "run `verso init` first"),
        (("demo", "--posts", "-1"), "0<=x"),
        (("import", "/nowhere"), "does not exist"),
        (("import", ".", "--locale", "qq-QQ"), "a locale that CLDR knows"),
        (("user", "create", "ada@example.org", "--role", "king"), "'admin'"),
        (("export", "/tmp/verso-never-written"), "verso init"),
        (("doctor",), "verso init"),
        (("frobnicate",), "No such command"),
    ],
)
def test_a_mistake_names_its_fix(verso: Shell, words: tuple[str, ...], answer: str) -> None:
    status, said = verso(*words)
    assert status != 0
    assert answer in said and "Traceback" not in said


@pytest.mark.parametrize(
    ("email", "password", "answer"),
    [
        ("ada", "a good long password", "is not a mail address"),
        ("ada@example.org", "short", "at least 10 characters"),
        ("ada@example.org", "", "at least 10 characters"),
    ],
)
def test_an_account_needs_an_address_and_a_password(
    verso: Shell, email: str, password: str, answer: str
) -> None:
    verso("init")
    status, said = verso("user", "create", email, "--password-stdin", stdin=password + "\n")
    assert status == 1 and answer in said and "Traceback" not in said


def test_a_translator_is_given_languages(verso: Shell) -> None:
    verso("init")
    create = ("user", "create", "ida@example.org", "--password-stdin", "--translates", "DE")
    translator = ("--role", "translator")
    without = verso("user", "create", "ida@example.org", *translator)
    assert without[0] == 2 and "needs a language" in without[1]
    status, said = verso(*create, stdin="a good long password\n")
    assert status == 2 and "--translates is for translators" in said
    assert "is not a language of this site" in verso(*create, *translator, "--translates", "tlh")[1]
    status, said = verso(*create, *translator, stdin="a good long password\n")
    assert status == 0, said
    with closing(sqlite3.connect(verso.instance / "verso.db")) as database:
        assert database.execute("SELECT locale FROM user_locales").fetchall() == [("de",)]


def test_a_wrong_setting_stops_every_command_with_a_sentence(verso: Shell) -> None:
    status, said = verso("init", VERSO_BASE_URL="example.org")
    assert status == 2
    assert said.startswith("verso: VERSO_BASE_URL='example.org' is not valid")
