"""The header of a new catalog: gettext's rule for plurals is CLDR's, in every locale."""

import re
from gettext import c2py

import pytest
from babel.localedata import locale_identifiers

from verso.i18n.plurals import form_count, plural_rule
from verso.i18n.po.header import count_of_forms, new_document, plural_forms
from verso.values import PSEUDO, canonical_locale


def canonical_locales() -> list[str]:
    found = set()
    for name in locale_identifiers():
        try:
            found.add(canonical_locale(name.partition("_")[0]))
        except ValueError:
            continue
    return sorted(found)


@pytest.mark.parametrize("locale", [*canonical_locales(), "pt-BR", "pt-PT", PSEUDO])
def test_other_programs_choose_the_form_that_we_choose(locale: str) -> None:
    count, expression = re.fullmatch(r"nplurals=(\d); plural=(.*);", plural_forms(locale)).groups()  # type: ignore[union-attr]
    choose, index = plural_rule(locale), c2py(expression)
    assert int(count) == form_count(locale)
    assert [index(number) for number in range(201)] == [choose(number) for number in range(201)]


def test_a_new_catalog_says_what_it_is() -> None:
    document = new_document("pt-BR")
    assert document.get_header("Language") == "pt_BR"
    assert document.get_header("Content-Type") == "text/plain; charset=utf-8"
    assert count_of_forms(document) == 2
    document.set_header("Plural-Forms", "nonsense")
    assert count_of_forms(document) is None
