"""Every change of the site's settings, and putting back what was there before."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import make_response, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.site_sheet import saved
from verso.content import site_settings
from verso.content.menu import ids_of
from verso.content.site_settings import (
    HIDDEN_LOCALES,
    HOME,
    MAINTENANCE,
    MENU,
    PAGE_SIZE,
    Key,
    StaleSettings,
)
from verso.db import reading, writing
from verso.errors.problem import Problem
from verso.i18n.formats import listformat
from verso.i18n.gettext import gettext, pgettext
from verso.i18n.locales import current_locale, get_locales, language_name
from verso.models import Document, DocumentText, Media, SiteChange
from verso.paging import asked_number
from verso.people import audit
from verso.people.audit import Subject
from verso.people.permissions import Action

LARGEST = 2**31 - 1
# What a value must still name to be put back.
NAMED: dict[Key, type[Document] | type[Media]] = {
    HOME: Document,
    site_settings.LOGO: Media,
    site_settings.SHARING: Media,
}


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
    known = _names(reading(), changes)
    rows = [
        Row(one, _told(one.before, key, known), _told(one.after, key, known), values[key])
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


def _told(value: str, key: Key, names: dict[tuple[str, int], str]) -> str:
    """A value as people read it: what its numbers name, and a switch as a word."""
    if key == MAINTENANCE:
        return pgettext("switch", "On") if value else pgettext("switch", "Off")
    if key == HIDDEN_LOCALES:
        known = [one for one in value.split() if one in get_locales().current]
        return listformat(language_name(one, current_locale()) for one in known)
    if key in (HOME, MENU) or key in NAMED:
        kind = "page" if key in (HOME, MENU) else "picture"
        return " · ".join(names.get((kind, one), str(one)) for one in ids_of(value))
    return value


def _names(session: Session, changes: Sequence[SiteChange]) -> dict[tuple[str, int], str]:
    """The titles of the pages and the names of the pictures that changes are about."""
    pages: set[int] = set()
    pictures: set[int] = set()
    for one in changes:
        key = one.name, one.locale
        if key == MENU or key in NAMED:
            found = pages if key in (HOME, MENU) else pictures
            found.update((*ids_of(one.before), *ids_of(one.after)))
    titles = (
        select(DocumentText.document_id, DocumentText.title)
        .join(Document, Document.id == DocumentText.document_id)
        .where(Document.id.in_(pages), DocumentText.locale == Document.source_locale)
    )
    named = select(Media.id, Media.name).where(Media.id.in_(pictures))
    told = {("page", number): title for number, title in session.execute(titles)}
    return told | {("picture", number): name for number, name in session.execute(named)}
