"""Exceptions of the domain and of the surroundings are problems, the most specific class first."""

import errno
import sqlite3
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import exc

from tests.conftest import MakeApp
from tests.sections import form_of
from verso.content.documents import NoDocument, SlugTaken
from verso.content.placing import MoveRefused
from verso.content.states import Step, StepRefused
from verso.db import Database, writing
from verso.errors.mapping import PROBLEM_OF, mapped_problem
from verso.models import Author, State
from verso.people.throttle import TooManyAttempts
from verso.sections import Section


def sqlite_error(name: str, **marks: bool) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(name)
    error.sqlite_errorname = name
    for mark, value in marks.items():
        setattr(error, mark, value)
    return error


def failed(cause: Exception, cls: type[exc.DBAPIError] = exc.OperationalError) -> exc.DBAPIError:
    return cls("INSERT", {}, cause)


@pytest.mark.parametrize(
    ("error", "slug"),
    [
        (ConnectionRefusedError(), "connection-refused"),
        (ConnectionResetError(), "connection-lost"),
        (ConnectionError(), "connection-lost"),
        (TimeoutError(), "gateway-timeout"),
        (OSError(errno.ENOSPC, "full"), "storage-full"),
        (OSError(errno.EDQUOT, "quota"), "storage-full"),
        (OSError(errno.EIO, "broken"), "storage-unavailable"),
        (OSError(errno.EROFS, "read-only"), "storage-unavailable"),
        (OSError(errno.EACCES, "forbidden"), None),
        (failed(sqlite_error("SQLITE_FULL")), "storage-full"),
        (failed(sqlite_error("SQLITE_IOERR_WRITE", verso_disk_is_full=True)), "storage-full"),
        (failed(sqlite_error("SQLITE_IOERR_WRITE")), "storage-unavailable"),
        (failed(sqlite_error("SQLITE_IOERR_READ")), "storage-unavailable"),
        (failed(sqlite_error("SQLITE_BUSY")), "database-unavailable"),
        (failed(sqlite_error("SQLITE_CONSTRAINT_UNIQUE"), exc.IntegrityError), "conflict"),
        (failed(sqlite_error("SQLITE_CONSTRAINT_NOTNULL"), exc.IntegrityError), "internal-error"),
        (NoDocument(7), "not-found"),
        (SlugTaken("a", "en"), "conflict"),
        (MoveRefused(), "invalid-input"),
        (StepRefused(Step.SUBMIT, State.PUBLISHED), "conflict"),
        (TooManyAttempts(30), "too-many-requests"),
        (LookupError(), None),
        (ValueError(), None),
    ],
    ids=repr,
)
def test_an_exception_means_its_problem(error: Exception, slug: str | None) -> None:
    assert mapped_problem(error) == slug


def test_no_builtin_that_ordinary_code_raises_by_accident_is_mapped() -> None:
    """F15."""
    assert not {Exception, OSError, LookupError, KeyError, ValueError, TypeError} & set(PROBLEM_OF)


def test_a_problem_of_the_domain_is_answered_and_is_no_fault(make_app: MakeApp) -> None:
    def view() -> Any:
        raise TooManyAttempts(30)

    app = make_app()
    app.add_url_rule("/api/v1/t", endpoint="api.t", view_func=view)
    answer = app.test_client().get("/api/v1/t")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "30"
    assert "X-Error-ID" not in answer.headers


@pytest.mark.usefixtures("patient")
def test_a_race_for_a_unique_name_is_409_and_rolled_back(
    any_database: Database, make_app: MakeApp
) -> None:
    """Two browsers add the same author at the same moment: one is told that another was faster."""
    app = make_app(DATABASE_URL=any_database.url.render_as_string(hide_password=False))
    together = threading.Barrier(2, timeout=60)

    def view() -> str:
        together.wait()
        with writing() as session:
            session.add(Author(slug="ada", name="Ada"))
            session.add(Author(slug=f"own-{threading.get_ident()}", name="Own"))
        return "made"

    app.add_url_rule("/api/v1/t", endpoint="api.t", view_func=view)
    answers = at_once(2, lambda: app.test_client().get("/api/v1/t"))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert form_of(refused) is Section.API and "X-Error-ID" not in refused.headers
    with any_database.reader() as session:
        assert session.query(Author).count() == 2
    app.extensions["verso.db"].close()


def at_once(number: int, ask: Callable[[], Any]) -> list[Any]:
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(ask())) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
