"""The shipped catalogs: complete, with equal placeholders, natural plurals, and read from `.po`."""

import re
from pathlib import Path

import pytest

from scripts.catalogs import extracted
from verso.app import TRANSLATIONS
from verso.i18n import po
from verso.i18n.catalogs import Catalogs, fallback_chain, plural_rule, read_catalog

SHIPPED = ("ar", "de", "fr")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@pytest.fixture(scope="module")
def messages() -> set[tuple[str | None, str]]:
    return {
        (message.context, message.id[0] if isinstance(message.id, tuple) else str(message.id))
        for message in extracted()
        if message.id
    }


@pytest.mark.parametrize("locale", SHIPPED)
def test_every_message_of_the_code_is_translated_and_no_other(
    locale: str, messages: set[tuple[str | None, str]]
) -> None:
    file = TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"
    catalog = read_catalog(file, locale)
    assert sorted(map(str, messages - set(catalog))) == []
    listed = {(entry.context, entry.msgid) for entry in po.read(file.read_text("utf-8"))}
    assert sorted(map(str, listed - messages)) == []


@pytest.mark.parametrize("locale", SHIPPED)
def test_placeholders_are_those_of_the_message(locale: str) -> None:
    file = TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"
    for entry in po.read(file.read_text("utf-8")):
        wanted = set(PLACEHOLDER.findall(entry.plural or entry.msgid))
        for form in entry.forms.values():
            assert set(PLACEHOLDER.findall(form)) <= wanted, entry.msgid
            assert entry.plural or set(PLACEHOLDER.findall(form)) == wanted, entry.msgid
            assert "<" not in form and "%%" not in form, entry.msgid


@pytest.mark.parametrize(
    ("locale", "forms"),
    [
        ("en", [1, 0, 1, 1]),
        ("fr", [0, 0, 1, 1]),
        ("ar", [0, 1, 2, 4]),
        ("pl", [2, 0, 1, 2]),
        ("ja", [0, 0, 0, 0]),
    ],
)
def test_plural_rules_are_known_and_never_taken_from_a_file(locale: str, forms: list[int]) -> None:
    assert [plural_rule(locale)(number) for number in (0, 1, 2, 11)] == forms


def test_a_locale_falls_back_along_its_chain_but_never_across_scripts() -> None:
    assert fallback_chain("pt-BR") == ["pt-BR", "pt"]
    assert fallback_chain("zh-Hant-TW") == ["zh-Hant-TW", "zh-Hant"]
    assert fallback_chain("zh-TW") == ["zh-TW"]


def test_an_instance_overlays_single_messages(tmp_path: Path) -> None:
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    text = 'msgid "Search"\nmsgstr "Stöbern"\n\nmsgid "Blog"\nmsgstr "kaputt\n'
    (folder / "messages.po").write_text(text, "utf-8")
    catalog = Catalogs([TRANSLATIONS, tmp_path]).get("de")
    assert catalog[(None, "Search")].forms == ("Stöbern",)
    assert catalog[(None, "Blog")].forms == ("Blog",)
    assert "de" in Catalogs([tmp_path]).locales()


@pytest.mark.parametrize(
    "text",
    [
        'msgid "a"\nmsgstr "b',
        'msgid "a"\nmsgstr "b\\"',
        "<<<<<<< ours",
        'msgid "a"\n#, fuzzy\nmsgstr "b"',
        'msgstr "b"',
        '"loose"',
        'msgid "a"\nmsgid "a"\nmsgstr ""',
        "\x00\ufeff\r",
    ],
)
def test_broken_entries_are_left_out_and_their_neighbours_stay(text: str, tmp_path: Path) -> None:
    good = 'msgid "before"\nmsgstr "vor"\n\n{}\n\nmsgid "after"\nmsgstr "nach"\n'
    file = tmp_path / "messages.po"
    file.write_text(good.format(text), "utf-8")
    catalog = read_catalog(file, "de")
    assert catalog[(None, "before")].forms == ("vor",)
    assert catalog[(None, "after")].forms == ("nach",)
    assert (None, "a") not in catalog
