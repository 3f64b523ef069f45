"""Signed-in browsers and passkeys on the account's page: listed, ended, and nobody else's."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import PASSWORD, Factory
from verso.db import Database
from verso.models import Login, OneTimeToken, Passkey, User
from verso.people import logins
from verso.people.browsers import name_browser

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)


def sign_in(app: Flask, user: User, user_agent: str) -> FlaskClient:
    browser = app.test_client()
    browser.environ_base["HTTP_USER_AGENT"] = user_agent
    form = {"email": user.email, "password": PASSWORD}
    assert browser.post("/admin/sign-in", data=form).status_code == 303
    return browser


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox, Linux"),
        (SAFARI, "Safari, iPhone"),
        (EDGE, "Edge, Windows"),
        ("curl/8.5.0", "curl"),
        ("", ""),
        ("<script>", ""),
    ],
)
def test_a_browser_is_named_in_few_words(user_agent: str, name: str) -> None:
    assert name_browser(user_agent) == name


def test_the_browsers_of_an_account_are_listed_and_each_can_be_signed_out(
    app: Flask, factory: Factory
) -> None:
    user = factory.user()
    here, there = sign_in(app, user, FIREFOX), sign_in(app, user, SAFARI)
    sign_in(app, factory.user(), EDGE)
    page = here.get("/admin/account").text
    assert "Firefox, Linux" in page and "Safari, iPhone" in page and "Edge" not in page
    [name] = re.findall(r'name="name" value="(\w{16})"', page)
    assert here.post("/admin/account/sessions/end", data={"name": name}).status_code == 303
    assert there.get("/admin/account").status_code == 303
    assert here.get("/admin/account").status_code == 200


def test_all_others_are_signed_out_at_once(app: Flask, factory: Factory) -> None:
    user = factory.user()
    browsers = [sign_in(app, user, FIREFOX) for _ in range(3)]
    stranger = sign_in(app, factory.user(), FIREFOX)
    browsers[0].post("/admin/account/sessions/end")
    assert [one.get("/admin/account").status_code for one in browsers] == [200, 303, 303]
    assert stranger.get("/admin/account").status_code == 200


def test_nobody_signs_another_account_out(app: Flask, factory: Factory, database: Database) -> None:
    me, other = sign_in(app, factory.user(), FIREFOX), factory.user()
    there = sign_in(app, other, SAFARI)
    with database.reader() as session:
        [name] = [login.name for login in session.query(Login).filter_by(user_id=other.id)]
    me.post("/admin/account/sessions/end", data={"name": name})
    assert there.get("/admin/account").status_code == 200


def test_what_the_page_shows_of_a_login_opens_nothing(
    app: Flask, client: FlaskClient, factory: Factory, database: Database
) -> None:
    sign_in(app, factory.user(), FIREFOX)
    with database.reader() as session:
        login = session.query(Login).one()
    for value in (login.name, login.token_hash):
        client.set_cookie(logins.COOKIE, value)
        assert client.get("/admin/account").status_code == 303


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"id": 1, "response": {"clientDataJSON": 7}}',
        '{"id": "x", "response": {"clientDataJSON": "bnVsbA"}}',
        json.dumps({"id": "x", "response": {"clientDataJSON": "eyJjaGFsbGVuZ2UiOiAiw7_DvyJ9"}}),
        "[" * 10_000,
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
)
def test_what_is_no_passkey_opens_nothing_and_breaks_nothing(
    app: Flask, factory: Factory, credential: str
) -> None:
    stranger = app.test_client()
    answer = stranger.post("/admin/sign-in/passkey", data={"credential": credential})
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    browser = sign_in(app, factory.user(), FIREFOX)
    answer = browser.post("/admin/account/passkeys", data={"credential": credential})
    assert answer.status_code == 422


def test_challenges_name_no_account_and_are_kept_as_digests(
    client: FlaskClient, database: Database, factory: Factory
) -> None:
    factory.user()
    options = client.post("/admin/sign-in/passkey/options").json
    assert options is not None and options["userVerification"] == "required"
    assert options["rpId"] == "localhost" and not options.get("allowCredentials")
    with database.reader() as session:
        kept = session.query(OneTimeToken).one()
    assert kept.token_hash not in json.dumps(options)


def test_nobody_removes_another_accounts_passkey(
    app: Flask, factory: Factory, database: Database
) -> None:
    other = factory.user()
    with database.writing() as session:
        passkey = Passkey(user_id=other.id, credential_id="x", public_key=b"x", sign_count=0)
        passkey.name, passkey.created_at = "Theirs", datetime.now(UTC)
        session.add(passkey)
    me = sign_in(app, factory.user(), FIREFOX)
    assert me.post(f"/admin/account/passkeys/{passkey.id}/remove").status_code == 404
    with database.reader() as session:
        assert session.query(Passkey).count() == 1


def test_sensitive_changes_ask_for_the_password_when_that_is_long_ago(
    app: Flask, factory: Factory, database: Database
) -> None:
    browser = sign_in(app, factory.user(), FIREFOX)
    with database.writing() as session:
        session.query(Login).one().confirmed_at = datetime.now(UTC) - timedelta(minutes=11)
    for path in ("second-factor", "second-factor/codes", "passkeys/options", "passkeys"):
        answer = browser.post(f"/admin/account/{path}")
        assert answer.status_code == 422 and "not your current password" in answer.text, path
    form = {"current": PASSWORD}
    assert browser.post("/admin/account/passkeys/options", data=form).is_json
    assert browser.post("/admin/account/passkeys/options").is_json


def test_guessing_the_password_of_an_open_browser_is_throttled(
    app: Flask, factory: Factory, database: Database
) -> None:
    browser = sign_in(app, factory.user(), FIREFOX)
    with database.writing() as session:
        session.query(Login).one().confirmed_at = datetime.now(UTC) - timedelta(minutes=11)
    form = {"current": "a guess"}
    statuses = [
        browser.post("/admin/account/second-factor", data=form).status_code for _ in range(11)
    ]
    assert statuses == [422] * 10 + [429]
