"""The settings of the site on both databases: together or not at all, and every change kept."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from tests.conftest import LOCALES
from tests.factories import Factory
from verso.content import documents, site_settings
from verso.content.home import home_id, set_home
from verso.content.menu import menu_of
from verso.content.site_settings import HOME, LOGO, MENU, StaleSettings
from verso.content.uses import stands_for_site
from verso.db import Database
from verso.models import Document, SiteChange

NAME, TAGLINE = ("name", "en"), ("tagline", "en")
EMPTY = site_settings.version_of({NAME: "", TAGLINE: ""})


@pytest.fixture
def factory(any_database: Database) -> Factory:
    return Factory(any_database, tuple(LOCALES))


def changes(database: Database) -> list[tuple[str, str, str]]:
    with database.reader() as session:
        found = session.scalars(select(SiteChange).order_by(SiteChange.id))
        return [(one.name, one.before, one.after) for one in found]


def test_what_is_saved_is_read_and_its_change_is_kept(
    any_database: Database, factory: Factory
) -> None:
    user = factory.user()
    with any_database.writing() as session:
        wanted = {NAME: "Verso", TAGLINE: ""}
        site_settings.save(session, wanted, version=EMPTY, user_id=user.id)
    with any_database.reader() as session:
        assert site_settings.read(session, [NAME, TAGLINE]) == {NAME: "Verso", TAGLINE: ""}
        [change] = site_settings.list_changes(session)
    assert (change.who, change.user_id, change.locale) == (user.email, user.id, "en")
    assert changes(any_database) == [("name", "", "Verso")]


def test_what_is_stale_saves_nothing_and_says_what_stands_there(any_database: Database) -> None:
    with any_database.writing() as session:
        site_settings.save(session, {NAME: "First", TAGLINE: ""}, version=EMPTY, user_id=None)
    with pytest.raises(StaleSettings) as stale, any_database.writing() as session:
        site_settings.save(session, {NAME: "", TAGLINE: "Mine"}, version=EMPTY, user_id=None)
    assert stale.value.values == {NAME: "First", TAGLINE: ""}
    assert changes(any_database) == [("name", "", "First")]


@pytest.mark.usefixtures("patient")
def test_of_two_who_save_at_once_one_is_told(any_database: Database) -> None:
    ready, told = Barrier(2), []

    def save(value: str) -> None:
        ready.wait()
        try:
            with any_database.writing() as session:
                wanted = {NAME: value, TAGLINE: ""}
                site_settings.save(session, wanted, version=EMPTY, user_id=None)
        except StaleSettings as stale:
            told.append(stale.values[NAME])

    threads = [Thread(target=save, args=(value,)) for value in ("One", "Two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [(_, before, after)] = changes(any_database)
    assert (before, told) == ("", [after])


def test_the_menu_is_kept_by_its_pages_and_stale_places_are_refused(
    any_database: Database, factory: Factory
) -> None:
    first, second = factory.page("First", in_menu=True), factory.page("Second", in_menu=True)
    third = factory.page("Third")
    below = factory.page("Below", parent=first, in_menu=True)
    with any_database.writing() as session:
        assert menu_of(session) == f"{first.id} {second.id}"
        # A page that is below another has no place in it, and one that is not there neither.
        wanted = {MENU: f"{third.id} {second.id} {below.id} 999"}
        site_settings.save(session, wanted, version=None, user_id=None)
    with any_database.reader() as session:
        assert menu_of(session) == f"{third.id} {second.id}"
        assert not session.get_one(Document, first.id).in_menu
        with pytest.raises(documents.StaleDocument):
            documents.get_for_change(session, first.id, first.version)
    before, after = f"{first.id} {second.id}", f"{third.id} {second.id}"
    assert changes(any_database) == [("menu", before, after)]


def test_the_home_page_is_in_the_history_also_when_it_is_deleted(
    any_database: Database, factory: Factory
) -> None:
    page = factory.page("Home")
    with any_database.writing() as session:
        set_home(session, page.id)
    with any_database.writing() as session:
        documents.delete(session, session.get_one(Document, page.id), locales=LOCALES)
    with any_database.reader() as session:
        assert home_id(session) is None
    number = str(page.id)
    assert changes(any_database) == [("home", "", number), ("home", number, "")]


def test_a_picture_that_stands_for_the_site_is_known(
    any_database: Database, factory: Factory
) -> None:
    logo, other = factory.medium("logo.png"), factory.medium("other.png")
    with any_database.writing() as session:
        site_settings.save(session, {LOGO: str(logo.id)}, version=None, user_id=None)
        assert stands_for_site(session, logo.id) and not stands_for_site(session, other.id)


def test_an_account_that_goes_leaves_its_name_in_the_history(
    any_database: Database, factory: Factory
) -> None:
    user = factory.user("gone@example.org")
    with any_database.writing() as session:
        site_settings.save(session, {HOME: "7"}, version=None, user_id=user.id)
    with any_database.writing() as session:
        session.delete(session.merge(user))
    with any_database.reader() as session:
        [change] = site_settings.list_changes(session)
    assert (change.who, change.user_id) == ("gone@example.org", None)
