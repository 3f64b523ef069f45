"""The timeline of a document, on each database."""

from tests.conftest import LOCALES
from tests.factories import Factory
from verso.content import documents
from verso.db import Database
from verso.models import State, User
from verso.people import audit
from verso.people.timeline import COMMENTED, WITHDRAWN, comment, list_timeline, state_before


def test_deeds_and_comments_stand_in_their_order_with_who_is_still_known(
    any_database: Database,
) -> None:
    factory = Factory(any_database, tuple(LOCALES))
    page, other, user = factory.page("One"), factory.page("Two"), factory.user()
    with any_database.writing() as session:
        audit.record(session, user.id, "document-saved", audit.of_document(page), locale="en")
    with any_database.writing() as session:
        comment(session, page, user.id, "Well said.")
        audit.record(session, user.id, COMMENTED, audit.of_document(page))
        audit.record(session, user.id, "document-saved", audit.of_document(other))
    with any_database.writing() as session:
        session.delete(session.get_one(User, user.id))
    with any_database.reader() as session:
        said, saved = list_timeline(session, page)[0]
        assert (said.words, saved.action, saved.detail) == (
            "Well said.",
            "document-saved",
            {"locale": "en"},
        )
        assert said.name is None and saved.name is None


def test_what_a_document_was_is_known_until_something_happens_to_it(any_database: Database) -> None:
    page = Factory(any_database, tuple(LOCALES)).page()
    with any_database.writing() as session:
        found = documents.get_for_change(session, page.id)
        documents.withdraw(session, found)
        detail = {"was": State.PUBLISHED, "version": found.version}
        audit.record(session, None, WITHDRAWN, audit.of_document(found), **detail)
        session.flush()
        assert state_before(session, found) is State.PUBLISHED
        documents.note_change(session, found)
        assert state_before(session, found) is None
