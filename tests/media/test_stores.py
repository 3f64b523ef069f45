"""Both stores keep files whole or not at all, and say in one way what went wrong."""

import errno
import os
from pathlib import Path

import pytest

from tests.servers import free_port
from verso.app import create_app
from verso.config import ConfigError
from verso.media.collection import kept
from verso.media.stores import LocalStore, ObjectStore, Store, StoreUnavailable, open_store


@pytest.fixture(params=["folder", "memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return LocalStore(tmp_path / "media")
    (tmp_path / "objects").mkdir()
    return ObjectStore("memory:///" if request.param == "memory" else f"file://{tmp_path}/objects")


def test_what_is_put_is_there_until_it_is_deleted(store: Store) -> None:
    assert store.size("ab/one.png") is None
    with pytest.raises(FileNotFoundError):
        store.read("ab/one.png")
    store.put("ab/one.png", b"pixels")
    store.put("ab/one.png", b"pixels")
    assert store.read("ab/one.png") == b"pixels" and store.size("ab/one.png") == 6
    store.delete(["ab/one.png", "ab/never.png"])
    assert store.size("ab/one.png") is None


def test_what_was_put_goes_when_its_rows_cannot_be_written(store: Store, tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"pixels")
    store.put("aa/known", b"known!")
    files = {"aa/known": tmp_path / "source", "aa/new": tmp_path / "source"}
    with pytest.raises(RuntimeError), kept(store, files):
        assert store.size("aa/new") == 6
        raise RuntimeError("no commit")
    assert store.size("aa/new") is None and store.size("aa/known") == 6


def test_a_store_that_is_away_says_so_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "TOP-SECRET")
    away = open_store("s3://bucket/folder", Path("unused"))
    for ask in (
        lambda: away.put("a", b"x"),
        lambda: away.read("a"),
        lambda: away.size("a"),
        lambda: away.delete(["a"]),
    ):
        with pytest.raises(StoreUnavailable) as failed:
            ask()
        assert "TOP-SECRET" not in str(failed.value) and "\n" not in str(failed.value)


def test_a_folder_that_cannot_be_written_is_an_error_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "media").write_bytes(b"a file where a folder should be")
    with pytest.raises(OSError) as failed:
        LocalStore(tmp_path / "media").put("ab/x", b"x")
    assert failed.value.errno in (errno.ENOTDIR, errno.EEXIST)


def test_nothing_is_left_of_a_file_that_could_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError):
        LocalStore(tmp_path).put("ab/x", b"x")
    assert list((tmp_path / "ab").iterdir()) == []


@pytest.mark.parametrize(
    "url", ["s3:/x", "ftp://host", "bucket", "s3://", "file:///tmp", "s3://b?x=1"]
)
def test_a_setting_that_means_no_store_stops_the_start(url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="MEDIA_URL"):
        create_app({"INSTANCE_PATH": tmp_path, "MEDIA_URL": url})
