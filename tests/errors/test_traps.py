"""The traps of paths, methods, hosts and bodies that anybody outside can walk into, by their numbers.

What belongs to hooks and views is in test_hooks.py, to streams in test_streams.py and test_guard.py,
to statuses in test_statuses.py, to reports in test_report.py, to handlers in test_audit.py.
"""

import socket
import threading
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from tests.conftest import MakeApp
from tests.factories import Factory
from tests.sections import form_of
from verso.admin.gate import LINKS, WAYS_IN
from verso.models import Role
from verso.sections import Section


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    app = make_app(TESTING=True, MAX_BODY_BYTES=2000, BASE_URL="http://localhost")
    for name, view in (("form", _form), ("json", _json), ("key", _key)):
        app.add_url_rule(
            f"/api/v1/t-{name}", endpoint=f"api.t_{name}", view_func=view, methods=["POST"]
        )
    return app


def _form() -> Any:
    return {"form": request.form.to_dict()}


def _json() -> Any:
    return {"json": request.get_json()}


def _key() -> Any:
    return {"value": request.form["missing"]}


def ask(client: FlaskClient, path: str, method: str = "GET", **environ: str) -> TestResponse:
    """Ask for a path as it stands, without a client tidying it."""
    return client.open("/", method=method, environ_overrides={"PATH_INFO": path, **environ})


def test_f35_f37_an_unmatched_url_has_the_frame_of_its_section(
    client: FlaskClient, factory: Factory
) -> None:
    """Nothing of the blueprint has run: its menu, the language and every link are there all the same."""
    factory.page("About", in_menu=True)
    client.get("/en/about")
    page = client.get("/fr/blog/a/b/c").text
    assert 'href="/fr/blog/tags/"' in page and 'href="/fr/about"' in page
    assert '<html lang="fr"' in page


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/blogger", Section.SITE),
        ("/apis", Section.SITE),
        ("/API/x", Section.SITE),
        ("/BLOG/", Section.SITE),
        ("/adminer", Section.SITE),
    ],
)
def test_f39_a_section_owns_whole_segments_in_their_case(
    client: FlaskClient, path: str, section: Section
) -> None:
    assert_is(ask(client, path), 404, section)


def test_f40_a_section_without_a_slash_is_the_section(client: FlaskClient) -> None:
    assert_is(ask(client, "/api"), 404, Section.API)
    assert ask(client, "/blog").headers["Location"] == "/blog/"


def test_f41_a_locale_comes_before_the_section(client: FlaskClient) -> None:
    assert_is(ask(client, "/fr/blog/zz"), 404, Section.BLOG)


def test_f42_a_section_is_no_language(client: FlaskClient) -> None:
    assert_is(ask(client, "/api/a"), 404, Section.API)
    assert_is(ask(client, "/xx/a"), 404, Section.SITE)


@pytest.mark.parametrize("path", ["//api/zz", "///api/zz", "/api//zz", "//evil.example/"])
def test_f43_f44_slashes_too_many_lead_nowhere_else(client: FlaskClient, path: str) -> None:
    answer = ask(client, path)
    assert answer.status_code == 404
    assert form_of(answer) is (Section.API if "api" in path else Section.SITE)


@pytest.mark.parametrize(
    ("path", "status"), [("/api//v1", 404), ("//api/v1", 200), ("/en//blog/", 404)]
)
def test_f43_f44_a_known_url_with_slashes_too_many_leads_off_to_nowhere(
    client: FlaskClient, path: str, status: int
) -> None:
    answer = ask(client, path)
    assert answer.status_code == status
    assert "Location" not in answer.headers


def test_f45_f46_what_is_encoded_is_decoded_before_it_is_looked_at(client: FlaskClient) -> None:
    assert_is(client.get("/blog/%2e%2e/admin"), 404, Section.BLOG)
    assert_is(client.get("/%61pi/zz"), 404, Section.API)
    assert_is(client.get("/api%2Fzz"), 404, Section.API)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_f47_a_last_slash_makes_no_difference_to_the_api(client: FlaskClient, method: str) -> None:
    bare, slashed = (client.open(path, method=method) for path in ("/api/v1/tags", "/api/v1/tags/"))
    assert bare.status_code == slashed.status_code == (200 if method == "GET" else 405)


def test_f48_a_last_slash_too_many_leads_to_the_page(client: FlaskClient, factory: Factory) -> None:
    factory.page("About")
    answer = client.get("/en/about/")
    assert answer.status_code == 301 and answer.headers["Location"] == "/en/about"


