"""The terminal: its language by the usual variables, and lines that stay aligned in every script."""

import pytest

from verso.cli.terminal import bar, columns, padded, terminal_locale

OFFERED = ("en", "de", "fr", "pt-BR", "sr-Latn", "zh-Hans", "zh-Hant")


@pytest.mark.parametrize(
    ("environ", "locale"),
    [
        ({}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "de_DE@euro"}, "de"),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_DE", "LC_MESSAGES": "de_DE", "LC_ALL": "fr_CA.UTF-8"}, "fr"),
        ({"LANG": "de_DE", "LC_ALL": ""}, "de"),
        ({"LANG": "pt_PT.UTF-8"}, "pt-BR"),
        ({"LANG": "zh_TW.UTF-8"}, "zh-Hant"),
        ({"LANG": "zh_CN.GB18030"}, "zh-Hans"),
        ({"LANG": "sr_RS@latin"}, "sr-Latn"),
        ({"LANG": "sr_RS"}, "en"),
        ({"LANG": "it_IT.UTF-8"}, "en"),
        ({"LANG": "%$§/"}, "en"),
    ],
)
def test_the_language_is_that_of_the_first_variable_that_is_set(
    environ: dict[str, str], locale: str
) -> None:
    assert terminal_locale(environ, OFFERED) == locale


def test_a_bar_is_full_for_a_hundred_percent_only() -> None:
    full, empty = bar(100), bar(0)
    assert len(full) == len(empty) == len(bar(99)) == 20
    assert bar(99) == full[:19] + empty[0] and len(set(full)) == len(set(empty)) == 1


def test_wide_and_combining_letters_are_counted_as_they_are_shown() -> None:
    assert columns("done") == columns("翻訳") == 4 and columns("e\u0301") == 1
    assert padded("翻訳", 6) == "  翻訳" and padded("12", 6) == "    12"
