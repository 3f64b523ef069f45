"""Covers: an address leads to its medium wherever it was copied from, and nothing else is taken."""

import pytest

from tests.factories import Factory
from verso.content.covers import CoverUnknown, cover_address, find_cover, set_cover
from verso.content.documents import get_for_change
from verso.db import Database
from verso.media.storage import media_url


@pytest.mark.parametrize("before", ["", "/mounted/here", "https://www.example.org", "http://x/y"])
@pytest.mark.parametrize("after", ["", "?v=1", "#top"])
def test_an_address_is_understood_as_it_was_copied(
    database: Database, factory: Factory, before: str, after: str
) -> None:
    medium = factory.medium("a.png")
    with database.reader() as session:
        found = find_cover(session, before + media_url(medium) + after)
    assert found is not None and found.id == medium.id


@pytest.mark.parametrize(
    "address", ["x", "/media/", "/media/0123456789abcdef/a.png", "javascript:/media/{key}/a.png"]
)
def test_what_leads_to_no_medium_is_refused(
    database: Database, factory: Factory, address: str
) -> None:
    medium = factory.medium("a.png")
    with database.reader() as session, pytest.raises(CoverUnknown):
        find_cover(session, address.format(key=medium.key))


def test_a_cover_is_set_changed_and_taken_away(any_database: Database) -> None:
    factory = Factory(any_database, ("en",))
    one, other = factory.medium("one.png"), factory.medium("other.png")
    number = factory.post("Quay").id
    for medium in (one, other, None):
        address = media_url(medium) if medium else ""
        with any_database.writing() as session:
            document = get_for_change(session, number)
            version = document.version
            set_cover(session, document, address)
            assert document.version == version + 1
        with any_database.writing() as session:
            document = get_for_change(session, number)
            set_cover(session, document, address)
            assert (cover_address(document), document.version) == (address, version + 1)
