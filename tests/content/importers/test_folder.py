"""Folders of Zola, Hugo and Jekyll come in whole, once, and with their links and old addresses."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from verso.content.home import home_id
from verso.content.importers import Report, import_folder
from verso.content.states import state_of
from verso.db import Database
from verso.media.storage import file_of, find_by_key
from verso.media.stores import LocalStore
from verso.models import Document, Kind, Media, OldUrl, SiteSetting, State

FIXTURES = Path(__file__).parent / "fixtures"
LOCALES = ["en", "de", "fr", "ar"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the fixtures that a test may change."""
    return Path(shutil.copytree(FIXTURES, tmp_path / "in"))


def _import(
    database: Database, folder: Path, section: Kind | None = Kind.POST, **options: str
) -> Report:
    return import_folder(
        database,
        folder,
        section=section,
        locale=options.get("locale", "en"),
        locales=LOCALES,
        store=LocalStore(folder.parent / "media"),
        base_url=options.get("base_url", "https://blog.example.org/"),
    )


def _documents(database: Database) -> dict[str, Document]:
    """The documents by where they came from, with all that tests look at loaded."""
    with database.reader() as session:
        documents = session.scalars(select(Document).order_by(Document.id)).all()
        for document in documents:
            _ = document.texts, document.tags, document.authors, document.cover
        return {_file(document): document for document in documents}


def _file(document: Document) -> str:
    """The file of a document below the folder of its section."""
    path = (document.origin or "").partition(":")[2]
    return re.sub(r".*/(?:zola|jekyll|pages|blog|test_[^/]*)/(?:in/)?", "", path)


def _bodies(database: Database) -> dict[str, str]:
    return {key: document.source.body for key, document in _documents(database).items()}


def _old_urls(database: Database, document: Document) -> set[tuple[str, str, str]]:
    with database.reader() as session:
        rows = session.scalars(select(OldUrl).where(OldUrl.document_id == document.id))
        return {(row.kind, row.locale, row.path) for row in rows}


def test_a_zola_folder_comes_in_sorted_by_date(database: Database, folder: Path) -> None:
    report = _import(database, folder / "zola")
    documents = _documents(database)
    assert list(documents) == [
        "Rust-1.0@0.md",
        "Rust-1.0@1.md",
        "pictures/index.md",
        "inside/team.md",
    ]
    assert report.created == list(documents)
    first = documents["Rust-1.0@0.md"]
    assert first.published_at == first.created_at == datetime(2014, 9, 15, tzinfo=UTC)
    assert (first.source.title, first.source.summary) == ("Road to Rust 1.0", "On its way.")
    assert [tag.slug for tag in first.tags] == ["release", "c", "c-2"]
    assert [author.name for author in documents["Rust-1.0@1.md"].authors] == [
        "The Core Team",
        "Ana Example",
    ]


def test_what_is_no_content_or_broken_is_skipped_with_the_reason(
    database: Database, folder: Path
) -> None:
    skipped = {note.file: note for note in _import(database, folder / "zola").skipped}
    assert set(skipped) == {"README.md", "LICENSE-MIT", "_index.md", "notes.md", "broken.md"}
    assert skipped["broken.md"].line == 3
    assert "no front matter" in skipped["notes.md"].text


def test_a_taken_or_reserved_slug_gets_its_date_and_is_reported(
    database: Database, folder: Path
) -> None:
    report = _import(database, folder / "zola")
    slugs = [document.source.slug for document in _documents(database).values()]
    assert slugs == ["Rust-1.0", "Rust-1.0-2015-05-15", "pictures", "tags-2016-01-02"]
    assert [note.file for note in report.renamed] == ["Rust-1.0@1.md", "inside/team.md"]


def test_old_paths_lead_to_the_document_in_both_spaces(database: Database, folder: Path) -> None:
    _import(database, folder / "zola")
    second = _documents(database)["Rust-1.0@1.md"]
    paths = {"2015/05/15/Rust-1.0", "2015/05/15/Rust-1.0.html", "releases/1.0.0"}
    wanted = {(kind, "en", path) for kind in ("page", "post") for path in paths}
    assert _old_urls(database, second) == wanted


