"""Translating functions for Python and templates: text in, text out, never HTML and never an error."""

from typing import Any

from flask import Flask, current_app

from verso.i18n.catalogs import Catalog, Catalogs
from verso.i18n.locales import current_locale


def N_(message: str) -> str:
    """Mark a message for extraction; it is translated where it is shown."""
    return message


def gettext(message: str, **variables: Any) -> str:
    """The message in the language of the request, with `%(name)s` placeholders filled in."""
    return translate(message, current_locale(), **variables)


def translate(message: str, locale: str, **variables: Any) -> str:
    """The message in a given locale."""
    found = _catalog(locale).get((None, message))
    return _filled(found.forms[0] if found else message, message, variables)


def ngettext(singular: str, plural: str, number: int, **variables: Any) -> str:
    """The form for a number, which fills the placeholder `%(num)s` as it stands."""
    found = _catalog(current_locale()).get((None, singular))
    source = singular if number == 1 else plural
    variables = {"num": number, **variables}
    return _filled(found.form(number) if found else source, source, variables)


def pgettext(context: str, message: str, **variables: Any) -> str:
    """The message where one English word has two meanings, told apart by the context."""
    found = _catalog(current_locale()).get((context, message))
    return _filled(found.forms[0] if found else message, message, variables)


def init_app(app: Flask, catalogs: Catalogs) -> None:
    app.extensions["verso.catalogs"] = catalogs
    app.jinja_env.globals.update(_=gettext, gettext=gettext, ngettext=ngettext, pgettext=pgettext)


def _catalog(locale: str) -> Catalog:
    catalogs: Catalogs = current_app.extensions["verso.catalogs"]
    return catalogs.get(locale)


def _filled(text: str, source: str, variables: dict[str, Any]) -> str:
    if not variables:
        return text
    try:
        return text % variables
    except (KeyError, ValueError, TypeError):
        return source % variables
