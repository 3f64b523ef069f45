"""An import publishes what its owner published, and nothing else; what it holds back is in the report."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.clock import clock_ahead
from verso.content.importers import Report, import_folder
from verso.content.importers.report import SHOWN
from verso.content.importers.visibility import truth
from verso.content.states import state_of
from verso.db import Database
from verso.media.stores import LocalStore
from verso.models import Document, Kind, State

LOCALES = ["en", "de", "fr", "ar"]
SOON = f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%d}"
LAST_MONTH = f"{datetime.now(UTC) - timedelta(days=30):%Y-%m-%d}"
Import = Callable[..., Report]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


@pytest.fixture
def run(database: Database, folder: Path) -> Import:
    def run(below: str = "", kind: Kind = Kind.POST, locale: str = "en") -> Report:
        return import_folder(
            database,
            folder / below,
            section=kind,
            locale=locale,
            locales=LOCALES,
            store=LocalStore(folder.parent / "media"),
        )

    return run


def _write(
    folder: Path, name: str, *fields: str, date: str = "2020-01-01", body: str = "Words."
) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    stated = [f"date: {date}"] if date else []
    lines = ["---", *stated, *fields, "---", body]
    file.write_text("\n".join(lines) + "\n")


def _states(database: Database) -> dict[str, State]:
    with database.reader() as session:
        return {one.source.slug: state_of(one) for one in session.scalars(select(Document))}


@pytest.mark.parametrize(
    "field",
    [
        *("draft: true", 'draft: "true"', "draft: yes", 'draft: "Yes"', "draft: on", "draft: 1"),
        *("draft: 'True'", "draft: perhaps", "Draft: true", "published: false", "published: 'no'"),
        *("published: 0", "publish: false", "public: no", "listed: false", "render: false"),
        *("hidden: true", "unlisted: true", "private: true", "headless: true", "password: pass"),
        *("status: draft", "status: Private", "visibility: hidden", "visibility: members"),
        *("build: {render: never}", "_build: {list: never}", "build: {render: false}"),
        *("params: {hidden: true}", "extra: {draft: true}", "draft: false\nparams: {draft: true}"),
    ],
)
def test_what_its_owner_hides_is_a_draft_and_reported(
    database: Database, folder: Path, run: Import, field: str
) -> None:
    _write(folder, "lamp.md", field)
    report = run()
    assert _states(database) == {"lamp": State.DRAFT}
    assert {note.file for note in report.hidden} == {"lamp.md"}
    assert "pass" not in str(report.hidden[0]).replace("password", "")


@pytest.mark.parametrize(
    "field",
    [
        *("draft: false", 'draft: "false"', "draft: 0", "draft: 'no'", "draft:", "published: true"),
        *("published: 2020-01-02", "hidden: false", "headless: false", "status: publish"),
        *("build: {render: always, list: always}", "private: []", "visibility: public"),
        *("expiryDate:", "expires: false"),
    ],
)
def test_what_its_owner_shows_is_public(
    database: Database, folder: Path, run: Import, field: str
) -> None:
    _write(folder, "lamp.md", field)
    assert run().hidden == []
    assert _states(database) == {"lamp": State.PUBLISHED}


@pytest.mark.parametrize(
    "name", ["publishDate", "publishdate", "publish_date", "pubdate", "publish-on"]
)
def test_an_embargo_holds_until_its_day(
    client: FlaskClient, database: Database, folder: Path, run: Import, name: str
) -> None:
    _write(folder, "lamp.md", f"{name}: {SOON}")
    report = run()
    assert _states(database) == {"lamp": State.SCHEDULED}
    assert [str(note) for note in report.hidden] == [
        f"lamp.md: it becomes public on {SOON} 00:00 UTC"
    ]
    assert client.get("/en/blog/lamp").status_code == 404


def test_an_embargo_that_is_over_changes_no_date(
    database: Database, folder: Path, run: Import
) -> None:
    _write(folder, "lamp.md", f"publishDate: {LAST_MONTH}")
    run()
    with database.reader() as session:
        lamp = session.scalars(select(Document)).one()
        assert lamp.published_at == datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "name", ["expiryDate", "expirydate", "expiry_date", "unpublishDate", "expires"]
)
def test_what_expired_is_withdrawn(
    client: FlaskClient, database: Database, folder: Path, run: Import, name: str
) -> None:
    _write(folder, "lamp.md", f"{name}: 2020-02-01")
    report = run()
    assert _states(database) == {"lamp": State.ARCHIVED}
    assert [str(note) for note in report.hidden] == ["lamp.md: it expired on 2020-02-01 00:00 UTC"]
    assert client.get("/en/blog/lamp").status_code == 410


def test_what_will_expire_is_public_and_reported(
    database: Database, folder: Path, run: Import
) -> None:
    _write(folder, "lamp.md", f"expiryDate: {SOON}")
    assert f"when it expires on {SOON}" in str(run().hidden[0])
    assert _states(database) == {"lamp": State.PUBLISHED}


def test_a_post_that_expired_since_the_last_import_is_withdrawn_by_the_next(
    database: Database, folder: Path, run: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(folder, "lamp.md", f"expiryDate: {SOON}")
    run()
    clock = clock_ahead()
    clock.ahead = timedelta(days=31)
    monkeypatch.setattr("verso.content.importers.plan.datetime", clock)
    assert run().updated == ["lamp.md"]
    assert _states(database) == {"lamp": State.ARCHIVED}


def test_a_post_without_a_date_is_a_draft_and_reported(
    client: FlaskClient, database: Database, folder: Path, run: Import
) -> None:
    _write(folder, "imprint.md", "title: Imprint", date="")
    _write(folder, "2020-05-05-dated.md", "title: Dated", date="")
    report = run()
    assert _states(database) == {"imprint": State.DRAFT, "dated": State.PUBLISHED}
    assert [note.file for note in report.hidden] == ["imprint.md"]
    assert "Imprint" not in client.get("/en/blog/feed.xml").text


def test_a_post_without_a_date_that_an_editor_published_stays_so(
    database: Database, folder: Path, run: Import
) -> None:
    _write(folder, "imprint.md", "title: Imprint", date="")
    run()
    then = datetime(2024, 1, 1, tzinfo=UTC)
    with database.writing() as session:
        imprint = session.scalars(select(Document)).one()
        imprint.state, imprint.published_at = State.PUBLISHED, then
    _write(folder, "imprint.md", "title: Imprint and more", date="")
    report = run()
    assert (report.updated, report.hidden) == (["imprint.md"], [])
    with database.reader() as session:
        imprint = session.scalars(select(Document)).one()
        assert (imprint.state, imprint.published_at) == (State.PUBLISHED, then)


def test_a_page_without_a_date_is_public_and_gets_none(
    client: FlaskClient, folder: Path, run: Import
) -> None:
    _write(folder, "dated.md", "title: Dated")
    _write(folder, "about.md", "title: About", date="")
    assert run(kind=Kind.PAGE).hidden == []
    assert client.get("/en/about").status_code == 200
    items = client.get("/api/v1/pages").get_json()["items"]
    assert [(item["title"], item["published_at"]) for item in items] == [
        ("Dated", "2020-01-01T00:00:00+00:00"),
        ("About", None),
    ]


def test_a_cascade_hides_what_is_below_it(database: Database, folder: Path, run: Import) -> None:
    _write(folder, "guide/_index.md", "cascade: {draft: true}")
    _write(folder, "guide/deep/er/lamp.md")
    _write(folder, "open/ship.md")
    report = run(kind=Kind.PAGE)
    assert _states(database) == {
        "guide": State.DRAFT,
        "lamp": State.DRAFT,
        "ship": State.PUBLISHED,
    }
    assert "guide/_index.md has cascade.draft: true" in {note.text for note in report.hidden}


def test_a_cascade_above_the_imported_folder_counts(
    database: Database, folder: Path, run: Import
) -> None:
    _write(folder, "content/snippets/_index.md", "cascade: {build: {render: never}}")
    _write(folder, "content/snippets/posts/lamp.md")
    run("content/snippets/posts")
    assert _states(database) == {"lamp": State.DRAFT}


def test_a_cascade_of_one_language_hides_that_language(
    database: Database, folder: Path, run: Import
) -> None:
    _write(folder, "api/_index.md")
    _write(folder, "api/_index.fr.md", "cascade: {draft: true}")
    _write(folder, "api/lamp.md")
    _write(folder, "api/lamp.fr.md")
    run(kind=Kind.PAGE)
    with database.reader() as session:
        documents = session.scalars(select(Document)).all()
        assert [[text.locale for text in one.texts] for one in documents] == [["en"], ["en"]]


def test_a_hidden_bundle_hides_its_files(database: Database, folder: Path, run: Import) -> None:
    _write(folder, "snippets/index.md", "headless: true")
    _write(folder, "snippets/lamp.md")
    run()
    assert set(_states(database).values()) == {State.DRAFT}


def test_a_drafted_section_of_zola_hides_its_pages(
    database: Database, folder: Path, run: Import
) -> None:
    index = folder / "hall/_index.md"
    index.parent.mkdir()
    index.write_text("+++\ndraft = true\n+++\n")
    _write(folder, "hall/lamp.md")
    run(kind=Kind.PAGE)
    assert set(_states(database).values()) == {State.DRAFT}


@pytest.mark.parametrize("below", ["", "_drafts", "_drafts/lamp.md"])
def test_drafts_of_jekyll_are_drafts_from_wherever_they_are_imported(
    database: Database, folder: Path, run: Import, below: str
) -> None:
    _write(folder, "_drafts/lamp.md")
    assert len(run(below).hidden) == 1
    assert _states(database) == {"lamp": State.DRAFT}


@pytest.mark.parametrize("field", ["draft: true", f"publishDate: {SOON}", "expiryDate: 2020-02-02"])
def test_a_translation_that_is_not_public_stays_off_the_site(
    client: FlaskClient, database: Database, folder: Path, run: Import, field: str
) -> None:
    _write(folder, "lamp.md", "title: Lamp")
    _write(folder, "lamp.fr.md", "title: Lampe", field)
    report = run()
    assert [note.file for note in report.hidden] == ["lamp.fr.md"]
    assert "Lampe" not in client.get("/fr/blog/lamp").text
    _write(folder, "lamp.fr.md", "title: Lampe")
    assert run().updated == ["lamp.md"]
    assert "Lampe" in client.get("/fr/blog/lamp").text
    _write(folder, "lamp.fr.md", "title: Lampe", field)
    report = run()
    assert "its text in fr was taken off the site" in str(report.hidden)
    assert "Lampe" not in client.get("/fr/blog/lamp").text
    assert run().unchanged == ["lamp.md"]


def test_a_translation_from_its_own_folder_is_no_different(
    database: Database, folder: Path, run: Import
) -> None:
    _write(folder, "content/en/lamp.md", "title: Lamp")
    _write(folder, "content/fr/lamp.md", "title: Lampe", "draft: true")
    run("content/en")
    report = run("content/fr", locale="fr")
    assert (report.created, report.updated) == ([], [])
    assert [str(note) for note in report.hidden] == ["lamp.md: draft: true"]
    assert _states(database) == {"lamp": State.PUBLISHED}
    with database.reader() as session:
        assert len(session.scalars(select(Document)).one().texts) == 1


def test_translations_of_a_draft_come_in_with_it(
    database: Database, folder: Path, run: Import
) -> None:
    _write(folder, "lamp.md", "draft: true")
    _write(folder, "lamp.fr.md", "draft: true")
    run()
    with database.reader() as session:
        assert len(session.scalars(select(Document)).one().texts) == 2
    _write(folder, "lamp.md")
    run()
    with database.reader() as session:
        lamp = session.scalars(select(Document)).one()
        assert (lamp.state, [text.locale for text in lamp.texts]) == (State.PUBLISHED, ["en"])


def test_what_is_not_public_is_all_in_the_report_and_the_whole_of_it_can_be_had(
    folder: Path, run: Import
) -> None:
    for number in range(30):
        _write(folder, f"lamp-{number}.md", "draft: true")
        _write(folder, f"ship-{number}.md", body="[x](/nowhere)")
    report = run()
    assert sum("draft: true" in line for line in report.lines()) == 30
    assert sum("/nowhere" in line for line in report.lines()) == SHOWN
    assert sum("/nowhere" in line for line in report.lines(is_whole=True)) == 30


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, True), ("Y", True), (1, True), (0, False), ("", False), ({}, False), ("x", None)],
)
def test_a_yes_is_known_in_many_spellings(value: object, expected: bool | None) -> None:
    assert truth(value) is expected
