"""Where COMMIT is not answered, nobody is told that nothing was saved."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from tests.conftest import LOCALES, MakeApp
from tests.errors.failures import wait_for
from tests.factories import Factory
from tests.sections import form_of
from tests.support.broken_line import Fault, Line, broken_line
from verso.db import Database, OutcomeUnknown
from verso.models import Document, Role, Tag
from verso.sections import Section

pytestmark = pytest.mark.postgresql
FAULTS = [Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.SILENT_AFTER]


@pytest.fixture
def line(postgresql_url: str) -> Iterator[Line]:
    with broken_line(postgresql_url) as made:
        yield made


@pytest.fixture
def site(make_app: MakeApp, line: Line) -> Flask:
    return make_app(TESTING=True, DATABASE_URL=line.url)


@pytest.fixture
def browser(site: Flask) -> FlaskClient:
    factory = Factory(site.extensions["verso.db"], tuple(LOCALES))
    return factory.sign_in(site, factory.user(role=Role.ADMIN))


def titles(url: str) -> list[str]:
    """What the server has, asked on a line that does not break."""
    database = Database(url)
    with database.reader() as session:
        found = [document.source.title for document in session.query(Document)]
    database.close()
    return found


@pytest.mark.parametrize("fault", FAULTS)
def test_a_text_whose_commit_is_not_answered_comes_back_and_may_have_been_saved(
    browser: FlaskClient, line: Line, postgresql_url: str, fault: Fault
) -> None:
    form = {"title": "Typed for an hour", "body": "All of it."}
    line.fault = fault
    answer = browser.post("/admin/documents/new/page", data=form)
    assert answer.status_code == 504 and form_of(answer) is Section.ADMIN
    assert "may have been saved" in answer.text and "Nothing was saved" not in answer.text
    assert "Typed for an hour" in answer.text and "All of it." in answer.text
    assert answer.headers["X-Error-ID"] in answer.text
    expected = [] if fault is Fault.LOST_BEFORE else ["Typed for an hour"]
    assert titles(postgresql_url) == expected


def test_any_other_form_is_answered_with_a_problem_of_its_own(
    browser: FlaskClient, line: Line
) -> None:
    form = {"source": "/old", "target": "/new", "code": "301"}
    line.fault = Fault.LOST_AFTER
    answer = browser.post("/admin/redirects", data=form)
    assert answer.status_code == 504 and "may have been saved" in answer.text
    assert "Retry-After" not in answer.headers


@pytest.mark.parametrize("fault", FAULTS)
def test_the_error_is_told_from_one_before_the_commit(line: Line, fault: Fault) -> None:
    database = Database(line.url)
    line.fault = fault
    with pytest.raises(OutcomeUnknown, match="no answer to COMMIT"), database.writing() as session:
        session.add(Tag(slug="unknown"))
    # After silence the database is asked again in a moment.
    wait_for(lambda: is_written(database))
    database.close()


def is_written(database: Database) -> bool:
    try:
        with database.writing() as session:
            session.add(Tag(slug="known"))
    except OperationalError:
        return False
    return True


def test_what_the_server_refuses_at_commit_is_no_unknown_outcome(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    with pytest.raises(Exception, match="kept") as caught, database.writing() as session:
        connection = session.connection()
        connection.exec_driver_sql(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION 'not kept'; END$$"
        )
        connection.exec_driver_sql(
            "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON tags DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
        session.add(Tag(slug="refused"))
    assert not isinstance(caught.value, OutcomeUnknown)
    database.close()
