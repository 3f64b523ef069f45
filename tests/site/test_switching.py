"""Every switcher link on every kind of page leads to the same thing in the other language, and back."""

from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from tests.conftest import LOCALES
from tests.factories import Factory, words

PAGES = {
    "/en/": 200,
    "/en/?utm_source=a%20letter&x=1&x=2": 200,
    "/en/about": 200,
    "/en/about?q=%C3%BC": 200,
    "/en/about/history": 200,
    "/en/imprint": 200,
    "/en/search?q=hello&x=&y": 200,
    "/en/problems/": 200,
    "/en/problems/not-found": 200,
    "/en/blog/": 200,
    "/en/blog/hello": 200,
    "/en/blog/only-english?a=b": 200,
    "/en/blog/tags/": 200,
    "/en/blog/tags/news": 200,
    "/en/blog/authors/": 200,
    "/en/blog/archive/": 200,
    "/en/nothing-here?a=b": 404,
    "/en/blog/nothing-here": 404,
    "/en/about/nothing%20here/%D9%83": 404,
    "/en/search?q=%00": 400,
    "/en/blog/?at=broken": 400,
}


class Switcher(HTMLParser):
    """What the switcher of a page links to, by locale, and the language of the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: dict[str, str] = {}
        self.language = ""
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "html":
            self.language = found["lang"]
        elif tag == "section":
            self._inside = found.get("id") == "languages"
        elif tag == "a" and self._inside:
            self.links[found["hreflang"]] = unescape(found["href"])

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "section"


@pytest.fixture
def site(factory: Factory, client: FlaskClient) -> FlaskClient:
    about = factory.page(
        "About",
        translations={"fr": words("À propos", slug="a-propos"), "ar": words("عن", slug="عن")},
    )
    factory.page("History", parent=about, translations={"fr": words("Histoire", slug="histoire")})
    factory.page("Imprint")
    factory.post("Hello", tags=("News",), translations={"fr": words("Bonjour", slug="bonjour")})
    factory.post("Only English", tags=("News",))
    return client


@pytest.mark.parametrize(("path", "status"), PAGES.items())
def test_each_link_leads_to_the_same_thing_and_back(
    path: str, status: int, site: FlaskClient
) -> None:
    here = site.get(path)
    assert here.status_code == status
    switcher = Switcher(here.text)
    assert list(switcher.links) == LOCALES
    for locale, url in switcher.links.items():
        there = site.get(url)
        assert (there.status_code, locale) == (status, locale), url
        other = Switcher(there.text)
        assert other.language == locale
        assert urlsplit(url).query == urlsplit(path).query
        assert other.links == switcher.links


@pytest.mark.parametrize(
    ("path", "locale", "url"),
    [
        ("/en/about/history?x=1", "fr", "/fr/a-propos/histoire?x=1"),
        ("/en/about/history", "ar", "/ar/%D8%B9%D9%86/history"),
        ("/fr/a-propos/histoire", "de", "/de/about/history"),
        ("/fr/blog/bonjour", "en", "/en/blog/hello"),
        ("/fr/blog/tags/news?at=", "ar", "/ar/blog/tags/news?at="),
    ],
)
def test_slugs_differ_by_language(path: str, locale: str, url: str, site: FlaskClient) -> None:
    assert Switcher(site.get(path).text).links[locale] == url


def test_a_page_that_is_not_translated_says_so(site: FlaskClient) -> None:
    page = site.get(Switcher(site.get("/en/imprint").text).links["fr"])
    assert page.headers["Content-Language"] == "fr, en"
    assert 'lang="en"' in page.text
    assert 'rel="canonical" href="http://localhost/en/imprint"' in page.text


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/EN/about", "/en/about"),
        ("/FR/blog/?a=b", "/fr/blog/?a=b"),
        ("/Ar/", "/ar/"),
    ],
)
def test_a_language_in_another_case_is_led_to_its_own(
    asked: str, canonical: str, site: FlaskClient
) -> None:
    answer = site.get(asked)
    assert (answer.status_code, answer.headers["Location"]) == (308, canonical)
