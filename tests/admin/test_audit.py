"""The audit log: everything that changes something stands in it, can be found, and taken along."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.admin.test_editor import act, id_of, save, write
from tests.conftest import MakeApp
from tests.factories import PASSWORD, Factory
from tests.reading_logs import read_entries
from verso.db import Database
from verso.models import AuditEvent, Role
from verso.people import audit
from verso.people.audit import AuditFilter, Subject


def actions(database: Database) -> list[str]:
    with database.reader() as session:
        events = session.query(AuditEvent).order_by(AuditEvent.id).all()
    return [event.action for event in events if event.action != "signed-in"]


def test_what_becomes_of_a_document_is_written_down(
    editor: FlaskClient, database: Database
) -> None:
    number = id_of(write(editor, "page"))
    save(editor, number, title="New", slug="new", version="1")
    act(editor, database, number, "publish")
    act(editor, database, number, "place", parent="0", position="3")
    act(editor, database, number, "withdraw", to="archived")
    act(editor, database, number, "delete")
    assert actions(database) == [
        f"document-{deed}"
        for deed in ("created", "saved", "published", "moved", "withdrawn", "deleted")
    ]
    page = editor.get("/admin/audit").text
    assert "<td>Document deleted</td>" in page and "New" in page


def test_redirects_missing_pages_and_accounts_are_written_down(
    editor: FlaskClient, database: Database
) -> None:
    form = {"source": "/old", "target": "/en/", "code": "301"}
    editor.post("/admin/redirects", data=form)
    editor.post("/admin/redirects/remove", data={"source": "/old"})
    wrong = {"current": PASSWORD, "password": "another good one"}
    editor.post("/admin/account/password", data=wrong)
    editor.post("/admin/account/sessions/end")
    editor.post("/admin/sign-out")
    assert actions(database) == [
        "redirect-made",
        "redirect-removed",
        "password-changed",
        "sessions-ended",
        "signed-out",
    ]


def test_what_was_refused_is_not_written_down_as_done(
    editor: FlaskClient, database: Database, factory: Factory
) -> None:
    page = factory.page("About")
    editor.post(f"/admin/documents/{page.id}/publish", data={"version": "0"})
    editor.post(f"/admin/documents/{page.id}/delete", data={"version": "0"})
    editor.post("/admin/redirects/remove", data={"source": "/nothing"})
    assert actions(database) == []


def test_failed_sign_ins_name_accounts_but_never_what_was_typed(
    app: Flask, factory: Factory, database: Database
) -> None:
    user, browser = factory.user(), app.test_client()
    for email in (user.email, "my secret password"):
        browser.post("/admin/sign-in", data={"email": email, "password": "wrong password"})
    with database.reader() as session:
        known, unknown = session.query(AuditEvent).order_by(AuditEvent.id).all()
    assert (known.title, unknown.title) == (user.email, "")
    assert known.detail == unknown.detail == {"wrong": "password", "address": "127.0.0.1"}


@pytest.fixture
def history(database: Database, factory: Factory) -> int:
    """A log longer than a page, in which one person did one thing; the person's id."""
    user = factory.user("grace@example.org")
    with database.writing() as session:
        for number in range(audit.PAGE_SIZE + 10):
            audit.record(
                session, None, "medium-described", Subject("thing", number, f"Thing {number}.")
            )
        audit.record(
            session, user.id, "medium-uploaded", Subject("thing", 1, "=1+1"), colour="blue"
        )
    return user.id


def test_the_log_is_filtered_by_person_action_and_words(editor: FlaskClient, history: int) -> None:
    for query in (f"person={history}", "action=medium-uploaded", "q=GRACE", "q=%3D1%2B1"):
        page = editor.get(f"/admin/audit?{query}").text
        assert "colour=blue" in page and "Thing 3." not in page, query
    assert "Nothing here fits." in editor.get("/admin/audit?q=%25").text
    assert editor.get("/admin/audit?before=nonsense").status_code == 400


def test_the_names_of_deeds_are_searched_in_the_language_of_the_reader(
    editor: FlaskClient, history: int
) -> None:
    """And stand in it: the codes by which the export names them are for programs."""
    english = editor.get("/admin/audit?q=uploaded").text
    assert "=1+1" in english and "Thing 3." not in english
    editor.post("/admin/account/language", data={"locale": "de"})
    german = editor.get("/admin/audit?q=hochgeladen").text
    assert "=1+1" in german and "Thing 3." not in german
    assert "=1+1" not in editor.get("/admin/audit?q=uploaded").text


