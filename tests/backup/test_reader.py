"""An archive is used only whole and as it was written; a hostile one writes nothing outside."""

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from verso.backup import BackupError
from verso.backup.archive import MANIFEST
from verso.backup.manifest import FORMAT, Manifest
from verso.backup.reader import manifest_of, unpack
from verso.backup.writer import ArchiveWriter, new_file

TIME = "2026-01-02T03:04:05+00:00"
MEMBERS = {"database.sqlite": b"d" * 2000, "media/ab/one.png": b"p" * 700, "secret_key": b"k"}


def manifest(**changes: object) -> Manifest:
    values: dict[str, object] = {
        "verso": "1",
        "schema": "0012",
        "database": "sqlite",
        "began": TIME,
        "copied": TIME,
        "rows": {"documents": 1},
        "images": 1,
        "has_key": True,
        "unproven": "",
        **changes,
    }
    return Manifest(**values)  # type: ignore[arg-type]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    with new_file(tmp_path / "site.tar", force=False) as file:
        writer = ArchiveWriter(file, manifest())
        for name, content in MEMBERS.items():
            writer.add_bytes(name, content)
        writer.finish(ended=TIME, missing=["media/gone.png"])
    return tmp_path / "site.tar"


def with_member(archive: Path, change: Callable[[tarfile.TarInfo], object], content: bytes) -> None:
    """Put one more member after the manifest."""
    with tarfile.open(archive) as before:
        entries = [(entry, before.extractfile(entry).read()) for entry in before]  # type: ignore[union-attr]
    extra = tarfile.TarInfo("media/x")
    extra.size = len(content)
    change(extra)
    entries.insert(1, (extra, content))
    with tarfile.open(archive, "w", format=tarfile.PAX_FORMAT) as after:
        for entry, data in entries:
            after.addfile(entry, io.BytesIO(data))


def test_what_was_written_is_read(archive: Path, tmp_path: Path) -> None:
    contents = unpack(archive, lambda name: tmp_path / "out" / name)
    assert contents.manifest == manifest() == manifest_of(archive)
    assert contents.names == {MANIFEST, *MEMBERS}
    assert contents.seal.missing == ["media/gone.png"]
    assert {name: (tmp_path / "out" / name).read_bytes() for name in MEMBERS} == MEMBERS


def test_an_archive_that_is_cut_anywhere_is_refused(archive: Path) -> None:
    whole = archive.read_bytes()
    with tarfile.open(archive) as tar:
        last = tar.getmembers()[-1]
        end = last.offset_data + last.size
    for size in range(0, end, 97):
        archive.write_bytes(whole[:size])
        with pytest.raises(BackupError, match=r"site\.tar"):
            unpack(archive)


def test_a_byte_that_differs_anywhere_in_a_member_is_noticed(archive: Path) -> None:
    whole = archive.read_bytes()
    with tarfile.open(archive) as tar:
        places = [entry.offset_data + entry.size // 2 for entry in tar]
    for place in places[:-1]:
        archive.write_bytes(whole[:place] + b"\xff" + whole[place + 1 :])
        with pytest.raises(BackupError):
            unpack(archive)


@pytest.mark.parametrize(
    "name",
    ["../out", "/tmp/out", "media/../../out", "media//x", "media/./x", "verso.db", "media", "x/y"],
)
def test_a_name_that_leads_elsewhere_writes_nothing(
    archive: Path, tmp_path: Path, name: str
) -> None:
    with_member(archive, lambda entry: setattr(entry, "name", name), b"evil")
    folder = tmp_path / "a" / "b"
    with pytest.raises(BackupError, match="which no backup has"):
        unpack(archive, lambda name: folder / name)
    assert not any(path.is_file() for path in (tmp_path / "a").rglob("*"))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE]
)
def test_links_devices_and_folders_are_refused(archive: Path, tmp_path: Path, kind: bytes) -> None:
    def change(entry: tarfile.TarInfo) -> None:
        entry.type, entry.linkname = kind, "/etc"

    with_member(archive, change, b"")
    with pytest.raises(BackupError, match="a link, a device or the like"):
        unpack(archive, lambda name: tmp_path / "out" / name)
    assert not (tmp_path / "out").exists()


def test_a_member_that_is_there_twice_or_is_not_sealed_is_refused(archive: Path) -> None:
    whole = archive.read_bytes()
    with_member(archive, lambda entry: setattr(entry, "name", "secret_key"), b"other")
    with pytest.raises(BackupError, match="twice"):
        unpack(archive)
    archive.write_bytes(whole)
    with_member(archive, lambda entry: None, b"unsealed")
    with pytest.raises(BackupError, match="1 members differ"):
        unpack(archive)


def test_a_file_that_is_in_the_way_is_never_written_through(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "secret_key").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        unpack(archive, lambda name: tmp_path / "out" / name)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("content", [b"", b"no tar at all" * 100, b"\0" * 20_000])
def test_a_file_that_is_no_backup_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "holiday.jpg"
    file.write_bytes(content)
    with pytest.raises(BackupError, match=r"holiday\.jpg"):
        manifest_of(file)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "1"},
        {"rows": {"documents": "many"}},
        {"rows": []},
        {"began": "yesterday"},
        {"began": "2026-01-02"},
        {"images": True},
        {"left_out": [1]},
    ],
)
def test_a_manifest_of_other_types_is_refused(tmp_path: Path, changes: dict[str, object]) -> None:
    with new_file(tmp_path / "site.tar", force=False) as file:
        ArchiveWriter(file, manifest(**changes)).finish(ended=TIME, missing=[])
    with pytest.raises(BackupError, match="its manifest does not fit"):
        manifest_of(tmp_path / "site.tar")


def test_a_backup_in_a_later_format_names_the_verso_that_reads_it(tmp_path: Path) -> None:
    with new_file(tmp_path / "site.tar", force=False) as file:
        ArchiveWriter(file, manifest(format=FORMAT + 1, verso="9.9"))
    with pytest.raises(BackupError, match=r"install that Verso, 9\.9"):
        manifest_of(tmp_path / "site.tar")
