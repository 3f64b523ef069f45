"""Catalogs: merged along a chain, overlaid by an instance, live within a moment, of one piece."""

import os
import shutil
import time
from pathlib import Path

import pytest

from tests.i18n.files import PoFile, Texts, catalog, live
from verso.app import TRANSLATIONS
from verso.i18n.catalogs import Catalog, Catalogs, fallback_chain
from verso.i18n.watched import GONE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "translations"


@pytest.fixture
def catalogs(folder: Path, tmp_path: Path) -> Catalogs:
    return Catalogs([folder], tmp_path / "last-good")


def said(catalog: Catalog, key: str) -> str | None:
    found = catalog.messages.get(key)
    return found.forms[0] if found else None


def test_a_locale_falls_back_along_its_chain_but_never_across_scripts() -> None:
    assert fallback_chain("pt-BR") == ["pt-BR", "pt", "en"]
    assert fallback_chain("zh-Hant-TW") == ["zh-Hant-TW", "zh-Hant", "en"]
    assert fallback_chain("zh-TW") == ["zh-TW", "zh-Hant", "en"]
    assert fallback_chain("zh") == ["zh", "en"]
    assert fallback_chain("en") == ["en"]


def test_a_message_comes_from_the_nearest_locale_of_the_chain(
    folder: Path, catalogs: Catalogs
) -> None:
    PoFile(folder / "pt" / "LC_MESSAGES").write({"Search": "Procurar", "Blog": "Blogue"})
    PoFile(folder / "pt-BR").write({"Search": "Buscar"})
    PoFile(folder / "en").write({"Archive": "Back issues"})
    catalog = catalogs.get("pt-BR")
    assert [said(catalog, key) for key in ("Search", "Blog", "Archive")] == [
        "Buscar",
        "Blogue",
        "Back issues",
    ]
    assert said(catalogs.get("en"), "Archive") == "Back issues"


def test_an_inherited_entry_keeps_the_plural_rule_of_its_own_locale(
    folder: Path, catalogs: Catalogs
) -> None:
    PoFile(folder / "pt").write({("%(num)s page", "%(num)s pages"): ("pt one", "pt other")})
    PoFile(folder / "pt-PT").write({"Search": "Procurar"})
    message = catalogs.get("pt-PT").messages["%(num)s page"]
    # Portuguese counts nothing as one; European Portuguese, whose entry this is not, does not.
    assert message.form(0) == "pt one"
    assert message.locale == "pt"


@pytest.mark.parametrize("name", ["pt_BR", "pt-BR"])
def test_a_folder_may_be_spelled_either_way(name: str, folder: Path, catalogs: Catalogs) -> None:
    PoFile(folder / name).write({"Search": "Buscar"})
    assert "pt-BR" in catalogs.locales()
    assert said(catalogs.get("pt-BR"), "Search") == "Buscar"


def test_an_instance_overlays_single_messages(tmp_path: Path) -> None:
    PoFile(tmp_path / "own" / "de").write({"Search": "Stöbern"})
    catalog = Catalogs([TRANSLATIONS, tmp_path / "own"], tmp_path / "last-good").get("de")
    assert said(catalog, "Search") == "Stöbern"
    assert said(catalog, "Blog") == "Blog"


def test_a_locale_that_arrives_while_the_site_runs_is_offered(
    folder: Path, catalogs: Catalogs
) -> None:
    assert catalogs.locales() == ("en",)
    PoFile(folder / "is").write({"Search": "Leita"})
    live(lambda: "is" in catalogs.locales())
    assert said(catalogs.get("is"), "Search") == "Leita"


