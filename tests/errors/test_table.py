"""The error table: whichever section fails, whatever the cause, in whatever language, the answer fits."""

import json
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask, abort, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import MakeApp
from tests.errors.causes import CAUSES, Cause
from tests.errors.failures import Catching
from tests.factories import Factory
from tests.reading_logs import read_log
from tests.sections import form_of, neutral_root_of, root_of
from verso.models import Role
from verso.people.logins import begin
from verso.sections import LOCALIZED, Section

TITLES = {
    "bad-request": {"en": "This request cannot be understood"},
    "not-found": {
        "en": "This page does not exist",
        "de": "Diese Seite gibt es nicht",
        "fr": "Cette page n’existe pas",
        "ar": "هذه الصفحة غير موجودة",
    },
}
LOCALES = ("en", "de", "fr", "ar")
# Path tricks of real clients and scanners, and the section that each belongs to.
TRICKS = {
    "/blogger": Section.SITE,
    "/apis": Section.SITE,
    "/API/x": Section.SITE,
    "/BLOG/": Section.SITE,
    "/blog/zz": Section.BLOG,
    "/api": Section.API,
    "/fr/blog/zz": Section.BLOG,
    "/fr/blog/a/b/c": Section.BLOG,
    "/en/api/x": Section.API,
    "//api/zz": Section.API,
    "///api//zz": Section.API,
    "/api//zz": Section.API,
    "/blog/%2e%2e/admin": Section.BLOG,
    "/%61pi/zz": Section.API,
    "/api%2Fzz": Section.API,
    "/xx/about": Section.SITE,
    "//evil.example/": Section.SITE,
    "/en/blog/a/": Section.BLOG,
    "/wp-login.php": Section.SITE,
}


@pytest.fixture(params=["", "/mount"])
def mount(request: pytest.FixtureRequest) -> str:
    """The site runs at the root of a host, or under a path of it."""
    mount: str = request.param
    return mount


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    return tmp_path / "verso.log"


@pytest.fixture
def app(make_app: MakeApp, log_file: Path) -> Flask:
    """The application with routes from outside in every section, each failing in its own way."""
    app = make_app(
        TESTING=True,
        MAX_BODY_BYTES=1000,
        TRUSTED_HOSTS=["localhost"],
        BASE_URL="http://localhost",
        LOG_FILE=log_file,
        LOG_FORMAT="json",
    )
    for section in Section:
        for name, view in (("abort", _abort), ("boom", _boom), ("json", _read_json)):
            app.add_url_rule(
                route_of(section, name),
                endpoint=f"{section}.t_{name}",
                view_func=view,
                methods=["GET", "PUT"],
            )
    return app


def _abort() -> str:
    abort(403)


def _boom() -> str:
    raise ZeroDivisionError("a secret detail")


def _read_json() -> Any:
    return {"seen": request.get_json()}


@pytest.fixture
def browsers(app: Flask, factory: Factory) -> dict[Section, FlaskClient]:
    """A browser for each section; the admin's has somebody signed in."""
    strangers = dict.fromkeys(Section, app.test_client())
    user = factory.user(role=Role.ADMIN)
    return strangers | {Section.ADMIN: factory.sign_in(app, user)}


def assert_well_formed(answer: TestResponse, section: Section, status: int, locale: str) -> None:
    """Everything that holds for every error answer."""
    assert answer.status_code == status, answer.text
    assert form_of(answer) is section
    assert answer.headers["Content-Language"] == locale
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    assert "Traceback" not in answer.text and "secret detail" not in answer.text
    assert ("X-Error-ID" in answer.headers) == (status >= 500)
    if section is Section.API:
        assert_problem(answer, status)
    else:
        assert f'<html lang="{locale}"' in answer.text
        assert ('dir="rtl"' in answer.text.split("<head")[0]) == (locale == "ar")


