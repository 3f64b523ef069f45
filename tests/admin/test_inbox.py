"""The inbox in the admin: found by number and words, decided upon, and for administrators only."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import MakeApp
from tests.errors.failures import flush_inbox
from tests.factories import Factory
from verso.db import Database
from verso.models import FailureGroup, Role


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    app = make_app(TESTING=True)
    app.add_url_rule("/en/broken/<words>", endpoint="site.t_broken", view_func=_broken)
    app.add_url_rule("/en/other/<words>", endpoint="site.t_other", view_func=_other)
    return app


def _broken(words: str) -> Any:
    raise LookupError(words)


def _other(words: str) -> Any:
    raise KeyError(words)


@pytest.fixture
def fail(app: Flask) -> Callable[[str], str]:
    """Let a page fail; returns the error number that its reader saw."""

    def fail(path: str) -> str:
        answer = app.test_client().get(path)
        assert answer.status_code == 500
        flush_inbox(app)
        return answer.headers["X-Error-ID"]

    return fail


def states(database: Database) -> dict[int, str]:
    with database.reader() as session:
        return {group.id: group.state for group in session.query(FailureGroup)}


def test_a_failure_is_a_line_that_leads_to_its_event(
    editor: FlaskClient, fail: Callable[[str], str]
) -> None:
    fail("/en/broken/first")
    error_id = fail("/en/broken/second")
    inbox = editor.get("/admin/errors").text
    assert "LookupError: first" in inbox and 'href="/admin/errors/1"' in inbox
    page = editor.get("/admin/errors/1").text
    assert error_id in page and "LookupError: second" in page
    assert "/en/broken/second" in page and "Traceback" in page
    assert 'rel="prev"' in page and 'rel="next"' not in page


def test_an_error_number_leads_straight_to_what_happened(
    editor: FlaskClient, fail: Callable[[str], str]
) -> None:
    first = fail("/en/broken/first")
    fail("/en/broken/second")
    answer = editor.get(f"/admin/errors?q={first.lower()}")
    assert answer.status_code == 303
    assert first in editor.get(answer.headers["Location"]).text


def test_the_inbox_is_filtered_by_words_section_and_state(
    editor: FlaskClient, fail: Callable[[str], str]
) -> None:
    fail("/en/broken/first")
    fail("/en/other/thing")
    for query, shown, hidden in (
        ("q=lookup", "LookupError", "KeyError"),
        ("section=site&q=key", "KeyError", "LookupError"),
    ):
        text = editor.get(f"/admin/errors?{query}").text
        assert shown in text and hidden not in text
    assert "LookupError" not in editor.get("/admin/errors?section=api").text
    assert "LookupError" not in editor.get("/admin/errors?state=muted").text


@pytest.mark.parametrize(
    ("deed", "state"), [("resolve", "resolved"), ("mute", "muted"), ("reopen", "open")]
)
def test_a_group_can_be_settled(
    editor: FlaskClient, fail: Callable[[str], str], database: Database, deed: str, state: str
) -> None:
    fail("/en/broken/first")
    answer = editor.post(f"/admin/errors/1/{deed}")
    assert answer.status_code == 303
    assert 'role="status"' in editor.get(answer.headers["Location"]).text
    assert states(database) == {1: state}


def test_a_muted_group_wakes_after_so_many_more(
    editor: FlaskClient, fail: Callable[[str], str], database: Database
) -> None:
    fail("/en/broken/first")
    editor.post("/admin/errors/1/mute", data={"more": "2"})
    fail("/en/broken/first")
    assert states(database) == {1: "muted"}
    fail("/en/broken/first")
    assert states(database) == {1: "open"}


def test_groups_are_merged_taken_apart_and_deleted(
    editor: FlaskClient, fail: Callable[[str], str], database: Database
) -> None:
    fail("/en/broken/first")
    fail("/en/other/thing")
    assert editor.post("/admin/errors/2/merge", data={"into": "#1"}).status_code == 303
    assert states(database) == {1: "open"}
    page = editor.get("/admin/errors/1").text
    assert page.count('class="reasons"') == 2
    editor.post("/admin/errors/1/split")
    assert len(states(database)) == 2
    for group_id in states(database):
        assert editor.post(f"/admin/errors/{group_id}/delete").status_code == 303
    assert states(database) == {}
    assert "Nothing waits for you." in editor.get("/admin/errors").text


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/admin/errors/1/mute", {"more": "-1"}),
        ("/admin/errors/1/mute", {"more": "many"}),
        ("/admin/errors/1/merge", {"into": "1"}),
        ("/admin/errors/1/merge", {"into": "x"}),
        ("/admin/errors/1/merge", {}),
    ],
)
def test_bad_input_is_422_and_changes_nothing(
    editor: FlaskClient,
    fail: Callable[[str], str],
    database: Database,
    path: str,
    form: dict[str, str],
) -> None:
    fail("/en/broken/first")
    assert editor.post(path, data=form).status_code == 422
    assert states(database) == {1: "open"}


def test_what_is_not_there_is_404(editor: FlaskClient, fail: Callable[[str], str]) -> None:
    fail("/en/broken/first")
    assert editor.get("/admin/errors/2").status_code == 404
    assert editor.get("/admin/errors/1/events/99").status_code == 404
    for deed in ("resolve", "reopen", "mute", "delete", "split"):
        assert editor.post(f"/admin/errors/2/{deed}").status_code == 404
    assert editor.post("/admin/errors/1/merge", data={"into": "99"}).status_code == 404


@pytest.mark.parametrize("role", [Role.EDITOR, Role.AUTHOR, Role.TRANSLATOR])
def test_errors_are_for_administrators(app: Flask, factory: Factory, role: Role) -> None:
    browser = factory.sign_in(app, factory.user(role=role))
    for method, path in (
        ("GET", "/admin/errors"),
        ("GET", "/admin/errors/1"),
        ("GET", "/admin/errors/1/events/1"),
        ("POST", "/admin/errors/1/delete"),
    ):
        assert browser.open(path, method=method).status_code == 403
    assert "/admin/errors" not in browser.get("/admin/documents").text


def test_an_arabic_administrator_reads_it_from_right_to_left(
    app: Flask, factory: Factory, fail: Callable[[str], str]
) -> None:
    fail("/en/broken/first")
    browser = factory.sign_in(app, factory.user(role=Role.ADMIN, locale="ar"))
    for path in ("/admin/errors", "/admin/errors/1"):
        page = browser.get(path).text
        assert '<html lang="ar" dir="rtl"' in page
        assert 'dir="ltr">LookupError: first' in page
