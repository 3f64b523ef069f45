"""`verso import` and `verso export` as people run them: what they say, and how they end."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.shell import Nursery, Shell, nursery

PICTURE = Path(__file__).parent.parent / "content/importers/fixtures/zola/pictures/chart.png"


@pytest.fixture(scope="module")
def running() -> Iterator[Nursery]:
    with nursery() as process:
        yield process


@pytest.fixture
def verso(running: Nursery, tmp_path: Path) -> Shell:
    shell = Shell(running, tmp_path / "instance")
    shell("init", "--no-link")
    return shell


def _write(folder: Path, name: str, body: str = "Words.", *fields: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["---", f"title: {name}", "date: 2024-01-01", *fields, "---", body]
    (folder / f"{name}.md").write_text("\n".join(lines) + "\n")


def test_an_export_without_an_image_fails_and_is_written(verso: Shell, tmp_path: Path) -> None:
    _write(tmp_path / "posts", "lamp", "![Chart](chart.png)")
    shutil.copy(PICTURE, tmp_path / "posts/chart.png")
    verso("import", str(tmp_path / "posts"))
    assert verso("export", str(tmp_path / "whole"))[0] == 0
    shutil.rmtree(verso.instance / "media")
    status, said = verso("export", str(tmp_path / "out"))
    assert status == 1
    assert "The image chart.png is not in the media folder" in said
    assert (tmp_path / "out/blog/lamp/index.md").is_file()


def test_an_export_says_what_it_leaves_out(verso: Shell, tmp_path: Path) -> None:
    verso("user", "create", "ada@example.org", "--password-stdin", stdin="a good long password\n")
    status, said = verso("export", str(tmp_path / "out"))
    assert status == 0
    assert "Left out" in said and "1 account, with its rights and keys" in said


def test_an_import_that_may_show_a_hidden_language_is_refused(verso: Shell, tmp_path: Path) -> None:
    verso("export", str(tmp_path / "out"))
    (tmp_path / "out/site.toml").write_text("hidden_locales = [")
    status, said = verso("import", str(tmp_path / "out"))
    assert status == 1
    assert "site.toml cannot be read" in said and "Traceback" not in said


def test_the_folder_of_a_language_names_it(verso: Shell, tmp_path: Path) -> None:
    for locale in ("en", "fr"):
        _write(tmp_path / "content" / locale, "about")
    for locale in ("en", "fr", "en"):
        status, said = verso("import", str(tmp_path / "content" / locale))
        assert status == 0
    assert "0 created, 0 updated, 1 unchanged" in said
    assert "taken as fr" in verso("import", str(tmp_path / "content/fr"))[1]


def test_a_folder_can_have_a_name(verso: Shell, tmp_path: Path) -> None:
    for build in ("build-1", "build-2"):
        _write(tmp_path / build, "lamp")
        status, said = verso("import", str(tmp_path / build), "--name", "blog")
        assert status == 0
    assert "0 created, 0 updated, 1 unchanged" in said


def test_the_whole_report_can_be_written(verso: Shell, tmp_path: Path) -> None:
    for number in range(25):
        _write(tmp_path / "posts", f"lamp-{number}", "[x](/nowhere)")
    report = tmp_path / "report.txt"
    status, said = verso("import", str(tmp_path / "posts"), "--report", str(report))
    assert status == 0 and "5 more (--report FILE" in said
    assert report.read_text().count("/nowhere") == 25
    status, said = verso("import", str(tmp_path / "posts"), "--report", str(tmp_path / "no/file"))
    assert status == 1 and "could not be written" in said and "Traceback" not in said
