"""A restored site is the one that was backed up; one that is there is never lost, and never changed by a failure."""

import json
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import text

from tests.backup.sites import add_picture, back_up, files_in, restore, rows_of, site_of
from tests.conftest import MakeApp
from tests.factories import PASSWORD, Factory
from tests.support.browser import Browser
from tests.support.writer import SAVED, writer
from verso import schema
from verso.app import create_app
from verso.backup import BackupError
from verso.backup.archive import key_file
from verso.backup.making import make_backup
from verso.backup.reader import unpack
from verso.backup.record import read_record
from verso.backup.restoring import restore_backup
from verso.media.storage import files_of
from verso.media.stores import ObjectStore
from verso.models import Role
from verso.revision import REVISION
from verso.runtime.instance import InstanceUnusable, alone
from verso.secret import FILE as KEY_FILE


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "site.tar"


@pytest.fixture
def empty(tmp_path: Path) -> Flask:
    """An application on an instance folder with nothing in it."""
    folder = tmp_path / "empty"
    app = create_app({"INSTANCE_PATH": folder, "LOG_LEVEL": "error"})
    app.test_client_class = Browser
    return app


def content_of(app: Flask) -> dict[str, object]:
    """All that a backup keeps of a site."""
    site = site_of(app)
    site.database.close()
    folders = {name: files_in(site.instance / name) for name in ("media", "translations")}
    key = (site.instance / KEY_FILE).read_bytes()
    return {"rows": rows_of(site.database), "key": key, **folders}


def fill(app: Flask, factory: Factory, title: str) -> None:
    factory.post(title, tags=("one", "two"))
    factory.user(f"{title.lower()}@example.org")
    add_picture(app, factory, title.encode())
    catalog = site_of(app).instance / "translations" / "is" / "LC_MESSAGES" / "messages.po"
    catalog.parent.mkdir(parents=True, exist_ok=True)
    catalog.write_text(f'# {title}\nmsgid ""\nmsgstr ""\n')


def test_a_restored_site_is_the_one_that_was_backed_up(
    app: Flask, factory: Factory, empty: Flask, file: Path
) -> None:
    fill(app, factory, "Hello")
    back_up(app, file)
    restored = restore(empty, file)
    assert content_of(empty) == content_of(app)
    assert restored.has_key and restored.kept == [] and restored.complaints == []
    assert not list(site_of(empty).instance.glob("*restore*"))


def test_a_site_that_is_there_is_left_alone_and_with_force_moved_aside(
    app: Flask, factory: Factory, make_app: MakeApp, tmp_path: Path, file: Path
) -> None:
    fill(app, factory, "Hello")
    back_up(app, file)
    other = make_app(INSTANCE_PATH=tmp_path / "other")
    fill(other, Factory(site_of(other).database, ("en",)), "Other")
    before = content_of(other)
    with pytest.raises(BackupError, match="there is a site already .*use --force"):
        restore(other, file)
    assert content_of(other) == before
    restored = restore(other, file, force=True)
    assert content_of(other) == content_of(app)
    [kept] = restored.kept
    assert read_record(kept) is None and read_record(site_of(other).instance)
    moved_back = tmp_path / "moved-back"
    shutil.copytree(kept, moved_back)
    assert content_of(make_app(INSTANCE_PATH=moved_back)) == before


def test_what_a_log_of_the_site_before_holds_is_kept_with_it(
    app: Flask, factory: Factory, make_app: MakeApp, tmp_path: Path, file: Path
) -> None:
    back_up(app, file)
    with writer(str(site_of(app).database.url)) as other:
        assert other.write("late") == SAVED
        other._process.kill()
        other._process.wait()
    [kept] = restore(app, file, force=True).kept
    assert rows_of(site_of(app).database)["tags"] == []
    copy = make_app(INSTANCE_PATH=shutil.copytree(kept, tmp_path / "copy"))
    assert "'late'" in rows_of(site_of(copy).database)["tags"][0]


def test_nothing_is_restored_under_a_process_that_uses_the_database(app: Flask, file: Path) -> None:
    back_up(app, file)
    with writer(str(site_of(app).database.url)) as other:
        assert other.write("kept") == SAVED
        with pytest.raises(BackupError, match="another process uses .*verso.db .*: stop the site"):
            restore(app, file, force=True)
        assert other.write("kept-too") == SAVED
        assert other.count() == 2


def test_nothing_is_restored_while_another_restore_is_at_work(
    empty: Flask, app: Flask, file: Path
) -> None:
    back_up(app, file)
    with alone(site_of(empty).instance), pytest.raises(InstanceUnusable, match="stop it first"):
        restore(empty, file)


def test_a_backup_of_an_older_schema_is_brought_up_to_date(
    app: Flask, factory: Factory, empty: Flask, file: Path
) -> None:
    factory.post("Hello")
    database = site_of(app).database
    database.close()
    with schema.migration_engine(database).begin() as connection:
        command.downgrade(schema.alembic_config(connection), "0009")
    back_up(app, file)
    restore(empty, file)
    with site_of(empty).database.engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == REVISION


