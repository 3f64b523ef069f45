"""The values of settings as people read them: what numbers name, languages and switches in words."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from verso.content import site_settings
from verso.content.menu import ids_of
from verso.content.site_settings import HIDDEN_LOCALES, HOME, MAINTENANCE, MENU, Key
from verso.i18n.formats import listformat
from verso.i18n.gettext import pgettext
from verso.i18n.locales import current_locale, get_locales, language_name
from verso.models import Document, DocumentText, Media

Value = tuple[Key, str]
# What a value must still name to be put back.
NAMED: dict[Key, type[Document] | type[Media]] = {
    HOME: Document,
    site_settings.LOGO: Media,
    site_settings.SHARING: Media,
}


def tell_values(session: Session, values: Collection[Value]) -> dict[Value, str]:
    """Each value in words, by setting and value."""
    names = _names(session, values)
    return {(key, value): _told(key, value, names) for key, value in values}


def _told(key: Key, value: str, names: Mapping[tuple[str, int], str]) -> str:
    if key == MAINTENANCE:
        return pgettext("switch", "On") if value else pgettext("switch", "Off")
    if key == HIDDEN_LOCALES:
        known = [one for one in value.split() if one in get_locales().current]
        return listformat(language_name(one, current_locale()) for one in known)
    kind = _kind_of(key)
    if kind:
        return " · ".join(names.get((kind, one), str(one)) for one in ids_of(value))
    return value


def _kind_of(key: Key) -> str:
    """Whether the numbers of a setting are pages or pictures; nothing where it has none."""
    if key in (HOME, MENU):
        return "page"
    return "picture" if key in NAMED else ""


def _names(session: Session, values: Collection[Value]) -> dict[tuple[str, int], str]:
    """The titles of the pages and the names of the pictures that values are about."""
    ids: dict[str, set[int]] = {"page": set(), "picture": set()}
    for key, value in values:
        if kind := _kind_of(key):
            ids[kind].update(ids_of(value))
    titles = (
        select(DocumentText.document_id, DocumentText.title)
        .join(Document, Document.id == DocumentText.document_id)
        .where(Document.id.in_(ids["page"]), DocumentText.locale == Document.source_locale)
    )
    named = select(Media.id, Media.name).where(Media.id.in_(ids["picture"]))
    told = {("page", number): title for number, title in session.execute(titles)}
    return told | {("picture", number): name for number, name in session.execute(named)}