def test_a_shipped_catalog_loses_what_the_code_asks_for_no_more_and_a_sites_own_does_not(
    folder: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    many: Texts = {f"message {number}": "x" for number in range(100)}
    template = folder / "messages.pot"
    files = PoFile(folder / "is"), PoFile(own / "fo")
    for file in files:
        file.write(many)
    before = Catalogs([folder, own], tmp_path / "last-good", template)
    assert len(before.get("is").messages) == len(before.get("fo").messages) == 100
    template.write_text(catalog({"message 1": ""}), encoding="utf-8")
    for file in files:
        file.write({"message 1": "x"})
    upgraded = Catalogs([folder, own], tmp_path / "last-good", template)
    assert len(upgraded.get("is").messages) == 1
    assert len(upgraded.get("fo").messages) == 100


def test_folders_that_are_no_locale_are_left_alone(folder: Path, catalogs: Catalogs) -> None:
    for name in ("templates", "xx-YY", "de", ".git", "pt_br"):
        (folder / name).mkdir(parents=True)
    assert catalogs.locales() == ("en",)


def test_a_catalog_never_changes_and_a_newer_one_takes_its_place(
    folder: Path, catalogs: Catalogs
) -> None:
    file = PoFile(folder / "de")
    file.write({"Search": "Suche", "Blog": "Blog"})
    before = catalogs.get("de")
    file.write({"Search": "Suchen", "Blog": "Tagebuch"})
    live(lambda: said(catalogs.get("de"), "Search") == "Suchen")
    assert [said(before, key) for key in ("Search", "Blog")] == ["Suche", "Blog"]
    assert said(catalogs.get("de"), "Blog") == "Tagebuch"


def test_the_version_is_that_of_the_words_and_not_of_the_file(
    folder: Path, tmp_path: Path, catalogs: Catalogs
) -> None:
    file = PoFile(folder / "de")
    file.write({"Search": "Suche"})
    first = catalogs.get("de").version
    assert Catalogs([folder], tmp_path / "other").get("de").version == first
    file.write({"Search": "Suche"}, comment="a comment")
    live(lambda: catalogs.files("de")[0].state is not None)
    assert catalogs.get("de").version == first
    file.write({"Search": "Suchen"})
    live(lambda: catalogs.get("de").version != first)


def test_a_locale_whose_file_is_away_for_a_moment_stays(folder: Path, catalogs: Catalogs) -> None:
    file = PoFile(folder / "is")
    file.write({"Search": "Leita"})
    live(lambda: "is" in catalogs.locales())
    file.path.rename(file.path.with_suffix(".po~"))
    time.sleep(0.5)
    assert "is" in catalogs.locales()
    live(lambda: "is" not in catalogs.locales(), at_most=8)


class Clock:
    """The time as the catalogs see it: it goes on when a test says so."""

    def __init__(self) -> None:
        self.now = time.time()

    def time(self) -> float:
        return self.now

    monotonic = time


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("verso.i18n.watched.time", clock)
    monkeypatch.setattr("verso.i18n.catalogs.monotonic", clock.monotonic)
    return clock


def test_workers_that_were_idle_for_long_miss_a_file_for_as_long_as_a_busy_one(
    folder: Path, tmp_path: Path, clock: Clock
) -> None:
    file = PoFile(folder / "is")
    file.write({"Search": "Leita"})
    idle, idler = (Catalogs([folder], tmp_path / "last-good") for _ in range(2))
    assert idle.locales() == idler.locales() == ("en", "is")
    assert idle.get("is").messages.keys() == idler.get("is").messages.keys() == {"Search"}
    clock.now += 3600
    file.path.rename(file.path.with_suffix(".po~"))
    for worker in (idle, idler):
        assert worker.locales() == ("en", "is")
        assert said(worker.get("is"), "Search") == "Leita"
        clock.now += GONE - 0.1
        assert worker.locales() == ("en", "is")
        clock.now += 0.3
        assert worker.locales() == ("en",)


def test_a_second_short_absence_is_not_the_end_of_the_first(
    folder: Path, catalogs: Catalogs, clock: Clock
) -> None:
    file = PoFile(folder / "is")
    file.write({"Search": "Leita"})
    assert "is" in catalogs.locales()
    away = file.path.with_suffix(".po~")
    file.path.rename(away)
    clock.now += 1
    assert "is" in catalogs.locales()
    # Between two visits the file came back, and is being saved again.
    away.rename(file.path)
    file.path.rename(away)
    clock.now += 600
    os.utime(file.path.parent, (clock.now, clock.now))
    assert "is" in catalogs.locales()


@pytest.mark.parametrize("place", ["is", "is/LC_MESSAGES"])
def test_a_worker_that_starts_while_a_file_is_away_has_its_language(
    place: str, folder: Path, tmp_path: Path, clock: Clock
) -> None:
    file = PoFile(folder / place)
    file.write({"Search": "Leita"})
    Catalogs([folder], tmp_path / "last-good").get("is")
    file.path.rename(file.path.with_suffix(".po~"))
    os.utime(file.path.parent, (clock.now, clock.now))
    started = Catalogs([folder], tmp_path / "last-good")
    assert started.locales() == ("en", "is")
    assert said(started.get("is"), "Search") == "Leita"


def test_a_language_that_was_deleted_while_no_process_ran_is_not_there(
    folder: Path, tmp_path: Path, clock: Clock
) -> None:
    file = PoFile(folder / "is")
    file.write({"Search": "Leita"})
    Catalogs([folder], tmp_path / "last-good").get("is")
    shutil.rmtree(file.path.parent)
    clock.now += GONE + 1
    started = Catalogs([folder], tmp_path / "last-good")
    assert started.locales() == ("en",)
    assert started.get("is").messages == {}


def test_a_folder_that_cannot_be_looked_into_breaks_nothing(
    folder: Path, catalogs: Catalogs
) -> None:
    folder.mkdir()
    # A name that is too long for the file system, like a folder that is closed to us, is an OSError.
    (folder / "de").symlink_to("x" * 255 + "/" + "y" * 255)
    (folder / "fr").symlink_to("fr")
    assert catalogs.locales()[0] == "en"
    assert catalogs.get("fr").messages == {}


def test_whoever_looks_first_after_a_save_sees_the_new_words(
    folder: Path, catalogs: Catalogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verso.i18n.watched.READ_AT_ONCE", 30.0)
    file = PoFile(folder / "de")
    file.write({"Search": "Suche"})
    assert said(catalogs.get("de"), "Search") == "Suche"
    file.write({"Search": "Suchen"})
    time.sleep(0.5)
    assert said(catalogs.get("de"), "Search") == "Suchen"