@pytest.mark.parametrize("path", ["/en/nope", "/en/blog/nope", "/api/v1/zz"])
def test_f49_head_has_no_body_and_the_length_of_get(client: FlaskClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert head.data == b"" and head.headers["Content-Length"] == got.headers["Content-Length"]


def test_f50_options_says_what_a_known_url_allows_and_404_of_others(client: FlaskClient) -> None:
    assert client.options("/api/v1/posts").headers["Allow"] == "GET, HEAD, OPTIONS"
    assert_is(client.options("/api/v1/zz"), 404, Section.API)
    assert ask(client, "*", "OPTIONS").status_code == 404


@pytest.mark.parametrize("method", ["PROPFIND", "TRACE", "QUERY", "FOO"])
def test_f51_an_odd_method_on_a_known_url_is_405(client: FlaskClient, method: str) -> None:
    assert_is(client.open("/api/v1/posts", method=method), 405, Section.API)


def test_f52_an_upgrade_to_a_web_socket_is_400_and_no_fault(client: FlaskClient) -> None:
    headers = {"Upgrade": "websocket", "Connection": "Upgrade"}
    assert_is(client.get("/api/v1/posts", headers=headers), 400, Section.API)


def test_f53_a_path_that_is_no_utf_8_is_404(client: FlaskClient) -> None:
    assert_is(ask(client, "/en/blog/\xff\xfe"), 404, Section.BLOG)


@pytest.mark.parametrize("path", ["/en/search", "/api/v1/posts", "/en/nothing", "/api/v1/zz"])
def test_f54_a_raw_byte_in_the_query_is_400(client: FlaskClient, path: str) -> None:
    answer = ask(client, path, QUERY_STRING="q=\xff")
    assert_is(answer, 400, Section.API if "api" in path else Section.SITE)


def test_f55_f66_a_body_that_is_no_form_gives_an_empty_form(client: FlaskClient) -> None:
    for content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        answer = client.post("/api/v1/t-form", data=b"\xff=\xff", content_type=content_type)
        assert answer.get_json() == {"form": {}}


@pytest.mark.parametrize("host", ["..", "a..b", "x" * 300, "a b", "a_b", "h:99999", ""])
def test_f56_a_bad_host_is_400_in_form(client: FlaskClient, host: str) -> None:
    for path, section in (("/en/", Section.SITE), ("/api/v1", Section.API)):
        answer = client.get(path, headers={"Host": host})
        assert_is(answer, 400, section)
        assert "http:///" not in answer.text


def test_f58_a_server_name_restricts_nothing_trusted_hosts_do(make_app: MakeApp) -> None:
    client = make_app(SERVER_NAME="example.org").test_client()
    assert client.get("/api/v1", headers={"Host": "other.example"}).status_code == 200


@pytest.mark.parametrize("path", ["/en/", "/en/blog/", "/api/v1", "/admin/", "/en/nope"])
def test_f57_an_untrusted_host_is_400_and_not_repeated(make_app: MakeApp, path: str) -> None:
    client = make_app(TRUSTED_HOSTS=["example.org"]).test_client()
    answer = client.get(path, headers={"Host": "evil.example"})
    assert answer.status_code == 400 and form_of(answer) is not None
    assert "evil.example" not in answer.text


def test_f59_f61_a_body_too_large_or_of_too_many_parts_is_413(client: FlaskClient) -> None:
    assert_is(client.post("/api/v1/t-form", data=b"x" * 2001), 413, Section.API)


def test_f60_the_limit_holds_for_every_kind_of_form(client: FlaskClient) -> None:
    for content_type in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = client.post("/api/v1/t-form", data=b"a=" + b"x" * 2000, content_type=content_type)
        assert_is(answer, 413, Section.API)


JSON: Mapping[str, tuple[bytes, str, int]] = {
    "malformed": (b"{", "application/json", 400),
    "empty": (b"", "application/json", 400),
    "bad UTF-8": (b'"\xff"', "application/json", 400),
    "a number without end": (b"1" * 1900, "application/json", 200),
    "not a number": (b"NaN", "application/json", 400),
    "another type": (b"{}", "text/plain", 415),
    "a type of a vendor": (b"{}", "application/vnd.x+json", 200),
}


@pytest.mark.parametrize("name", JSON)
def test_f62_json_is_read_as_the_standard_has_it(client: FlaskClient, name: str) -> None:
    body, content_type, status = JSON[name]
    answer = client.post("/api/v1/t-json", data=body, content_type=content_type)
    assert answer.status_code == status
    assert status == 200 or form_of(answer) is Section.API


def test_f63_json_nested_without_end_is_400(make_app: MakeApp) -> None:
    app = make_app()
    app.add_url_rule("/api/v1/t", endpoint="api.t", view_func=_json, methods=["POST"])
    body = "[" * 5000 + "]" * 5000
    answer = app.test_client().post("/api/v1/t", data=body, content_type="application/json")
    assert_is(answer, 400, Section.API)


def test_f64_a_client_that_leaves_while_it_sends_is_400_and_no_fault(app: Flask) -> None:
    """On a real connection: 100 bytes are promised, three come."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with socket.create_connection(("127.0.0.1", server.server_port), 60) as wire:
            wire.sendall(
                b"POST /api/v1/t-form HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\n\r\na=1"
            )
            wire.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: wire.recv(65536), b""))
    finally:
        server.shutdown()
        server.server_close()
    assert b" 400 " in answer.partition(b"\r\n")[0] and b"application/problem+json" in answer
    assert b"X-Error-ID" not in answer


def test_f65_a_missing_key_of_a_form_is_400(client: FlaskClient) -> None:
    assert_is(client.post("/api/v1/t-key", data={"other": "x"}), 400, Section.API)


def test_f67_under_a_mount_links_and_types_have_it(make_app: MakeApp) -> None:
    client = make_app(TRUSTED_HOSTS=["localhost"]).test_client()
    answer = ask(client, "/api/v1/zz", SCRIPT_NAME="/mount")
    assert answer.get_json()["type"] == "http://localhost/mount/problems/not-found"
    untrusted = ask(client, "/api/v1/zz", SCRIPT_NAME="/mount", HTTP_HOST="evil.example")
    assert untrusted.get_json()["type"] == "/mount/problems/bad-host"
    assert 'href="/mount/en/"' in ask(client, "/en/nope", SCRIPT_NAME="/mount").text


@pytest.mark.parametrize("name", ["nothing.css", "../app.py", "%2e%2e/app.py", "x" * 300, "a%00b"])
def test_f68_a_static_file_that_is_not_there_is_404_in_form(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/static/{name}")
    assert_is(answer, 400 if "%00" in name else 404, Section.SITE)
    assert "create_app" not in answer.text


@pytest.mark.parametrize(
    ("header", "locale"),
    [("fr-CA", "fr"), ("de-AT;q=0.9,xx", "de"), ("\x7f;;q=x", "en"), ("*", "en"), ("ar-EG", "ar")],
)
def test_f73_any_accept_language_gives_a_language(
    client: FlaskClient, header: str, locale: str
) -> None:
    answer = client.get("/api/v1/zz", headers={"Accept-Language": header})
    assert answer.headers["Content-Language"] == locale


@pytest.mark.parametrize("accept", ["text/html", "application/json", "image/png", "*/*;q=0", ""])
def test_f74_the_api_answers_problems_whatever_accept_says(
    client: FlaskClient, accept: str
) -> None:
    assert_is(client.get("/api/v1/zz", headers={"Accept": accept}), 404, Section.API)


def test_f72_words_of_ours_are_shown_and_werkzeugs_english_is_not(client: FlaskClient) -> None:
    page = client.get("/fr/nope").text
    assert "The requested URL was not found" not in page
    assert "Cette page n’existe pas" in page


DEBUG = (
    "/console",
    "/en/?__debugger__=yes&cmd=resource&f=debugger.js",
    "/?__debugger__=yes&cmd=printpin&s=x",
    "/debug",
    "/_debug_toolbar/",
    "/__debug__/",
    "/debug/default/view",
    "/actuator/env",
    "/server-status",
    "/metrics",
    "/phpinfo.php",
)


@pytest.mark.parametrize("path", DEBUG)
def test_debug_pages_and_consoles_are_not_there(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    if "?" in path:
        # The ordinary page, which takes no notice of it.
        assert (answer.status_code, form_of(answer)) in ((200, Section.SITE), (302, None))
    else:
        assert_is(answer, 404, Section.SITE)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "FOO"])
def test_strangers_cannot_tell_known_from_unknown_admin_urls(
    app: Flask, client: FlaskClient, factory: Factory, method: str
) -> None:
    """F7, F34: status, headers and body are the same for every rule of the route map and for none."""
    factory.user(role=Role.ADMIN)
    ways_in = {path.partition("/")[0] for path in WAYS_IN | LINKS}
    known = [
        rule.rule.replace("<int(min=1, max=2147483647):group_id>", "1").partition("<")[0]
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/admin/")
        and rule.rule.split("/")[2] not in (*ways_in, "<path:path>")
    ]
    assert len(known) > 20
    expected = visible(client.open("/admin/made-up", method=method))
    for path in known:
        assert visible(client.open(path, method=method)) == expected, path


def visible(answer: TestResponse) -> tuple[Any, ...]:
    """What a stranger sees of an answer, but for the address that was asked for itself."""
    headers = {name: value for name, value in answer.headers.items() if name != "Location"}
    where = answer.headers.get("Location", "").partition("?")[0]
    return answer.status_code, headers, where, answer.data


def assert_is(answer: TestResponse, status: int, section: Section) -> None:
    assert answer.status_code == status, answer.text
    if answer.data:
        assert form_of(answer) is section
    assert "X-Error-ID" not in answer.headers
