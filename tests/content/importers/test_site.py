"""The file of an exported site: it hides before it shows, and takes nothing from another site."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.conftest import MakeApp
from tests.factories import Factory, words
from verso.content import site_settings
from verso.content.exporter import export
from verso.content.home import home_id
from verso.content.importers import Report, import_folder
from verso.content.redirect_rules import make_rule
from verso.content.redirects import add_redirect, all_redirects
from verso.content.site_settings import ensure_site_id
from verso.db import Database
from verso.media.stores import LocalStore
from verso.models import Document, DocumentText, Kind

LOCALES = ["en", "de", "fr", "ar"]
ONE_PAGE = (
    "+++\ntitle = 'Fähre'\nlocale = 'de'\ndate = 2024-01-01\nformat = 'verso'\n+++\n\nWorte.\n"
)
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Makes the folder of an export with one German page and a `site.toml`."""

    def write(site: str, *, page: str = ONE_PAGE, name: str = "out") -> Path:
        folder = tmp_path / name
        for section in ("pages", "blog"):
            (folder / section).mkdir(parents=True)
        (folder / "pages/fähre.md").write_text(page)
        (folder / "site.toml").write_text(site)
        return folder

    return write


def _import(
    database: Database,
    folder: Path,
    section: Kind | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    return import_folder(
        database,
        folder,
        section=section,
        locale="en",
        locales=LOCALES,
        store=LocalStore(folder.parent / "media"),
        default_locale="en",
        progress=progress,
    )


def _export(database: Database, folder: Path) -> Path:
    with database.writing() as session:
        ensure_site_id(session)
    with database.reader() as session:
        export(session, folder, LocalStore(folder.parent / "media"))
    return folder


def _setting(database: Database, name: str, locale: str = "") -> str:
    with database.reader() as session:
        return site_settings.read(session, [(name, locale)])[name, locale]


def _save(database: Database, name: str, value: str, locale: str = "") -> None:
    with database.writing() as session:
        site_settings.save(session, {(name, locale): value}, version=None, user_id=None)


def _count(database: Database) -> int:
    with database.reader() as session:
        return len(session.scalars(select(Document.id)).all())


def test_a_hidden_language_is_not_public_even_while_the_import_runs(
    make_app: MakeApp, database: Database, write: Write
) -> None:
    # Another process: it remembers the settings that it has read last.
    other = make_app().test_client()
    statuses: list[int] = []

    def ask(done: int, of: int) -> None:
        statuses.append(other.get("/de/f%C3%A4hre").status_code)

    folder = write('hidden_locales = ["de"]\n')
    assert other.get("/de/").status_code == 200
    report = _import(database, folder, progress=ask)
    assert (statuses, report.created) == ([404], ["pages/fähre.md"])
    assert other.get("/de/").status_code == 404


@pytest.mark.parametrize("section", [Kind.PAGE, Kind.POST])
@pytest.mark.parametrize("below", ["pages", ""])
def test_a_part_of_an_export_hides_what_the_whole_does(
    database: Database, write: Write, section: Kind, below: str
) -> None:
    folder = write('hidden_locales = ["de"]\n[name]\nen = "Theirs"\n')
    _import(database, folder / below, section)
    assert _setting(database, "hidden_locales") == "de"
    assert _setting(database, "name", "en") == ""


def test_what_is_hidden_on_either_side_stays_hidden(database: Database, write: Write) -> None:
    _save(database, "hidden_locales", "fr")
    report = _import(database, write('id = "theirs"\nhidden_locales = ["de"]\n'))
    assert _setting(database, "hidden_locales") == "fr de"
    assert "fr is hidden here and not in the exported site" in str(report.notes[0])


@pytest.mark.parametrize(
    ("site", "reason"),
    [
        ("hidden_locales = [", "cannot be read"),
        ('hidden_locales = ["en"]\n', "VERSO_DEFAULT_LOCALE"),
    ],
)
def test_where_a_language_could_become_public_nothing_comes_in(
    database: Database, write: Write, site: str, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        _import(database, write(site))
    assert _count(database) == 0


def test_maintenance_comes_along_and_is_told(database: Database, write: Write) -> None:
    report = _import(database, write("maintenance = true\n"))
    assert _setting(database, "maintenance") == "on"
    assert "verso maintenance off" in str(report.notes)


def test_an_open_site_opens_none_that_is_closed(database: Database, write: Write) -> None:
    _save(database, "maintenance", "on")
    _import(database, write('name = "Open"\n'))
    assert _setting(database, "maintenance") == "on"


def test_the_export_of_another_site_changes_nothing_that_is_set(
    database: Database, second_database: Database, factory: Factory, tmp_path: Path
) -> None:
    factory.home(factory.page("Their home"))
    _save(database, "name", "Theirs", "en")
    _save(database, "tagline", "Their words", "en")
    with database.writing() as session:
        for source in ("/both", "/theirs"):
            add_redirect(session, make_rule(source, "/en/blog/", 301, locales=LOCALES), LOCALES)
    ours = Factory(second_database, tuple(LOCALES))
    home = ours.page("Our home")
    ours.home(home)
    _save(second_database, "name", "Ours", "en")
    with second_database.writing() as session:
        add_redirect(session, make_rule("/both", "/en/ours", 301, locales=LOCALES), LOCALES)
    report = _import(second_database, _export(database, tmp_path / "out"))
    assert _setting(second_database, "name", "en") == "Ours"
    assert _setting(second_database, "tagline", "en") == "Their words"
    with second_database.reader() as session:
        assert home_id(session) == home.id
        rules = {rule.source: rule.target for rule in all_redirects(session)}
    assert rules == {"/both": "/en/ours", "/theirs": "/en/blog/"}
    for note in ("name (en) stays", "/both redirects elsewhere", "the home page stays"):
        assert note in str(report.notes)


def test_later_exports_of_a_site_update_what_earlier_ones_brought(
    database: Database, second_database: Database, factory: Factory, tmp_path: Path
) -> None:
    post = factory.post("Lamp")
    _save(database, "name", "First", "en")
    _import(second_database, _export(database, tmp_path / "first"))
    with database.writing() as session:
        document = session.get_one(Document, post.id)
        text = document.source
        text.title, text.body = "Lantern", "Nothing of the words that it had before."
    _save(database, "name", "Second", "en")
    report = _import(second_database, _export(database, tmp_path / "second"))
    assert (report.created, report.updated) == ([], ["blog/lamp.md"])
    assert _setting(second_database, "name", "en") == "Second"
    assert _import(second_database, tmp_path / "second/blog", Kind.POST).created == []


def test_two_sites_with_files_of_the_same_name_are_not_mixed_up(
    database: Database, second_database: Database, tmp_path: Path
) -> None:
    for site, name in ((database, "one"), (second_database, "two")):
        Factory(site, tuple(LOCALES)).post("Lamp", body=f"Words of {name}.")
    for site, name in ((database, "one"), (second_database, "two")):
        _export(site, tmp_path / name)
    report = _import(database, tmp_path / "two")
    assert report.created == ["blog/lamp.md"]
    with database.reader() as session:
        bodies = session.scalars(select(DocumentText.body).order_by(DocumentText.id)).all()
    assert bodies == ["Words of one.", "Words of two."]


@pytest.mark.parametrize(
    ("site", "note"),
    [
        ('accent_light = "#ffffff"\n', "accent_light was left out"),
        ('accent_dark = "red"\n', "accent_dark was left out"),
        ('logo = "../../etc/passwd"\n', "logo was left out: there is no file"),
        ('logo = "pages/fähre.md"\n', "logo was left out: pages/fähre.md is not"),
        ('redirects = [{source = "x", target = "/y", code = 301}]\n', "a redirect was left out"),
        ('redirects = [{source = "/x"}]\n', "a redirect was left out"),
        (
            'redirects = [{source = "/de/fähre", target = "/en/", code = 301}]\n',
            "the redirect of /de/fähre was left out",
        ),
    ],
)
def test_what_cannot_be_taken_over_is_reported(
    database: Database, write: Write, site: str, note: str
) -> None:
    report = _import(database, write(site))
    assert [text for text in map(str, report.notes) if note in text]
    assert report.created == ["pages/fähre.md"] and report.settings == []


def test_a_redirect_that_leads_elsewhere_is_brought_up_to_date(
    database: Database, write: Write
) -> None:
    folder = write('redirects = [{source = "/x", target = "/y", code = 301}]\n')
    _import(database, folder)
    (folder / "site.toml").write_text('redirects = [{source = "/x", target = "/z", code = 302}]\n')
    _import(database, folder)
    with database.reader() as session:
        assert [(rule.target, rule.code) for rule in all_redirects(session)] == [("/z", 302)]


def test_a_folder_makes_no_home_page_where_there_is_one(
    database: Database, factory: Factory, tmp_path: Path
) -> None:
    home = factory.page("Home", translations={"fr": words("Accueil")})
    factory.home(home)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/start.md").write_text("---\ntitle: Start\nhome: true\n---\n")
    report = _import(database, tmp_path, None)
    with database.reader() as session:
        assert home_id(session) == home.id
    assert "the home page stays" in str(report.notes)
