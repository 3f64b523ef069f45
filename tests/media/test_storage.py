"""Media are kept once, whole, under the digest of their bytes."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from verso.db import Database
from verso.media.storage import file_of, find_by_key, media_url, safe_name, store
from verso.media.stores import LocalStore
from verso.models import Media

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _store(database: Database, folder: Path, name: str, data: bytes = b"pixels") -> Media:
    with database.writing() as session:
        return store(
            session,
            LocalStore(folder),
            name=name,
            data=data,
            content_type="image/png",
            width=2,
            height=3,
            now=NOW,
        )


def test_a_file_is_stored_under_its_digest(database: Database, tmp_path: Path) -> None:
    media = _store(database, tmp_path, "Über uns.png")
    file = tmp_path / file_of(media)
    assert file == tmp_path / media.digest[:2] / f"{media.digest}.png"
    assert file.read_bytes() == b"pixels"
    assert (media.name, media.size, media.width, media.height) == ("Über-uns.png", 6, 2, 3)
    assert media_url(media) == f"/media/{media.digest[:16]}/%C3%9Cber-uns.png"
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_the_same_bytes_are_stored_once(database: Database, tmp_path: Path) -> None:
    first = _store(database, tmp_path, "a.png")
    assert _store(database, tmp_path, "b.png").id == first.id
    with database.reader() as session:
        assert session.scalar(select(func.count()).select_from(Media)) == 1


def test_a_file_that_is_lost_or_cut_is_written_again(database: Database, tmp_path: Path) -> None:
    file = tmp_path / file_of(_store(database, tmp_path, "a.png"))
    file.write_bytes(b"pix")
    _store(database, tmp_path, "a.png")
    assert file.read_bytes() == b"pixels"


def test_a_medium_is_found_by_the_key_in_its_url(database: Database, tmp_path: Path) -> None:
    media = _store(database, tmp_path, "a.png")
    _store(database, tmp_path, "b.png", b"others")
    with database.reader() as session:
        found = find_by_key(session, media.digest[:16])
        assert found is not None and found.id == media.id
        for key in ("0" * 16, media.digest[:15], media.digest, "../../etc/passwd", "G" * 16):
            assert find_by_key(session, key) is None


def test_a_type_that_media_cannot_have_is_refused(database: Database, tmp_path: Path) -> None:
    with database.writing() as session, pytest.raises(ValueError, match="text/html"):
        store(
            session,
            LocalStore(tmp_path),
            name="x.html",
            data=b"<p>",
            content_type="text/html",
            width=None,
            height=None,
            now=NOW,
        )


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("photo.JPEG", "photo.JPEG"),
        ("../../x y.png", "x-y.png.jpg"),
        (".jpg", "jpg.jpg"),
        ("", "image.jpg"),
        ("日本.jpg", "日本.jpg"),
        ("a" * 400 + ".jpg", "a" * 150 + ".jpg"),
    ],
)
def test_names_are_safe_and_end_as_their_type_does(name: str, wanted: str) -> None:
    assert safe_name(name, "image/jpeg") == wanted
