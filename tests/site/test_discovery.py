"""Sitemaps, robots.txt, security.txt and health, as programs read them."""

from xml.etree import ElementTree

from flask.testing import FlaskClient

from tests.conftest import MakeApp
from tests.factories import Factory, words

NAMESPACES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}


def test_the_sitemap_lists_what_exists_in_each_language(
    client: FlaskClient, factory: Factory
) -> None:
    factory.page("About", translations={"fr": words("À propos", slug="a-propos")})
    factory.post("Hello")
    factory.post("Draft", live=False)
    index = ElementTree.fromstring(client.get("/sitemap.xml").data)
    found = {}
    for place in index.findall("s:sitemap/s:loc", NAMESPACES):
        path = str(place.text).removeprefix("http://localhost")
        answer = client.get(path)
        assert answer.status_code == 200
        for url in ElementTree.fromstring(answer.data).findall("s:url", NAMESPACES):
            links = url.findall("x:link", NAMESPACES)
            found[url.findtext("s:loc", "", NAMESPACES)] = {link.get("hreflang") for link in links}
    root = "http://localhost"
    assert found[root + "/en/about"] == found[root + "/fr/a-propos"] == {"en", "fr", "x-default"}
    assert found[root + "/en/blog/hello"] == set()
    assert not any("draft" in one or "/fr/blog/hello" in one for one in found)
    for address in found:
        assert client.get(address.removeprefix(root)).status_code == 200


def test_a_sitemap_beyond_the_last_is_404(client: FlaskClient) -> None:
    assert client.get("/sitemap/77.xml").status_code == 404


def test_absolute_links_come_from_base_url(make_app: MakeApp) -> None:
    app = make_app(BASE_URL="https://example.org/mount/", ADMINS=["ops@example.org"])
    client = app.test_client()
    assert "Sitemap: https://example.org/mount/sitemap.xml" in client.get("/robots.txt").text
    security = client.get("/.well-known/security.txt").text
    assert "Contact: mailto:ops@example.org\n" in security and "Expires: 20" in security
    assert "https://example.org/mount/en/" in client.get("/sitemap/0.xml").text
    problem = client.get("/api/v1/nope").get_json()
    assert problem["type"] == "https://example.org/mount/problems/not-found"


def test_health_needs_no_database_and_readiness_does(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 204
    assert client.get("/readyz").status_code == 204
