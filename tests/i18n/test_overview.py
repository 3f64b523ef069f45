"""The overview: how complete each language is, by area too, and what is known of its files."""

from pathlib import Path

import pytest

from tests.i18n.languages import Languages
from verso.i18n.overview import Counts
from verso.i18n.template import Area

HITS = ("%(num)s hit", "%(num)s hits")


@pytest.fixture
def languages(tmp_path: Path) -> Languages:
    return Languages(tmp_path)


def test_messages_are_counted_in_all_and_in_each_area(languages: Languages) -> None:
    languages.ship("de").write({"Search": "Suche", "Hello %(name)s": "Hallo", HITS: ("x", "y")})
    coverage = languages.overview("en", "de").coverage("de")
    assert coverage.counts == Counts(done=2, missing=1, refused=1)
    assert coverage.counts.percent == 50 and coverage.is_offered
    assert coverage.areas[Area("blog")] == Counts(done=1, missing=1)
    assert coverage.areas[Area("admin")] == Counts(refused=1)
    assert coverage.areas[Area("commands")] == Counts(refused=1)
    assert Area("site") not in coverage.areas


def test_only_a_complete_language_has_a_hundred_percent() -> None:
    assert Counts(done=999, missing=1).percent == 99
    assert Counts(done=3).percent == Counts().percent == 100


def test_every_locale_with_a_catalog_is_listed_pseudo_ones_last(languages: Languages) -> None:
    languages.overlay("qps").write({"Search": "⟦Šéåŕçĥ⟧"})
    languages.overlay("qps_Arab").write({"Search": "⟦س⟧"})
    languages.ship("zh_Hant").write({"Search": "搜尋"})
    languages.ship("de").write({"Search": "Suche"})
    overview = languages.overview("en", "de")
    assert overview.locales() == ["en", "de", "zh-Hant", "qps", "qps-Arab"]
    offered = {locale: overview.coverage(locale).is_offered for locale in overview.locales()}
    assert [locale for locale, is_offered in offered.items() if is_offered] == ["en", "de"]
    for locale in ("en", "qps", "qps-Arab"):
        assert overview.coverage(locale).counts == Counts(done=4)


def test_files_are_named_from_the_package_and_the_instance(languages: Languages) -> None:
    languages.ship("pt").write({"Search": "Procurar"})
    languages.ship("pt_BR").write({"Search": "Buscar", "Hello %(name)s": "%(x)s"})
    languages.overlay("pt_BR").write({"Search": " Busca"})
    languages.overlay("en").write({"Search": "Find"})
    files = languages.overview().files("pt-BR")
    names = [file.name for file in files]
    assert names == [f"{at}/translations/pt_BR/messages.po" for at in ("verso", "instance")]
    assert [len(file.doubts) for file in files] == [0, 1]
    assert [(file.messages, file.refused) for file in files] == [(1, 1), (1, 0)]
    assert files[0].size == len(languages.ship("pt_BR").path.read_bytes())
    assert files[0].findings[0].code == "unknown-placeholder"
    assert files[0].version != files[1].version and len(files[0].version) == 16
    [english] = languages.overview().files("en")
    assert english.name == "instance/translations/en/messages.po"


def test_two_processes_give_a_file_the_same_version(languages: Languages) -> None:
    languages.ship("de").write({"Search": "Suche"})
    one, other = (languages.overview().files("de")[0].version for _ in range(2))
    assert one == other


def test_people_edit_the_overlay_that_is_there_or_would_be(languages: Languages) -> None:
    languages.ship("pt_BR").write({"Search": "Buscar"})
    path = languages.overview().path_to_edit("pt-BR")
    assert path == languages.own / "pt_BR" / "messages.po"
    languages.overlay("pt_BR/LC_MESSAGES").write({"Search": "Busca"})
    path = languages.overview().path_to_edit("pt-BR")
    assert path == languages.own / "pt_BR" / "LC_MESSAGES" / "messages.po"
