"""Reporting: one id and one line per fault, whatever the input, even when nothing can be written."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.conftest import MakeApp
from tests.errors.failures import Catching
from tests.reading_logs import read_entries, read_log
from verso.errors.circumstances import Circumstances
from verso.errors.occurrence import Occurrence
from verso.errors.report import Reporter
from verso.errors.scrub import Scrubber

WHERE = Circumstances(section="api", method="GET", path="/api/a\nERROR forged")


class Broken(Catching):
    name = "broken"

    def take(self, occurrence: Occurrence) -> None:
        raise RuntimeError("this sink leaks")


class Unprintable(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


class Unreachable(Exception):
    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("no attributes")


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    return tmp_path / "verso.log"


@pytest.fixture
def json_app(make_app: MakeApp, log_file: Path) -> Flask:
    return make_app(LOG_FILE=log_file, LOG_FORMAT="json", LOG_LEVEL="info")


def reporter_of(app: Flask) -> Reporter:
    found: Reporter = app.extensions["verso.reporter"]
    return found


def test_a_fault_is_reported_once_with_one_id(json_app: Flask, log_file: Path) -> None:
    error, reporter = ValueError("broken\nERROR forged line"), reporter_of(json_app)
    first, second = reporter.report(error, WHERE), reporter.report(error, WHERE)
    assert first == second
    [entry] = read_entries(log_file)
    assert entry["error_id"] == first and entry["path"] == WHERE.path
    assert "ValueError: broken" in entry["exception"]


def test_two_faults_have_two_ids() -> None:
    reporter = Reporter(Scrubber(), [])
    ids = {reporter.report(ValueError("x"), WHERE) for _ in range(50)}
    assert len(ids) == 50 and all(len(one) == 12 and one.isalnum() for one in ids)


def test_a_console_line_cannot_be_forged(make_app: MakeApp, log_file: Path) -> None:
    """F69: neither by the text of an exception nor by a path."""
    app = make_app(LOG_FILE=log_file, LOG_FORMAT="console", LOG_LEVEL="info")
    reporter_of(app).report(ValueError("x\n2026-01-01 [error] forged \x1b[2J\u202e"), WHERE)
    lines = read_log(log_file).splitlines()
    assert "\\nERROR forged" in lines[0]
    for line in lines[1:]:
        assert line.startswith("  | "), line
    assert "\x1b" not in read_log(log_file) and "\u202e" not in read_log(log_file)


def test_a_log_that_cannot_be_written_changes_no_answer(make_app: MakeApp, tmp_path: Path) -> None:
    """The log's folder is gone: the answer is the same, and the id is still given."""
    app = make_app(LOG_FILE=tmp_path / "no" / "such" / "folder" / "verso.log")
    app.add_url_rule("/en/boom", endpoint="site.boom", view_func=_boom)
    answer = app.test_client().get("/en/boom")
    assert answer.status_code == 500
    assert answer.headers["X-Error-ID"] in answer.text


def test_the_log_rotates_at_its_size_and_keeps_its_number_of_files(
    make_app: MakeApp, log_file: Path
) -> None:
    app = make_app(LOG_FILE=log_file, LOG_FILE_BYTES=5000, LOG_FILE_COUNT=2)
    for number in range(60):
        reporter_of(app).report(ValueError(f"{number} " + "long " * 40), WHERE)
    read_log(log_file)
    names = sorted(file.name for file in log_file.parent.glob("verso.log*"))
    assert names == ["verso.log", "verso.log.1", "verso.log.2"]


def test_a_sink_that_fails_keeps_no_other_from_the_report(
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept = Catching()
    error_id = Reporter(Scrubber(), [Broken(), kept]).report(ValueError("x"), WHERE)
    assert [one.error_id for one in kept.taken] == [error_id]


@pytest.mark.parametrize(
    "error",
    [
        Unprintable(),
        ExceptionGroup("several", [ValueError("a"), KeyError("b")]),
        RecursionError("deep"),
        ValueError("\ud800 half of a pair \x00"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_any_exception_can_be_reported(error: Exception) -> None:
    """F26, F70: whatever it holds, its report can be stored and sent."""
    kept = Catching()
    assert Reporter(Scrubber(), [kept]).report(error, WHERE) == kept.taken[0].error_id
    text = kept.taken[0].to_json()
    assert "\x00" not in text and Occurrence.from_json(text) == kept.taken[0]
    text.encode("utf-8")


def test_the_trace_shows_our_frames_and_a_bounded_number_of_them() -> None:
    kept = Catching()
    try:
        _descend(sys.getrecursionlimit())
    except RecursionError as error:
        Reporter(Scrubber(), [kept]).report(error, WHERE)
    occurrence = kept.taken[0]
    assert occurrence.place == f"{__name__}._descend"
    assert len(occurrence.frames) <= 60 and len(occurrence.to_json()) < 60_000


def test_an_exception_that_is_kept_and_raised_again_is_another_failure() -> None:
    kept, error = Catching(), ValueError("made once")
    reporter = Reporter(Scrubber(), [kept])
    first, second = (replace(WHERE, token=object()) for _ in range(2))
    ids = [reporter.report(error, where) for where in (first, first, second)]
    assert ids[0] == ids[1] != ids[2]
    assert [one.error_id for one in kept.taken] == [ids[0], ids[2]]


def test_of_what_cannot_be_described_the_kind_is_reported() -> None:
    kept = Catching()
    nested: Exception = ValueError("the innermost")
    for _ in range(2000):
        nested = ExceptionGroup("deep", [nested])
    for error in (nested, Unreachable()):
        error_id = Reporter(Scrubber(), [kept]).report(error, WHERE)
        assert (kept.taken[-1].error_id, kept.taken[-1].kind) == (error_id, type(error).__name__)


def test_a_stored_report_of_another_version_can_be_read() -> None:
    text = '{"error_id": "X", "kind": "Old", "grouped_by": [], "frames": [], "unheard_of": 1}'
    assert Occurrence.from_json(text).kind == "Old"
    for broken in ("{not json", "[]", '{"frames": [{"x": 1}]}', "3"):
        with pytest.raises(ValueError):
            Occurrence.from_json(broken)


def test_of_a_long_chain_the_beginning_and_the_end_are_kept() -> None:
    kept = Catching()
    error: Exception = ValueError("the first of all")
    for number in range(60):
        error = _caused(error, number)
    Reporter(Scrubber(), [kept]).report(error, WHERE)
    trace = kept.taken[0].trace
    assert "the first of all" in trace and trace.rstrip().endswith("number 59")
    assert len(trace) < 21_000


def test_ids_of_the_caller_are_kept_beside_ours(json_app: Flask, log_file: Path) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    json_app.add_url_rule("/en/boom", endpoint="site.boom", view_func=_boom)
    json_app.test_client().get(
        "/en/boom",
        headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01", "X-Request-ID": "job-17"},
    )
    json_app.test_client().get(
        "/en/boom",
        headers={"traceparent": f"00-{'0' * 32}-00f067aa0ba902b7-01", "X-Request-ID": "a b"},
    )
    good, bad = (entry for entry in read_entries(log_file) if entry["event"] == "fault")
    assert (good["trace_id"], good["request_id"]) == (trace, "job-17")
    assert "trace_id" not in bad and "request_id" not in bad


def _boom() -> Any:
    raise ZeroDivisionError


def _descend(depth: int) -> int:
    return _descend(depth - 1) + 1 if depth else 0


def _caused(cause: Exception, number: int) -> Exception:
    try:
        raise RuntimeError("long " * 100 + f"number {number}") from cause
    except RuntimeError as error:
        return error
