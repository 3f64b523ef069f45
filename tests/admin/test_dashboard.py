"""The overview: what waits for somebody, as far as they may do something about it."""

from datetime import UTC, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient

from tests.errors.failures import flush_inbox
from tests.factories import Factory
from verso.content.states import Step, take
from verso.db import Database
from verso.models import Document, Job, Role

NOTHING = "Nothing waits for you."


def fail() -> str:
    return str(1 / 0)


def look(app: Flask, factory: Factory, role: Role) -> str:
    user = factory.user(role=role)
    return factory.sign_in(app, user).get("/admin/").text


def test_one_s_own_drafts_and_unsaved_words_are_there_and_nobody_else_s(
    app: Flask, factory: Factory
) -> None:
    ada, bo = factory.user(role=Role.AUTHOR), factory.user(role=Role.AUTHOR)
    factory.post("Of Ada", owner=ada, live=False)
    factory.post("Out already", owner=ada)
    factory.post("Of Bo", owner=bo, live=False)
    browser = factory.sign_in(app, ada)
    form = {"title": "Half a thought", "lane": "a-lane-of-hers"}
    assert browser.post("/admin/documents/new/post/draft", data=form).status_code == 200
    page = browser.get("/admin/").text
    assert "Of Ada" in page and "Half a thought" in page
    assert "Of Bo" not in page and "Out already" not in page and NOTHING not in page
    assert "Half a thought" not in factory.sign_in(app, bo).get("/admin/").text


def test_what_is_in_review_waits_for_editors_and_for_its_author(
    app: Flask, factory: Factory
) -> None:
    ada, bo = factory.user(role=Role.AUTHOR), factory.user(role=Role.AUTHOR)
    number = factory.post("Of Ada", owner=ada, live=False).id
    with factory.database.writing() as session:
        take(session.get_one(Document, number), Step.SUBMIT)
    seen = {
        who.id: "Of Ada" in factory.sign_in(app, who).get("/admin/").text
        for who in (ada, bo, factory.user(role=Role.EDITOR))
    }
    assert list(seen.values()) == [True, False, True]


def test_what_is_scheduled_is_there_the_next_first(editor: FlaskClient, factory: Factory) -> None:
    begun = datetime.now(UTC)
    factory.post("Later", days_ago=-9)
    factory.post("Soon", days_ago=-2)
    factory.post("Past", days_ago=2)
    page = editor.get("/admin/").text
    assert page.index("Soon") < page.index("Later") and "Past" not in page
    days = {f"{day + timedelta(days=2):%Y-%m-%d}" for day in (begun, datetime.now(UTC))}
    assert any(f'datetime="{day}' in page for day in days) and "(UTC)" in page


def test_failures_and_the_disk_are_for_administrators(app: Flask, factory: Factory) -> None:
    app.add_url_rule("/boom", view_func=fail)
    admin = factory.sign_in(app, factory.user(role=Role.ADMIN))
    assert admin.get("/boom").status_code == 500
    flush_inbox(app)
    page = admin.get("/admin/").text
    assert "ZeroDivisionError" in page and "1 in the last 24 hours" in page
    assert "SQLite answers in" in page and "GB are free on the disk" in page
    for role in (Role.EDITOR, Role.AUTHOR, Role.TRANSLATOR):
        page = look(app, factory, role)
        assert "ZeroDivisionError" not in page and "free on the disk" not in page


def test_jobs_that_failed_are_counted_for_administrators(
    app: Flask, factory: Factory, database: Database
) -> None:
    assert "background job" not in look(app, factory, Role.ADMIN)
    now = datetime.now(UTC)
    with database.writing() as session:
        for kind in ("mail", "webhook"):
            job = Job(kind=kind, signature=f"{kind}()", arguments="{}", created_at=now)
            job.failed_at = now
            session.add(job)
    assert "2 background jobs failed: verso jobs list says why." in look(app, factory, Role.ADMIN)
    assert "background job" not in look(app, factory, Role.EDITOR)


def test_missing_pages_are_for_who_may_redirect_them(app: Flask, factory: Factory) -> None:
    client = app.test_client()
    for path in ("/en/gone-astray", "/en/gone-astray", "/.env"):
        client.get(path)
    assert app.extensions["verso.recorder"].work()
    page = look(app, factory, Role.EDITOR)
    assert "/en/gone-astray" in page and "2 hits" in page and ".env" not in page
    assert "/en/gone-astray" not in look(app, factory, Role.AUTHOR)


def test_a_chart_has_its_numbers_as_a_table(app: Flask, factory: Factory) -> None:
    begun = datetime.now(UTC)
    app.test_client().get("/en/gone-astray")
    assert app.extensions["verso.recorder"].work()
    page = look(app, factory, Role.EDITOR)
    assert 'role="img"' in page and "<summary>As a table</summary>" in page
    days = {f"{day:%Y-%m-%d}" for day in (begun, datetime.now(UTC))}
    assert any(day in page.partition("<tbody>")[2] for day in days)


def test_somebody_with_nothing_to_do_is_shown_the_way(app: Flask, factory: Factory) -> None:
    page = look(app, factory, Role.AUTHOR)
    assert NOTHING in page and "/admin/documents/new/post" in page
    page = look(app, factory, Role.TRANSLATOR)
    assert NOTHING in page and "Write a post" not in page