def test_links_of_the_old_site_lead_to_the_documents(database: Database, folder: Path) -> None:
    report = _import(database, folder / "zola")
    bodies = _bodies(database)
    first = bodies["Rust-1.0@0.md"]
    assert "[the news](/en/blog/Rust-1.0-2015-05-15#whats-new-in-10)" in first
    assert "[later](/en/blog/Rust-1.0-2015-05-15)" in first
    assert "[inside](/en/blog/tags-2016-01-02)" in first
    assert "[The team](/en/blog/tags-2016-01-02)" in first
    assert "[elsewhere](https://example.net/)" in first
    assert '[back]: /en/blog/Rust-1.0 "The first"' in bodies["Rust-1.0@1.md"]
    assert "[team](/en/blog/Rust-1.0-2015-05-15)" in bodies["inside/team.md"]
    assert [(note.file, note.line) for note in report.links] == [
        ("Rust-1.0@1.md", 24),
        ("Rust-1.0@1.md", 22),
    ]


def test_code_is_left_alone(database: Database, folder: Path) -> None:
    _import(database, folder / "zola")
    body = _bodies(database)["Rust-1.0@1.md"]
    assert "let a = [1](2); // [not](../a-link.md) <b>or a tag</b>" in body


def test_images_beside_a_post_are_kept_as_they_are(database: Database, folder: Path) -> None:
    report = _import(database, folder / "zola")
    body = _bodies(database)["pictures/index.md"]
    url = re.search(r"\((/media/[0-9a-f]{16}/chart\.png) \"Sales\"\)", body)
    assert url and body.count(url[1]) == 5
    assert "![Raw](" in body
    assert " gone [far](https://example.net/far.png)" in body
    assert report.image_count == 1
    assert [note.line for note in report.images] == [8, 8]
    with database.reader() as session:
        media = find_by_key(session, url[1].split("/")[2])
        assert media is not None and (media.width, media.height) == (8, 6)
        stored = folder / "media" / file_of(media)
    assert stored.read_bytes() == (folder / "zola/pictures/chart.png").read_bytes()


def test_a_draft_stays_a_draft(database: Database, folder: Path) -> None:
    _import(database, folder / "zola")
    team = _documents(database)["inside/team.md"]
    assert (team.state, team.published_at, team.listed_at) == (State.DRAFT, None, None)
    assert team.created_at == datetime(2016, 1, 2, 9, tzinfo=UTC)


def test_a_second_import_changes_nothing(database: Database, folder: Path) -> None:
    _import(database, folder / "zola")
    before = _documents(database)
    report = _import(database, folder / "zola")
    assert (report.created, report.updated, report.renamed) == ([], [], [])
    assert len(report.unchanged) == 4
    after = _documents(database)
    assert [one.version for one in after.values()] == [one.version for one in before.values()]


def test_changed_files_and_images_are_updated_without_duplicates(
    database: Database, folder: Path
) -> None:
    _import(database, folder / "zola")
    changed = folder / "zola/Rust-1.0@1.md"
    changed.write_text(changed.read_text().replace("Announcing", "Presenting"))
    picture = folder / "zola/pictures/chart.png"
    shutil.copy(folder / "hugo/blog/cover.webp", picture)
    report = _import(database, folder / "zola")
    assert sorted(report.updated) == ["Rust-1.0@1.md", "pictures/index.md"]
    documents = _documents(database)
    assert len(documents) == 4
    assert documents["Rust-1.0@1.md"].source.title == "Presenting Rust 1.0"
    assert documents["Rust-1.0@1.md"].source.slug == "Rust-1.0-2015-05-15"
    assert "chart.webp" in documents["pictures/index.md"].source.body


def test_a_slug_that_changes_leaves_its_old_address(database: Database, folder: Path) -> None:
    _import(database, folder / "hugo", None)
    later = folder / "hugo/blog/seulement.md"
    later.write_text(later.read_text().replace("locale =", 'slug = "encore"\nlocale ='))
    _import(database, folder / "hugo", None)
    document = _documents(database)["seulement.md"]
    assert document.source.slug == "encore"
    assert ("post", "fr", "seulement") in _old_urls(database, document)


