"""Saving a `.po`: in one step, only over the file that was read, and with nothing left behind."""

import os
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from verso.i18n.po.document import Document
from verso.i18n.po.entry import Source
from verso.i18n.po.saving import ABSENT, Conflict, read, save

TEXT = 'msgid "a"\nmsgstr "b"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "messages.po"
    path.write_text(TEXT)
    return path


def test_an_edit_is_saved_with_the_mode_of_the_file(file: Path) -> None:
    file.chmod(0o640)
    document, signature = read(file)
    document.entries[0].msgstr = "c"
    assert save(file, document, signature)
    assert file.read_text() == TEXT.replace('"b"', '"c"')
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(file.parent.iterdir()) == [file]


def test_nothing_is_written_where_nothing_changed(file: Path) -> None:
    before = file.stat()
    document, signature = read(file)
    document.entries[0].msgstr = "b"
    assert not save(file, document, signature)
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("meanwhile", [lambda file: file.write_text("#\n"), Path.unlink])
def test_what_somebody_else_wrote_meanwhile_is_not_lost(
    file: Path, meanwhile: Callable[[Path], object]
) -> None:
    document, signature = read(file)
    document.entries[0].msgstr = "c"
    meanwhile(file)
    found = file.read_bytes() if file.exists() else None
    with pytest.raises(Conflict, match=r"messages\.po was changed on disk.*read it again"):
        save(file, document, signature)
    assert (file.read_bytes() if file.exists() else None) == found
    assert [path for path in file.parent.iterdir() if path != file] == []


def test_a_new_file_is_made_only_where_none_is(file: Path) -> None:
    fresh = file.with_name("fresh.po")
    assert save(fresh, Document(TEXT), ABSENT)
    assert fresh.read_text() == TEXT
    assert fresh.stat().st_mode & 0o777 == file.stat().st_mode & 0o777
    with pytest.raises(Conflict):
        save(fresh, Document(TEXT), ABSENT)


def test_a_link_stays_a_link(file: Path) -> None:
    link = file.with_name("link.po")
    link.symlink_to(file.name)
    document, signature = read(link)
    document.entries[0].msgstr = "c"
    save(link, document, signature)
    assert link.is_symlink() and '"c"' in file.read_text()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_to_is_an_error(file: Path) -> None:
    document, signature = read(file)
    document.entries[0].msgstr = "c"
    file.parent.chmod(0o500)
    with pytest.raises(PermissionError):
        save(file, document, signature)
    file.parent.chmod(0o700)
    assert file.read_text() == TEXT


def test_of_many_who_save_at_once_each_is_in_the_file_or_is_told(file: Path) -> None:
    told: list[int] = []

    def edit(number: int) -> None:
        document, signature = read(file)
        document.add(Source(None, f"entry {number}"), [""])
        try:
            save(file, document, signature)
        except Conflict:
            told.append(number)

    threads = [Thread(target=edit, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read(file)[0].entries) == 1 + 16 - len(told)
