"""What attackers try: planted cookies, forms from elsewhere, frames, open redirects, guessing who is known."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from tests.admin.test_rights import PLACES, TABLE, routes, signed_in, url
from tests.admin.test_second_factor import switch_on
from tests.conftest import LOCALES, MakeApp
from tests.factories import PASSWORD, Factory
from verso.db import Database
from verso.models import AuditEvent, Document, Login, Role
from verso.people import logins
from verso.people.throttle import PER_ACCOUNT, Throttle

WRITES = sorted(route for route in TABLE if route.startswith("POST "))
READS = sorted(route for route in TABLE if route.startswith("GET "))
# Where forms may come from that are not ours; the last are for browsers without Fetch Metadata.
FROM_ELSEWHERE: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "made-up"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://sub.localhost"},
    {"Origin": "http://localhost:8000"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
)


def path_of(app: Flask, route: str, **places: object) -> str:
    return url(
        app, route.split()[1], {**PLACES, "document_id": 1, **TABLE[route][0].path, **places}
    )


@dataclass(frozen=True)
class House:
    """An application that nothing here may change, with a page, and an administrator's browser."""

    app: Flask
    factory: Factory
    page: Document
    browser: FlaskClient

    def path_of(self, route: str) -> str:
        # Attempts are counted by address, and so are those of the tests before.
        self.app.extensions["verso.throttle"] = Throttle()
        return path_of(self.app, route, document_id=self.page.id)

    def rows(self) -> tuple[int, ...]:
        """How much is in the tables that a forged form could change."""
        with self.factory.database.reader() as session:
            return tuple(session.query(table).count() for table in (Login, AuditEvent, Document))


@pytest.fixture(scope="module")
def house(lasting_app: Flask) -> House:
    factory = Factory(lasting_app.extensions["verso.db"], tuple(LOCALES))
    page = factory.page("About")
    browser = signed_in(lasting_app, factory, factory.user(role=Role.ADMIN))
    return House(lasting_app, factory, page, browser)


@pytest.mark.parametrize("route", WRITES)
def test_no_writing_route_takes_a_form_from_elsewhere(route: str, house: House) -> None:
    page, before = house.page, house.rows()
    for headers in FROM_ELSEWHERE:
        form = {"version": str(page.version)}
        answer = house.browser.post(house.path_of(route), data=form, headers=headers)
        assert answer.status_code == 403, headers
        assert "came from another site" in answer.text
    assert house.rows() == before


@pytest.mark.parametrize("route", WRITES)
def test_every_writing_route_takes_a_form_of_our_own_and_one_of_no_browser(
    route: str, app: Flask, factory: Factory
) -> None:
    page = factory.page("About")
    for headers in (
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost"},
        {},
    ):
        browser = signed_in(app, factory, factory.user(role=Role.ADMIN))
        answer = browser.post(path_of(app, route, document_id=page.id), headers=headers)
        assert "came from another site" not in answer.text


@pytest.mark.parametrize("route", WRITES)
def test_no_writing_route_can_be_had_by_get(route: str, house: House) -> None:
    """A link or a picture on another site sends the cookie (SameSite=Lax) with GET."""
    before = house.rows()
    query = "?version=1&to=draft&source=/x&email=a@example.org&role=admin"
    answer = house.browser.get(house.path_of(route) + query)
    assert answer.status_code in (200, 303, 404, 405, 410)
    assert house.rows() == before


@pytest.mark.parametrize("route", READS)
def test_no_page_of_the_admin_can_be_framed_stored_or_run_foreign_scripts(
    route: str, house: House
) -> None:
    answer = house.browser.get(house.path_of(route))
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy and "script-src 'self'" in policy
    assert "unsafe" not in policy and answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert not re.search(r"<script(?![^>]* src=)|\son\w+=|\sstyle=", answer.text)