def test_a_hugo_site_comes_in_as_a_tree_with_translations(database: Database, folder: Path) -> None:
    report = _import(database, folder / "hugo", None)
    assert report.skipped == [] and report.links == []
    documents = _documents(database)
    guide, steps = documents["guide/_index.md"], documents["guide/steps.md"]
    assert steps.parent_id == guide.id
    assert (guide.position, guide.in_menu, steps.in_menu) == (20, True, False)
    assert {text.locale: text.path for text in guide.texts} == {"en": "guide", "fr": "le-guide"}
    assert steps.source.path == "guide/steps"
    assert steps.source.body.startswith("## First step")
    with database.reader() as session:
        assert home_id(session) == documents["home.md"].id
        name = session.get(SiteSetting, ("name", "fr"))
        description = session.get(SiteSetting, ("description", ""))
        assert name and name.value == "La Maison"
        assert description and description.value == "A site"


def test_links_between_pages_and_posts_speak_the_language_of_the_text(
    database: Database, folder: Path
) -> None:
    _import(database, folder / "hugo", None)
    documents = _documents(database)
    home = documents["home.md"]
    english, french = home.text("en"), home.text("fr")
    assert english and french
    assert re.findall(r"\((/.*?)\)", english.body) == [
        "/en/guide",
        "/en/blog/hello",
        "/en/guide/steps#first-step",
    ]
    assert re.findall(r"\((/.*?)\)", french.body) == [
        "/fr/le-guide",
        "/fr/blog/bonjour",
        "/fr/le-guide/steps",
    ]
    assert "[see there](/en/guide/steps)" in documents["hello.md"].source.body


def test_pages_and_posts_of_separate_runs_find_each_other(database: Database, folder: Path) -> None:
    _import(database, folder / "hugo/blog")
    report = _import(database, folder / "hugo/pages", Kind.PAGE)
    assert "/en/blog/hello" in _bodies(database)["home.md"]
    assert report.links == []


def test_dates_tags_and_covers_of_hugo_are_understood(database: Database, folder: Path) -> None:
    _import(database, folder / "hugo", None)
    documents = _documents(database)
    hello, later = documents["hello.md"], documents["later.md"]
    assert hello.published_at == datetime(2025, 7, 29, 2, 55, 48, 923348, tzinfo=UTC)
    assert [tag.slug for tag in hello.tags] == ["books", "news"]
    assert [tag.name("fr", "en").name for tag in hello.tags] == ["Livres", "Nouvelles"]
    assert hello.cover is not None and hello.cover.content_type == "image/webp"
    assert {text.locale: text.cover_alt for text in hello.texts} == {
        "en": "A green square",
        "fr": "Un carré vert",
    }
    assert state_of(later) == State.SCHEDULED
    assert [author.name for author in later.authors] == ["Ana Example"]
    assert documents["seulement.md"].source_locale == "fr"


