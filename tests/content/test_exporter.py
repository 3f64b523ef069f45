"""What is exported and imported into an empty instance is the same site again."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.content.comparison import contents
from tests.factories import Factory, words
from verso.content import documents, taxonomy
from verso.content.exporter import export
from verso.content.importers import Report, import_folder
from verso.content.paths import add_old_url
from verso.content.states import state_of
from verso.db import Database
from verso.media.stores import LocalStore
from verso.models import Document, Media, SiteSetting, State

FIXTURES = Path(__file__).parent / "importers/fixtures"
LOCALES = ["en", "de", "fr", "ar"]
NOW = datetime.now(UTC)


def _import(database: Database, folder: Path, media_path: Path) -> Report:
    return import_folder(
        database, folder, section=None, locale="en", locales=LOCALES, store=LocalStore(media_path)
    )


def _export(database: Database, folder: Path, media_path: Path) -> dict[str, bytes]:
    with database.reader() as session:
        export(session, folder, LocalStore(media_path))
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture
def site(database: Database, factory: Factory, tmp_path: Path) -> Iterator[Database]:
    """A site with a bit of everything, beside what the Hugo fixture holds."""
    _import(database, FIXTURES / "hugo", tmp_path / "media")
    about = factory.page(
        "About", in_menu=True, translations={"fr": words("À propos", slug="à-propos")}
    )
    team = factory.page("Team", parent=about, body="[About](/en/about-us#x) [fr](/fr/à-propos)\n")
    factory.page("Index", slug="index", body="No line end")
    factory.post("Guide", slug="guide.fr", body="`[x](/en/about)` [y](/en/nowhere) <b>raw</b>\n")
    factory.post("Same", slug="hallo", locale="de", body="[en](/en/about) [de](/de/about)\r\n")
    factory.post("Rust", slug="Rust", tags=("C", "C++"), authors=("Ana Ruiz", "Ana-Ruiz"))
    factory.post("rust", slug="rust", tags=("C++",))
    factory.post("Soon", days_ago=-30)
    found = factory.post(
        "Found", search_title='Lamps: "all" of\u00a0them', search_description="a\nb"
    )
    said = {"fr": words("Trouvé", search_title="Lampes")}
    shared = factory.page("Shared", summary="Said", translations=said)
    factory.post("Draft", live=False, summary="With a summary")
    archived, withdrawn = factory.post("Archived"), factory.post("Withdrawn")
    never, deleted = factory.post("Never", live=False), factory.post("Deleted")
    with database.writing() as session:
        posts = {one.id: session.get_one(Document, one.id) for one in (archived, withdrawn, never)}
        documents.withdraw(session, posts[archived.id], State.ARCHIVED)
        documents.withdraw(session, posts[withdrawn.id])
        documents.withdraw(session, posts[never.id], State.ARCHIVED)
        documents.delete(session, session.get_one(Document, deleted.id), locales=LOCALES)
        page = session.get_one(Document, about.id)
        documents.save_text(session, page, "en", words("About us"), locales=LOCALES)
        add_old_url(session, "page", "2019/about.html", "en", about.id, NOW)
        add_old_url(session, "post", "2019/about.html", "en", about.id, NOW)
        add_old_url(session, "page", "über", "de", about.id, NOW)
        taxonomy.make_tag(session, "own-slug", {"en": "C", "fr": "C"})
        taxonomy.put_tags(session, session.get_one(Document, team.id), ["own-slug"])
        session.merge(SiteSetting(name="tagline", locale="de", value="Zwei Seiten"))
        picture = session.scalars(select(Media)).first()
        assert picture is not None
        for one in (found, shared):
            session.get_one(Document, one.id).sharing_id = picture.id
    yield database


def test_everything_comes_back(site: Database, second_database: Database, tmp_path: Path) -> None:
    _export(site, tmp_path / "out", tmp_path / "media")
    report = _import(second_database, tmp_path / "out", tmp_path / "media-2")
    assert (report.skipped, report.renamed, report.links, report.html) == ([], [], [], [])
    wanted, found = contents(site), contents(second_database)
    assert found.keys() == wanted.keys()
    for key, value in wanted.items():
        assert found[key] == value, key


def test_a_second_export_is_the_same_byte_by_byte(
    site: Database, second_database: Database, tmp_path: Path
) -> None:
    first = _export(site, tmp_path / "out", tmp_path / "media")
    _import(second_database, tmp_path / "out", tmp_path / "media-2")
    assert _export(second_database, tmp_path / "out-2", tmp_path / "media-2") == first


def test_a_second_import_of_an_export_changes_nothing(
    site: Database, second_database: Database, tmp_path: Path
) -> None:
    _export(site, tmp_path / "out", tmp_path / "media")
    _import(second_database, tmp_path / "out", tmp_path / "media-2")
    report = _import(second_database, tmp_path / "out", tmp_path / "media-2")
    assert (report.created, report.updated, report.settings) == ([], [], [])


def test_an_export_reads_like_a_folder_of_markdown(site: Database, tmp_path: Path) -> None:
    files = _export(site, tmp_path / "out", tmp_path / "media")
    below = {file.removeprefix("pages/about-us/") for file in files if "about-us" in file}
    assert below == {"_index.md", "_index.fr.md", "team.md"}
    assert {"blog/hello/index.md", "blog/hello/cover.webp", "site.toml"} <= set(files)
    team = files["pages/about-us/team.md"].decode()
    assert "[About](_index.md#x) [fr](_index.fr.md)" in team
    assert "[Guide](guide/_index.md)" in files["pages/home.md"].decode()


def test_words_for_search_engines_are_written_where_they_belong(
    site: Database, tmp_path: Path
) -> None:
    files = _export(site, tmp_path / "out", tmp_path / "media")
    assert "blog/found/cover.webp" in files
    source, french = (files[f"pages/shared/index{name}.md"].decode() for name in ("", ".fr"))
    assert 'sharing_image = "cover.webp"' in source and "search_" not in source
    assert 'search_title = "Lampes"' in french and "sharing_image" not in french


def test_an_export_goes_into_an_empty_folder_only(site: Database, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/mine.txt").write_text("mine")
    with pytest.raises(ValueError, match="is not empty"):
        _export(site, tmp_path / "out", tmp_path / "media")


def test_a_missing_image_is_told_and_loses_nothing_else(site: Database, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "media")
    with site.reader() as session:
        done = export(session, tmp_path / "out", LocalStore(tmp_path / "media"))
    assert done.missing == ["cover.webp"]
    assert (tmp_path / "out/blog/hello/index.md").is_file()


def test_a_scheduled_post_keeps_its_date(
    database: Database, second_database: Database, factory: Factory, tmp_path: Path
) -> None:
    factory.post("Later", days_ago=-3)
    _export(database, tmp_path / "out", tmp_path / "media")
    _import(second_database, tmp_path / "out", tmp_path / "media")
    with second_database.reader() as session:
        later = session.get_one(Document, 1)
        assert state_of(later) == State.SCHEDULED
        assert later.published_at is not None and later.published_at > NOW + timedelta(days=2)