def test_a_planted_login_is_worth_nothing_before_and_after_signing_in(
    app: Flask, factory: Factory
) -> None:
    user, planted = factory.user(), "x" * 43
    browser = app.test_client()
    browser.set_cookie(logins.COOKIE, planted)
    assert browser.get("/admin/account").status_code == 303
    browser.post("/admin/sign-in", data={"email": user.email, "password": PASSWORD})
    cookie = browser.get_cookie(logins.COOKIE)
    assert cookie is not None and cookie.value != planted
    attacker = app.test_client()
    attacker.set_cookie(logins.COOKIE, planted)
    assert attacker.get("/admin/account").status_code == 303


def test_an_attackers_own_login_planted_in_a_browser_does_not_become_its_victims(
    app: Flask, factory: Factory
) -> None:
    attacker = signed_in(app, factory, factory.user())
    cookie = attacker.get_cookie(logins.COOKIE)
    assert cookie is not None
    victim, user = app.test_client(), factory.user()
    victim.set_cookie(logins.COOKIE, cookie.value)
    victim.post("/admin/sign-in", data={"email": user.email, "password": PASSWORD})
    assert user.email in victim.get("/admin/account").text
    assert attacker.get("/admin/account").status_code == 303


def test_over_https_a_cookie_without_the_prefix_is_not_looked_at(
    app: Flask, factory: Factory
) -> None:
    """A subdomain, or somebody on plain HTTP, can set any cookie but a __Host- one."""
    browser = signed_in(app, factory, factory.user())
    assert browser.get("/admin/account", base_url="https://localhost").status_code == 303


TARGETS = [
    "//evil.example",
    "//evil.example/admin/",
    "/\\evil.example",
    "\\\\evil.example",
    "/admin/\\evil.example",
    "https:evil.example",
    "https:/admin/",
    "https://evil.example/admin/",
    "https:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/%2fevil.example",
    "/admin/%2f%2fevil.example",
    "/admin//evil.example",
    "/admin/../..//evil.example",
    "/admin/..%2f",
    "/admin/\r\nLocation: https://evil.example",
    "/admin/\tx",
    "\t//evil.example",
    " //evil.example",
    "/admin/\u2028x",
    "/admin/@evil.example",
    "///admin/",
    ".evil.example",
    "@evil.example",
    "/en/",
    "/administration",
]


@pytest.mark.parametrize("target", TARGETS)
def test_next_leads_nowhere_else(
    target: str, app: Flask, client: FlaskClient, factory: Factory
) -> None:
    form = {"email": factory.user().email, "password": PASSWORD, "next": target}
    assert client.post("/admin/sign-in", data=form).headers["Location"] == "/admin/"
    again = client.get("/admin/sign-in", query_string={"next": target})
    assert again.headers["Location"] == "/admin/"


