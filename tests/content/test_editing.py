"""Saving: what others saved is merged in; what was typed is never dropped."""

from dataclasses import replace

import pytest

from tests.factories import words
from verso.content import documents
from verso.content.editing import Names, TextsClash, Typed, names_of, save_typed
from verso.content.revisions import list_revisions
from verso.content.words import TextFields, words_of
from verso.db import Database
from verso.models import Document, DocumentText, Kind

BODY = "One.\n\nTwo.\n\nThree."


def post(database: Database) -> int:
    with database.writing() as session:
        text = words("Hello", body=BODY)
        return documents.create_document(session, Kind.POST, "en", text, locales=["en", "fr"]).id


def opened(database: Database, number: int) -> tuple[TextFields, int]:
    """What a form shows that is opened now."""
    with database.reader() as session:
        text = session.get_one(Document, number).source
        return words_of(text), text.version


def save(database: Database, number: int, typed: Typed, locale: str = "en") -> bool:
    with database.writing() as session:
        document = documents.get_for_change(session, number)
        known = ["en", "fr"]
        return save_typed(session, document, locale, typed, locales=known, user_id=None).is_merged


def body_of(database: Database, number: int) -> str:
    return opened(database, number)[0].body


def test_different_paragraphs_are_merged(any_database: Database) -> None:
    number = post(any_database)
    form, version = opened(any_database, number)
    mine = replace(form, body=BODY.replace("One", "Uno"))
    theirs = replace(form, body=BODY.replace("Three", "Tre"), title="Ciao")
    assert not save(any_database, number, Typed(fields=theirs, opened_version=version))
    assert save(any_database, number, Typed(fields=mine, opened_version=version))
    assert body_of(any_database, number) == "Uno.\n\nTwo.\n\nTre."
    assert opened(any_database, number)[0].title == "Ciao"


@pytest.mark.parametrize("name", ["search_title", "search_description"])
def test_search_words_of_two_clash_in_their_own_field(any_database: Database, name: str) -> None:
    number = post(any_database)
    form, version = opened(any_database, number)
    theirs, mine = replace(form, **{name: "Theirs"}), replace(form, **{name: "Mine"})
    save(any_database, number, Typed(fields=theirs, opened_version=version))
    untouched = replace(form, body="New.")
    assert save(any_database, number, Typed(fields=untouched, opened_version=version))
    assert getattr(opened(any_database, number)[0], name) == "Theirs"
    with pytest.raises(TextsClash) as refused:
        save(any_database, number, Typed(fields=mine, opened_version=version))
    assert [(one.mine, one.theirs, one.field) for one in refused.value.clashes] == [
        ("Mine", "Theirs", name)
    ]


def test_the_same_paragraph_is_refused_with_both_texts(database: Database) -> None:
    number = post(database)
    form, version = opened(database, number)
    theirs = replace(form, body=BODY.replace("One", "Uno"))
    mine = replace(form, body=BODY.replace("One", "Eins").replace("Three", "Drei"))
    save(database, number, Typed(fields=theirs, opened_version=version))
    with pytest.raises(TextsClash) as refused:
        save(database, number, Typed(fields=mine, opened_version=version))
    clash = refused.value
    assert (clash.clashes[0].mine, clash.clashes[0].theirs) == ("Eins.", "Uno.")
    assert clash.merged.body == mine.body and clash.theirs.body == theirs.body
    assert body_of(database, number) == theirs.body
    save(database, number, Typed(fields=clash.merged, opened_version=clash.version))
    assert body_of(database, number) == mine.body


def test_publishing_and_other_languages_are_no_conflict(database: Database) -> None:
    number = post(database)
    form, version = opened(database, number)
    with database.writing() as session:
        documents.publish(session, documents.get_for_change(session, number))
    save(database, number, Typed(fields=words("Bonjour"), opened_version=0), "fr")
    mine = Typed(fields=replace(form, body="New."), opened_version=version)
    assert not save(database, number, mine)


def test_what_nobody_changed_is_no_new_revision(database: Database) -> None:
    number = post(database)
    form, version = opened(database, number)
    save(database, number, Typed(fields=form, opened_version=version))
    with database.reader() as session:
        assert len(list_revisions(session, number, "en")) == 1


def test_tags_that_two_changed_are_all_there(database: Database) -> None:
    number = post(database)
    form, version = opened(database, number)
    before = Names(before=[], typed=["Red"])
    save(database, number, Typed(fields=form, opened_version=version, tags=before))
    save(
        database,
        number,
        Typed(fields=form, opened_version=version, tags=Names(before=[], typed=["Blue"])),
    )
    with database.reader() as session:
        assert names_of(session.get_one(Document, number), "en")[0] == ["Red", "Blue"]


def test_a_text_whose_past_is_unknown_is_not_overwritten(database: Database) -> None:
    number = post(database)
    form, _ = opened(database, number)
    with pytest.raises(TextsClash):
        save(database, number, Typed(fields=replace(form, body="Mine."), opened_version=0))
    assert body_of(database, number) == BODY


def test_a_translation_that_was_deleted_meanwhile_is_written_again(database: Database) -> None:
    number = post(database)
    save(database, number, Typed(fields=words("Bonjour"), opened_version=0), "fr")
    with database.writing() as session:
        documents.delete_text(session, documents.get_for_change(session, number), "fr")
    save(database, number, Typed(fields=words("Salut"), opened_version=2), "fr")
    with database.reader() as session:
        texts = session.query(DocumentText).where(DocumentText.locale == "fr").all()
        assert [text.title for text in texts] == ["Salut"]
