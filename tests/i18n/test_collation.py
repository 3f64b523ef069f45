"""Sorting: each language has its own alphabet, and nobody's accents sort behind z."""

import pytest

from verso.i18n.collation import in_order, sort_key


@pytest.mark.parametrize(
    ("locale", "wanted"),
    [
        ("en", ["10 years", "apple", "Banana", "café", "Cafés", "zebra"]),
        ("de", ["Apfel", "Äpfel", "Apfelmus", "Straße", "Strassen", "Zug"]),
        ("fr", ["cote", "coté", "côte", "côté", "œuvre", "ouvert"]),
        ("pl", ["lad", "lód", "ład", "łódź", "zad", "źle", "żaba"]),
        ("es", ["nube", "nutria", "ñandú", "oso"]),
        ("sv", ["zebra", "ål", "ängel", "öga"]),
        ("ru", ["ёж", "Елена", "жук", "Zebra"]),
        ("ar", ["أحمد", "باب", "تفاح", "Zebra"]),
        ("he", ["אבא", "בית", "גן", "Zebra"]),
        ("zh-Hans", ["北京", "上海", "中国", "Zebra"]),
        ("zh-Hant", ["一", "人", "中國", "灣", "Zebra"]),
        ("ja", ["あか", "アキ", "いぬ", "ねこ", "Zebra"]),
    ],
)
def test_names_stand_where_readers_look_for_them(locale: str, wanted: list[str]) -> None:
    assert in_order(reversed(wanted), locale, str) == wanted


def test_any_text_has_its_place() -> None:
    odd = ["", " ", "\x00", "\ud800", "🙂", "…", "%", "\u0301", "𠀀", "ﷺ"]
    for locale in ("en", "ja", "zh-Hant", "xx"):
        assert sorted(in_order(odd, locale, str)) == sorted(odd)
    assert sort_key("a", "en") < sort_key("b", "en")
