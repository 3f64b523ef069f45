"""Which document a file is the source of: its own, whatever other folders were imported."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select, update

from verso.content.importers import Report, import_folder
from verso.content.importers.origins import Origins, locale_of_folder
from verso.db import Database
from verso.media.stores import LocalStore
from verso.models import Document, DocumentText, Kind
from verso.models.documents import PATH_LENGTH

LOCALES = ["en", "de", "fr", "ar"]
NEWS = """---
title: Welcome to the news
date: 2024-05-05
---
The news say hello.
"""


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    return _folder(tmp_path / "posts", title="Welcome to the blog", body="The blog says hello.")


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "welcome.md").write_text(NEWS)
    return folder


def _folder(folder: Path, *, title: str, body: str, date: str = "2024-01-01") -> Path:
    folder.mkdir(parents=True)
    (folder / "welcome.md").write_text(f"---\ntitle: {title}\ndate: {date}\n---\n{body}\n")
    return folder


def _import(
    database: Database, folder: Path, locale: str = "en", kind: Kind = Kind.POST, name: str = ""
) -> Report:
    return import_folder(
        database,
        folder,
        section=kind,
        locale=locale,
        locales=LOCALES,
        store=LocalStore(Path(database.engine.url.database or "").parent / "media"),
        name=name,
    )


def _counts(report: Report) -> tuple[int, int, int]:
    return len(report.created), len(report.updated), len(report.unchanged)


def _titles(database: Database) -> list[str]:
    with database.reader() as session:
        return list(session.scalars(select(DocumentText.title).order_by(DocumentText.id)))


def _forget_folders(database: Database) -> None:
    """Leave the database as a Verso before 0012 filled it: origins without a folder."""
    with database.writing() as session:
        for document in session.scalars(select(Document)):
            name = Path(document.origin or "").name
            document.origin = f"{document.kind}:{name}"
        session.execute(update(DocumentText).values(origin_digest=None))


def test_files_of_the_same_name_in_two_folders_are_two_documents(
    database: Database, posts: Path, news: Path
) -> None:
    _import(database, posts)
    assert _counts(_import(database, news)) == (1, 0, 0)
    assert _titles(database) == ["Welcome to the blog", "Welcome to the news"]
    assert _counts(_import(database, posts)) == _counts(_import(database, news)) == (0, 0, 1)


def test_files_of_the_same_name_are_two_documents_even_with_the_same_words(
    database: Database, posts: Path, tmp_path: Path
) -> None:
    _import(database, posts)
    copy = Path(shutil.copytree(posts, tmp_path / "copy"))
    assert _counts(_import(database, copy)) == (1, 0, 0)


def test_two_folders_of_the_same_name_are_two_folders(database: Database, tmp_path: Path) -> None:
    for site in ("one", "two"):
        folder = _folder(tmp_path / site / "posts", title=f"Of {site}", body=f"Words of {site}.")
        assert _counts(_import(database, folder)) == (1, 0, 0)
    assert _titles(database) == ["Of one", "Of two"]


def test_the_same_folder_is_known_however_its_path_is_spelled(
    database: Database, posts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _import(database, posts)
    (tmp_path / "link").symlink_to(posts)
    monkeypatch.chdir(tmp_path)
    for spelling in ("posts", "./posts/", "posts/../posts", "link", "posts/welcome.md"):
        assert _counts(_import(database, Path(spelling))) == (0, 0, 1), spelling
    file = posts / "welcome.md"
    file.write_text(file.read_text().replace("hello", "good evening"))
    monkeypatch.chdir(posts)
    assert _counts(_import(database, Path())) == (0, 1, 0)


def test_a_folder_inside_of_an_imported_one_holds_the_same_documents(
    database: Database, posts: Path, tmp_path: Path
) -> None:
    _import(database, posts)
    report = _import(database, tmp_path)
    assert (report.created, report.updated) == ([], ["posts/welcome.md"])


@pytest.mark.parametrize("below", ["", "posts"])
def test_the_folders_of_two_languages_are_one_set_of_documents(
    database: Database, tmp_path: Path, below: str
) -> None:
    content = tmp_path / "content"
    _folder(content / "en" / below, title="Light", body="The first light.")
    _folder(content / "fr" / below, title="Lueur", body="La première lueur.")
    assert _counts(_import(database, content / "en" / below, "en")) == (1, 0, 0)
    assert _counts(_import(database, content / "fr" / below, "fr")) == (0, 1, 0)
    with database.reader() as session:
        document = session.scalars(select(Document)).one()
        assert {text.locale: text.title for text in document.texts} == {
            "en": "Light",
            "fr": "Lueur",
        }
        assert document.source_locale == "en"
    for locale in ("en", "fr"):
        assert _counts(_import(database, content / locale / below, locale)) == (0, 0, 1)


def test_a_translation_from_its_own_folder_changes_words_only(
    database: Database, tmp_path: Path
) -> None:
    content = tmp_path / "content"
    english = _folder(content / "en", title="Light", body="The first light.")
    french = _folder(content / "fr", title="Lueur", body="La lueur.", date="2023-03-03")
    file = english / "welcome.md"
    file.write_text(file.read_text().replace("date:", "tags: [Sea]\nauthor: Ana\ndate:"))
    file = french / "welcome.md"
    file.write_text(file.read_text().replace("date:", "tags: [Mer]\ndate:"))
    _import(database, english, "en")
    _import(database, french, "fr")
    with database.reader() as session:
        document = session.scalars(select(Document)).one()
        assert document.published_at is not None and document.published_at.year == 2024
        assert [author.name for author in document.authors] == ["Ana"]
        assert [tag.name("fr", "en").name for tag in document.tags] == ["Mer"]


def test_a_folder_that_was_moved_keeps_its_documents(
    database: Database, posts: Path, tmp_path: Path
) -> None:
    _import(database, posts)
    posts.rename(tmp_path / "articles")
    assert _counts(_import(database, tmp_path / "articles")) == (0, 0, 1)
    assert _counts(_import(database, tmp_path / "articles")) == (0, 0, 1)


def test_another_folder_in_place_of_one_that_is_gone_overwrites_nothing(
    database: Database, posts: Path, news: Path
) -> None:
    _import(database, posts)
    shutil.rmtree(posts)
    report = _import(database, news)
    assert _counts(report) == (1, 0, 0)
    assert ["welcome.md" in str(note) for note in report.notes] == [True]
    assert _titles(database) == ["Welcome to the blog", "Welcome to the news"]


def test_a_name_stands_in_for_the_path(database: Database, posts: Path, tmp_path: Path) -> None:
    release = Path(shutil.copytree(posts, tmp_path / "release-2"))
    assert _counts(_import(database, posts, name="blog")) == (1, 0, 0)
    assert _counts(_import(database, release, name="blog")) == (0, 0, 1)
    assert _counts(_import(database, release, name="other")) == (1, 0, 0)


def test_documents_without_a_folder_are_found_by_their_words(
    database: Database, posts: Path
) -> None:
    _import(database, posts)
    _forget_folders(database)
    file = posts / "welcome.md"
    assert _counts(_import(database, posts)) == (0, 0, 1)
    _forget_folders(database)
    file.write_text(file.read_text().replace("The blog says hello.", "Quite different words."))
    assert _counts(_import(database, posts)) == (0, 1, 0)
    assert _counts(_import(database, posts)) == (0, 0, 1)


def test_documents_without_a_folder_are_overwritten_by_no_other_file(
    database: Database, posts: Path, news: Path
) -> None:
    _import(database, posts)
    _forget_folders(database)
    report = _import(database, news)
    assert _counts(report) == (1, 0, 0)
    assert [note.file for note in report.notes] == ["welcome.md"]
    assert _counts(_import(database, posts)) == (0, 0, 1)


def test_an_equal_title_is_enough_in_a_folder_that_is_recognised(
    database: Database, tmp_path: Path
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for name in ("harbour", "ferry"):
        (pages / f"{name}.md").write_text(f"---\ntitle: {name}\n---\nAll about the {name}.\n")
    _import(database, pages, kind=Kind.PAGE)
    _forget_folders(database)
    (pages / "ferry.md").write_text("---\ntitle: ferry\n---\nWritten anew from top to bottom.\n")
    assert _counts(_import(database, pages, kind=Kind.PAGE)) == (0, 1, 1)


def test_a_language_without_a_folder_joins_the_documents_of_the_others(
    database: Database, tmp_path: Path
) -> None:
    content = tmp_path / "content"
    _import(database, _folder(content / "en", title="Light", body="The first light."), "en")
    _forget_folders(database)
    french = _folder(content / "fr", title="Lueur", body="La première lueur.")
    assert _counts(_import(database, french, "fr")) == (0, 1, 0)
    assert _counts(_import(database, content / "en", "en")) == (0, 0, 1)


def test_a_very_long_path_is_known_by_its_digest() -> None:
    origins = Origins(root=Path("/" + "/".join(["folder"] * 200)), locale="en")
    long, other = (origins.of(Kind.POST, f"{name}.md") for name in ("one", "two"))
    assert len(long) <= PATH_LENGTH and long != other


@pytest.mark.parametrize(
    ("folder", "locale"),
    [
        ("/srv/content/fr", "fr"),
        ("/srv/content/fr/posts", "fr"),
        ("/srv/de", "de"),
        ("/srv/de/site/posts", None),
        ("/srv/content/posts", None),
        ("/srv/content/xx", None),
    ],
)
def test_a_folder_may_be_named_after_a_language(folder: str, locale: str | None) -> None:
    assert locale_of_folder(Path(folder), LOCALES) == locale
