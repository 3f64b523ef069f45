"""The second factor: on and off, codes that are good once, recovery codes, and throttling."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import PASSWORD, Factory
from verso.db import Database
from verso.models import AuditEvent, Login, OneTimeToken, RecoveryCode, SiteSetting, User
from verso.people.second_factor import STEP as STEP_SECONDS
from verso.people.second_factor import accept_code

STEP = "verso_step"


def now() -> datetime:
    return datetime.now(UTC)


def step_now() -> int:
    return int(now().timestamp()) // STEP_SECONDS


def code_for(database: Database, user: User, steps: int = 0) -> str:
    """The code of somebody's app, so many steps from now."""
    with database.reader() as session:
        secret = session.get_one(User, user.id).totp_secret
    assert secret is not None
    return pyotp.TOTP(secret).at(now() + timedelta(seconds=30 * steps))


def switch_on(browser: FlaskClient, database: Database, user: User) -> list[str]:
    """Set the second factor up, as somebody would, which uses the code of now; the recovery codes."""
    assert browser.post("/admin/account/second-factor").status_code == 303
    page = browser.get("/admin/account/second-factor")
    assert "<svg" in page.text and "style=" not in page.text
    form = {"code": code_for(database, user)}
    shown = browser.post("/admin/account/second-factor/enable", data=form)
    assert shown.status_code == 200
    return re.findall(r"<li>(\w{4}-\w{4}-\w{4})</li>", shown.text)


def give_password(app: Flask, user: User, target: str = "") -> FlaskClient:
    """A browser in which the password was given, and the code was not."""
    browser = app.test_client()
    form = {"email": user.email, "password": PASSWORD, "next": target}
    assert browser.post("/admin/sign-in", data=form).headers["Location"] == "/admin/sign-in/code"
    return browser


def type_code(browser: FlaskClient, code: str) -> int:
    return browser.post("/admin/sign-in/code", data={"code": code}).status_code


@pytest.fixture
def user(factory: Factory) -> User:
    return factory.user()


@pytest.fixture
def codes(app: Flask, factory: Factory, database: Database, user: User) -> list[str]:
    """The recovery codes of somebody who has a second factor."""
    return switch_on(factory.sign_in(app, user), database, user)


def test_the_picture_can_be_drawn_for_the_longest_name_of_a_site(
    app: Flask, factory: Factory, database: Database, user: User
) -> None:
    with database.writing() as session:
        session.merge(SiteSetting(name="name", locale="en", value="\N{SAILBOAT}\ufe0f" * 50))
    assert len(switch_on(factory.sign_in(app, user), database, user)) == 10


def test_a_code_is_asked_for_after_the_password_and_leads_where_one_wanted_to_go(
    app: Flask, database: Database, user: User, codes: list[str]
) -> None:
    browser = give_password(app, user, "/admin/account")
    assert browser.get("/admin/documents").status_code == 303
    assert browser.get("/admin/sign-in/code").status_code == 200
    answer = browser.post("/admin/sign-in/code", data={"code": code_for(database, user, 1)})
    assert answer.headers["Location"] == "/admin/account"
    assert browser.get("/admin/account").status_code == 200


def test_a_code_works_once(app: Flask, database: Database, user: User, codes: list[str]) -> None:
    code = code_for(database, user, 1)
    assert type_code(give_password(app, user), code) == 303
    assert type_code(give_password(app, user), code) == 422


def test_codes_of_before_and_after_are_taken_but_none_backwards(user: User) -> None:
    user.totp_secret, begun = pyotp.random_base32(), -1
    codes = pyotp.TOTP(user.totp_secret)
    # Once more where a step has ended in between.
    while begun != step_now():
        user.totp_step, begun = 0, step_now()
        at = [codes.at((begun + step) * STEP_SECONDS) for step in (-3, -1, 0, 1, 3)]
        taken = [accept_code(user, code) for code in at]
    assert taken == [False, True, True, True, False]
    assert not accept_code(user, at[2])
    assert not any(accept_code(user, typed) for typed in ("", "12345", "١٢٣٤٥٦", "abcdef"))


def test_a_recovery_code_works_once_and_in_any_spelling(
    app: Flask, database: Database, user: User, codes: list[str]
) -> None:
    assert len(set(codes)) == 10
    spelt = codes[0].upper().replace("-", " ")
    assert type_code(give_password(app, user), spelt) == 303
    assert type_code(give_password(app, user), codes[0]) == 422
    with database.reader() as session:
        kept = [code.code_hash for code in session.query(RecoveryCode)]
    assert len(kept) == 9 and not set(kept) & set(codes)


