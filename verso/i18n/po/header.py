"""The header of a catalog: what a new one begins with, and what it says about plural forms."""

import re
from gettext import c2py

from babel import Locale
from babel.messages.plurals import get_plural
from babel.plural import PluralRule, to_gettext

from verso.i18n.plurals import CATEGORIES, form_count, plural_rule
from verso.i18n.po.document import Document
from verso.i18n.po.wrapping import UNWRAPPED
from verso.values import is_pseudo

_COUNT = re.compile(r"nplurals\s*=\s*(\d{1,2})")
_EVERYDAY = range(201)


def new_document(locale: str) -> Document:
    """A catalog of a locale without a message."""
    document = Document(wrapping=UNWRAPPED)
    document.set_header("Language", locale.replace("-", "_"))
    document.set_header("MIME-Version", "1.0")
    document.set_header("Content-Type", "text/plain; charset=utf-8")
    document.set_header("Content-Transfer-Encoding", "8bit")
    document.set_header("Plural-Forms", plural_forms(locale))
    return document


def count_of_forms(document: Document) -> int | None:
    """How many plural forms a file says that it has."""
    found = _COUNT.search(document.get_header("Plural-Forms") or "")
    return int(found[1]) if found else None


def plural_forms(locale: str) -> str:
    """CLDR's plural rule in the words of gettext, for other programs: `nplurals=2; plural=(n != 1);`.

    Categories that only fractions and millions reach are left out, as in plurals.form_count.
    """
    count, choose = form_count(locale), plural_rule(locale)
    usual = get_plural("en" if is_pseudo(locale) else locale.replace("-", "_"))
    if usual.num_plurals == count:
        index = c2py(usual.plural_expr)
        if all(index(number) == choose(number) for number in _EVERYDAY):
            return f"nplurals={count}; plural={usual.plural_expr};"
    return _generated(locale)


def _generated(locale: str) -> str:
    """The rule as it follows from CLDR's own, right but long."""
    rule = Locale.parse(locale, sep="-").plural_form
    reached = {rule(number) for number in _EVERYDAY}
    ordered = [category for category in CATEGORIES if category in reached]
    # The last one is what is left when no other applies, whatever CLDR calls it.
    return to_gettext(PluralRule({category: rule.rules[category] for category in ordered[:-1]}))
