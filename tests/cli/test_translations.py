"""`verso translations`: catalogs kept up to date, in a copy of the package and in an instance."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import MakeApp
from tests.i18n.files import PoFile
from verso.i18n.extraction import PACKAGE
from verso.i18n.po.document import Document

Run = Callable[..., str]
Translations = Callable[..., tuple[int, str]]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package, to be written to."""
    left = shutil.ignore_patterns("__pycache__", "static")
    return shutil.copytree(PACKAGE, tmp_path / "verso", ignore=left)


@pytest.fixture
def run(package: Path) -> Run:
    """Run a command of the copy; what it prints."""

    def run(*words: str, status: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "verso", "translations", *words],
            cwd=package.parent,
            env={**os.environ, "PYTHONPATH": str(package.parent)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr if status else done.stdout

    return run


@pytest.fixture
def translations(app: Flask) -> Translations:
    def run(*words: str) -> tuple[int, str]:
        done = app.test_cli_runner().invoke(args=["translations", *words])
        return done.exit_code, done.output

    return run


@pytest.fixture
def folder(app: Flask) -> Path:
    """Where the instance has its own catalogs."""
    return Path(app.instance_path) / "translations"


def polish(package: Path) -> Path:
    return package / "translations" / "pl" / "LC_MESSAGES" / "messages.po"


def test_a_new_message_of_the_code_arrives_in_the_catalogs(package: Path, run: Run) -> None:
    page = package / "templates" / "shop.html"
    page.write_text('{# Translators: a button. #}\n{{ _("Put it into the basket") }}')
    assert run("extract").endswith(" messages\n")
    said = run("update", "pl", "pt-br")
    assert "pl: " in said and "pt-BR: " in said and " new" in said
    new = Document.parse(polish(package).read_bytes()).find("Put it into the basket")
    assert new and new.references == ("verso/templates/shop.html",)
    assert new.extracted == ("Translators: a button.",) and new.forms == ("",)


def test_broken_code_stops_the_extraction_with_its_line(package: Path, run: Run) -> None:
    template = package / "translations" / "messages.pot"
    before = template.read_bytes() if template.exists() else None
    (package / "templates" / "shop.html").write_text("fine\n{% if %}")
    (package / "shop.py").write_text('_(f"a{1}")')
    said = run("extract", status=1)
    assert "verso/templates/shop.html:2: Jinja cannot read this" in said
    assert "verso/shop.py:1: _ is not given a message" in said
    assert (template.read_bytes() if template.exists() else None) == before


def test_a_language_is_begun_in_the_package(package: Path, run: Run) -> None:
    said = run("add", "sr_latn", "--shipped")
    file = package / "translations" / "sr_Latn" / "LC_MESSAGES" / "messages.po"
    assert said.startswith("sr-Latn: ") and said.endswith(f" messages to translate in {file}\n")
    document = Document.parse(file.read_bytes())
    assert document.get_header("Language") == "sr_Latn"
    assert {len(entry.forms) for entry in document.entries if entry.plural} == {3}


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("add", "xx"), "“xx” is no locale that CLDR knows"),
        (("add", "../de"), "is no locale"),
        (("add", "en"), "en is the language of the code itself"),
        (("add", "qps"), "qps is made by “verso translations pseudo”"),
        (("update", "xx"), "has no catalog of “xx”: “verso translations add” begins one"),
        (("update", "--instance", "de"), "has no catalog of “de”"),
    ],
)
def test_a_mistake_names_its_fix(
    translations: Translations, words: tuple[str, ...], answer: str
) -> None:
    status, said = translations(*words)
    assert status == 1 and answer in said


def test_an_instance_gets_a_language_of_its_own(translations: Translations, folder: Path) -> None:
    status, said = translations("add", "pt-ao")
    assert status == 0 and said.startswith("pt-AO: ")
    file = folder / "pt_AO" / "messages.po"
    before = file.read_bytes()
    assert translations("add", "pt_AO") == (1, f"Error: pt-AO has a catalog already: {file}.\n")
    status, said = translations("update", "--instance")
    assert said.startswith("pt-AO: ") and said.endswith(" · unchanged\n")
    assert file.read_bytes() == before


def test_an_overlay_of_a_shipped_language_stays_small(
    translations: Translations, folder: Path
) -> None:
    file = folder / "de" / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    file.write_text(
        'msgid "Search"\nmsgstr "Stöbern"\n\n#: verso/a.py\nmsgid "Wordy xyzzy"\nmsgstr "Weg"\n'
    )
    assert translations("update", "--instance") == (0, "de: 1 message · 1 obsolete\n")
    assert [entry.msgid for entry in Document.parse(file.read_bytes()).entries] == [
        *("Search", "Wordy xyzzy")
    ]


def test_a_message_that_only_the_site_has_survives_an_update(
    translations: Translations, folder: Path
) -> None:
    file = folder / "de" / "messages.po"
    file.parent.mkdir(parents=True)
    own = 'msgid "Add to basket"\nmsgstr "In den Korb"\n'
    file.write_text(f'msgid "Search"\nmsgstr "Stöbern"\n\n{own}', encoding="utf-8")
    said = "de: 1 message · 1 of the site's own\n"
    assert translations("update", "--instance") == (0, said)
    text = file.read_text("utf-8")
    assert text.endswith(f"\n{own}") and "fuzzy" not in text and "passkey" not in text


def test_an_update_does_not_make_an_unfinished_file_look_finished(
    app: Flask, translations: Translations, folder: Path
) -> None:
    german = (PACKAGE / "translations" / "de" / "LC_MESSAGES" / "messages.po").read_bytes()
    file = PoFile(folder / "is")
    file.write_bytes(german)
    assert "Search" in app.extensions["verso.catalogs"].get("is").messages
    cut = german[: german.index(b"\n\n#:", len(german) // 2)] + b"\n"
    file.write_bytes(cut)
    status, said = translations("update", "--instance", "is")
    assert status == 1 and "so the file counts as unfinished" in said
    assert file.path.read_bytes() == cut


def test_pseudo_locales_are_made_and_served(make_app: MakeApp, tmp_path: Path) -> None:
    app = make_app(LOCALES=["en", "qps", "qps-Arab"])
    done = app.test_cli_runner().invoke(args=["translations", "pseudo"])
    assert done.exit_code == 0 and done.output.startswith("qps: ")
    assert " · unchanged" not in done.output
    again = app.test_cli_runner().invoke(args=["translations", "pseudo"])
    assert again.output.count(" · unchanged") == 2
    assert "⟦Šééååŕçĥ⟧" in app.test_client().get("/qps/search").text
    assert 'dir="rtl"' in app.test_client().get("/qps-Arab/search").text


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_file_that_cannot_be_written_is_named(translations: Translations, folder: Path) -> None:
    translations("add", "cs")
    file = folder / "cs" / "messages.po"
    file.write_text('msgid "Search"\nmsgstr ""\n')
    file.parent.chmod(0o500)
    status, said = translations("update", "--instance")
    file.parent.chmod(0o700)
    assert status == 1 and f"{file} " in said and "cannot be read or written" in said


def test_a_folder_in_the_way_is_named(translations: Translations, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "cs").write_text("a file")
    status, said = translations("add", "cs")
    assert status == 1 and f"({folder / 'cs'})" in said and "cannot be read or written" in said
