"""Pictures that stand for a document: an address leads to its medium wherever it was copied from, and nothing else is taken."""

import pytest

from tests.factories import Factory
from verso.content.covers import PictureUnknown, find_picture, picture_address, set_picture
from verso.content.documents import get_for_change
from verso.db import Database
from verso.media.storage import media_url
from verso.models import Slot


@pytest.mark.parametrize("before", ["", "/mounted/here", "https://www.example.org", "http://x/y"])
@pytest.mark.parametrize("after", ["", "?v=1", "#top"])
def test_an_address_is_understood_as_it_was_copied(
    database: Database, factory: Factory, before: str, after: str
) -> None:
    medium = factory.medium("a.png")
    with database.reader() as session:
        found = find_picture(session, Slot.COVER, before + media_url(medium) + after)
    assert found is not None and found.id == medium.id


@pytest.mark.parametrize(
    "address", ["x", "/media/", "/media/0123456789abcdef/a.png", "javascript:/media/{key}/a.png"]
)
def test_what_leads_to_no_medium_is_refused(
    database: Database, factory: Factory, address: str
) -> None:
    medium = factory.medium("a.png")
    with database.reader() as session, pytest.raises(PictureUnknown):
        find_picture(session, Slot.COVER, address.format(key=medium.key))


@pytest.mark.parametrize("slot", Slot)
def test_a_picture_is_set_changed_and_taken_away(any_database: Database, slot: Slot) -> None:
    factory = Factory(any_database, ("en",))
    one, other = factory.medium("one.png"), factory.medium("other.png")
    number = factory.post("Quay").id
    for medium in (one, other, None):
        address = media_url(medium) if medium else ""
        with any_database.writing() as session:
            document = get_for_change(session, number)
            version = document.version
            set_picture(session, document, slot, address)
            assert document.version == version + 1
        with any_database.writing() as session:
            document = get_for_change(session, number)
            set_picture(session, document, slot, address)
            assert (picture_address(document, slot), document.version) == (address, version + 1)
