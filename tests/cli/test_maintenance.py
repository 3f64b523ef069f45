"""`verso maintenance`: a switch on the command line, in history and audit log like any other change."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from verso.content import site_settings
from verso.db import Database
from verso.models import AuditEvent


def test_the_site_is_closed_and_opened_from_the_command_line(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    run = app.test_cli_runner()
    told = []
    for arguments in (["status"], ["on"], ["on"], ["status"], ["off"], ["status"]):
        answer = run.invoke(args=["maintenance", *arguments])
        assert answer.exit_code == 0
        told.append((answer.output.split()[-1], client.get("/en/").status_code))
    assert told == [
        ("off.", 200),
        ("on.", 503),
        ("on.", 503),
        ("on.", 503),
        ("off.", 200),
        ("off.", 200),
    ]
    run.invoke(args=["maintenance", "on"])
    assert "`verso maintenance off`" in run.invoke(args=["doctor"]).output
    with database.reader() as session:
        changes = site_settings.list_changes(session)
        actions = session.scalars(select(AuditEvent.action)).all()
    assert [(one.who, one.after) for one in changes] == [("", "on"), ("", ""), ("", "on")]
    assert actions == ["site-changed"] * 3
