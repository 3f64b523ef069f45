"""The site's words, look, languages and maintenance, as administrators set them."""

from collections.abc import Mapping

from flask import request
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.site_sheet import Sheet, open_sheet, save_sheet, saved, show, typed_text
from verso.content import site_settings
from verso.content.colours import (
    ACCENTS,
    ENOUGH,
    BadColour,
    Scheme,
    WeakColour,
    check_accent,
    worst_contrast,
)
from verso.content.pictures import crop
from verso.content.site_settings import Key
from verso.current import get_navigation
from verso.db import reading
from verso.i18n.formats import numberformat
from verso.i18n.gettext import gettext
from verso.i18n.locales import current_locale, get_locales
from verso.media.shelf import ShelfFilter, list_media
from verso.models import Media
from verso.people.permissions import Action

# What is worded in each language, and how long it may be.
WORDS: Mapping[str, int] = {"name": 100, "tagline": 200, "description": 500, "footer": 2000}
ONE_LINE = ("name", "tagline")
LOOK: Mapping[str, Key] = {
    "logo": site_settings.LOGO,
    "sharing_picture": site_settings.SHARING,
    "accent_light": site_settings.ACCENT_LIGHT,
    "accent_dark": site_settings.ACCENT_DARK,
}
PICTURES = ("logo", "sharing_picture")
HIDDEN: Mapping[str, Key] = {"hidden": site_settings.HIDDEN_LOCALES}
MAX_NOTICE = 500
# The pictures to choose from: the newest, and those chosen.
PICTURES_SHOWN = 60


def show_site() -> Response:
    """`?locale=`: name, tagline, description and footer in one language."""
    gate.require(Action.SITE)
    locale = _asked_locale(request.args.get("locale", ""))
    return _words_page(locale, open_sheet(_words_keys(locale)))


def save_site() -> Response:
    """Save the words of one language."""
    gate.require(Action.SITE)
    locale = _asked_locale(request.form.get("locale", ""))
    errors: dict[str, str] = {}
    typed = {name: typed_text(name, limit, errors) for name, limit in WORDS.items()}
    for name in ONE_LINE:
        typed[name] = " ".join(typed[name].split())
    refused = save_sheet(_words_keys(locale), typed, errors)
    return _words_page(locale, refused) if refused else saved(f"/admin/site?locale={locale}")


def show_look() -> Response:
    """Logo, sharing picture and accent colours; `?q=` finds pictures to choose from."""
    gate.require(Action.SITE)
    return _look_page(open_sheet(LOOK))


def save_look() -> Response:
    """Save the look; a colour that cannot be read on our papers is refused."""
    gate.require(Action.SITE)
    errors: dict[str, str] = {}
    typed = {name: typed_text(name, 20, errors) for name in LOOK}
    for name in PICTURES:
        if typed[name] and name not in errors and _find_picture(typed[name]) is None:
            errors[name] = gettext("Choose one of the pictures.")
    for scheme in Scheme:
        name = f"accent_{scheme}"
        if name not in errors:
            typed[name] = _checked_accent(name, typed[name], scheme, errors)
    refused = save_sheet(LOOK, typed, errors)
    return _look_page(refused) if refused else saved("/admin/site/look")


def show_offered() -> Response:
    """Which languages visitors are offered."""
    gate.require(Action.SITE)
    return _offered_page(open_sheet(HIDDEN))


def save_offered() -> Response:
    """Hide the languages that are not chosen; the default one is always offered."""
    gate.require(Action.SITE)
    locales = get_locales()
    offered = {*request.form.getlist("offered[]"), locales.default}
    typed = {"hidden": " ".join(one for one in locales.current if one not in offered)}
    refused = save_sheet(HIDDEN, typed, {})
    return _offered_page(refused) if refused else saved("/admin/site/languages")


def show_maintenance() -> Response:
    """Whether the site is in maintenance, and what its visitors then read."""
    gate.require(Action.SITE)
    return _maintenance_page(open_sheet(_maintenance_keys()))


def save_maintenance() -> Response:
    """Close the site to visitors, or open it again."""
    gate.require(Action.SITE)
    errors: dict[str, str] = {}
    keys = _maintenance_keys()
    typed = {name: typed_text(name, MAX_NOTICE, errors) for name in keys if name != "maintenance"}
    typed["maintenance"] = site_settings.ON if request.form.get("maintenance") else ""
    refused = save_sheet(keys, typed, errors)
    return _maintenance_page(refused) if refused else saved("/admin/site/maintenance")


def _words_keys(locale: str) -> dict[str, Key]:
    return {name: (name, locale) for name in WORDS}


def _maintenance_keys() -> dict[str, Key]:
    words = {f"text-{one}": (site_settings.MAINTENANCE_TEXT, one) for one in get_locales().current}
    return {"maintenance": site_settings.MAINTENANCE, **words}


def _asked_locale(asked: str) -> str:
    return asked if asked in get_locales().current else current_locale()


def _words_page(locale: str, sheet: Sheet) -> Response:
    snapshot, default = get_navigation().current(reading()), get_locales().default
    inherited = {name: snapshot.setting(name, locale, default) for name in WORDS}
    context = {"text_locale": locale, "limits": WORDS, "inherited": inherited}
    return show("site", "words", sheet, **context)


def _look_page(sheet: Sheet) -> Response:
    query = " ".join(request.args.get("q", "")[:200].replace("\x00", "").split())
    rows, more = list_media(reading(), ShelfFilter(words=query), PICTURES_SHOWN)
    chosen = [_find_picture(sheet.values[name]) for name in PICTURES]
    pictures = {one.id: one for one in (*chosen, *rows) if one is not None}
    ratios = {
        f"accent_{scheme}": worst_contrast(
            sheet.values[f"accent_{scheme}"] or ACCENTS[scheme], scheme
        )
        for scheme in Scheme
        if f"accent_{scheme}" not in sheet.errors
    }
    context = {"pictures": list(pictures.values()), "ratios": ratios, "accents": ACCENTS}
    is_searched = bool(query or more)
    return show(
        "site_look", "look", sheet, crop=crop, query=query, is_searched=is_searched, **context
    )


def _offered_page(sheet: Sheet) -> Response:
    hidden = sheet.values["hidden"].split()
    return show("site_languages", "languages", sheet, hidden=hidden, default=get_locales().default)


def _maintenance_page(sheet: Sheet) -> Response:
    return show("site_maintenance", "maintenance", sheet, limit=MAX_NOTICE)


def _find_picture(value: str) -> Media | None:
    """The medium that a setting names, if it is there."""
    is_number = value.isascii() and value.isdigit() and len(value) < 10
    return reading().get(Media, int(value)) if is_number else None


def _checked_accent(name: str, typed: str, scheme: Scheme, errors: dict[str, str]) -> str:
    """The colour as it is kept: nothing where it is our own."""
    if not typed:
        return ""
    try:
        colour = check_accent(typed, scheme)
    except BadColour:
        errors[name] = gettext("This is no colour such as %(example)s.", example=ACCENTS[scheme])
        return typed
    except WeakColour as weak:
        errors[name] = gettext(
            "Its contrast to the paper is %(ratio)s:1, and at least %(enough)s:1 is needed. "
            "The nearest that is enough: %(colour)s",
            ratio=numberformat(int(weak.ratio * 100) / 100),
            enough=numberformat(ENOUGH),
            colour=weak.nearest,
        )
        return typed
    return "" if colour == ACCENTS[scheme] else colour
