"""Plural rules: a number to the index of its form, by CLDR and never by a file's own header."""

from collections.abc import Callable
from functools import cache

from babel import Locale

from verso.values import is_pseudo

CATEGORIES = ("zero", "one", "two", "few", "many", "other")
# Whole numbers that between them reach every category that people meet; millions come apart below.
_EVERYDAY = range(201)
_MILLIONS = (1_000_000, 2_000_000)

Rule = Callable[[int], int]


@cache
def plural_rule(locale: str, forms: int | None = None) -> Rule:
    """CLDR's rule of a locale for entries with so many forms (by default as many as `form_count`).

    Categories that only fractions reach have no form of their own in `.po` files, unless a file
    has a form for each; what only millions reach (French `many`) may have one or may not.
    Raises ValueError for a number of forms that no tool writes for this locale.
    """
    layouts = _layouts(locale)
    order = layouts.get(forms or form_count(locale))
    if order is None:
        counts = ", ".join(map(str, sorted(layouts)))
        raise ValueError(f"{locale} has {counts} plural forms, not {forms}.")
    category_of = _cldr(locale).plural_form
    places = {category: place for place, category in enumerate(order)}

    def choose(number: int) -> int:
        """The place of the form; the last one for what is no number."""
        try:
            category = category_of(abs(number))
        except (TypeError, ValueError, ArithmeticError):
            return len(order) - 1
        return places.get(category, len(order) - 1)

    return choose


@cache
def form_count(locale: str) -> int:
    """How many forms a plural entry of a locale has: one for each category of everyday numbers."""
    return len(_reached(locale, _EVERYDAY))


@cache
def form_counts(locale: str) -> frozenset[int]:
    """The numbers of forms that are understood: some tools also count millions or fractions."""
    return frozenset(_layouts(locale))


@cache
def examples(locale: str) -> tuple[tuple[int, ...], ...]:
    """For each form the first numbers that take it, to tell a translator which form is which."""
    choose = plural_rule(locale)
    found: list[list[int]] = [[] for _ in range(form_count(locale))]
    for number in _EVERYDAY:
        if len(found[choose(number)]) < 4:
            found[choose(number)].append(number)
    return tuple(map(tuple, found))


def _layouts(locale: str) -> dict[int, list[str]]:
    """By number of forms, the categories in the order in which gettext counts them."""
    rule = _cldr(locale).plural_form
    every = [name for name in CATEGORIES if name in {*rule.tags, "other"}]
    wide = _reached(locale, (*_EVERYDAY, *_MILLIONS))
    everyday = _reached(locale, _EVERYDAY)
    return {len(every): every, len(wide): wide, len(everyday): everyday}


def _reached(locale: str, numbers: range | tuple[int, ...]) -> list[str]:
    category_of = _cldr(locale).plural_form
    reached = {category_of(number) for number in numbers}
    return [name for name in CATEGORIES if name in reached]


@cache
def _cldr(locale: str) -> Locale:
    return Locale.parse("en" if is_pseudo(locale) else locale, sep="-")
