"""Hooks whose failure is a case of its own: what breaks the error page too, teardowns, and what closes.

Every other way to fail is a row of causes.py, which the error table goes through.
"""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Response, abort, make_response, render_template
from werkzeug.test import TestResponse

from tests.conftest import MakeApp
from tests.errors.causes import Broken, fail, fine
from tests.errors.failures import Catching
from tests.sections import OPEN, form_of, root_of
from verso.sections import Section

Ask = Callable[..., TestResponse]


@pytest.fixture
def caught() -> Catching:
    return Catching()


@pytest.fixture
def ask(make_app: MakeApp, caught: Catching) -> Ask:
    """Ask a page of a section of a new application that was prepared in some way."""

    def ask(
        section: Section,
        *,
        view: Callable[[], Any] = fine,
        prepare: Callable[[Flask], None] = lambda app: None,
    ) -> TestResponse:
        app = make_app()
        prepare(app)
        rule = f"{root_of(section)}t-view"
        app.add_url_rule(rule, endpoint=f"{section}.t_view", view_func=view)
        reporter = app.extensions["verso.reporter"]
        reporter.sinks = (*reporter.sinks, caught)
        return app.test_client().get(rule)

    return ask


def has_form(answer: TestResponse, section: Section) -> bool:
    """Whether an answer has the form of a section, be it that of its last resort."""
    return f'data-section="{section}"' in answer.text or form_of(answer) is section


@pytest.mark.parametrize("section", OPEN)
def test_a_context_processor_that_fails_breaks_the_error_page_too_and_has_the_last_resort(
    ask: Ask, caught: Catching, section: Section
) -> None:
    """F23, F27: the section's form needs templates, which are what is broken; the API's does not."""

    def prepare(app: Flask) -> None:
        app.context_processor(fail)

    def view() -> str:
        return render_template("site/problems.html", problems=[])

    answer = ask(section, view=view, prepare=prepare)
    assert answer.status_code == 500 and has_form(answer, section)
    assert answer.headers["X-Error-ID"] in answer.text
    assert caught.taken[-1].error_id == answer.headers["X-Error-ID"]


@pytest.mark.parametrize("register", ["teardown_request", "teardown_appcontext"])
@pytest.mark.parametrize("section", OPEN)
def test_a_teardown_that_fails_keeps_none_of_the_others_and_is_reported_once(
    ask: Ask, caught: Catching, section: Section, register: str
) -> None:
    """F29: the answer is an error, as what was to be settled is not."""
    ran: list[str] = []

    def prepare(app: Flask) -> None:
        for function in (lambda exc: ran.append("one"), fail, lambda exc: ran.append("two")):
            getattr(app, register)(function)

    answer = ask(section, prepare=prepare)
    assert answer.status_code == 500 and has_form(answer, section)
    assert ran == ["two", "one"]
    assert [one.error_id for one in caught.taken] == [answer.headers["X-Error-ID"]]


def test_what_fails_when_the_answer_is_closed_is_reported_and_harms_nobody(
    ask: Ask, caught: Catching
) -> None:
    """F30."""

    def view() -> Response:
        response = make_response("fine")
        response.call_on_close(fail)
        return response

    answer = ask(Section.SITE, view=view)
    answer.close()
    assert (answer.status_code, answer.text) == (200, "fine")
    assert [one.phase for one in caught.taken] == ["close"]


def test_a_handler_of_somebody_elses_exception_keeps_its_status_and_gets_the_form(ask: Ask) -> None:
    """F8."""

    def prepare(app: Flask) -> None:
        app.register_error_handler(Broken, lambda error: ("no", 422))

    answer = ask(Section.API, view=fail, prepare=prepare)
    assert answer.status_code == 422 and form_of(answer) is Section.API


def test_a_redirect_by_abort_is_no_error(ask: Ask) -> None:
    """F16, F17."""

    def view() -> str:
        abort(Response(status=303, headers={"Location": "/en/"}))

    assert ask(Section.API, view=view).status_code == 303


def test_what_is_no_exception_passes_through(ask: Ask) -> None:
    """F25."""

    def view() -> str:
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        ask(Section.SITE, view=view)
