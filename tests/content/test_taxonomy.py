"""Tags and authors are made by name, and found again whatever document names them."""

from sqlalchemy import select

from tests.factories import Factory
from verso.content.taxonomy import set_authors, set_tags
from verso.db import Database
from verso.models import Author, Document, Tag


def _tags(database: Database) -> dict[str, dict[str, str]]:
    with database.reader() as session:
        tags = session.scalars(select(Tag).order_by(Tag.id))
        return {tag.slug: {name.locale: name.name for name in tag.names} for tag in tags}


def _set(database: Database, document: Document, **names: list[str]) -> list[str]:
    with database.writing() as session:
        found = session.get_one(Document, document.id)
        set_tags(session, found, names)
    with database.reader() as session:
        return [tag.slug for tag in session.get_one(Document, document.id).tags]


def test_tags_keep_the_order_in_which_they_are_named(database: Database, factory: Factory) -> None:
    post = factory.post()
    assert _set(database, post, en=["Zebra", "Über uns", "日本"]) == ["zebra", "über-uns", "日本"]
    assert _set(database, post, en=["日本", "Zebra"]) == ["日本", "zebra"]
    assert _set(database, post, en=[]) == []


def test_translated_names_belong_to_the_tag_at_the_same_place(
    database: Database, factory: Factory
) -> None:
    _set(database, factory.post(), en=["Books", "River"], fr=["Livres", "Fleuve"], de=["Bücher"])
    assert _tags(database) == {
        "books": {"en": "Books", "fr": "Livres"},
        "river": {"en": "River", "fr": "Fleuve"},
    }


def test_a_french_post_finds_the_tag_by_its_french_name(
    database: Database, factory: Factory
) -> None:
    _set(database, factory.post(), en=["Books"], fr=["Livres"])
    french = factory.post("Bonjour", locale="fr")
    assert _set(database, french, fr=["livres", "Livres", "Books"]) == ["books"]


def test_names_that_slugify_alike_are_two_tags(database: Database, factory: Factory) -> None:
    assert _set(database, factory.post(), en=["C", "C++", "c"]) == ["c", "c-2"]
    assert _set(database, factory.post("Again"), en=["C++", "C", "!!"]) == ["c-2", "c", "tag"]


def test_links_know_when_their_document_is_listed(database: Database, factory: Factory) -> None:
    post, draft = factory.post(), factory.post("Draft", live=False)
    for document in (post, draft):
        _set(database, document, en=["Books"])
    with database.reader() as session:
        listed = [session.get_one(Document, one.id).tag_links[0].listed_at for one in (post, draft)]
        assert listed == [session.get_one(Document, post.id).published_at, None]


def test_authors_are_found_again_and_two_of_a_slug_stay_two(
    database: Database, factory: Factory
) -> None:
    for title, names in (("A", ["Ana Ruiz", "Bo"]), ("B", ["bo", "Ana-Ruiz", "Ana Ruiz"])):
        post = factory.post(title)
        with database.writing() as session:
            set_authors(session, session.get_one(Document, post.id), names)
    with database.reader() as session:
        slugs = {author.name: author.slug for author in session.scalars(select(Author))}
        assert slugs == {"Ana Ruiz": "ana-ruiz", "Bo": "bo", "Ana-Ruiz": "ana-ruiz-2"}
        authors = session.get_one(Document, post.id).authors
        assert [author.name for author in authors] == ["Bo", "Ana-Ruiz", "Ana Ruiz"]
