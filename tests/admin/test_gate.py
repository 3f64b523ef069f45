"""The gate and signing in: strangers stay outside, logins begin and end."""

from http.cookies import SimpleCookie

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import PASSWORD, Factory
from verso.db import Database
from verso.models import Purpose, Role
from verso.people import tokens

COOKIE = "verso_login"


def test_strangers_stay_outside_and_are_led_back_after_signing_in(
    client: FlaskClient, factory: Factory
) -> None:
    user = factory.user()
    answer = client.get("/admin/account")
    assert answer.headers["Location"] == "/admin/sign-in?next=%2Fadmin%2Faccount"
    form = {"email": user.email, "password": PASSWORD, "next": "/admin/account"}
    assert client.post("/admin/sign-in", data=form).headers["Location"] == "/admin/account"
    assert client.get("/admin/account").status_code == 200


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/admin/",
        "//evil.example/admin/",
        "/\\evil.example",
        "/en/",
        "javascript:x",
    ],
)
def test_next_never_leads_elsewhere(client: FlaskClient, factory: Factory, target: str) -> None:
    form = {"email": factory.user().email, "password": PASSWORD, "next": target}
    assert client.post("/admin/sign-in", data=form).headers["Location"] == "/admin/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    client: FlaskClient, factory: Factory
) -> None:
    known, unknown = factory.user().email, "nobody@example.org"
    answers = [
        client.post("/admin/sign-in", data={"email": email, "password": "wrong password"})
        for email in (known, unknown)
    ]
    texts = [answer.text.replace(known, "x").replace(unknown, "x") for answer in answers]
    assert texts[0] == texts[1]
    assert [answer.status_code for answer in answers] == [422, 422]


def test_every_sign_in_makes_a_new_login_and_ends_the_old_one(
    client: FlaskClient, factory: Factory
) -> None:
    form = {"email": factory.user().email, "password": PASSWORD}
    client.set_cookie(COOKIE, "chosen by an attacker")
    client.post("/admin/sign-in", data=form)
    first = _login(client)
    client.post("/admin/sign-in", data=form)
    second = _login(client)
    assert len({first, second, "chosen by an attacker"}) == 3
    client.set_cookie(COOKIE, first)
    assert client.get("/admin/account").status_code == 303


def test_signing_out_ends_the_login_on_the_server(editor: FlaskClient) -> None:
    token = _login(editor)
    answer = editor.post("/admin/sign-out")
    assert answer.headers["Clear-Site-Data"]
    editor.set_cookie(COOKIE, token)
    assert editor.get("/admin/account").status_code == 303


def test_cookies_are_strict_and_over_https_bound_to_the_host(app: Flask, factory: Factory) -> None:
    form = {"email": factory.user().email, "password": PASSWORD}
    for scheme, name in (("http", COOKIE), ("https", "__Host-" + COOKIE)):
        answer = app.test_client().post(
            "/admin/sign-in", data=form, base_url=f"{scheme}://localhost"
        )
        cookies = SimpleCookie(";".join(answer.headers.getlist("Set-Cookie")))
        cookie = cookies[name]
        assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"
        assert bool(cookie["secure"]) == (scheme == "https")


def test_too_many_attempts_are_429_and_say_when_to_come_back(
    client: FlaskClient, factory: Factory
) -> None:
    form = {"email": factory.user().email, "password": "wrong password"}
    answers = [client.post("/admin/sign-in", data=form) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 15 * 60
    assert '<body class="admin' in answers[-1].text


def test_the_setup_link_makes_one_administrator_and_then_is_gone(
    client: FlaskClient, database: Database
) -> None:
    with database.writing() as session:
        token = tokens.issue(session, Purpose.SETUP)
    path = f"/admin/setup/{token}"
    assert client.get(path).status_code == 200
    weak = client.post(path, data={"email": "a@example.org", "password": "password123"})
    assert weak.status_code == 422 and "field-error" in weak.text
    made = client.post(path, data={"email": "a@example.org", "password": PASSWORD, "name": "Ada"})
    assert made.status_code == 303
    assert "Ada" in client.get("/admin/account").text
    assert client.get(path).status_code == 410
    assert (
        client.post(path, data={"email": "b@example.org", "password": PASSWORD}).status_code == 410
    )


def test_a_made_up_setup_link_opens_nothing(client: FlaskClient) -> None:
    assert client.get("/admin/setup/made-up").status_code == 410


def test_a_new_password_signs_every_other_browser_out(app: Flask, factory: Factory) -> None:
    user = factory.user()
    here, there = factory.sign_in(app, user), factory.sign_in(app, user)
    wrong = here.post(
        "/admin/account/password", data={"current": "no", "password": "another good one"}
    )
    assert wrong.status_code == 422
    form = {"current": PASSWORD, "password": "another good one"}
    assert here.post("/admin/account/password", data=form).status_code == 303
    assert here.get("/admin/account").status_code == 200
    assert there.get("/admin/account").status_code == 303


def test_the_admin_speaks_the_language_of_its_person(editor: FlaskClient) -> None:
    assert '<html lang="en"' in editor.get("/admin/account").text
    editor.post("/admin/account/language", data={"locale": "ar"})
    page = editor.get("/admin/account", headers={"Accept-Language": "de"})
    assert '<html lang="ar" dir="rtl"' in page.text
    assert editor.post("/admin/account/language", data={"locale": "xx"}).status_code == 422


def test_nothing_of_the_admin_may_be_stored(editor: FlaskClient) -> None:
    assert editor.get("/admin/documents").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("role", "status"), [(Role.AUTHOR, 403), (Role.EDITOR, 303)])
def test_authors_write_but_do_not_publish_or_delete(
    app: Flask, factory: Factory, role: Role, status: int
) -> None:
    document = factory.post(live=False)
    browser = factory.sign_in(app, factory.user(role=role))
    path = f"/admin/documents/{document.id}"
    form = {"version": str(document.version)}
    assert browser.get(f"{path}/text/en").status_code == 200
    assert browser.post(f"{path}/publish", data=form).status_code == status
    form = {"version": str(document.version + (status == 303))}
    assert browser.post(f"{path}/delete", data=form).status_code == status


def _login(client: FlaskClient) -> str:
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value