def assert_problem(answer: TestResponse, status: int) -> None:
    body = json.loads(answer.data)
    assert body["status"] == status
    assert body["type"].startswith("http://localhost/problems/")
    assert body["title"] and body["detail"] and isinstance(body["code"], int)
    assert body["instance"].startswith("urn:verso:error:")
    if "X-Error-ID" in answer.headers:
        assert body["instance"].endswith(answer.headers["X-Error-ID"])


def path_of(section: Section, locale: str = "en") -> str:
    return root_of(section, locale) + "made-up"


def route_of(section: Section, name: str) -> str:
    """The path of a route from outside that fails in the way of this name."""
    return f"{root_of(section)}t-{name}"


def asking(locale: str, mount: str = "") -> dict[str, Any]:
    return {"headers": {"Accept-Language": locale}, "environ_overrides": {"SCRIPT_NAME": mount}}


@pytest.mark.parametrize("section", Section)
@pytest.mark.parametrize("locale", LOCALES)
def test_an_unknown_url_is_404_in_the_language_of_the_url_or_the_browser(
    browsers: dict[Section, FlaskClient], section: Section, locale: str, mount: str
) -> None:
    browser = browsers[section]
    if section is Section.ADMIN:
        browser.set_cookie("verso_admin_language", locale)
    answer = browser.get(path_of(section, locale), **asking(locale, mount))
    assert_well_formed(answer, section, 404, locale)
    assert TITLES["not-found"][locale] in answer.text
    if mount and section is not Section.API:
        assert f'href="{mount}/' in answer.text


@pytest.mark.parametrize(("path", "section"), TRICKS.items())
def test_path_tricks_get_the_form_of_the_section_they_belong_to(
    client: FlaskClient, path: str, section: Section
) -> None:
    answer = client.get("/", environ_overrides={"PATH_INFO": unquote(path)})
    expected = "fr" if path.startswith("/fr") else "en"
    assert_well_formed(answer, section, 404, expected)


@pytest.mark.parametrize("section", LOCALIZED)
@pytest.mark.parametrize("locale", LOCALES)
def test_the_cookie_of_an_explicit_choice_decides_where_the_url_has_no_language(
    client: FlaskClient, section: Section, locale: str
) -> None:
    client.set_cookie("verso_language", locale)
    path = neutral_root_of(section) + "made-up"
    answer = client.get(path, headers={"Accept-Language": "en"})
    assert_well_formed(answer, section, 404, locale)
    assert {"Accept-Language", "Cookie"} <= set(answer.headers["Vary"].split(", "))


def test_a_page_with_a_locale_varies_on_nothing(client: FlaskClient) -> None:
    assert "Vary" not in client.get("/fr/made-up").headers


@pytest.mark.parametrize("locale", LOCALES)
def test_the_api_takes_its_language_from_the_query_first(client: FlaskClient, locale: str) -> None:
    answer = client.get(f"/api/v1/made-up?lang={locale}", headers={"Accept-Language": "en"})
    assert_well_formed(answer, Section.API, 404, locale)


@pytest.mark.parametrize("section", Section)
def test_a_wrong_method_is_405_with_a_sorted_allow(
    browsers: dict[Section, FlaskClient], section: Section, mount: str
) -> None:
    answer = browsers[section].delete(route_of(section, "boom"), **asking("en", mount))
    assert_well_formed(answer, section, 405, "en")
    allowed = answer.headers["Allow"].split(", ")
    assert allowed == sorted(allowed) and "GET" in allowed and "DELETE" not in allowed


def test_a_wrong_method_on_a_page_is_405_and_on_no_page_404(
    client: FlaskClient, factory: Factory
) -> None:
    factory.page("About")
    factory.post("Hello")
    for path in ("/en/about", "/about", "/en/blog/hello", "/blog/hello", "/fr/about"):
        assert client.post(path).status_code == 405, path
        assert client.options(path).headers["Allow"] == "GET, HEAD, OPTIONS"
    for path in ("/en/nope", "/nope", "/en/blog/nope", "/blog/nope", "/xx/about"):
        for method in ("POST", "PUT", "DELETE", "PROPFIND", "FOO", "OPTIONS"):
            assert client.open(path, method=method).status_code == 404, (method, path)


