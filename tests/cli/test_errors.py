"""`verso errors`: the inbox on the command line, for people and for programs."""

import json
from typing import Any

import pytest
from flask import Flask

from tests.errors.failures import broken_feed, broken_post, flush_inbox, raised
from verso.db import Database
from verso.errors.circumstances import Circumstances
from verso.models import FailureGroup


@pytest.fixture
def ids(app: Flask) -> list[str]:
    """The numbers of three failures of two kinds that are in the inbox."""
    reporter = app.extensions["verso.reporter"]
    where = Circumstances(section="blog", method="GET", path="/en/blog/x")
    found = [
        reporter.report(raised(function, words), where)
        for function, words in ((broken_post, "one"), (broken_feed, "two"), (broken_feed, "three"))
    ]
    flush_inbox(app)
    return found


def run(app: Flask, *words: str, exit_code: int = 0) -> str:
    ran = app.test_cli_runner().invoke(args=["errors", *words])
    assert ran.exit_code == exit_code, ran.output
    return ran.output


def rows(app: Flask, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run(app, "list", "--json", *words))
    return found


@pytest.mark.usefixtures("ids")
def test_the_list_has_a_line_each_and_is_filtered(app: Flask) -> None:
    lines = run(app, "list").splitlines()
    assert len(lines) == 2 and all("LookupError" in line for line in lines)
    assert [row["count"] for row in rows(app)] == [2, 1]
    assert rows(app, "--section", "api") == []
    assert len(rows(app, "--words", "broken_post")) == 1


def test_an_empty_inbox_says_so(app: Flask) -> None:
    assert run(app, "list") == "Nothing waits for you.\n"
    assert rows(app) == []


def test_a_failure_is_shown_by_the_number_that_its_reader_saw(app: Flask, ids: list[str]) -> None:
    text = run(app, "show", ids[1].lower())
    assert ids[1] in text and "LookupError: two" in text and "grouped by" in text
    shown = json.loads(run(app, "show", ids[0], "--json"))
    assert shown["event"]["error_id"] == ids[0] and shown["event"]["path"] == "/en/blog/x"
    assert shown["grouped_by"][0]["section"] == "blog"


def test_a_group_is_shown_with_its_latest_failure(app: Flask, ids: list[str]) -> None:
    number = next(row["id"] for row in rows(app) if row["count"] == 2)
    assert ids[2] in run(app, "show", f"#{number}")


@pytest.mark.usefixtures("ids")
def test_groups_are_resolved_and_muted(app: Flask, database: Database) -> None:
    run(app, "resolve", "1")
    run(app, "mute", "2", "--more", "5")
    with database.reader() as session:
        states = {group.id: (group.state, group.wakes_at) for group in session.query(FailureGroup)}
    assert states[1] == ("resolved", None)
    assert states[2][0] == "muted" and states[2][1] is not None
    assert rows(app) == [] and len(rows(app, "--state", "all")) == 2


@pytest.mark.usefixtures("ids")
def test_resolved_groups_are_pruned_when_asked(app: Flask) -> None:
    run(app, "resolve", "1")
    assert run(app, "prune") == "Deleted 0 groups.\n"
    assert run(app, "prune", "--resolved") == "Deleted 1 groups.\n"
    assert [row["id"] for row in rows(app, "--state", "all")] == [2]


@pytest.mark.parametrize("words", [("show", "99"), ("show", "nonsense"), ("resolve", "7")])
def test_what_is_not_there_is_said_with_the_way_out(app: Flask, words: tuple[str, ...]) -> None:
    assert "verso errors list" in run(app, *words, exit_code=1)
