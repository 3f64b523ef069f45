"""Posts in lists that are walked page by page, and one by one."""

import re

from flask.testing import FlaskClient

from tests.factories import Factory, words

TITLES = re.compile(r'class="card-title"><a href="[^"]+"[^>]*>([^<]+)</a>')


def titles(client: FlaskClient, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return TITLES.findall(answer.text)


def test_the_index_is_walked_forth_and_back_without_a_gap(
    client: FlaskClient, factory: Factory
) -> None:
    names = [f"Post {number:02}" for number in range(45)]
    for number, name in enumerate(names):
        factory.post(name, days_ago=1 + (number // 3))
    pages = [titles(client, "/en/blog/")]
    path = "/en/blog/"
    while older := _link(client, path, "next"):
        path = "/en/blog/" + older
        pages.append(titles(client, path))
    assert [len(page) for page in pages] == [20, 20, 5]
    walked = [title for page in pages for title in page]
    assert sorted(walked) == names and len(set(walked)) == 45
    for page in reversed(pages[:-1]):
        newer = _link(client, path, "prev")
        assert newer
        path = "/en/blog/" + newer
        assert titles(client, path) == page
    assert _link(client, path, "prev") is None


def _link(client: FlaskClient, path: str, relation: str) -> str | None:
    text = client.get(path).text
    found = re.search(rf'<a rel="{relation}" href="(\?at=[^"]+)"', text)
    return found[1] if found else None


def test_a_post_has_its_neighbours_tags_and_authors(client: FlaskClient, factory: Factory) -> None:
    factory.post("First", days_ago=3)
    factory.post("Second", days_ago=2, tags=("Ink & Paper",), authors=("Zoë Ångström",))
    factory.post("Third", days_ago=1)
    page = client.get("/en/blog/second").text
    assert 'rel="prev" href="/en/blog/first"' in page
    assert 'rel="next" href="/en/blog/third"' in page
    assert titles(client, "/en/blog/tags/ink-paper") == ["Second"]
    assert "Zoë Ångström" in page
    author = re.search(r'rel="author" href="([^"]+)"', page)
    assert author and titles(client, author[1]) == ["Second"]


def test_lists_show_every_post_each_in_its_language(client: FlaskClient, factory: Factory) -> None:
    factory.post("Hello", translations={"fr": words("Bonjour")})
    factory.post("Only English", slug="only")
    page = client.get("/fr/blog/").text
    assert '<a href="/fr/blog/bonjour">Bonjour</a>' in page
    assert '<a href="/fr/blog/only" lang="en" dir="ltr">Only English</a>' in page
    post = client.get("/fr/blog/only").text
    assert 'class="prose" lang="en" dir="ltr"' in post and 'class="notice"' in post


def test_a_post_hidden_by_anothers_slug_links_to_its_own_language(
    client: FlaskClient, factory: Factory
) -> None:
    factory.post("Gift", slug="gift", body="a present")
    factory.post("Das Gift", slug="gift", locale="de", body="poison", days_ago=2)
    page = client.get("/de/blog/").text
    assert '<a href="/en/blog/gift" lang="en" dir="ltr">Gift</a>' in page
    assert '<a href="/de/blog/gift">Das Gift</a>' in page


def test_a_neutral_url_leads_to_the_reader_and_prefers_the_default_language(
    client: FlaskClient, factory: Factory
) -> None:
    factory.post("Hello", translations={"fr": words("Bonjour")})
    for path, location in (
        ("/blog/hello", "/fr/blog/bonjour"),
        ("/blog/bonjour", "/fr/blog/bonjour"),
    ):
        answer = client.get(path, headers={"Accept-Language": "fr"})
        assert (answer.status_code, answer.headers["Location"]) == (302, location)


def test_the_archive_knows_the_years(client: FlaskClient, factory: Factory) -> None:
    factory.post("New", days_ago=1)
    factory.post("Old", days_ago=900)
    years = re.findall(r'href="/en/blog/archive/(\d+)"', client.get("/en/blog/archive/").text)
    assert len(years) == 2 and years[0] > years[1]
    assert titles(client, f"/en/blog/archive/{years[1]}") == ["Old"]
    assert client.get("/en/blog/archive/1999").status_code == 404


def test_unknown_tags_and_authors_are_404(client: FlaskClient) -> None:
    for path in ("/en/blog/tags/none", "/en/blog/authors/none", "/en/blog/tags/none/feed.xml"):
        answer = client.get(path)
        assert answer.status_code == 404 and 'class="blog-menu"' in answer.text


def test_a_404_of_the_blog_shows_recent_posts(client: FlaskClient, factory: Factory) -> None:
    factory.post("Hello")
    client.get("/en/blog/")
    assert 'href="/en/blog/hello"' in client.get("/en/blog/nope").text