@pytest.mark.parametrize("section", Section)
def test_an_abort_in_a_view_is_answered_in_the_sections_form(
    browsers: dict[Section, FlaskClient], section: Section, mount: str
) -> None:
    answer = browsers[section].get(route_of(section, "abort"), **asking("en", mount))
    assert_well_formed(answer, section, 403, "en")


@pytest.mark.parametrize("section", Section)
def test_an_unhandled_exception_is_500_with_an_id_that_is_in_page_header_and_log(
    browsers: dict[Section, FlaskClient],
    section: Section,
    mount: str,
    log_file: Path,
) -> None:
    answer = browsers[section].get(route_of(section, "boom"), **asking("en", mount))
    assert_well_formed(answer, section, 500, "en")
    error_id = answer.headers["X-Error-ID"]
    assert error_id in answer.text
    log = read_log(log_file)
    assert log.count(error_id) == 1
    assert "ZeroDivisionError: a secret detail" in log


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.name)
def test_every_cause_is_answered_in_form_and_language_and_reported_once(
    make_app: MakeApp, factory: Factory, cause: Cause
) -> None:
    """The heart of the table: section x cause x language, each in one application."""
    caught = Catching()
    app = make_app(TESTING=True, BASE_URL="http://localhost")
    cause.prepare(app)
    app.extensions["verso.reporter"].sinks = (caught,)
    with factory.database.writing() as session:
        login = begin(session, session.merge(factory.user(role=Role.ADMIN)))
    for section in Section:
        for path in {f"{root_of(section, locale)}t-cause": None for locale in LOCALES}:
            endpoint = f"{section}.t_{path.strip('/').partition('/')[0]}"
            app.add_url_rule(path, endpoint=endpoint, view_func=cause.view)
    for section, locale in product(Section, LOCALES):
        browser = app.test_client()
        browser.set_cookie("verso_login", login)
        browser.set_cookie("verso_admin_language", locale)
        caught.taken.clear()
        answer = browser.get(f"{root_of(section, locale)}t-cause", **asking(locale))
        assert_well_formed(answer, section, cause.status, locale)
        assert not cause.header or cause.header in answer.headers
        reported = [answer.headers["X-Error-ID"]] if is_fault(cause) else []
        assert [one.error_id for one in caught.taken] == reported


def is_fault(cause: Cause) -> bool:
    """Whether somebody has to hear of it; a stream is refused on purpose."""
    return cause.status >= 500 and cause.name != "a stream that refuses"


@pytest.mark.parametrize("section", Section)
def test_an_oversized_body_is_413_before_anything_reads_it(
    browsers: dict[Section, FlaskClient], section: Section
) -> None:
    for path in (route_of(section, "boom"), path_of(section)):
        answer = browsers[section].put(path, data=b"x" * 1001)
        assert_well_formed(answer, section, 413, "en")


@pytest.mark.parametrize("section", Section)
@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ("{", "application/json", 400),
        ("", "application/json", 400),
        ("NaN", "application/json", 400),
        ('"\\ud800"', "application/json", 400),
        ("[" * 500 + "]" * 500, "application/json", 200),
        ('{"a": 1}', "text/plain", 415),
    ],
)
def test_malformed_json_is_refused(
    browsers: dict[Section, FlaskClient],
    section: Section,
    body: str,
    content_type: str,
    status: int,
) -> None:
    answer = browsers[section].put(route_of(section, "json"), data=body, content_type=content_type)
    if status == 200:
        assert answer.status_code == 200
    else:
        assert_well_formed(answer, section, status, "en")


@pytest.mark.parametrize("section", Section)
@pytest.mark.parametrize("host", ["evil.example", "a..b", "", "x" * 300])
def test_a_bad_host_is_400_without_naming_it(
    browsers: dict[Section, FlaskClient], section: Section, host: str
) -> None:
    answer = browsers[section].get(path_of(section), headers={"Host": host})
    assert_well_formed(answer, section, 400, "en")
    assert "evil.example" not in answer.text


