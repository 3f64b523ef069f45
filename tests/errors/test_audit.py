"""The audit finds nothing in the application as it is, and each hole that is made in it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskCliRunner
from werkzeug.exceptions import ImATeapot, NotFound

from tests.conftest import MakeApp
from tests.errors.failures import flush_inbox
from verso.errors import audit as audit_module
from verso.errors.audit import Hole, audit
from verso.errors.catalogue import BY_SLUG, PROBLEMS
from verso.models import FailureGroup
from verso.sections import Section


def holes(app: Flask) -> list[Hole]:
    return list(audit(app))


def test_the_application_has_no_holes(make_app: MakeApp) -> None:
    """In every language that it has a catalog for."""
    assert holes(make_app(LOCALES=())) == []


def test_the_command_says_so_and_exits_0(app: Flask) -> None:
    ran = app.test_cli_runner().invoke(args=["errors", "audit"])
    assert ran.exit_code == 0, ran.output
    assert "0 holes" in ran.output


Make = Callable[[Flask], Any]


def _never(error: Exception) -> Any:
    return "all is well"


def handler_twice(app: Flask) -> None:
    app.register_error_handler(404, app.extensions["verso.dispatch"])


def handler_of_a_blueprint_for_all(app: Flask) -> None:
    """F1, F10: it outranks every section's own, and whichever is registered last wins."""
    extra = Blueprint("extra", __name__)
    extra.app_errorhandler(404)(_never)
    app.register_blueprint(extra)


def handler_replaced(app: Flask) -> None:
    app.error_handler_spec["blog"][404][NotFound] = _never


def handler_beside(app: Flask) -> None:
    app.register_error_handler(ImATeapot, _never)


def handler_missing(app: Flask) -> None:
    del app.error_handler_spec["api"][405]


def handler_on_a_builtin(app: Flask) -> None:
    """F2, F5, F15."""
    app.register_error_handler(LookupError, _never)


def handler_on_everything(app: Flask) -> None:
    """F3, F5: it blinds the reporter and disables every section's 500."""
    app.register_error_handler(Exception, _never)


def class_missing(app: Flask) -> None:
    del app.aborter.mapping[507]


def class_of_another_status(app: Flask) -> None:
    app.aborter.mapping[402] = ImATeapot


def rule_in_the_wrong_section(app: Flask) -> None:
    app.add_url_rule("/api/v1/x", endpoint="blog.x", view_func=lambda: "x")


def answer_out_of_form(app: Flask) -> None:
    responders = dict(app.extensions["verso.responders"])
    responders[Section.API] = responders[Section.SITE]
    app.extensions["verso.responders"] = responders


def answer_that_breaks(app: Flask) -> None:
    app.jinja_env.globals.pop("href")


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (handler_twice, "duplicate handler"),
        (handler_of_a_blueprint_for_all, "duplicate handler"),
        (handler_replaced, "duplicate handler"),
        (handler_beside, "duplicate handler"),
        (handler_missing, "no handler"),
        (handler_on_a_builtin, "builtin handler"),
        (handler_on_everything, "builtin handler"),
        (class_missing, "no class"),
        (class_of_another_status, "no class"),
        (rule_in_the_wrong_section, "wrong section"),
        (answer_out_of_form, "wrong answer"),
        (answer_that_breaks, "broken answer"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_hole_is_found_and_the_command_exits_1(make_app: MakeApp, make: Make, what: str) -> None:
    """One language is enough: no hole here has to do with words."""
    app = make_app(LOCALES=("en",))
    make(app)
    ran = FlaskCliRunner(app).invoke(args=["errors", "audit"])
    assert ran.exit_code == 1
    assert f"{what}: " in ran.output


def test_a_problem_without_words_is_found(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = replace(BY_SLUG["gone"], advice="")
    others = [problem for problem in PROBLEMS if problem.slug != "gone"]
    monkeypatch.setattr(audit_module, "PROBLEMS", (silent, *others))
    found = {(hole.what, hole.where) for hole in holes(app)}
    assert ("undocumented", "gone") in found


def test_a_problem_that_stands_twice_is_found(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_module, "PROBLEMS", (*PROBLEMS, PROBLEMS[0]))
    assert "duplicate problem" in {hole.what for hole in holes(app)}


def test_a_missing_translation_is_found(make_app: MakeApp, tmp_path: Path) -> None:
    folder = tmp_path / "instance" / "translations" / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    title = BY_SLUG["gone"].title
    (folder / "messages.po").write_text(f'msgid "{title}"\nmsgstr "Ingetrokken"\n')
    missing = [
        hole for hole in holes(make_app(LOCALES=("en", "nl"))) if hole.what == "untranslated"
    ]
    assert {hole.where.rpartition(" ")[2] for hole in missing} == {"nl"}
    assert not any(f"{title!r}" in hole.words for hole in missing)
    assert len(missing) > len(PROBLEMS)


def test_the_audit_reports_nothing_and_counts_no_missing_page(app: Flask) -> None:
    holes(app)
    flush_inbox(app)
    with app.extensions["verso.db"].reader() as session:
        assert session.query(FailureGroup).count() == 0
