"""Where a message stands: the most specific file decides, and what is refused says what is shown."""

import os
import time
from pathlib import Path

import pytest

from tests.i18n.files import HEADER, LONG_AGO, live
from tests.i18n.languages import Languages
from verso.i18n.overview import Overview
from verso.i18n.standing import Standing

FUZZY = '#, fuzzy\nmsgid "Search"\nmsgstr "Suchen?"\n'


@pytest.fixture
def languages(tmp_path: Path) -> Languages:
    return Languages(tmp_path)


def standing(overview: Overview, key: str, locale: str = "de") -> Standing:
    return overview.standings(locale).of(key)


def test_done_fuzzy_missing_and_refused_are_told_apart(languages: Languages) -> None:
    file = languages.ship("de")
    file.write({"Hello %(name)s": "Hallo", ("%(num)s hit", "%(num)s hits"): ("x", "%(num)s y")})
    text = file.path.read_text("utf-8") + "\n" + FUZZY + '\nmsgid "Feed"\nmsgstr ""\n'
    file.write_bytes(text.encode())
    overview = languages.overview()
    found = {key: standing(overview, key) for key in ("Hello %(name)s", "Search", "Feed", "Blog")}
    assert [one.stand for one in found.values()] == ["refused", "fuzzy", "missing", "missing"]
    assert overview.place_of(found["Search"]) == "verso/translations/de/messages.po:14"
    assert overview.place_of(found["Blog"]) == ""
    assert standing(overview, "%(num)s hit").stand == "done"


def test_an_overlay_decides_before_what_it_overlays(languages: Languages) -> None:
    languages.ship("de").write({"Search": "Suche", "Blog": "Blog"})
    languages.overlay("de").write({"Search": "Suche %(x)s", "Blog": "Tagebuch"})
    overview = languages.overview()
    assert standing(overview, "Search").stand == "refused"
    place = overview.place_of(standing(overview, "Blog"))
    assert place == "instance/translations/de/messages.po:8"


def test_what_the_overlay_leaves_open_is_done_by_the_shipped_file(languages: Languages) -> None:
    languages.ship("de").write({"Search": "Suche"})
    languages.overlay("de").write_bytes(f"{HEADER}\n{FUZZY}".encode())
    assert standing(languages.overview(), "Search").stand == "done"


def test_a_regional_locale_is_done_where_its_language_is(languages: Languages) -> None:
    languages.ship("pt").write({"Search": "Procurar"})
    languages.ship("pt_BR").write({"Blog": "Blog"})
    found = standing(languages.overview(), "Search", "pt-BR")
    assert found.stand == "done" and found.file is not None and found.file.locale == "pt"


def test_the_source_and_pseudo_locales_miss_nothing(languages: Languages) -> None:
    languages.overlay("en").write({"Blog": "Journal"})
    languages.overlay("qps").write({"Blog": "⟦Ɓļöĝ⟧"})
    for locale in ("en", "qps"):
        assert standing(languages.overview(), "Search", locale).stand == "done"


def test_a_message_that_was_good_once_is_refused_and_kept(languages: Languages) -> None:
    file = languages.ship("de")
    file.write({"Search": "Suche", "Blog": "Blog", "Feed": "Feed"})
    overview = languages.overview()
    assert standing(overview, "Search").stand == "done"
    broken = file.path.read_text("utf-8").replace('"Suche"', '"Su').replace('"Feed"\n\n', "")
    file.write_bytes(broken.replace('msgstr "Blog"', 'msgstr "%(x)s"').encode())
    then = time.time() - LONG_AGO / 2
    os.utime(file.path, (then, then))
    live(lambda: standing(overview, "Search").stand == "refused")
    found = standing(overview, "Search")
    assert found.stand == "refused" and found.is_kept and found.line == 6
    assert standing(overview, "Blog").is_kept
    assert standing(overview, "Feed").stand == "done"
