"""section_of: whole, case-sensitive segments after one leading locale."""

import pytest

from verso.sections import Section, match_locale, section_of

LOCALES = ("en", "fr", "pt-BR")


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("", "site"),
        ("/", "site"),
        ("/en", "site"),
        ("/about", "site"),
        ("/blog", "blog"),
        ("/blog/", "blog"),
        ("/blogger", "site"),
        ("/Blog", "site"),
        ("/fr/blog/x", "blog"),
        ("/FR/blog/x", "blog"),
        ("/pt_br/blog", "blog"),
        ("/xx/blog", "site"),
        ("/fr/fr/blog", "site"),
        ("/api", "api"),
        ("//api//v1", "api"),
        ("/en/api/x", "api"),
        ("/API", "site"),
        ("/apis", "site"),
        ("/admin", "admin"),
        ("/administration", "site"),
        ("/blog/../admin", "blog"),
        ("/en/admin/x", "admin"),
        ("/about/blog", "site"),
        ("/\x00/\udcff", "site"),
    ],
)
def test_a_path_belongs_to_one_section(path: str, section: str) -> None:
    assert section_of(path, LOCALES) is Section(section)


def test_locales_match_in_any_case_and_with_either_separator() -> None:
    assert match_locale("PT_br", LOCALES) == "pt-BR"
    assert match_locale("pt", LOCALES) is None