def test_words_for_search_engines_come_in_and_a_long_title_is_cut(
    database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(FIXTURES / "hugo/blog/cover.webp", folder / "card.webp")
    seo = f"seo:\n  title: {'x' * 301}\n  description: Who lights them?\n  image: card.webp"
    (folder / "quay.md").write_text(f"---\ntitle: Quay\n{seo}\n---\nLamps.\n")
    report = _import(database, folder)
    assert [note.text for note in report.notes] == [
        "the title for search engines was cut: it is too long"
    ]
    with database.reader() as session:
        quay = session.scalars(select(Document)).one()
        assert quay.source.search_title == "x" * 300
        assert quay.source.search_description == "Who lights them?"
        assert quay.cover is None and quay.sharing is not None
        assert quay.sharing.name == "card.webp"


def test_a_jekyll_folder_comes_in(database: Database, folder: Path) -> None:
    report = _import(database, folder / "jekyll")
    documents = _documents(database)
    hello = documents["_posts/2014-09-15-hello-world.md"]
    second = documents["_posts/2014-10-01-second.md"]
    assert (hello.source.title, hello.source.slug) == ("Hello: World", "hello-world")
    assert [tag.slug for tag in hello.tags] == ["meta", "news"]
    assert '```ruby\nputs "<b>hi</b>"\n```' in hello.source.body
    assert "[the second](/en/blog/second#part-two)" in hello.source.body
    assert re.search(r"!\[map\]\(/media/[0-9a-f]{16}/map\.gif\)", hello.source.body)
    assert second.source.title == "The second essay"
    assert second.source.body == ("## Part two\n\nOld: [hello](/en/blog/hello-world), ~~gone~~\n")
    assert second.published_at == datetime(2014, 10, 1, 15, 30, tzinfo=UTC)
    assert documents["_drafts/unfinished.markdown"].state == State.DRAFT
    assert ("page", "en", "essays/second") in _old_urls(database, second)
    assert [note.text for note in report.html] == ["{% include video.html %}"]
    assert [note.file for note in report.skipped] == ["about.html"]


def test_one_file_can_be_imported_in_a_language_of_its_own(
    database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "hugo-post.zh.md"
    file.write_text("+++\ntitle = '你好'\ndate = 2025-07-29\n+++\n\n文字\n", encoding="utf-8")
    report = _import(database, file, locale="zh-Hans")
    document = _documents(database)["hugo-post.zh.md"]
    assert (document.source_locale, document.source.slug) == ("zh-Hans", "hugo-post")
    assert [note.text for note in report.notes] == [
        "it is in zh-Hans, which the site has no pages in"
    ]


@pytest.mark.parametrize(
    ("said", "locale", "notes"),
    [("fr_FR", "fr", 0), ("pt-BR", "pt-BR", 1), ("klingonese", "en", 1), ("DE", "de", 0)],
)
def test_a_language_in_front_matter_is_matched_to_those_of_the_site(
    database: Database, tmp_path: Path, said: str, locale: str, notes: int
) -> None:
    (tmp_path / "a.md").write_text(f"---\ntitle: A\nlang: {said}\n---\n")
    report = _import(database, tmp_path)
    assert _documents(database)["a.md"].source_locale == locale
    assert len(report.notes) == notes


def test_a_folder_of_plain_markdown_comes_in_by_headings(
    database: Database, tmp_path: Path
) -> None:
    for name in ("one.md", "two.md", "README.md"):
        (tmp_path / name).write_text(f"# About *{name}*\n\nText\n")
    _import(database, tmp_path, Kind.PAGE)
    titles = [document.source.title for document in _documents(database).values()]
    assert titles == ["About one.md", "About two.md"]


def test_a_path_without_anything_to_import_is_refused(database: Database, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="neither pages/ nor blog/"):
        _import(database, tmp_path, None)
    with pytest.raises(ValueError, match="there is no folder or file"):
        _import(database, tmp_path / "missing")


def test_files_outside_of_the_folder_are_never_read(database: Database, tmp_path: Path) -> None:
    shutil.copy(FIXTURES / "zola/pictures/chart.png", tmp_path / "secret.png")
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "link.png").symlink_to(tmp_path / "secret.png")
    (inside / "a.md").write_text("---\ntitle: A\n---\n![x](../secret.png) ![y](link.png)\n")
    report = _import(database, inside)
    assert report.image_count == 0 and len(report.images) == 2
    with database.reader() as session:
        assert session.scalars(select(Media)).all() == []


def test_the_report_is_told_in_lines(database: Database, folder: Path) -> None:
    lines = _import(database, folder / "zola").lines()
    assert lines[0] == "4 created, 0 updated, 0 unchanged, 5 skipped; 1 image"
    assert any(line.startswith("  broken.md:3: ") for line in lines)


def test_progress_is_told_per_batch(database: Database, folder: Path) -> None:
    told: list[tuple[int, int]] = []
    import_folder(
        database,
        folder / "jekyll",
        section=Kind.POST,
        locale="en",
        locales=LOCALES,
        store=LocalStore(folder / "media"),
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(3, 3)]
