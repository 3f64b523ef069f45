"""One failure, one id: in page, header, JSON, log, inbox, mail and Sentry; and no secret in any."""

import json
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from flask import Flask, request
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from tests.conftest import MakeApp
from tests.errors.failures import wait_for
from tests.reading_logs import read_log
from tests.receivers import (
    Envelopes,
    Letterbox,
    letterbox,
    sentry_receiver,
    silent_server,
)
from verso import mailer
from verso.config import ConfigError
from verso.db import Database
from verso.errors.inbox import groups
from verso.models import FailureEvent, FailureGroup

ADMINS = "Zoë Ünal <zoe@example.org>"
SECRETS = {
    "form": "form-hunter2",
    "query": "query-hunter2",
    "header": "header-hunter2",
    "cookie": "cookie-hunter2",
    "json": "json-hunter2",
    "local": "local-hunter2",
    "text": "text-hunter2",
    "dsn": "dsn-hunter2",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "card": "4111 1111 1111 1111",
}


@pytest.fixture
def box() -> Iterator[Letterbox]:
    with letterbox() as made:
        yield made


@pytest.fixture
def sentry() -> Iterator[Envelopes]:
    with sentry_receiver() as made:
        yield made


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    return tmp_path / "verso.log"


@pytest.fixture
def digest_seconds() -> int:
    """Most tests are over before a digest is due."""
    return 3600


@pytest.fixture
def app(
    make_app: MakeApp, box: Letterbox, sentry: Envelopes, log_file: Path, digest_seconds: int
) -> Flask:
    return failing_app(
        make_app,
        MAIL_URL=f"smtp://{box.url}",
        ADMINS=ADMINS,
        MAIL_FROM="Die Seite <verso@example.org>",
        MAIL_DIGEST_SECONDS=digest_seconds,
        SENTRY_DSN=sentry.dsn,
        LOG_FILE=log_file,
        LOG_FORMAT="json",
        BASE_URL="http://localhost",
    )


def failing_app(make_app: MakeApp, **settings: Any) -> Flask:
    app = make_app(**settings)
    for path, endpoint in (("/en/boom", "site.t_boom"), ("/api/v1/boom", "api.t_boom")):
        app.add_url_rule(path, endpoint=endpoint, view_func=_boom, methods=["GET", "POST"])
    app.add_url_rule("/en/leak", endpoint="site.t_leak", view_func=_leak, methods=["POST"])
    app.add_url_rule("/en/other", endpoint="site.t_other", view_func=_other)
    return app


def _boom() -> str:
    raise ZeroDivisionError(f"Größe 0 nicht erlaubt 漢字, order {time.monotonic_ns()}")


def _other() -> str:
    raise KeyError("another")


def _leak() -> str:
    password = SECRETS["local"]
    request.form.to_dict()
    request.get_json(silent=True)
    assert password
    raise RuntimeError(
        f"cannot connect: password={SECRETS['text']} to postgresql://me:{SECRETS['dsn']}@db/x "
        f"with {SECRETS['jwt']} paid by {SECRETS['card']}"
        f" for {request.args['token']} {request.cookies['session']} {request.headers['X-Api-Key']}"
    )


def events_of(app: Flask) -> list[FailureEvent]:
    database: Database = app.extensions["verso.db"]
    with database.reader() as session:
        return session.query(FailureEvent).order_by(FailureEvent.id).all()


def groups_of(app: Flask) -> list[FailureGroup]:
    database: Database = app.extensions["verso.db"]
    with database.reader() as session:
        return session.query(FailureGroup).order_by(FailureGroup.id).all()


@pytest.mark.parametrize("path", ["/en/boom", "/api/v1/boom"])
def test_the_same_id_is_everywhere(
    app: Flask, box: Letterbox, sentry: Envelopes, log_file: Path, path: str
) -> None:
    answer = app.test_client().get(path)
    error_id = answer.headers["X-Error-ID"]
    assert error_id in answer.text
    if path.startswith("/api"):
        assert answer.get_json()["instance"].endswith(error_id)
    wait_for(lambda: len(box.messages) > 0 and len(sentry.bodies) > 0)
    assert read_log(log_file).count(error_id) == 1
    assert [event.error_id for event in events_of(app)] == [error_id]
    [mail] = box.messages
    assert mail["X-Error-ID"] == error_id and error_id in mail.get_content()
    event = json.loads(sentry.bodies[0].splitlines()[2])
    assert event["tags"]["error_id"] == error_id


