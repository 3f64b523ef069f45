"""Translating functions for Python and templates: text in, text out, never an error."""

from typing import Any

from flask import Flask

from verso.i18n.catalogs import Catalog, Catalogs
from verso.i18n.messages import N_, fill, filled, source_message
from verso.i18n.po.syntax import key_of
from verso.i18n.speaking import catalog_of, speaking
from verso.i18n.trans import Trans

__all__ = ["N_", "gettext", "ngettext", "npgettext", "pgettext", "translate", "translate_with"]


def gettext(message: str, /, **variables: Any) -> str:
    """The message in the language of the request, with `%(name)s` placeholders filled in.

    It is plain text, or `Markup` if the message itself has tags; variables are then escaped.
    """
    found = speaking().messages.get(message) or source_message(message)
    if variables and found.is_formatted:
        return fill(found.forms[0], message, variables)
    return found.forms[0]


def pgettext(context: str, message: str, /, **variables: Any) -> str:
    """The message where one English word has two meanings, told apart by the context."""
    found = speaking().messages.get(key_of(context, message)) or source_message(message)
    return filled(found, 1, message, variables)


def ngettext(singular: str, plural: str, number: int, /, **variables: Any) -> str:
    """The form for a number, which fills the placeholder `%(num)s` as it stands."""
    source = source_message(singular, plural)
    found = speaking().messages.get(singular) or source
    return filled(found, number, source.form(number), {"num": number, **variables})


def npgettext(context: str, singular: str, plural: str, number: int, /, **variables: Any) -> str:
    """As ngettext, within a context."""
    source = source_message(singular, plural)
    found = speaking().messages.get(key_of(context, singular)) or source
    return filled(found, number, source.form(number), {"num": number, **variables})


def translate(message: str, locale: str, /, **variables: Any) -> str:
    """The message in a given locale."""
    return translate_with(catalog_of(locale), message, **variables)


def translate_with(catalog: Catalog, message: str, /, **variables: Any) -> str:
    """The message in a catalog at hand, outside of any application."""
    found = catalog.messages.get(message) or source_message(message)
    return filled(found, 1, message, variables)


def init_app(app: Flask, catalogs: Catalogs) -> None:
    """Put the functions into the templates, where `{% trans %}` speaks through them as well."""
    app.extensions["verso.catalogs"] = catalogs
    app.jinja_env.add_extension(Trans)
    app.jinja_env.newstyle_gettext = True  # type: ignore[attr-defined]
    app.jinja_env.globals.update(
        _=gettext, gettext=gettext, ngettext=ngettext, pgettext=pgettext, npgettext=npgettext
    )