@pytest.mark.parametrize(
    "target", ["/admin/account", "/admin/documents?kind=post&q=a%20b", "/admin/documents/1/text/en"]
)
def test_next_leads_where_one_wanted_to_go(
    target: str, client: FlaskClient, factory: Factory
) -> None:
    form = {"email": factory.user().email, "password": PASSWORD, "next": target}
    answer = client.post("/admin/sign-in", data=form).headers["Location"]
    assert answer.partition("?")[0] == target.partition("?")[0]


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that argon2 was given: what takes the time, and so would tell."""
    seen: list[str] = []
    verify = PasswordHasher.verify

    def watched(self: Any, known: str, password: str) -> bool:
        seen.append(password)
        return bool(verify(self, known, password))

    monkeypatch.setattr(PasswordHasher, "verify", watched)
    return seen


def test_known_unknown_closed_and_invited_addresses_get_one_answer_for_the_same_work(
    editor: FlaskClient, app: Flask, factory: Factory, hashed: list[str]
) -> None:
    known, closed = factory.user(), factory.user()
    editor.post(f"/admin/people/{closed.id}/deactivate")
    editor.post("/admin/people", data={"email": "invited@example.org", "role": "author"})
    with_code = factory.user()
    hashed.clear()
    told = set()
    addresses = (
        known.email,
        closed.email,
        with_code.email,
        "invited@example.org",
        "no@example.org",
    )
    for email in addresses:
        answer = app.test_client().post(
            "/admin/sign-in", data={"email": email, "password": "not the password"}
        )
        told.add((answer.status_code, answer.text.replace(email, ""), tuple(answer.headers.keys())))
    assert len(told) == 1
    assert hashed == ["not the password"] * len(addresses)


def test_asking_for_a_new_password_tells_nobody_who_has_an_account(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(
        TESTING=True,
        MAIL_URL="smtp://127.0.0.1:9",
        ADMINS=["root@example.org"],
        BASE_URL="https://verso.example",
    )
    factory, post = Factory(app.extensions["verso.db"], ("en",)), app.extensions["verso.post"]
    woken: list[bool] = []
    monkeypatch.setattr(post.worker, "wake", lambda: woken.append(True))
    user = factory.user()
    generation, told = factory.database.generation, set()
    for email in (user.email, "nobody@example.org"):
        answer = app.test_client().post("/admin/reset", data={"email": email})
        told.add((answer.status_code, answer.headers["Location"], answer.text))
    assert len(told) == 1
    # Nothing was looked up or written while they waited: one letter each is all the work.
    assert len(woken) == 2 and factory.database.generation == generation


def test_throttling_comes_for_the_unknown_as_for_the_known(app: Flask, factory: Factory) -> None:
    for email in (factory.user().email, "nobody@example.org"):
        for path in ("/admin/sign-in", "/admin/reset"):
            form = {"email": email, "password": "not the password"}
            from_there = {"REMOTE_ADDR": f"198.51.100.{len(path + email)}"}
            answers = [
                app.test_client().post(path, data=form, environ_overrides=from_there)
                for _ in range(PER_ACCOUNT.amount + 1)
            ]
            assert answers[-1].status_code == 429 and answers[-2].status_code != 429
            assert int(answers[-1].headers["Retry-After"]) > 0
            assert '<body class="admin' in answers[-1].text


@pytest.mark.parametrize("page", ["invitation", "reset"])
def test_guessing_links_is_throttled(page: str, app: Flask) -> None:
    answers = [app.test_client().get(f"/admin/{page}/{number}") for number in range(11)]
    assert [answer.status_code for answer in answers] == [410] * 10 + [429]


def test_a_link_is_no_link_of_another_kind(
    editor: FlaskClient, app: Flask, factory: Factory
) -> None:
    user = factory.user()
    page = editor.post(f"/admin/people/{user.id}/link").text
    [token] = re.findall(r"/admin/reset/([\w-]+)", page)
    stranger = app.test_client()
    for kind in ("invitation", "setup"):
        assert stranger.get(f"/admin/{kind}/{token}").status_code == 410
    stranger.set_cookie("verso_step", token)
    assert stranger.get("/admin/sign-in/code").status_code == 303
    assert stranger.get(f"/admin/reset/{token}").status_code == 200


def test_a_new_password_does_not_skip_the_second_factor(
    editor: FlaskClient, app: Flask, factory: Factory, database: Database
) -> None:
    user = factory.user()
    switch_on(factory.sign_in(app, user), database, user)
    page = editor.post(f"/admin/people/{user.id}/link").text
    [link] = re.findall(r"/admin/reset/[\w-]+", page)
    stranger = app.test_client()
    new = "another good password"
    assert stranger.post(link, data={"password": new}).status_code == 303
    answer = stranger.post("/admin/sign-in", data={"email": user.email, "password": new})
    assert answer.headers["Location"] == "/admin/sign-in/code"
    assert stranger.get("/admin/documents").status_code == 303


def test_every_route_that_takes_forms_is_among_those_tested(app: Flask) -> None:
    writing = {f"{method} {name}" for method, name in routes(app, "admin") if method != "GET"}
    assert writing == set(WRITES)
