"""Problems: what errors and failures of the surroundings mean, by their most specific class."""

import sqlite3

import pytest
from sqlalchemy import exc
from werkzeug import exceptions

from verso.errors.mapping import mapped_problem
from verso.errors.problem import Problem, problem_of


def full_disk() -> exc.OperationalError:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorname = "SQLITE_FULL"
    return exc.OperationalError("INSERT", {}, error)


@pytest.mark.parametrize(
    ("error", "slug"),
    [
        (exc.OperationalError("SELECT", {}, Exception()), "database-unavailable"),
        (exc.DatabaseError("SELECT", {}, Exception()), "database-unavailable"),
        (exc.InterfaceError("SELECT", {}, Exception()), "database-unavailable"),
        (exc.TimeoutError(), "database-unavailable"),
        (exc.IntegrityError("INSERT", {}, Exception()), "internal-error"),
        (exc.ProgrammingError("SELECT", {}, Exception()), "internal-error"),
        (full_disk(), "storage-full"),
        (ValueError(), None),
        (KeyError(), None),
    ],
)
def test_failures_of_the_surroundings_have_their_problem(
    error: Exception, slug: str | None
) -> None:
    assert mapped_problem(error) == slug


@pytest.mark.parametrize(
    ("error", "slug", "status"),
    [
        (exceptions.NotFound(), "not-found", 404),
        (exceptions.SecurityError(), "bad-host", 400),
        (exceptions.ImATeapot(), "teapot", 418),
        (exceptions.BadGateway(), "bad-gateway", 502),
        (exceptions.InternalServerError(), "internal-error", 500),
        (
            exceptions.InternalServerError(original_exception=full_disk()),
            "storage-full",
            507,
        ),
        (Problem("gone"), "gone", 410),
    ],
)
def test_every_http_error_means_a_problem(
    error: exceptions.HTTPException, slug: str, status: int
) -> None:
    problem = problem_of(error)
    assert (problem.type.slug, problem.code) == (slug, status)


def test_a_503_always_says_when_to_come_back() -> None:
    assert Problem("database-unavailable").headers["Retry-After"]
    assert Problem("service-unavailable", headers={"Retry-After": "60"}).headers == {
        "Retry-After": "60"
    }


def test_an_unknown_problem_cannot_be_raised() -> None:
    with pytest.raises(KeyError):
        Problem("made-up")