def test_a_mail_speaks_utf_8_in_subject_names_and_body(app: Flask, box: Letterbox) -> None:
    app.test_client().get("/en/boom")
    wait_for(lambda: len(box.messages) > 0)
    [mail] = box.messages
    assert "Größe 0 nicht erlaubt 漢字" in str(mail["Subject"])
    assert "Größe 0 nicht erlaubt 漢字" in mail.get_content()
    assert mail["To"].addresses[0].display_name == "Zoë Ünal"
    assert mail["From"].addresses[0].addr_spec == "verso@example.org"
    assert "http://localhost/admin/errors/1" in mail.get_content()
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("digest_seconds", [1])
def test_a_thousand_equal_failures_are_one_group_one_mail_and_a_digest(
    app: Flask, box: Letterbox
) -> None:
    browser, begin = app.test_client(), time.monotonic()
    for _ in range(1000):
        assert browser.get("/en/boom").status_code == 500
    wait_for(lambda: [group.count for group in groups_of(app)] == [1000], 120)
    wait_for(lambda: told_of(box) >= 1000, 120)
    # No digest more comes after the last that was due.
    time.sleep(1.5)
    told = [message for message in box.messages if message["X-Error-ID"]]
    digests = [message for message in box.messages if not message["X-Error-ID"]]
    assert len(told) == 1
    # One in each interval (a second here), however long a thousand failures take.
    assert 1 <= len(digests) <= time.monotonic() - begin
    assert "1000 in all" in digests[-1].get_content()
    # One mail told of some, the digests of all the others.
    assert told_of(box) == 1000


def told_of(box: Letterbox) -> int:
    """Of how many failures the mails and the digests tell."""
    return sum(
        first_count(message) if message["X-Error-ID"] else more_in(message.get_content())
        for message in list(box.messages)
    )


def more_in(digest: str) -> int:
    [line] = [line for line in digest.splitlines() if " more, " in line]
    return int(line.rpartition("· ")[2].split()[0])


def first_count(mail: Any) -> int:
    [line] = [one for one in mail.get_content().splitlines() if one.startswith("How often:")]
    return int(line.split()[-1])


def test_a_group_that_returns_after_it_was_resolved_is_mailed_again(
    app: Flask, box: Letterbox
) -> None:
    browser = app.test_client()
    browser.get("/en/boom")
    wait_for(lambda: len(box.messages) == 1)
    with app.extensions["verso.db"].writing() as session:
        groups.resolve(session, 1)
    browser.get("/en/boom")
    wait_for(lambda: len(box.messages) == 2)
    assert "resolved" in box.messages[1].get_content()
    assert groups_of(app)[0].state == "regressed"


def test_a_mail_that_is_refused_for_good_keeps_no_other_from_being_sent(
    app: Flask, box: Letterbox
) -> None:
    box.refuses = "KeyError"
    app.test_client().get("/en/other")
    app.test_client().get("/en/boom")
    wait_for(lambda: any("ZeroDivisionError" in subject for subject in box.subjects))
    assert not any("KeyError" in subject for subject in box.subjects)


def test_what_no_mail_could_tell_stays_untold(make_app: MakeApp) -> None:
    with silent_server() as port:
        app = failing_app(make_app, MAIL_URL=f"smtp://127.0.0.1:{port}", ADMINS=ADMINS)
        app.test_client().get("/en/boom")
        wait_for(lambda: len(groups_of(app)) == 1)
    assert groups_of(app)[0].told == 0


def test_the_values_of_a_statement_are_in_no_report(app: Flask, box: Letterbox) -> None:
    database: Database = app.extensions["verso.db"]
    with pytest.raises(DatabaseError) as failed, database.writing() as session:
        session.execute(text("INSERT INTO nowhere VALUES (:value)"), {"value": "swordfish"})
    assert "swordfish" not in str(failed.value)


