"""A backup holds all of a site, is proven, and says what the site lacked; it never takes an older one's place unasked."""

import shutil
import stat
from pathlib import Path

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import text

from tests.backup.sites import add_picture, back_up, site_of
from tests.conftest import MakeApp
from tests.factories import Factory
from verso import schema
from verso.backup import BackupError
from verso.backup.archive import DATABASES, KEY, MANIFEST, key_file
from verso.backup.making import make_backup
from verso.backup.reader import unpack
from verso.db import Database
from verso.media.storage import files_of
from verso.secret import FILE as KEY_FILE


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups" / "site.tar"


def catalog_of(app: Flask) -> Path:
    catalog = site_of(app).instance / "translations" / "is" / "LC_MESSAGES" / "messages.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text('msgid ""\nmsgstr ""\n')
    return catalog


def test_a_backup_holds_database_media_and_catalogs(
    app: Flask, factory: Factory, file: Path
) -> None:
    factory.post("Hello")
    medium = add_picture(app, factory, b"a picture")
    catalog_of(app)
    made = back_up(app, file)
    assert made.is_proven and made.is_complete
    assert unpack(file).names == {
        MANIFEST,
        DATABASES["sqlite"],
        f"media/{files_of(medium)[0]}",
        "translations/is/LC_MESSAGES/messages.po",
    } | {name for name in unpack(file).names if name.startswith("last-good/")}
    assert made.manifest.rows["documents"] == 1
    assert sorted(path.name for path in file.parent.iterdir()) == ["site.tar", "site.tar.key"]
    assert stat.S_IMODE(file.stat().st_mode) == stat.S_IMODE(key_file(file).stat().st_mode) == 0o600


def test_the_key_is_beside_the_backup_or_in_it(app: Flask, file: Path, tmp_path: Path) -> None:
    key = (site_of(app).instance / KEY_FILE).read_bytes()
    assert KEY not in unpack(back_up(app, file).file).names
    assert key_file(file).read_bytes() == key
    inside = back_up(app, file.with_name("all.tar"), with_key=True)
    unpack(inside.file, lambda name: tmp_path / "key" if name == KEY else None)
    assert (tmp_path / "key").read_bytes() == key
    assert not key_file(inside.file).exists()


def test_a_key_of_something_else_is_never_replaced(app: Flask, file: Path) -> None:
    key_file(file).write_text("the key of the web server")
    with pytest.raises(BackupError, match="move it away"):
        back_up(app, file, force=True)
    assert key_file(file).read_text() == "the key of the web server"
    assert not file.exists()


def test_an_earlier_backup_is_replaced_only_on_demand(app: Flask, file: Path) -> None:
    back_up(app, file)
    before = file.read_bytes()
    with pytest.raises(BackupError, match="use --force"):
        back_up(app, file)
    assert file.read_bytes() == before
    back_up(app, file, force=True)
    assert file.read_bytes() != before


def test_force_replaces_nothing_but_a_backup(app: Flask, file: Path) -> None:
    database = site_of(app).database.path
    assert database
    for other in (database, file.parent):
        with pytest.raises(BackupError, match="is no backup, and --force replaces only one"):
            back_up(app, other, force=True)
    assert Database(f"sqlite:///{database}").path == database


@pytest.mark.parametrize("name", ["media", "translations", "last-good"])
def test_a_backup_is_never_part_of_the_next(app: Flask, name: str) -> None:
    folder = site_of(app).instance / name
    folder.mkdir(exist_ok=True)
    with pytest.raises(BackupError, match=f"is within {name}/ of the site"):
        back_up(app, folder / "site.tar")


def test_a_folder_that_is_not_there_is_named(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="there is no folder .*nowhere: make it first"):
        back_up(app, tmp_path / "nowhere" / "site.tar")


def test_missing_files_are_named_and_the_rest_is_kept(
    app: Flask, factory: Factory, file: Path
) -> None:
    lost, there = (add_picture(app, factory, content) for content in (b"lost", b"there"))
    site = site_of(app)
    (site.settings.media_path / files_of(lost)[0]).unlink()
    made = back_up(app, file)
    assert made.seal.missing == [f"media/{files_of(lost)[0]}"]
    assert made.is_proven and not made.is_complete
    assert f"media/{files_of(there)[0]}" in unpack(file).names


def test_an_image_that_is_deleted_meanwhile_is_in_the_backup_neither_as_file_nor_as_row(
    app: Flask, factory: Factory, file: Path
) -> None:
    add_picture(app, factory, b"stays")
    gone = add_picture(app, factory, b"goes")

    def delete(done: int, of: int) -> None:
        with factory.database.writing() as session:
            session.execute(text("DELETE FROM media WHERE id = :id"), {"id": gone.id})
        site_of(app).store.delete(files_of(gone))

    made = make_backup(site_of(app), file, force=False, with_key=False, progress=delete)
    assert made.is_complete and made.manifest.images == 1


def test_rows_that_point_nowhere_are_told_and_the_backup_is_kept(
    app: Flask, factory: Factory, file: Path
) -> None:
    factory.post("Hello")
    site_of(app).database.close()
    with schema.migration_engine(site_of(app).database).begin() as connection:
        connection.execute(text("UPDATE documents SET cover_id = 77"))
    made = back_up(app, file)
    assert made.complaints and "(documents)" in made.complaints[0]
    assert not made.is_complete and file.exists()


def test_a_site_that_waits_for_its_upgrade_is_backed_up_and_proven(
    app: Flask, factory: Factory, file: Path
) -> None:
    factory.post("Hello")
    database = site_of(app).database
    database.close()
    with schema.migration_engine(database).begin() as connection:
        command.downgrade(schema.alembic_config(connection), "0009")
    made = back_up(app, file)
    assert made.is_proven and made.manifest.schema == "0009"
    with schema.migration_engine(database).begin() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0009"


def test_secrets_are_left_out_of_the_settings_and_named(make_app: MakeApp, file: Path) -> None:
    app = make_app(
        MAIL_URL="smtp+starttls://ada:hush@mail.example.org",
        ADMINS=["ada@example.org"],
        SECRET_KEY="h" * 40,
        TIMEZONE="Europe/Berlin",
    )
    manifest = back_up(app, file).manifest
    assert manifest.settings["TIMEZONE"] == "Europe/Berlin"
    assert manifest.settings["LOCALES"] == "en,de,fr,ar"
    assert manifest.settings_left_out == ["MAIL_URL", "SECRET_KEY"]
    assert b"hush" not in file.read_bytes() and b"hhhhh" not in file.read_bytes()
    assert key_file(file).read_text() == "h" * 40


def test_catalogs_behind_links_are_in_it_and_a_circle_ends(
    app: Flask, file: Path, tmp_path: Path
) -> None:
    catalog = catalog_of(app)
    folder = site_of(app).instance / "translations"
    shutil.move(folder, tmp_path / "checkout")
    (tmp_path / "checkout" / ".git").mkdir()
    (tmp_path / "checkout" / ".git" / "HEAD").write_text("x")
    (tmp_path / "checkout" / "round").symlink_to(tmp_path / "checkout")
    folder.symlink_to(tmp_path / "checkout")
    assert catalog.exists()
    made = back_up(app, file)
    names = {name for name in unpack(file).names if name.startswith("translations/")}
    assert names == {"translations/is/LC_MESSAGES/messages.po"}
    assert "translations/.git" in made.manifest.left_out
