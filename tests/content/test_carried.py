"""Every table of the database is carried by an export, or named among what it leaves out."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Factory, words
from verso.admin.site import HIDDEN, LOOK
from verso.admin.site import WORDS as ADMIN_WORDS
from verso.content import documents, site_settings
from verso.content.exporter import Exported, export
from verso.content.importers import Report, import_folder
from verso.content.importers.images import read_image
from verso.content.importers.site import PICTURES, PLAIN, SWITCHES, WORDS
from verso.content.left_out import CARRIED, DERIVED, LEFT_OUT
from verso.content.paths import add_old_url
from verso.content.redirect_rules import make_rule
from verso.content.redirects import add_redirect
from verso.content.site_settings import ensure_site_id
from verso.db import Base, Database
from verso.media.collection import describe
from verso.media.storage import media_url, store
from verso.media.stores import LocalStore
from verso.models import (
    AuditEvent,
    Comment,
    Document,
    Media,
    Redirect,
    Role,
    State,
)

LOCALES = ["en", "de", "fr", "ar"]
THEN = datetime(2025, 5, 5, 12, 30, 15, 123_456, tzinfo=UTC)
NUMBERS = "numbers of the database, which differ from one to the next"
# Columns of carried tables that an import does not bring back, and why.
NOT_COMPARED: Mapping[str, Mapping[str, str]] = {
    "authors": {"id": NUMBERS},
    "document_authors": {"document_id": NUMBERS, "author_id": NUMBERS},
    "document_tags": {"document_id": NUMBERS, "tag_id": NUMBERS},
    "document_texts": {
        "id": NUMBERS,
        "document_id": NUMBERS,
        "version": "counts what was saved here",
        "origin_digest": "tells what was imported here",
    },
    "documents": {
        "id": NUMBERS,
        "parent_id": NUMBERS,
        "cover_id": NUMBERS,
        "sharing_id": NUMBERS,
        "user_id": "goes with the accounts",
        "origin": "tells what was imported here",
        "origin_digest": "tells what was imported here",
        "version": "counts what was saved here",
    },
    "media": {
        "id": NUMBERS,
        "uploader_id": "goes with the accounts",
        "widths": "the sizes are made anew by `verso media sizes`",
        "cards": "the sizes are made anew by `verso media sizes`",
        "created_at": "the files have no field for it",
        "updated_at": "the files have no field for it",
    },
    "media_texts": {"media_id": NUMBERS},
    "old_urls": {
        "id": NUMBERS,
        "document_id": NUMBERS,
        "created_at": "the files have no field for it",
    },
    "redirects": {"id": NUMBERS},
    "site_settings": {},
    "tag_names": {"tag_id": NUMBERS},
    "tags": {"id": NUMBERS},
}


@pytest.fixture
def media(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "media")


@pytest.fixture
def site(database: Database, factory: Factory, media: LocalStore, tmp_path: Path) -> Database:
    """A site with rows in every table that is carried, and in some that are not."""
    with database.writing() as session:
        pictures = [_picture(session, media, tmp_path, name) for name in ("logo", "boat")]
        address = media_url(pictures[1])
    home = factory.page("Home", in_menu=True, body=f"![Boat]({address})\n")
    ferry = factory.page("Ferry", in_menu=True, translations={"de": words("Fähre")})
    factory.page("Times", parent=ferry)
    post = factory.post("Lamp", tags=("Light",), authors=("Ana Ruiz",))
    gone = factory.post("Gone")
    factory.post("Draft", live=False)
    factory.home(home)
    user = factory.user("ada@example.org", role=Role.ADMIN)
    with database.writing() as session:
        document = session.get_one(Document, post.id)
        documents.save_text(session, document, "en", words("Lamp"), locales=LOCALES)
        document.cover_id = pictures[1].id
        document.updated_at = THEN
        documents.delete(session, session.get_one(Document, gone.id), locales=LOCALES)
        add_old_url(session, "post", "old-lamp", "de", post.id, THEN)
        add_redirect(session, make_rule("/old%3f", "/en/blog/", 302, locales=LOCALES), LOCALES)
        add_redirect(session, make_rule("/shut", "", 410, locales=LOCALES), LOCALES)
        for row in session.scalars(select(Redirect)):
            row.created_at = THEN
        describe(session.get_one(Media, pictures[1].id), {"en": "A boat", "fr": "Un bateau"}, THEN)
        session.get_one(Media, pictures[1].id).focus_x = 20
        values = {
            ("name", "en"): "My site",
            ("name", "de"): "Meine Seite",
            ("tagline", ""): "Words",
            ("hidden_locales", ""): "de fr",
            ("maintenance", ""): "on",
            ("maintenance_text", "en"): "Back soon.",
            ("accent_light", ""): "#0d6157",
            ("accent_dark", ""): "#7fcfbe",
            ("logo", ""): str(pictures[0].id),
            ("sharing_picture", ""): str(pictures[1].id),
        }
        site_settings.save(session, values, version=None, user_id=user.id)
        ensure_site_id(session)
        session.add(Comment(document_id=post.id, user_id=user.id, at=THEN, words="Nice."))
        session.add(
            AuditEvent(
                at=THEN,
                who="ada",
                action="x",
                object_kind="site",
                title="t",
                detail={},
                user_id=None,
            )
        )
    return database


def _picture(session: Session, media: LocalStore, tmp_path: Path, name: str) -> Media:
    colour = {"logo": "red", "boat": "blue", "unused": "green"}[name]
    Image.new("RGB", (8, 6), colour).save(tmp_path / f"{name}.png")
    image = read_image(tmp_path / f"{name}.png")
    return store(
        session,
        media,
        name=image.name,
        data=image.data,
        content_type=image.content_type,
        width=image.width,
        height=image.height,
        now=THEN,
    )


def _export(database: Database, folder: Path, media: LocalStore) -> Exported:
    with database.reader() as session:
        return export(session, folder, media)


def _import(database: Database, folder: Path) -> Report:
    return import_folder(
        database,
        folder,
        section=None,
        locale="en",
        locales=LOCALES,
        store=LocalStore(folder.parent / "media-2"),
        default_locale="en",
    )


def _rows(database: Database, name: str) -> Counter[tuple[Any, ...]]:
    """The rows of a table without the columns that are not compared."""
    table = Base.metadata.tables[name]
    columns = [column for column in table.columns if column.name not in NOT_COMPARED[name]]
    with database.reader() as session:
        rows = [tuple(row) for row in session.execute(select(*columns))]
        numbers = _numbers(session)
    if name == "site_settings":
        rows = [
            (setting, locale, numbers.get((setting, value), value))
            for setting, locale, value in rows
            # Not a setting: see page_marks.py.
            if setting != "pages"
        ]
    return Counter(tuple(map(_without_numbers, row)) for row in rows)


def _numbers(session: Session) -> dict[tuple[str, str], str]:
    """What the settings name that are numbers: the home page and pictures."""
    media = {str(one.id): one.digest for one in session.scalars(select(Media))}
    pages = {str(one.id): one.source.path for one in session.scalars(select(Document))}
    return {("home", number): path for number, path in pages.items()} | {
        (name, number): digest for name in PICTURES for number, digest in media.items()
    }


def _without_numbers(value: object) -> object:
    return re.sub(r"\bd\d+-", "d-", value) if isinstance(value, str) else value


def test_every_table_is_carried_or_named_among_what_is_left_out() -> None:
    left = {table for entry in LEFT_OUT for table in entry.tables}
    assert CARRIED | DERIVED | left == set(Base.metadata.tables)
    assert not CARRIED & left and not CARRIED & DERIVED and not DERIVED & left
    assert set(NOT_COMPARED) == CARRIED


@pytest.mark.parametrize("name", sorted(CARRIED))
def test_a_carried_table_comes_back(
    site: Database, second_database: Database, media: LocalStore, tmp_path: Path, name: str
) -> None:
    _export(site, tmp_path / "out", media)
    _import(second_database, tmp_path / "out")
    rows = _rows(site, name)
    assert rows and _rows(second_database, name) == rows


def test_every_column_that_is_not_compared_exists() -> None:
    for name, columns in NOT_COMPARED.items():
        assert set(columns) <= {column.name for column in Base.metadata.tables[name].columns}


def test_every_setting_of_the_admin_is_carried() -> None:
    # The home page and the menu are fields of pages.
    in_admin = {*ADMIN_WORDS, *(key[0] for key in (*LOOK.values(), *HIDDEN.values()))}
    in_admin |= {site_settings.MAINTENANCE[0], site_settings.MAINTENANCE_TEXT}
    assert in_admin == {*WORDS, *PLAIN, *PICTURES, *SWITCHES, "hidden_locales"}


def test_what_is_left_out_is_counted(site: Database, media: LocalStore, tmp_path: Path) -> None:
    with site.writing() as session:
        document = session.scalars(select(Document).where(Document.state == State.DRAFT)).one()
        document.state = State.REVIEW
        _picture(session, media, tmp_path, "unused")
    lines = _export(site, tmp_path / "out", media).lines()
    start = lines.index("Left out, as docs/importing.md explains:")
    left = {line.strip() for line in lines[start + 1 :]}
    assert {
        "1 account, with its rights and keys",
        "1 comment",
        "1 entry of the audit log",
        "10 earlier values of settings",
        "1 image that nothing shows",
        "1 document that waits for a review: it becomes a draft",
    } <= left
    assert any("earlier version" in line for line in left)


def test_an_export_without_such_rows_names_nothing(
    database: Database, media: LocalStore, tmp_path: Path
) -> None:
    assert _export(database, tmp_path / "out", media).lines() == [
        "0 documents in 0 files, 0 images"
    ]


def test_an_export_is_the_same_again_with_all_of_it(
    site: Database, second_database: Database, media: LocalStore, tmp_path: Path
) -> None:
    _export(site, tmp_path / "out", media)
    _import(second_database, tmp_path / "out")
    _export(second_database, tmp_path / "out-2", LocalStore(tmp_path / "media-2"))
    first, second = (
        {
            str(path.relative_to(folder)): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        for folder in (tmp_path / "out", tmp_path / "out-2")
    )
    assert first == second
    report = _import(second_database, tmp_path / "out-2")
    assert (report.created, report.updated, report.settings) == ([], [], [])
