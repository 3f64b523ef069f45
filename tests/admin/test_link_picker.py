"""The picker of links: documents by their words, with the address of the language asked for."""

from flask.testing import FlaskClient

from tests.factories import Factory, words


def test_documents_are_found_with_the_address_of_the_language(
    editor: FlaskClient, factory: Factory
) -> None:
    about = factory.page("About", translations={"fr": words("À propos", slug="a-propos")})
    factory.post("Draft about us", live=False)
    found = editor.get("/admin/links?q=about&locale=fr").get_json()
    assert {one["title"] for one in found} == {"À propos", "Draft about us"}
    [page] = [one for one in found if one["id"] == about.id]
    assert page["url"] == "/fr/a-propos" and page["state"] == "published"


def test_without_words_the_latest_are_offered(editor: FlaskClient, factory: Factory) -> None:
    for number in range(15):
        factory.post(f"Post {number}")
    found = editor.get("/admin/links").get_json()
    assert [one["title"] for one in found][:2] == ["Post 14", "Post 13"]
    assert len(found) == 12


def test_titles_come_before_what_only_mentions_the_words(
    editor: FlaskClient, factory: Factory
) -> None:
    factory.page("River", translations={"fr": words("Fleuve", slug="fleuve", body="River.")})
    for number in range(15):
        factory.post(f"Post {number}", body="About the river.")
    found = editor.get("/admin/links?q=river").get_json()
    assert [one["title"] for one in found][:2] == ["River", "Post 14"]
    assert len({one["id"] for one in found}) == len(found) == 12
