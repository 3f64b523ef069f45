"""A page of settings of the site: opened at a version, saved as a whole, or shown again with what is newer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.forms import NOT_STORABLE
from verso.admin.site_values import tell_values
from verso.content import site_settings
from verso.content.site_settings import Key, StaleSettings
from verso.db import reading, writing
from verso.errors.respond import finished
from verso.i18n.gettext import gettext, ngettext
from verso.links import href
from verso.people import audit
from verso.people.audit import Subject

Keys = Mapping[str, Key]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The settings of one page by the names of its fields.

    version is that of the values that it shows or, after a conflict, of those that are newer, which
    stand in newer as people read them.
    """

    values: Mapping[str, str]
    version: str
    errors: Mapping[str, str] = field(default_factory=dict)
    newer: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return 409 if self.newer else 422 if self.errors else 200


def open_sheet(keys: Keys) -> Sheet:
    """The settings as they are now."""
    known = site_settings.read(reading(), keys.values())
    return Sheet({name: known[key] for name, key in keys.items()}, site_settings.version_of(known))


def save_sheet(keys: Keys, typed: Mapping[str, str], errors: Mapping[str, str]) -> Sheet | None:
    """Save what was typed; None if that was done, else the sheet to show again."""
    user, version = gate.current_user(), request.form.get("version", "")[:64]
    if errors:
        return Sheet(typed, version, errors)
    wanted = {key: typed[name] for name, key in keys.items()}
    try:
        with writing() as session:
            changes = site_settings.save(session, wanted, version=version, user_id=user.id)
            if changes:
                names = ", ".join(f"{one.name} {one.locale}".strip() for one in changes)
                audit.record(session, user.id, "site-changed", Subject("site", title=names))
    except StaleSettings as stale:
        newer = {
            name: stale.values[key]
            for name, key in keys.items()
            if stale.values[key] != typed[name]
        }
        told = tell_values(reading(), [(keys[name], value) for name, value in newer.items()])
        words = {name: told[keys[name], value] for name, value in newer.items()}
        # What was typed is what stands there now: nothing is left to decide.
        present = site_settings.version_of(stale.values)
        return Sheet(typed, present, newer=words) if newer else None
    return None


def typed_text(name: str, limit: int, errors: dict[str, str]) -> str:
    """A field as it is kept; what is wrong with it is put among the errors."""
    text = request.form.get(name, "").replace("\r\n", "\n").strip()
    if len(text) > limit:
        message = ngettext("At most %(num)s character.", "At most %(num)s characters.", limit)
        errors[name] = message
    elif NOT_STORABLE.search(text):
        errors[name] = gettext("This contains a character that cannot be stored.")
    return text


def show(template: str, tab: str, sheet: Sheet, **context: object) -> Response:
    """A page of settings with the tabs to the others."""
    user = gate.current_user()
    body = render_template(f"admin/{template}.html", user=user, tab=tab, sheet=sheet, **context)
    return finished(make_response(body, sheet.status))


def saved(path: str) -> Response:
    """Back to the page that was saved."""
    mark = "&" if "?" in path else "?"
    return redirect(href(f"{path}{mark}done=saved"), 303)
