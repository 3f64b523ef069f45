"""The catalogs of a folder: a change of the code arrives in each, once, whoever writes them meanwhile."""

import shutil
import subprocess
from pathlib import Path

import pytest

from verso.i18n.extraction import ExtractionFailed
from verso.i18n.merging import Merged
from verso.i18n.po.document import Document
from verso.i18n.po.saving import read, save
from verso.i18n.upkeep import (
    NotKept,
    add,
    catalogs_in,
    read_template,
    update,
    write_pseudo,
    write_template,
)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "a.py").write_text('_("Put it into the basket")\n_("Pay")')
    return folder


def test_a_reworded_message_arrives_once_with_its_translation(package: Path) -> None:
    folder = package / "translations"
    assert write_template(package) == (2, True)
    assert write_template(package) == (2, False)
    file = folder / "pl.po"
    file.write_text('msgid "Put it into the basket"\nmsgstr "Do koszyka"\n')
    template = read_template(folder)
    assert update(file, "pl", template, complete=True) == (Merged(messages=2, new=1), True)
    (package / "a.py").write_text('_("Put them into the basket")\n_("Pay")')
    assert write_template(package) == (2, True)
    template = read_template(folder)
    assert update(file, "pl", template, complete=True) == (Merged(messages=2, fuzzy=1), True)
    assert update(file, "pl", template, complete=True) == (Merged(messages=2), False)
    assert '#, fuzzy\n#| msgid "Put it into the basket"\n' in file.read_text()
    assert 'msgid "Put them into the basket"\nmsgstr "Do koszyka"\n' in file.read_text()


def test_broken_code_leaves_the_template_as_it_is(package: Path) -> None:
    write_template(package)
    before = (package / "translations" / "messages.pot").read_bytes()
    (package / "b.py").write_text('_(f"a{1}")')
    with pytest.raises(ExtractionFailed, match=r"^shop/b\.py:1: _ is not given a message"):
        write_template(package)
    assert (package / "translations" / "messages.pot").read_bytes() == before


def test_without_a_template_the_way_to_one_is_named(package: Path) -> None:
    with pytest.raises(NotKept, match="messages.pot is missing: “verso translations extract”"):
        read_template(package)


def test_catalogs_are_found_in_either_place_and_pseudo_ones_are_not(tmp_path: Path) -> None:
    for name in ("de/messages.po", "pt_BR/LC_MESSAGES/messages.po", "qps/messages.po", "x/y.po"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    assert list(catalogs_in(tmp_path)) == [
        ("de", tmp_path / "de" / "messages.po"),
        ("pt-BR", tmp_path / "pt_BR" / "LC_MESSAGES" / "messages.po"),
    ]
    assert list(catalogs_in(tmp_path / "nowhere")) == []


def test_other_programs_accept_what_is_begun_and_made_up(tmp_path: Path) -> None:
    msgfmt = shutil.which("msgfmt")
    if msgfmt is None:
        pytest.skip("GNU gettext is not installed")
    for name in ("ar", "he", "lt", "zh-Hant", "ga"):
        locale, file, merged = add(tmp_path, name)
        assert locale == name and len(Document.parse(file.read_bytes()).entries) == merged.messages
    made = [file for file, changed in write_pseudo(tmp_path, read_template()) if changed]
    assert [file.parent.name for file in made] == ["qps", "qps_Arab"]
    for file in tmp_path.glob("*/messages.po"):
        command = [msgfmt, "-c", "-o", "/dev/null", str(file)]
        assert subprocess.run(command, capture_output=True).returncode == 0, file


def test_what_somebody_wrote_meanwhile_is_merged_next_time(package: Path) -> None:
    write_template(package)
    template = read_template(package / "translations")
    file = package / "de.po"
    file.write_text('msgid ""\nmsgstr ""\n')
    mine, signature = read(file)
    update(file, "de", template, complete=True)
    mine.set_header("Language", "de")
    with pytest.raises(OSError, match="was changed on disk"):
        save(file, mine, signature)
    assert len(read(file)[0].entries) == 2


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b'msgid "Pay"\nmsgstr "Be"zahlen"\n',
        b"\xff\xfem\x00",
        b'msgid "Pay"\n<<<<<<< ours\nmsgstr "a"\n=======\nmsgstr "b"\n>>>>>>> theirs\n',
    ],
)
def test_a_broken_file_is_left_as_it_is(data: bytes, package: Path) -> None:
    write_template(package)
    file = package / "de.po"
    file.write_bytes(data)
    with pytest.raises(NotKept, match="de.po:"):
        update(file, "de", read_template(package / "translations"), complete=True)
    assert file.read_bytes() == data


def test_a_text_that_the_charset_of_a_file_does_not_have_is_refused(package: Path) -> None:
    (package / "a.py").write_text('_("Pay €")')
    write_template(package)
    file = package / "de.po"
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=ISO-8859-1\\n"\n'
    file.write_bytes((head + '\nmsgid "ü"\nmsgstr "ü"\n').encode("latin-1"))
    with pytest.raises(NotKept, match="de.po cannot be"):
        update(file, "de", read_template(package / "translations"), complete=True)