def log_of(editor: FlaskClient, query: str = "") -> str:
    """The cells of the log as text, each once, without what is between words."""
    page = editor.get(f"/admin/audit{query}").text
    cells = re.findall(r"<td[^>]*>(.*?)</td>", page, re.DOTALL)
    return "\n".join(" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in cells)


def test_details_are_told_in_words(editor: FlaskClient, database: Database) -> None:
    number = id_of(write(editor, "page"))
    act(editor, database, number, "publish", at="2099-05-01T12:00")
    act(editor, database, number, "withdraw", to="archived")
    person = {"email": "new@example.org", "role": "translator", "locales[]": ["de"]}
    editor.post("/admin/people", data=person)
    invited = {"role": "author", "name": "New"}
    editor.post(f"/admin/people/{newest(database).object_id}", data=invited)
    editor.post("/admin/redirects", data={"source": "/old", "target": "/en/", "code": "301"})
    editor.post("/admin/site", data={"locale": "de", "tagline": "Neu", "version": version(editor)})
    told = log_of(editor)
    for words in (
        "Document scheduled",
        "When: May 1, 2099",
        "State: Archived",
        "Role: Translator",
        "Before: Translator (de) After: Author",
        "New address: /en/ Status: 301",
        "Tagline ( German )",
    ):
        assert words in told, (words, told)
    assert "=" not in told


def newest(database: Database) -> AuditEvent:
    with database.reader() as session:
        found = session.query(AuditEvent).order_by(AuditEvent.id.desc()).first()
    assert found
    return found


def version(editor: FlaskClient) -> str:
    """What the form of the site's words in German knows of them."""
    page = editor.get("/admin/site?locale=de").text
    return page.partition('name="version" value="')[2].partition('"')[0]


def test_things_are_linked_as_long_as_they_are_there(
    editor: FlaskClient, database: Database
) -> None:
    kept, gone = id_of(write(editor, "page")), id_of(write(editor, "page", slug="gone"))
    act(editor, database, gone, "delete")
    page = editor.get("/admin/audit").text
    assert f'href="/admin/documents/{kept}"' in page
    assert f'href="/admin/documents/{gone}"' not in page


def test_the_log_is_read_page_by_page_without_gaps(
    editor: FlaskClient, database: Database, history: int
) -> None:
    with database.reader() as session:
        first, older = audit.list_events(session, AuditFilter())
        second, end = audit.list_events(session, AuditFilter(before=older))
    numbers = [event.id for event in (*first, *second)]
    assert numbers == sorted(numbers, reverse=True) == list(range(numbers[0], 0, -1))
    assert end is None and 'rel="next"' in editor.get("/admin/audit").text


def test_the_export_is_what_the_filter_shows_and_no_formula(
    editor: FlaskClient, history: int
) -> None:
    answer = editor.get(f"/admin/audit.csv?person={history}")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
    head, row = csv.reader(io.StringIO(answer.text))
    assert head == ["at", "who", "action", "object", "id", "title", "detail"]
    assert row[1:] == [
        "grace@example.org",
        "medium-uploaded",
        "thing",
        "1",
        "'=1+1",
        json.dumps({"colour": "blue"}),
    ]
    everything = list(csv.reader(io.StringIO(editor.get("/admin/audit.csv").text)))
    assert len(everything) == 1 + audit.PAGE_SIZE + 10 + 1 + 1


def test_old_entries_leave_at_the_next_sign_in(
    app: Flask, factory: Factory, database: Database, history: int
) -> None:
    with database.writing() as session:
        for event in session.query(AuditEvent).filter_by(action="medium-described"):
            event.at = datetime.now(UTC) - timedelta(days=731)
    factory.sign_in(app, factory.user())
    assert actions(database) == ["medium-uploaded"]
    assert app.test_cli_runner().invoke(args=["audit", "prune"]).output == "Deleted 0 entries.\n"


def test_actions_are_chosen_by_their_words(editor: FlaskClient, history: int) -> None:
    form = editor.get("/admin/audit?action=medium-uploaded").text
    assert re.findall(r'<option value="([a-z-]+)"(?: selected)?>([^<]+)</option>', form) == [
        ("medium-described", "Image described"),
        ("medium-uploaded", "Image uploaded"),
        ("signed-in", "Signed in"),
    ]


def test_what_the_log_has_no_words_for_is_not_written(database: Database) -> None:
    with database.writing() as session, pytest.raises(ValueError, match="'painted' is no deed"):
        audit.record(session, None, "painted", Subject("thing"))


def test_what_an_older_version_wrote_is_shown_by_its_code(
    editor: FlaskClient, database: Database, history: int
) -> None:
    with database.writing() as session:
        session.query(AuditEvent).filter_by(action="medium-uploaded").update({"action": "painted"})
    assert "<td>painted</td>" in editor.get("/admin/audit?action=painted").text


def test_only_administrators_read_it(app: Flask, factory: Factory) -> None:
    browser = factory.sign_in(app, factory.user(role=Role.EDITOR))
    assert browser.get("/admin/audit.csv").status_code == 403
    assert "/admin/audit" not in browser.get("/admin/documents").text


def test_ways_in_are_one_line_each_of_the_log(make_app: MakeApp, tmp_path: Path) -> None:
    file = tmp_path / "verso.log"
    app = make_app(TESTING=True, LOG_FILE=str(file), LOG_FORMAT="json", LOG_LEVEL="info")
    factory = Factory(app.extensions["verso.db"], ("en",))
    user = factory.user()
    form = {"email": user.email, "password": "wrong password"}
    app.test_client().post("/admin/sign-in", data=form)
    factory.sign_in(app, user)
    lines = [one for one in read_entries(file) if one["logger"] == "verso.people"]
    assert [line["event"] for line in lines] == ["sign-in-failed", "signed-in"]
    assert all(line["address"] == "127.0.0.1" and "timestamp" in line for line in lines)
    assert "wrong password" not in file.read_text()
