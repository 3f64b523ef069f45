"""Every change of the site's settings, and putting back what was there before."""

from dataclasses import dataclass

from flask import make_response, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.site_sheet import saved
from verso.admin.site_values import NAMED, tell_values
from verso.content import site_settings
from verso.content.site_settings import PAGE_SIZE, StaleSettings
from verso.db import reading, writing
from verso.errors.problem import Problem
from verso.i18n.gettext import gettext
from verso.models import SiteChange
from verso.paging import asked_number
from verso.people import audit
from verso.people.audit import Subject
from verso.people.permissions import Action

LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Row:
    """A change with its values in words, and what the setting is now."""

    change: SiteChange
    before: str
    after: str
    present: str

    @property
    def version(self) -> str:
        key = self.change.name, self.change.locale
        return site_settings.version_of({key: self.present})

    @property
    def is_restored(self) -> bool:
        return self.present == self.change.before


def show_changes() -> Response:
    """`?before=`: the newest first, each with who, when, what was and what is."""
    user = gate.require(Action.SITE)
    found = site_settings.list_changes(reading(), asked_number("before", 0, LARGEST))
    changes = found[:PAGE_SIZE]
    values = site_settings.read(reading(), {(one.name, one.locale) for one in changes})
    told = tell_values(
        reading(),
        [((one.name, one.locale), value) for one in changes for value in (one.before, one.after)],
    )
    rows = [
        Row(one, told[key, one.before], told[key, one.after], values[key])
        for one in changes
        for key in ((one.name, one.locale),)
    ]
    body = render_template(
        "admin/site_history.html",
        user=user,
        tab="history",
        rows=rows,
        older=changes[-1].id if len(found) > PAGE_SIZE else None,
    )
    return make_response(body)


def restore_change(change_id: int) -> Response:
    """Put back what stood there before a change; 409 if it changed since the list was shown."""
    user = gate.require(Action.SITE)
    version = request.form.get("version", "")[:64]
    try:
        with writing() as session:
            change = session.get(SiteChange, change_id)
            if change is None:
                raise NotFound
            key, value = (change.name, change.locale), change.before
            if key in NAMED and value and session.get(NAMED[key], int(value)) is None:
                raise Problem("conflict", gettext("What this names was deleted in the meantime."))
            site_settings.save(session, {key: value}, version=version, user_id=user.id)
            title = f"{change.name} {change.locale}".strip()
            audit.record(session, user.id, "site-restored", Subject("site", change.id, title))
    except StaleSettings:
        words = gettext("This setting was changed in the meantime. Look at the history again.")
        raise Problem("conflict", words) from None
    return saved("/admin/site/history")