@pytest.mark.parametrize("section", LOCALIZED)
def test_an_unknown_locale_is_an_ordinary_unknown_path(
    client: FlaskClient, section: Section
) -> None:
    answer = client.get(path_of(section, "xx"), headers={"Accept-Language": "fr"})
    assert_well_formed(answer, Section.SITE, 404, "fr")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "FOO"])
@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/documents",
        "/admin/documents/1/delete",
        "/admin/made-up",
        "/admin",
        "/admin/setup",
        "/admin/sign-in/x",
    ],
)
def test_strangers_get_one_answer_for_every_admin_url_and_method(
    client: FlaskClient, method: str, path: str
) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/admin/sign-in")
    assert answer.data == b""


@pytest.mark.parametrize(
    "path",
    [
        "/en/%00",
        "/api/v1/%00",
        "/en/search?q=%00",
        "/api/v1/posts/9223372036854775808",
        "/api/v1/posts/99999999999999999999999999",
        "/api/v1/posts?cursor=xx",
        "/api/v1/posts?size=0",
        "/en/blog/?at=zz",
        "/en/blog/archive/99999",
    ],
)
def test_hostile_values_are_4xx(client: FlaskClient, path: str) -> None:
    section = Section.API if path.startswith("/api") else Section.SITE
    answer = client.get(path)
    assert 400 <= answer.status_code < 500
    assert form_of(answer) in (section, Section.BLOG)


@pytest.mark.parametrize("section", Section)
def test_a_raw_byte_in_the_query_is_400(
    browsers: dict[Section, FlaskClient], section: Section
) -> None:
    environ = {"QUERY_STRING": "q=\xff"}
    answer = browsers[section].get(path_of(section), environ_overrides=environ)
    assert_well_formed(answer, section, 400, "en")


def test_five_thousand_nested_lists_are_400(make_app: MakeApp) -> None:
    app = make_app()
    app.add_url_rule("/api/v1/t", endpoint="api.t", view_func=_read_json, methods=["POST"])
    body = "[" * 100_000 + "]" * 100_000
    for text in (body, "[" * 5000 + "]" * 5000):
        answer = app.test_client().post("/api/v1/t", data=text, content_type="application/json")
        assert answer.status_code == 400
        assert form_of(answer) is Section.API


@pytest.mark.parametrize("path", ["/en", "/en/blog", "/FR/x", "/"])
def test_redirects_have_no_body_of_a_framework(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert 300 <= answer.status_code < 400
    assert answer.data == b""


def test_head_answers_like_get_without_a_body(client: FlaskClient) -> None:
    got, head = client.get("/en/made-up"), client.head("/en/made-up")
    assert head.status_code == got.status_code == 404
    assert head.data == b""
    assert head.headers["Content-Length"] == got.headers["Content-Length"]


def test_a_form_from_another_site_is_refused(browsers: dict[Section, FlaskClient]) -> None:
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ):
        answer = browsers[Section.ADMIN].post("/admin/account/language", headers=headers)
        assert_well_formed(answer, Section.ADMIN, 403, "en")


def test_what_escapes_flask_gets_the_last_resort(app: Flask, log_file: Path) -> None:
    def broken(error: BaseException | None) -> None:
        raise RuntimeError("teardown broke")

    app.teardown_request(broken)
    for section, locale in product(Section, ("fr", "ar")):
        answer = app.test_client().get(path_of(section, locale))
        assert answer.status_code == 500
        spoken = locale if section in LOCALIZED else "en"
        assert answer.headers["Content-Language"] == spoken
        assert answer.headers["X-Error-ID"] in answer.text
        assert answer.headers["X-Error-ID"] in read_log(log_file)
        if section is Section.API:
            assert_problem(answer, 500)
        else:
            assert f'<body data-section="{section}">' in answer.text
