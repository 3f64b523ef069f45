"""Every status from 400 to 599 can be raised in every section, and is answered with it and in form."""

from collections.abc import Iterator

import pytest
from flask import abort
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from tests.sections import OPEN, form_of, root_of
from verso.app import create_app
from verso.errors import statuses
from verso.errors.catalogue import PROBLEMS, problem_for_status
from verso.errors.problem import Problem
from verso.sections import Section

UNKNOWN_TO_WERKZEUG = (402, 407, 425, 426, 506, 507, 508, 510, 511, 599)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """One application whose pages fail with the status in their path."""
    app = create_app({"INSTANCE_PATH": tmp_path_factory.mktemp("instance"), "LOCALES": ["en"]})
    for section in OPEN:
        root = root_of(section)
        app.add_url_rule(
            f"{root}status/<int:status>", endpoint=f"{section}.t_status", view_func=_status
        )
        app.add_url_rule(
            f"{root}problem/<slug>", endpoint=f"{section}.t_problem", view_func=_problem
        )
    yield app.test_client()
    app.extensions["verso.reporter"].close()


def _status(status: int) -> str:
    abort(status)


def _problem(slug: str) -> str:
    raise Problem(slug)


@pytest.mark.parametrize("section", OPEN)
def test_every_status_is_answered_with_itself_and_in_form(
    client: FlaskClient, section: Section
) -> None:
    """F24: also those that Werkzeug has no class for."""
    for status in range(400, 600):
        answer = client.get(f"{root_of(section)}status/{status}")
        assert answer.status_code == status
        assert form_of(answer) is section, status
        assert ("X-Error-ID" in answer.headers) == (status >= 500)


@pytest.mark.parametrize("status", UNKNOWN_TO_WERKZEUG)
def test_a_status_that_werkzeug_does_not_know_is_a_class_with_a_problem_of_its_own(
    status: int,
) -> None:
    cls = statuses.CLASSES[status]
    assert cls.__module__ == statuses.__name__ and cls.__name__ != f"Status{status}"
    assert issubclass(cls, HTTPException)
    assert problem_for_status(status).status == status


@pytest.mark.parametrize("section", OPEN)
def test_every_problem_can_be_raised(client: FlaskClient, section: Section) -> None:
    for problem in PROBLEMS:
        answer = client.get(f"{root_of(section)}problem/{problem.slug}")
        assert answer.status_code == problem.status
        assert form_of(answer) is section
        if section is Section.API:
            body = answer.get_json()
            assert (body["code"], body["status"]) == (problem.code, problem.status)
            assert body["type"].endswith(f"/problems/{problem.slug}")
            assert body.get("retryable", False) == problem.retryable
        else:
            assert problem.title in answer.text and problem.advice in answer.text


def test_slugs_and_codes_are_unique_and_codes_begin_with_their_status() -> None:
    assert len({problem.slug for problem in PROBLEMS}) == len(PROBLEMS)
    assert len({problem.code for problem in PROBLEMS}) == len(PROBLEMS)
    general = {"client-error", "server-error"}
    assert all(
        problem.code // 100 == problem.status for problem in PROBLEMS if problem.slug not in general
    )
