"""Reporting: one id and one line per fault, whatever the input, even when nothing can be written."""

import json
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import MakeApp
from verso.errors import report

WHERE = {"section": "api", "method": "GET", "path": "/api/a\nERROR forged"}


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    return tmp_path / "verso.log"


@pytest.fixture
def json_app(make_app: MakeApp, log_file: Path) -> Flask:
    return make_app(LOG_FILE=log_file, LOG_FORMAT="json", LOG_LEVEL="info")


@pytest.mark.usefixtures("json_app")
def test_a_fault_is_reported_once_with_one_id(log_file: Path) -> None:
    error = ValueError("broken\nERROR forged line")
    first, second = report.report(error, **WHERE), report.report(error, **WHERE)
    assert first == second
    lines = log_file.read_text().splitlines()
    assert len(lines) == 1
    entry = json.loads(lines[0])
    assert entry["error_id"] == first and entry["path"] == WHERE["path"]
    assert "ValueError: broken" in entry["exception"]


@pytest.mark.usefixtures("json_app")
def test_two_faults_have_two_ids() -> None:
    ids = {report.report(ValueError("x"), **WHERE) for _ in range(50)}
    assert len(ids) == 50 and all(len(one) == 12 and one.isalnum() for one in ids)


def test_a_console_line_cannot_be_forged(make_app: MakeApp, log_file: Path) -> None:
    make_app(LOG_FILE=log_file, LOG_FORMAT="console", LOG_LEVEL="info")
    report.report(ValueError("x\n2026-01-01 [error] forged"), **WHERE)
    for line in log_file.read_text().splitlines()[1:]:
        assert line.startswith("  | "), line


def test_a_log_that_cannot_be_written_changes_no_answer(make_app: MakeApp, tmp_path: Path) -> None:
    """The log's folder is gone: the answer is the same, and the id is still given."""
    app = make_app(LOG_FILE=tmp_path / "no" / "such" / "folder" / "verso.log")
    app.add_url_rule("/en/boom", endpoint="site.boom", view_func=_boom)
    answer = app.test_client().get("/en/boom")
    assert answer.status_code == 500
    assert answer.headers["X-Error-ID"] in answer.text


def _boom() -> str:
    raise ZeroDivisionError
