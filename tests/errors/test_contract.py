"""What is easily got wrong: each line here was wrong once."""

import socket
import threading
from typing import Any

import pytest
from flask import Flask, Response, abort, request
from flask.testing import FlaskClient
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.serving import make_server

from tests.conftest import MakeApp
from tests.factories import Factory
from tests.sections import OPEN, form_of, root_of
from verso.sections import Section


def _tuple() -> Any:
    return "plain", 404


def _json() -> Any:
    return {"a": 1}, 500


def _raw() -> Any:
    abort(Response("raw", 409, {"X-Kept": "1"}))


def _retry() -> Any:
    raise ServiceUnavailable(retry_after=120)


def _length() -> Any:
    return str(len(request.get_data()))


VIEWS = {"tuple": _tuple, "json": _json, "raw": _raw, "retry": _retry, "length": _length}


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    app = make_app(TESTING=True, MAX_BODY_BYTES=1000)
    for section in OPEN:
        root = root_of(section)
        for name, view in VIEWS.items():
            app.add_url_rule(
                f"{root}c-{name}",
                endpoint=f"{section}.t_{name}",
                view_func=view,
                methods=["POST", "GET"],
            )
        app.add_url_rule(
            f"{root}post-only", endpoint=f"{section}.t_post", view_func=_length, methods=["POST"]
        )
    return app


@pytest.mark.parametrize("section", OPEN)
@pytest.mark.parametrize(("name", "status"), [("tuple", 404), ("json", 500), ("raw", 409)])
def test_an_error_that_a_view_returns_by_itself_gets_the_sections_form(
    client: FlaskClient, section: Section, name: str, status: int
) -> None:
    answer = client.get(f"{root_of(section)}c-{name}")
    assert answer.status_code == status
    assert form_of(answer) is section
    assert ("X-Error-ID" in answer.headers) == (status == 500)
    assert ("X-Kept" in answer.headers) == (name == "raw")


def test_the_retry_after_of_the_error_itself_is_kept(client: FlaskClient) -> None:
    assert client.get("/api/v1/c-retry").headers["Retry-After"] == "120"


@pytest.mark.parametrize("section", OPEN)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_rule_for_post_only_says_so_to_other_methods(
    client: FlaskClient, section: Section, method: str
) -> None:
    answer = client.open(f"{root_of(section)}post-only", method=method)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "OPTIONS, POST"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "FOO"])
@pytest.mark.parametrize(
    "path", ["/api", "/api/v1/zz", "/fr/api/zz", "/api/v1/posts/x", "/xx/blog/y", "/foo", "/en/a/b"]
)
def test_an_unknown_url_is_404_whatever_the_method(
    client: FlaskClient, method: str, path: str
) -> None:
    assert client.open(path, method=method).status_code == 404


def test_an_unknown_admin_url_is_404_whatever_the_method(editor: FlaskClient) -> None:
    for path in ("/admin/zz", "/admin/documents/abc", "/admin/documents/new/nope"):
        for method in ("GET", "POST", "DELETE"):
            assert editor.open(path, method=method).status_code == 404


@pytest.mark.parametrize("origin", ["http://[", "null", "://", "http://evil.example"])
def test_an_origin_that_is_no_url_of_ours_is_refused(client: FlaskClient, origin: str) -> None:
    answer = client.post("/language", data={"locale": "fr"}, headers={"Origin": origin})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/EN/a?b", "/en/a%3Fb"),
        ("/EN/a#b", "/en/a%23b"),
        ("/EN/\r\nX:1", "/en/%0D%0AX%3A1"),
    ],
)
def test_redirects_quote_the_path(client: FlaskClient, path: str, location: str) -> None:
    answer = client.get("/", environ_overrides={"PATH_INFO": path})
    assert answer.status_code == 308
    assert answer.headers["Location"].replace("X:1", "X%3A1") == location


def test_malformed_json_has_its_own_problem(client: FlaskClient, app: Flask) -> None:
    app.add_url_rule("/api/v1/j", endpoint="api.j", view_func=lambda: request.get_json() or "")
    answer = client.get("/api/v1/j", data="{bad", content_type="application/json")
    assert answer.get_json()["code"] == 40001


def test_links_in_code_samples_are_left_alone(client: FlaskClient, factory: Factory) -> None:
    factory.page("About", body='Write `<a href="/about">`, as in [here](/en/about).')
    page = client.get("/en/about", environ_overrides={"SCRIPT_NAME": "/mount"}).text
    assert "&lt;a href=&quot;/about&quot;&gt;" in page or '&lt;a href="/about"&gt;' in page
    assert 'href="/mount/en/about"' in page


def test_a_chunked_body_over_the_limit_is_413_and_not_cut(app: Flask) -> None:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        for size, status in ((900, b"200"), (5000, b"413")):
            chunk = b"x" * size
            with socket.create_connection(("127.0.0.1", server.server_port), 60) as wire:
                wire.sendall(
                    b"POST /api/v1/c-length HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (size, chunk)
                )
                assert wire.recv(4096).split()[1] == status
    finally:
        server.shutdown()
        server.server_close()


def test_a_login_without_the_host_prefix_counts_for_nothing_over_https(
    app: Flask, editor: FlaskClient
) -> None:
    cookie = editor.get_cookie("verso_login")
    assert cookie is not None
    browser = app.test_client()
    browser.set_cookie("verso_login", cookie.value)
    assert browser.get("/admin/account", base_url="https://localhost").status_code == 303
    assert browser.get("/admin/account").status_code == 200