def test_a_damaged_backup_changes_nothing(
    app: Flask, factory: Factory, empty: Flask, file: Path
) -> None:
    fill(app, factory, "Hello")
    before = content_of(app)
    back_up(app, file)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    for target in (app, empty):
        with pytest.raises(BackupError, match="cut off"):
            restore(target, file, force=True)
    assert content_of(app) == before
    assert not (site_of(empty).instance / "verso.db").exists()
    assert not list(site_of(app).instance.glob("*restore*"))


def test_without_its_key_a_site_keeps_the_key_that_it_has_and_its_logins(
    app: Flask, factory: Factory, empty: Flask, file: Path
) -> None:
    browser = factory.sign_in(app, factory.user(role=Role.ADMIN))
    back_up(app, file)
    key_file(file).unlink()
    own_key = (site_of(empty).instance / KEY_FILE).read_bytes()
    assert not restore(empty, file).has_key
    assert (site_of(empty).instance / KEY_FILE).read_bytes() == own_key
    login = browser.get_cookie("verso_login")
    other = empty.test_client()
    assert login and other.get("/admin/").status_code == 303
    other.set_cookie(login.key, login.value)
    assert other.get("/admin/").status_code == 200


def test_with_its_key_in_the_backup_a_site_has_it_again(
    app: Flask, empty: Flask, file: Path
) -> None:
    back_up(app, file, with_key=True)
    assert restore(empty, file).has_key
    key = (site_of(empty).instance / KEY_FILE).read_bytes()
    assert key == (site_of(app).instance / KEY_FILE).read_bytes()


def test_what_was_missing_is_missing_and_is_told(
    app: Flask, factory: Factory, empty: Flask, file: Path
) -> None:
    lost = add_picture(app, factory, b"lost")
    (site_of(app).settings.media_path / files_of(lost)[0]).unlink()
    back_up(app, file)
    assert restore(empty, file).contents.seal.missing == [f"media/{files_of(lost)[0]}"]
    record = read_record(site_of(empty).instance)
    assert record and not record.is_complete


def test_settings_that_differ_are_named_and_secrets_are_not_shown(
    make_app: MakeApp, empty: Flask, file: Path
) -> None:
    app = make_app(TIMEZONE="Europe/Berlin", SENTRY_DSN="")
    back_up(app, file)
    differing = restore(empty, file).settings
    assert differing["TIMEZONE"] == ("Europe/Berlin", "(unset)")
    assert "INSTANCE_PATH" not in differing


def test_after_a_restore_the_last_backup_is_the_one_restored(
    app: Flask, empty: Flask, file: Path
) -> None:
    made = back_up(app, file)
    restore(empty, file)
    record = read_record(site_of(empty).instance)
    assert record and record.was_restored and record.is_proven and record.is_complete
    assert record.when == datetime.fromisoformat(made.manifest.began)
    assert record.file == str(file)


def test_a_record_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    for content in ("", "{}", "[]", json.dumps({"when": "2026-01-01"})):
        (tmp_path / "last-backup.json").write_text(content)
        assert read_record(tmp_path) is None


def test_media_behind_a_link_stay_where_they_are(
    app: Flask, factory: Factory, file: Path, tmp_path: Path
) -> None:
    fill(app, factory, "Hello")
    media = site_of(app).settings.media_path
    shutil.move(media, tmp_path / "large-disk")
    media.symlink_to(tmp_path / "large-disk")
    before = files_in(tmp_path / "large-disk")
    back_up(app, file)
    restore(app, file, force=True)
    assert files_in(media) == before == files_in(tmp_path / "large-disk")
    assert not media.is_symlink()


def test_a_wrong_password_stays_wrong(
    app: Flask, factory: Factory, empty: Flask, file: Path
) -> None:
    user = factory.user("ada@example.org", role=Role.ADMIN)
    back_up(app, file)
    restore(empty, file)
    assert Factory(site_of(empty).database, ("en",)).sign_in(empty, user)
    answer = empty.test_client().post(
        "/admin/sign-in", data={"email": user.email, "password": PASSWORD + "x"}
    )
    assert answer.status_code == 422


def test_media_go_from_a_folder_into_object_storage_and_back(
    app: Flask, factory: Factory, empty: Flask, tmp_path: Path, file: Path
) -> None:
    pytest.importorskip("obstore")
    fill(app, factory, "Hello")
    names = unpack(back_up(app, file).file).names
    (tmp_path / "bucket").mkdir()
    there = replace(site_of(empty), store=ObjectStore(f"file://{tmp_path / 'bucket'}"))
    restore_backup(there, file, force=False, progress=lambda done, of: None)
    assert files_in(tmp_path / "bucket") == files_in(site_of(app).settings.media_path)
    assert not there.settings.media_path.exists()
    second = tmp_path / "second.tar"
    made = make_backup(there, second, force=False, with_key=False, progress=lambda done, of: None)
    assert made.is_complete and unpack(second).names == names
