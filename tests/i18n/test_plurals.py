"""Plural rules: CLDR's, for every language shipped, however many forms a file has."""

import pytest

from verso.i18n.plurals import examples, form_count, plural_rule


@pytest.mark.parametrize(
    ("locale", "numbers", "forms"),
    [
        ("en", (0, 1, 2), (1, 0, 1)),
        ("de", (0, 1, 2), (1, 0, 1)),
        ("fr", (0, 1, 2, 1_000_000), (0, 0, 1, 1)),
        ("es", (0, 1, 2), (1, 0, 1)),
        ("pt-BR", (0, 1, 2), (0, 0, 1)),
        ("pl", (1, 2, 5, 22, 25), (0, 1, 2, 1, 2)),
        ("ru", (1, 2, 5, 21), (0, 1, 2, 0)),
        ("ar", (0, 1, 2, 3, 11, 100), (0, 1, 2, 3, 4, 5)),
        ("he", (0, 1, 2, 3), (2, 0, 1, 2)),
        ("ja", (0, 1, 2), (0, 0, 0)),
        ("zh-Hans", (0, 1, 2), (0, 0, 0)),
        ("zh-Hant", (0, 1, 2), (0, 0, 0)),
        ("qps", (0, 1, 2), (1, 0, 1)),
    ],
)
def test_each_number_has_its_form(
    locale: str, numbers: tuple[int, ...], forms: tuple[int, ...]
) -> None:
    choose = plural_rule(locale)
    assert tuple(map(choose, numbers)) == forms
    assert tuple(map(choose, (-number for number in numbers))) == forms


def test_tools_that_count_millions_or_fractions_are_understood() -> None:
    french = plural_rule("fr", 3)
    assert [french(number) for number in (0, 1, 2, 1_000_000)] == [0, 0, 2, 1]
    polish = plural_rule("pl", 4)
    assert [polish(number) for number in (1, 2, 5, 22, 25)] == [0, 1, 2, 1, 2]


def test_a_number_of_forms_that_nobody_writes_is_refused() -> None:
    with pytest.raises(ValueError, match="de has 2 plural forms, not 5"):
        plural_rule("de", 5)


def test_a_translator_is_told_which_form_is_which() -> None:
    assert form_count("pl") == 3
    assert examples("pl") == ((1,), (2, 3, 4, 22), (0, 5, 6, 7))


@pytest.mark.parametrize("odd", [None, "5", float("nan"), float("inf"), [], 10**400, 1.5])
def test_what_is_no_number_has_a_form_too(odd: object) -> None:
    for locale in ("en", "pl", "ar"):
        assert plural_rule(locale)(odd) in range(form_count(locale))  # type: ignore[arg-type]