def test_planted_secrets_are_nowhere(
    app: Flask, box: Letterbox, sentry: Envelopes, log_file: Path
) -> None:
    browser = app.test_client()
    browser.set_cookie("session", SECRETS["cookie"])
    headers = {"X-Api-Key": SECRETS["header"], "Authorization": f"Bearer {SECRETS['header']}"}
    nested = {"user": [{"deep": {"password": SECRETS["json"]}}], "card": SECRETS["card"]}
    query = f"/en/leak?token={SECRETS['query']}"
    browser.post(query, data={"password": SECRETS["form"]}, headers=headers)
    browser.post(query, json=nested, headers={**headers, "Referer": f"http://localhost{query}"})
    wait_for(lambda: len(box.messages) > 0 and len(sentry.bodies) > 1 and len(events_of(app)) > 1)
    places = {
        "inbox": "\n".join(event.body for event in events_of(app)),
        "mail": box.texts(),
        "log": read_log(log_file),
        "sentry": "\n".join(sentry.bodies),
    }
    found = [(place, what) for place, text in places.items() for what in leaks(text)]
    assert found == []
    assert "RuntimeError" in places["inbox"] and '"password":"[hidden]"' in places["inbox"]


def leaks(text: str) -> list[str]:
    secrets = {**SECRETS, "key": str(SECRETS["card"]).replace(" ", "")}
    return [name for name, secret in secrets.items() if secret in text]


def test_mail_goes_over_tls_that_is_verified_and_signs_in(
    make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with letterbox(context) as box:
        url = f"smtp+starttls://verso:p%40ss@{box.url}"
        settings = {
            "MAIL_URL": url,
            "ADMINS": ADMINS,
            "LOG_FILE": tmp_path / "log",
            "LOG_LEVEL": "warning",
        }
        distrusting = failing_app(make_app, **settings)
        distrusting.test_client().get("/en/boom")
        wait_for(lambda: "CERTIFICATE_VERIFY_FAILED" in read_log(tmp_path / "log"))
        assert box.messages == []
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        wait_for(lambda: len(box.messages) == 1)
        assert box.signed_in == [(b"verso", b"p@ss")]


def test_mail_goes_over_tls_from_the_first_byte_where_the_url_says_so(
    make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with letterbox(context, from_the_start=True) as box:
        app = failing_app(make_app, MAIL_URL=f"smtps://{box.url}", ADMINS=ADMINS)
        app.test_client().get("/en/boom")
        wait_for(lambda: len(box.messages) == 1)


def test_a_mail_server_without_tls_gets_nothing_that_was_to_be_encrypted(
    make_app: MakeApp, box: Letterbox, tmp_path: Path
) -> None:
    settings = {"MAIL_URL": f"smtp+starttls://{box.url}", "ADMINS": ADMINS}
    app = failing_app(make_app, **settings, LOG_FILE=tmp_path / "log", LOG_LEVEL="warning")
    app.test_client().get("/en/boom")
    wait_for(lambda: "mail could not be sent" in read_log(tmp_path / "log"))
    assert box.messages == []


def test_a_mail_server_that_hangs_costs_a_request_nothing(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailer, "TIMEOUT", 100.0)
    with silent_server() as port:
        app = failing_app(make_app, MAIL_URL=f"smtp://127.0.0.1:{port}", ADMINS=ADMINS)
        browser = app.test_client()
        began = time.monotonic()
        for _ in range(20):
            browser.get("/en/boom")
            browser.get("/en/other")
        # Less than a single wait for the server takes.
        assert time.monotonic() - began < 80
        wait_for(lambda: sum(group.count for group in groups_of(app)) == 40)


def test_sentry_without_its_package_is_said_at_the_start(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sentry_sdk", None)
    with pytest.raises(ConfigError, match=r"pip install 'verso\[sentry\]'"):
        make_app(SENTRY_DSN="https://key@sentry.example.org/1")


@pytest.mark.parametrize(
    "settings",
    [
        {"MAIL_URL": "smtp://localhost"},
        {"MAIL_URL": "smtp://u:hunter2@mail.example.org", "ADMINS": ADMINS},
        {"MAIL_URL": "http://mail.example.org", "ADMINS": ADMINS},
        {"SENTRY_DSN": "sentry.example.org"},
    ],
)
def test_a_setting_that_cannot_work_is_refused_without_its_secret(
    make_app: MakeApp, settings: dict[str, str]
) -> None:
    with pytest.raises(ConfigError) as refused:
        make_app(**settings)
    assert "hunter2" not in str(refused.value)
