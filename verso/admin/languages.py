"""The languages of the interface: how complete each is, what its files say, and every message of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import render_template, request
from werkzeug.exceptions import NotFound

from verso.admin import gate
from verso.admin.charts import stacked
from verso.i18n.gettext import gettext
from verso.i18n.listing import STATES, Listed, Noticed, Wanted, messages_of, noticed_in
from verso.i18n.locales import autonym, current_locale, language_name
from verso.i18n.messages import SOURCE_LOCALE
from verso.i18n.overview import Counts, Overview
from verso.i18n.template import AREAS
from verso.paging import asked_number
from verso.translating import SEES_LANGUAGES, get_overview

# Findings and messages on one page of their lists.
NOTICED, LISTED = 200, 100
MAX_PAGE = 1000
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Cut:
    """One page of a longer list."""

    number: int
    total: int
    has_more: bool


def show_languages() -> str:
    """`?page=`: coverage by language and area, the files, and what is refused or doubtful in them."""
    user = gate.require(SEES_LANGUAGES)
    overview = get_overview()
    locales = overview.locales()
    files = [file for locale in locales for file in overview.files(locale)]
    noticed, cut = _cut(noticed_in(files), NOTICED, asked_number("page", 1, MAX_PAGE) or 1)
    coverages = [overview.coverage(locale) for locale in locales]
    return render_template(
        "admin/languages.html",
        user=user,
        coverages=coverages,
        areas=[area for area in AREAS if any(area in row.areas for row in coverages)],
        files=files,
        noticed=list(_explained(noticed)),
        cut=cut,
        bar=_bar,
        autonym=autonym,
    )


def show_language(text_locale: str) -> str:
    """`?q=&state=&area=&page=` or `?at=`: the messages of one language, or those around one of them."""
    user = gate.require(SEES_LANGUAGES)
    overview = get_overview()
    if text_locale not in overview.locales():
        raise NotFound
    wanted = _asked()
    messages = [one for one in messages_of(overview, text_locale) if wanted.takes(one)]
    listed, cut = _cut(messages, LISTED, _asked_page(messages))
    return render_template(
        "admin/language.html",
        user=user,
        text_locale=text_locale,
        name=language_name(text_locale, current_locale()),
        coverage=overview.coverage(text_locale),
        files=overview.files(text_locale),
        path_to_edit=_path_to_edit(overview, text_locale),
        messages=[(one, list(_reasons(one))) for one in listed],
        cut=cut,
        wanted=wanted,
        areas=AREAS,
        states=STATES,
        source=SOURCE_LOCALE,
        bar=_bar,
    )


def _asked() -> Wanted:
    state, area = request.args.get("state", ""), request.args.get("area", "")
    return Wanted(
        words=" ".join(request.args.get("q", "")[:200].split()),
        state=state if state in STATES else "",
        area=area if area in AREAS else "",
    )


def _asked_page(messages: Sequence[Listed]) -> int:
    """The page that is asked for, or the one with a message that another page links to."""
    anchor = request.args.get("at", "")
    for place, message in enumerate(messages):
        if anchor and message.anchor == anchor:
            return place // LISTED + 1
    return asked_number("page", 1, MAX_PAGE) or 1


def _cut(items: Sequence[Item], size: int, number: int) -> tuple[Sequence[Item], Cut]:
    begin = (number - 1) * size
    shown = items[begin : begin + size]
    return shown, Cut(number, len(items), begin + size < len(items))


def _explained(noticed: Sequence[Noticed]) -> Iterator[tuple[Noticed, str]]:
    """Each finding with its sentence."""
    for one in noticed:
        yield one, gettext(one.finding.reason, **one.finding.variables)


def _reasons(message: Listed) -> Iterator[tuple[str, str]]:
    """Level and sentence of each finding about a message."""
    for finding in message.findings:
        yield finding.level, gettext(finding.reason, **finding.variables)


def _path_to_edit(overview: Overview, locale: str) -> str:
    return overview.name_of(overview.path_to_edit(locale))


def _bar(counts: Counts) -> list[tuple[str, str]]:
    """The pieces of a bar, 100 units long: a class and a path for each."""
    numbers = (counts.done, counts.fuzzy, counts.refused, counts.missing)
    names = ("done", "fuzzy", "refused", "missing")
    return [pair for pair in zip(names, stacked(numbers), strict=True) if pair[1]]
