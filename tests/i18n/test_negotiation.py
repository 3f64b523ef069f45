"""Negotiation by CLDR: every row that common libraries get wrong, and bounds on hostile headers."""

import pytest

from verso.i18n.negotiation import negotiate


@pytest.mark.parametrize(
    ("header", "offered", "wanted"),
    [
        ("fr-CH, en;q=0.9", "de,fr,en", "fr"),
        ("fr-FR, en-US;q=.7, en;q=.3", "de,fr,en", "fr"),
        ("en-GB", "en-US,fr", "en-US"),
        ("pt-PT,pt;q=.9,en;q=.5", "en,pt-BR", "pt-BR"),
        ("pt", "en,pt-BR,pt-PT", "pt-BR"),
        ("pt-AO", "en,pt-BR,pt-PT", "pt-PT"),
        ("zh-TW,zh;q=.9,en;q=.8", "en,zh-Hans,zh-Hant", "zh-Hant"),
        ("zh-Hant-TW", "en,zh,zh-Hant", "zh-Hant"),
        ("zh-HK", "en,zh-CN,zh-TW", "zh-TW"),
        ("zh", "en,zh-Hant,zh-Hans", "zh-Hans"),
        ("zh-TW", "en,zh", "en"),
        ("es-MX", "en,es-ES,es-419", "es-419"),
        ("no", "en,nb", "nb"),
        ("iw", "en,he", "he"),
        ("in", "en,id", "id"),
        ("tl", "en,fil", "fil"),
        ("fra", "en,fr", "fr"),
        ("yue-HK", "en,zh-Hant", "zh-Hant"),
        ("gsw-CH", "en,de", "de"),
        ("fr;q=0", "fr,en", "en"),
        ("fr;q=0,*", "fr,en", "en"),
        ("en;q=0,*;q=.5", "en,fr", "fr"),
        ("en-US;q=0, en", "en-US,fr", "fr"),
        ("*", "en,fr", "en"),
        ("fr;q=.5,en;q=.5", "en,fr", "fr"),
        ("fr;q=1.5, en", "en,fr", "fr"),
        ("FR-fr", "en,fr", "fr"),
        ("fr_FR", "en,fr", "fr"),
        ("de-DE-u-co-phonebk", "en,de", "de"),
        ("sr-Latn", "en,sr", "en"),
        ("", "en,fr", "en"),
        ("tlh, xx-YY", "en,fr", "en"),
        (",;=q;;q=x,\x00", "en,fr", "en"),
        ("en;q=0, fr;q=0", "en,fr", "en"),
        ("fr;q=nan, de", "en,fr,de", "de"),
    ],
)
def test_the_reader_gets_the_language_that_suits_best(
    header: str, offered: str, wanted: str
) -> None:
    locales = tuple(offered.split(","))
    default = "en" if "en" in locales else locales[0]
    assert negotiate(header, locales, default) == wanted


def test_only_fifty_ranges_are_read() -> None:
    header = ",".join(["xx"] * 50 + ["fr"])
    assert negotiate(header, ("en", "fr"), "en") == "en"
    assert negotiate("fr," + "x" * 1_000_000, ("en", "fr"), "en") == "fr"
