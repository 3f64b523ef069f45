"""The switcher remembers the choice and keeps page and query; it never leads elsewhere."""

import pytest
from flask.testing import FlaskClient

from tests.factories import Factory, words


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("/en/about", "/fr/a-propos"),
        ("/en/about?a=1&b=2", "/fr/a-propos?a=1&b=2"),
        ("/en/blog/hello", "/fr/blog/bonjour"),
        ("/en/blog/?at=x", "/fr/blog/?at=x"),
        ("/en/blog/tags/a", "/fr/blog/tags/a"),
        ("/en/search?q=%D9%83", "/fr/search?q=%D9%83"),
        ("/en/", "/fr/"),
        ("/", "/fr/"),
        ("", "/fr/"),
        ("/nope", "/fr/nope"),
        ("https://evil.example/x", "/fr/https:/evil.example/x"),
        ("//evil.example/x", "/fr/evil.example/x"),
        ("/\\evil.example", "/fr/evil.example"),
        ("\r\nX: y", "/fr/X:%20y"),
    ],
)
def test_the_form_leads_to_the_same_thing(
    client: FlaskClient, factory: Factory, here: str, there: str
) -> None:
    factory.page("About", translations={"fr": words("À propos", slug="a-propos")})
    factory.post("Hello", translations={"fr": words("Bonjour")})
    answer = client.post("/language", data={"locale": "fr", "path": here})
    assert answer.status_code == 303
    assert answer.headers["Location"] == there
    cookie = client.get_cookie("verso_language")
    assert cookie is not None and cookie.value == "fr"


def test_plain_links_stand_beside_the_form_and_set_nothing(
    client: FlaskClient, factory: Factory
) -> None:
    factory.page("About", translations={"fr": words("À propos", slug="a-propos")})
    page = client.get("/en/about?x=1")
    assert 'href="/fr/a-propos?x=1"' in page.text and 'href="/ar/about?x=1"' in page.text
    assert 'value="/en/about?x=1"' in page.text
    assert client.get_cookie("verso_language") is None


@pytest.mark.parametrize("locale", ["", "xx", "../../etc/passwd", "x" * 500])
def test_a_made_up_language_is_refused(client: FlaskClient, locale: str) -> None:
    assert client.post("/language", data={"locale": locale, "path": "/"}).status_code == 400
