"""`verso translations check` and `status`: clickable lines, a summary, JSON, and the exit status."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import MakeApp
from tests.i18n.files import HEADER, PoFile, Texts, entry
from verso.app import TRANSLATIONS

Run = Callable[..., tuple[int, str]]
SHIPPED = len([folder for folder in TRANSLATIONS.iterdir() if folder.is_dir()])


@pytest.fixture
def overlay(tmp_path: Path) -> Callable[[str], PoFile]:
    return lambda folder: PoFile(tmp_path / "instance" / "translations" / folder)


@pytest.fixture
def translations(make_app: MakeApp) -> Run:
    """Runs on a site that starts with the files that are there by then."""

    def run(*words: str, **environ: str) -> tuple[int, str]:
        spoken = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "", **environ}
        app = make_app(LOCALES=["en", "de"])
        done = app.test_cli_runner().invoke(args=["translations", *words], env=spoken)
        return done.exit_code, done.output

    return run


@pytest.fixture
def broken(overlay: Callable[[str], PoFile]) -> PoFile:
    """An overlay with one error, one warning and one note."""
    file = overlay("de")
    file.write({"Search": "Suche %(x)s", "Feed": "Feed ", "Saved.": "Gesichert"})
    return file


def test_what_is_shipped_has_no_error(translations: Run) -> None:
    status, said = translations("check", "--quiet")
    assert (status, said) == (0, "")
    status, said = translations("check")
    assert status == 0 and said.splitlines()[-1].startswith(f"{SHIPPED} locales, ")


def test_a_finding_is_a_clickable_line_and_an_error_is_exit_1(
    translations: Run, broken: PoFile
) -> None:
    status, said = translations("check", str(broken.path))
    assert status == 1
    assert said.splitlines() == [
        f"{broken.path}:6:15: error: %(x)s is not in the original. [unknown-placeholder]",
        f"{broken.path}:9:1: warning: The spaces at the end are not those of the original."
        " [space-end]",
        f"{broken.path}:12:1: note: The original ends in “.”, this does not. [end-punctuation]",
        "1 locale, 3 messages, 1 error, 1 warning, 1 note",
    ]
    assert translations("check", "--quiet", str(broken.path))[1].count("\n") == 1


def test_a_locale_means_its_shipped_file_and_the_sites_own(
    translations: Run, broken: PoFile
) -> None:
    status, said = translations("check", "de")
    assert status == 1 and str(broken.path) in said and said.splitlines()[-1].startswith("1 locale")
    assert translations("check", "fr")[0] == 0


def test_warnings_alone_are_no_failure(translations: Run, overlay: Callable[[str], PoFile]) -> None:
    overlay("fr").write({"Search": "Chercher "})
    status, said = translations("check", "fr")
    assert status == 0 and "warning:" in said and "0 errors, 1 warning" in said


def test_json_has_every_finding_with_its_sentence(translations: Run, broken: PoFile) -> None:
    status, said = translations("check", "--json", str(broken.path))
    assert status == 1
    assert json.loads(said)[0] == {
        "file": str(broken.path),
        "line": 6,
        "column": 15,
        "level": "error",
        "code": "unknown-placeholder",
        "msgid": "Search",
        "context": None,
        "message": "%(x)s is not in the original.",
    }


def test_a_file_says_its_language_by_name_folder_or_header(
    translations: Run, tmp_path: Path
) -> None:
    plural = entry(("%(num)s hit", "%(num)s hits"), ("1", "%(num)s x", "%(num)s y")).encode()
    header = HEADER.replace('"Content', '"Language: pl\\n"\n"Content').encode()
    files = {
        tmp_path / "pl.po": HEADER.encode(),
        tmp_path / "pl" / "LC_MESSAGES" / "verso.po": HEADER.encode(),
        tmp_path / "pl" / "verso.po": HEADER.encode(),
        tmp_path / "verso.po": header,
    }
    for path, beginning in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(beginning + b"\n" + plural)
        assert translations("check", "--quiet", str(path)) == (0, ""), path
    unknown = tmp_path / "unknown.po"
    unknown.write_bytes(HEADER.encode() + plural)
    status, said = translations("check", str(unknown))
    assert status == 2 and "write “Language: pt_BR” into its header" in said


def test_what_is_neither_file_nor_language_is_refused(translations: Run) -> None:
    for words in (("check", "xx"), ("check", "nowhere/de.po"), ("status", "it")):
        status, said = translations(*words)
        assert status == 2 and "neither a file nor a language" in said and "pt-BR" in said


MANY: Texts = {f"message {number}": f"messaggio {number}" for number in range(100)}
FEW: Texts = dict(list(MANY.items())[:50])


@pytest.fixture
def unfinished(translations: Run, overlay: Callable[[str], PoFile]) -> PoFile:
    """A catalog that lost half of what the site serves of it."""
    file = overlay("it")
    file.write(MANY)
    assert translations("status", "it")[0] == 0
    file.write(FEW)
    return file


def test_a_file_that_lost_much_fails_the_check_and_says_the_way_out(
    translations: Run, unfinished: PoFile
) -> None:
    status, said = translations("check", "--quiet", "it")
    assert status == 1 and said.count("\n") == 1
    assert "50 of the 100 messages that are shown are missing" in said and "[shrunk]" in said
    assert "“X-Verso-Messages: 50”" in said and "verso translations accept" in said
    # The file is the same whether its path or its language names it.
    assert translations("check", "--quiet", str(unfinished.path)) == (status, said)


def test_the_owner_accepts_what_a_file_lost(translations: Run, unfinished: PoFile) -> None:
    before = unfinished.path.read_bytes()
    status, said = translations("accept", "it")
    assert status == 0 and said.startswith("it: 50 messages go with what ")
    assert translations("check", "--quiet", "it") == (0, "")
    assert translations("accept", "it")[1].startswith("it: 0 messages go")
    assert unfinished.path.read_bytes() == before


def test_the_header_accepts_what_the_file_lost(translations: Run, unfinished: PoFile) -> None:
    text = unfinished.path.read_text("utf-8")
    declared = text.replace('"Content-Type', '"X-Verso-Messages: 50\\n"\n"Content-Type')
    unfinished.write_bytes(declared.encode())
    assert translations("check", "--quiet", "it") == (0, "")


def test_a_file_with_mistakes_is_not_accepted(translations: Run, unfinished: PoFile) -> None:
    unfinished.write_bytes(b'msgid "message 1"\nmsgstr "mess')
    status, said = translations("accept", "it")
    assert status == 1 and "The closing quote is missing on this line." in said
    status, said = translations("accept", "xx")
    assert status == 2 and "neither a file nor a language" in said


def test_status_shows_each_language_on_a_line(
    translations: Run, overlay: Callable[[str], PoFile]
) -> None:
    overlay("it").write({"Search": "Cerca", "Feed": "%(x)s"})
    overlay("qps").write({"Search": "⟦Šéåŕçĥ⟧"})
    status, said = translations("status")
    head, *lines = said.splitlines()
    assert status == 0 and len(lines) == SHIPPED + 3
    assert head.split() == ["done", "fuzzy", "missing", "refused"]
    rows = {line.split()[0]: line for line in lines}
    assert rows["en"].split()[2] == rows["qps"].split()[2] == "100%"
    assert rows["it"].split()[2:4] == ["0%", "1"]
    assert rows["it"].split()[6] == "1" and rows["it"].endswith("not offered by the site")
    assert list(rows)[-1] == "qps" and list(rows)[0] == "en"
    assert not rows["de"].endswith("site")
    assert len({line.index("%") for line in lines}) == 1


def test_status_as_json_has_the_areas(translations: Run) -> None:
    status, said = translations("status", "--json", "de", "pt_BR")
    german, brazilian = json.loads(said)
    assert status == 0 and brazilian["locale"] == "pt-BR" and not brazilian["offered"]
    assert german["offered"] and german["areas"]["blog"]["percent"] == 100
    assert german["done"] + german["missing"] > 400 and german["refused"] == german["kept"] == 0


def test_they_speak_the_language_of_the_terminal(
    translations: Run, overlay: Callable[[str], PoFile]
) -> None:
    overlay("de").write({"done": "fertig", "fuzzy": "unsicher"})
    assert "fertig  unsicher" in translations("status", "de", LANG="de_CH.UTF-8")[1]
    assert "done" in translations("status", "de", LC_ALL="it_IT", LANG="de_DE")[1]


def test_a_template_that_is_missing_is_named_with_the_way_out(app: Flask, tmp_path: Path) -> None:
    template = app.extensions["verso.template"]
    template.path = tmp_path / "messages.pot"
    done = app.test_cli_runner().invoke(args=["translations", "status"], env={"LC_ALL": "C"})
    assert done.exit_code == 1
    assert "messages.pot cannot be read" in done.output and "translations extract" in done.output
