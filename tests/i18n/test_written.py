"""What a file says on disk: its entries with their lines, the findings in order, and no failure."""

from pathlib import Path

import pytest

from tests.i18n.files import HEADER, PoFile
from verso.i18n.contents import MAX_BYTES
from verso.i18n.written import findings_in, written


def test_entries_have_the_line_of_their_first_keyword(tmp_path: Path) -> None:
    file = PoFile(tmp_path)
    file.write_bytes(
        f'{HEADER}\n#: x.py\nmsgid "A"\nmsgstr "a"\n\nmsgid "A"\nmsgstr "b"\n'.encode()
    )
    found = written(file.path, "de").entries["A"]
    assert (found.line, found.entry.forms) == (6, ("a",))


def test_a_file_that_was_saved_again_is_read_again(tmp_path: Path) -> None:
    file = PoFile(tmp_path)
    file.write({"Blog": "Eins"})
    assert written(file.path, "de") is written(file.path, "de")
    file.write({"Blog": "Einsen"})
    assert written(file.path, "de").entries["Blog"].entry.forms == ("Einsen",)


def test_findings_come_by_line_errors_and_advice_together(tmp_path: Path) -> None:
    file = PoFile(tmp_path)
    file.write({"Feed": " Feed", "Blog": "%(x)s", "Search": "Suche "})
    found = [(one.line, one.code) for one in findings_in(file.path, "de")]
    assert found == [(6, "space-begin"), (9, "unknown-placeholder"), (12, "space-end")]


def test_nobody_is_advised_about_a_pseudo_locale(tmp_path: Path) -> None:
    file = PoFile(tmp_path)
    file.write({"Feed": " Feed"})
    assert findings_in(file.path, "qps") == []


@pytest.mark.parametrize("data", [b"", b"\xff\xfem\0", b"\0" * 99, b"x" * (MAX_BYTES + 1)])
def test_what_is_no_catalog_has_no_entries_and_a_finding(tmp_path: Path, data: bytes) -> None:
    file = PoFile(tmp_path)
    file.write_bytes(data)
    assert written(file.path, "de").entries == {}
    assert len(findings_in(file.path, "de")) == 1


def test_a_file_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    assert written(tmp_path / "x.po", "de").entries == {}
    assert [one.code for one in findings_in(tmp_path / "x.po", "de")] == ["unreadable"]
