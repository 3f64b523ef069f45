from flask.testing import FlaskClient

from tests.factories import Factory


def test_x(client: FlaskClient, editor: FlaskClient, factory: Factory) -> None:
    d = factory.post("Hello", tags=("A b",), authors=("Me",))
    for u in (
        "/en/",
        "/en/blog/",
        "/en/blog/hello",
        "/fr/blog/hello",
        "/en/blog/tags/a-b",
        "/en/blog/tags/a-b/feed.xml",
        "/en/blog/authors/",
        "/en/blog/authors/me",
        "/api/v1/posts",
        f"/api/v1/posts/{d.id}",
        "/en/search?q=hel",
        "/sitemap/1.xml",
        "/en/blog/archive/",
    ):
        r = client.get(u)
        assert r.status_code == 200, (u, r.status_code, r.text)
    for u in (
        "/admin/documents",
        f"/admin/documents/{d.id}/text/en",
        f"/admin/documents/{d.id}/text/fr",
        f"/admin/documents/{d.id}/delete",
        "/admin/account",
        "/admin/documents/new/page",
        "/admin/documents?q=hello",
    ):
        r = editor.get(u)
        assert r.status_code == 200, (u, r.status_code, r.text)