def test_new_recovery_codes_void_the_old_ones(
    app: Flask, database: Database, user: User, codes: list[str]
) -> None:
    browser = give_password(app, user)
    assert type_code(browser, codes[0]) == 303
    page = browser.post("/admin/account/second-factor/codes").text
    fresh = re.findall(r"<li>(\w{4}-\w{4}-\w{4})</li>", page)
    assert len(fresh) == 10 and fresh[0] not in browser.get("/admin/account").text
    assert type_code(give_password(app, user), codes[1]) == 422
    assert type_code(give_password(app, user), fresh[0]) == 303


def test_a_wrong_first_code_switches_nothing_on(
    app: Flask, factory: Factory, database: Database, user: User
) -> None:
    browser = factory.sign_in(app, user)
    browser.post("/admin/account/second-factor")
    form = {"code": "000000"}
    assert browser.post("/admin/account/second-factor/enable", data=form).status_code == 422
    with database.reader() as session:
        assert session.get_one(User, user.id).totp_at is None
    browser.post("/admin/sign-out")
    assert factory.sign_in(app, user).get("/admin/account").status_code == 200


def test_switching_it_off_asks_for_the_password_when_that_is_long_ago(
    app: Flask, database: Database, user: User, codes: list[str]
) -> None:
    browser = give_password(app, user)
    type_code(browser, codes[0])
    with database.writing() as session:
        for login in session.query(Login):
            login.confirmed_at = now() - timedelta(minutes=11)
    path = "/admin/account/second-factor/disable"
    for form in ({}, {"current": "not the password"}):
        refused = browser.post(path, data=form)
        assert refused.status_code == 422 and 'id="current-totp-error"' in refused.text
    assert browser.post(path, data={"current": PASSWORD}).status_code == 303
    answer = app.test_client().post(
        "/admin/sign-in", data={"email": user.email, "password": PASSWORD}
    )
    assert answer.headers["Location"] == "/admin/"


def test_codes_are_throttled_for_the_account_wherever_they_come_from(
    app: Flask, user: User, codes: list[str]
) -> None:
    browser = give_password(app, user)
    statuses = []
    for attempt in range(11):
        answer = browser.post(
            "/admin/sign-in/code",
            data={"code": "000000"},
            environ_overrides={"REMOTE_ADDR": f"198.51.100.{attempt}"},
        )
        statuses.append(answer.status_code)
    assert statuses == [422] * 10 + [429]
    assert int(answer.headers["Retry-After"]) > 0 and '<body class="admin' in answer.text


def test_the_second_page_is_closed_without_the_first_and_after_ten_minutes(
    app: Flask, client: FlaskClient, database: Database, user: User, codes: list[str]
) -> None:
    client.set_cookie(STEP, "made up")
    assert client.get("/admin/sign-in/code").headers["Location"] == "/admin/sign-in"
    assert client.post("/admin/sign-in/code", data={"code": codes[0]}).status_code == 303
    assert client.get("/admin/documents").status_code == 303
    browser = give_password(app, user)
    with database.writing() as session:
        for token in session.query(OneTimeToken):
            token.expires_at = now() - timedelta(seconds=1)
    assert browser.post("/admin/sign-in/code", data={"code": codes[0]}).status_code == 303
    assert browser.get("/admin/documents").status_code == 303


def test_an_administrator_helps_who_lost_everything(
    editor: FlaskClient, app: Flask, factory: Factory, user: User, codes: list[str]
) -> None:
    assert editor.post(f"/admin/people/{user.id}/forget-factor").status_code == 303
    assert factory.sign_in(app, user).get("/admin/account").status_code == 200


def test_the_audit_log_knows_it_and_no_code(
    app: Flask, database: Database, user: User, codes: list[str]
) -> None:
    browser = give_password(app, user)
    type_code(browser, "123456")
    type_code(browser, codes[0])
    with database.reader() as session:
        events = session.query(AuditEvent).order_by(AuditEvent.id).all()
        told = " ".join(f"{event.title} {event.detail}" for event in events)
    actions = [event.action for event in events]
    assert actions == ["signed-in", "second-factor-on", "code-refused", "signed-in"]
    assert events[-1].detail["how"] == "recovery"
    assert not any(secret in told for secret in (*codes, "123456", PASSWORD))
