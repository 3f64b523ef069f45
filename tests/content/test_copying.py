"""Copies: the same words in every language, a draft of somebody else, and every address its own."""

import pytest

from tests.conftest import LOCALES
from tests.factories import Factory, words
from verso.content.copying import copy_document
from verso.content.editing import names_of
from verso.db import Database
from verso.models import Document, Role, State


@pytest.fixture
def factory(any_database: Database) -> Factory:
    return Factory(any_database, tuple(LOCALES))


def test_a_copy_has_all_texts_at_free_addresses_and_is_nobodys_news(
    any_database: Database, factory: Factory
) -> None:
    house = factory.page("House")
    door = factory.page(
        "Door", parent=house, in_menu=True, translations={"de": words("Tür", slug="tuer")}
    )
    user = factory.user(role=Role.AUTHOR)
    paths = []
    for _ in range(2):
        with any_database.writing() as session:
            found = session.get_one(Document, door.id)
            made = copy_document(session, found, locales=LOCALES, user_id=user.id)
            paths.append({text.locale: text.path for text in made.texts})
            assert (made.state, made.user_id, made.parent_id) == (State.DRAFT, user.id, house.id)
            assert not made.in_menu and made.published_at is None
            assert [text.body for text in made.texts] == [text.body for text in found.texts]
    assert paths == [
        {"en": "house/door-2", "de": "house/tuer-2"},
        {"en": "house/door-3", "de": "house/tuer-3"},
    ]


def test_a_copy_has_the_words_for_search_engines_and_both_pictures(
    any_database: Database, factory: Factory
) -> None:
    german = words("Tür", slug="tuer", search_title="Türen")
    door = factory.page("Door", search_description="All doors", translations={"de": german})
    pictures = factory.medium("cover.png").id, factory.medium("card.png").id
    user = factory.user()
    with any_database.writing() as session:
        found = session.get_one(Document, door.id)
        found.cover_id, found.sharing_id = pictures
        made = copy_document(session, found, locales=LOCALES, user_id=user.id)
        said = {text.locale: (text.search_title, text.search_description) for text in made.texts}
        assert said == {"en": ("", "All doors"), "de": ("Türen", "")}
        assert (made.cover_id, made.sharing_id) == pictures


def test_the_copy_of_a_post_has_its_tags_and_authors(
    any_database: Database, factory: Factory
) -> None:
    user = factory.user()
    post = factory.post(tags=("Paper", "Ink"), authors=("Jo",))
    with any_database.writing() as session:
        found = session.get_one(Document, post.id)
        made = copy_document(session, found, locales=LOCALES, user_id=user.id)
        assert names_of(made, "en") == (["Paper", "Ink"], ["Jo"])
        assert made.tag_links[0].listed_at is None


def test_a_slug_of_full_length_is_shortened(any_database: Database, factory: Factory) -> None:
    user = factory.user()
    post = factory.post(slug="x" * 200)
    with any_database.writing() as session:
        found = session.get_one(Document, post.id)
        made = copy_document(session, found, locales=LOCALES, user_id=user.id)
        assert made.source.slug == "x" * 192 + "-2"
