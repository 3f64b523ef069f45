"""Missing pages and redirects in the admin: one click, and a clear word where it cannot be."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import Factory
from verso.models import Role


def lead(editor: FlaskClient, source: str, target: str = "", **fields: str) -> TestResponse:
    form = {"source": source, "target": target, "code": "301", **fields}
    return editor.post("/admin/redirects", data=form)


def bring_in(editor: FlaskClient, table: str) -> TestResponse:
    data = {"file": (io.BytesIO(table.encode()), "redirects.csv")}
    return editor.post("/admin/redirects/import", data=data)


def test_one_click_makes_the_redirect_that_is_suggested(
    app: Flask, editor: FlaskClient, client: FlaskClient, factory: Factory
) -> None:
    factory.post("Flood night")
    client.get("/en/blog/flod-night?x", headers={"Referer": "http://localhost/en/"})
    app.extensions["verso.recorder"].work()
    page = editor.get("/admin/missing").text
    assert "Misspelled" in page and "Linked from this site" in page and "1 hit in 7 days" in page
    assert 'name="target" value="/en/blog/flood-night"' in page
    answer = lead(editor, "/en/blog/flod-night", "/en/blog/flood-night", back="missing")
    assert answer.headers["Location"] == "/admin/missing?done=redirected"
    assert client.get("/en/blog/flod-night").headers["Location"] == "/en/blog/flood-night"
    assert "Nobody has missed a page so far." in editor.get("/admin/missing").text


def test_an_address_with_signs_of_its_own_redirects_by_a_click_too(
    app: Flask, editor: FlaskClient, client: FlaskClient
) -> None:
    client.get("/en/100%25%3F%23")
    app.extensions["verso.recorder"].work()
    assert 'name="source" value="/en/100%25%3F%23"' in editor.get("/admin/missing").text
    assert lead(editor, "/en/100%25%3F%23", "/en/x").status_code == 303
    assert client.get("/en/100%25%3F%23").status_code == 301


def test_what_is_ignored_is_folded_away_and_comes_back(
    app: Flask, editor: FlaskClient, client: FlaskClient
) -> None:
    client.get("/en/x")
    client.get("/wp-login.php")
    app.extensions["verso.recorder"].work()
    assert "1 hit of scanner noise is folded away" in editor.get("/admin/missing").text
    assert "WordPress" in editor.get("/admin/missing?cause=noise").text
    for ignored, other in (("1", ""), ("", "1")):
        answer = editor.post("/admin/missing/ignore", data={"source": "/en/x", "ignored": ignored})
        assert answer.status_code == 303
        assert "/en/x" in editor.get(f"/admin/missing?ignored={ignored}").text
        assert ">/en/x<" not in editor.get(f"/admin/missing?ignored={other}").text
    for source in ("/en/y", "/en/y\0", ""):
        answer = editor.post("/admin/missing/ignore", data={"source": source})
        assert answer.status_code == 404


def test_a_redirect_that_would_not_work_comes_back_with_the_way_out(editor: FlaskClient) -> None:
    lead(editor, "/b", "/en/c")
    answer = lead(editor, "/a", "/b")
    assert answer.status_code == 422 and "“/b” redirects itself." in answer.text
    assert 'value="/a"' in answer.text and 'value="/en/c"' in answer.text
    assert "“c” must be a path" in lead(editor, "c", "/x").text
    assert "in a circle: /en/c → /b → /en/c" in lead(editor, "/en/c", "/b").text
    assert lead(editor, "/x", "javascript:alert(1)").status_code == 422
    assert lead(editor, "/x", "/y", code="200").status_code == 422
    assert "cannot lead to itself" in lead(editor, "/x", "http://localhost/x").text


def test_redirects_are_found_and_removed(editor: FlaskClient, client: FlaskClient) -> None:
    lead(editor, "/a", "/en/c")
    assert "/en/c" in editor.get("/admin/redirects?q=EN/C").text
    assert "No redirect contains this" in editor.get("/admin/redirects?q=zzz").text
    answer = editor.post("/admin/redirects/remove", data={"source": "/a"})
    assert answer.headers["Location"] == "/admin/redirects?done=unredirected"
    assert client.get("/a").status_code == 404
    for source in ("/a", "", "//"):
        answer = editor.post("/admin/redirects/remove", data={"source": source})
        assert answer.status_code == 404


def test_redirects_go_out_and_in_as_csv(editor: FlaskClient) -> None:
    table = "source,target,code\n/a,/en/c,301\n/b,,410\n"
    assert bring_in(editor, table).headers["Location"] == "/admin/redirects?done=imported"
    answer = editor.get("/admin/redirects.csv")
    assert answer.text == table and answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="redirects.csv"'


def test_a_bad_table_says_what_is_wrong_in_which_line(editor: FlaskClient) -> None:
    answer = bring_in(editor, "source,target,code\n/a,/b,301\n<b>,/x,301\n")
    assert answer.status_code == 422
    assert "Nothing was imported." in answer.text and "Line 3:" in answer.text
    assert "&lt;b&gt;" in answer.text
    assert editor.post("/admin/redirects/import").status_code == 422
    assert "There are no redirects yet." in editor.get("/admin/redirects").text


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.ADMIN, 200), (Role.EDITOR, 200), (Role.AUTHOR, 403), (Role.TRANSLATOR, 403)],
)
def test_admins_and_editors_redirect_and_others_do_not(
    app: Flask, factory: Factory, role: Role, status: int
) -> None:
    somebody = factory.sign_in(app, factory.user(role=role))
    for path in ("/admin/missing", "/admin/redirects", "/admin/redirects.csv"):
        assert somebody.get(path).status_code == status
    assert lead(somebody, "/a", "/b").status_code == (303 if status == 200 else 403)
    for path in ("redirects/remove", "redirects/import", "missing/ignore"):
        assert (somebody.post(f"/admin/{path}").status_code == 403) == (status == 403)
    assert ("Missing pages" in somebody.get("/admin/documents").text) == (status == 200)
