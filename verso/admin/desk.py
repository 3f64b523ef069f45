"""The desk: the one page on which a document is written, with all that stands around its text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import make_response, render_template, request
from werkzeug.exceptions import InternalServerError
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.forms import PlaceForm, PublishForm, TextForm
from verso.content.desk import parents_for
from verso.content.drafts import drafts_for
from verso.content.editing import TextsClash
from verso.content.home import home_id
from verso.content.lengths import length_of
from verso.content.states import state_of
from verso.content.urls import document_url, is_live
from verso.current import get_settings
from verso.db import OutcomeUnknown, reading
from verso.errors.respond import answer, failure_of, finished
from verso.i18n.gettext import ngettext
from verso.i18n.locales import current_locale, get_locales
from verso.models import Document, Draft, Kind, State
from verso.people.permissions import Action, may
from verso.people.timeline import state_before


@dataclass(frozen=True, slots=True)
class Sheet:
    """What lies on the desk: a document, or None for a new one, in one locale.

    reason is why something was not done that was asked for.
    """

    document: Document | None
    kind: str
    locale: str
    reason: str = ""


def show_desk(
    form: TextForm,
    sheet: Sheet,
    status: int = 200,
    *,
    clash: TextsClash | None = None,
    publish: PublishForm | None = None,
) -> Response:
    """The page with a form; `clash` is what somebody else saved where both changed the same."""
    document = sheet.document
    body = render_template(
        "admin/editor.html",
        user=gate.current_user(),
        form=form,
        document=document,
        text_locale=sheet.locale,
        kind=sheet.kind,
        reason=sheet.reason,
        state=state_of(document) if document else None,
        clash=clash,
        writable=_is_writable(sheet),
        gone=status == 404,
        length_words=length_words(form.body.data or ""),
        unsaved=_other_drafts(sheet, form),
        place=_place_form(document) if document and sheet.kind == Kind.PAGE else None,
        publish=publish or _publish_form(document),
        timezone=get_settings().TIMEZONE,
        public_url=_public_url(document, sheet.locale),
        undoable=document and state_before(reading(), document),
    )
    return finished(make_response(body, status))


def _publish_form(document: Document | None) -> PublishForm:
    """When a document is scheduled for, so that publishing it again does not bring it out at once."""
    form = PublishForm(request.args).prepare()
    if form.at.raw_data and form.validate():
        # It was typed, and not used: whoever presses Publish now means it.
        return form
    if document is not None and state_of(document) is State.SCHEDULED and document.listed_at:
        form.at.data = document.listed_at.astimezone(ZoneInfo(get_settings().TIMEZONE))
    return form


def _is_writable(sheet: Sheet) -> bool:
    user, document = gate.current_user(), sheet.document
    if document is None:
        return may(user, Action.CREATE)
    return may(user, Action.WRITE, document, sheet.locale)


def length_words(body: str) -> str:
    """`312 words, 2 minutes`."""
    length = length_of(body)
    words = ngettext("%(num)s word", "%(num)s words", length.words)
    minutes = ngettext("%(num)s minute of reading", "%(num)s minutes of reading", length.minutes)
    return f"{words} · {minutes}"


def show_not_saved(form: TextForm, error: Exception, locale: str) -> Response:
    """The database did not take it, or did not say whether it did: the text comes back."""
    failure = failure_of(InternalServerError(original_exception=error))
    body = render_template(
        "admin/busy.html",
        user=gate.current_user(),
        form=form,
        locale_name=locale,
        failure=failure,
        may_be_saved=isinstance(error, OutcomeUnknown),
    )
    return answer(failure, body, "text/html; charset=utf-8")


def _other_drafts(sheet: Sheet, form: TextForm) -> Sequence[Draft]:
    """One's own unsaved texts of this document that are not in the form."""
    if sheet.document is None or request.method != "GET":
        return []
    found = drafts_for(reading(), gate.current_user().id, sheet.document.id, sheet.locale)
    return [draft for draft in found if draft.lane != form.lane.data]


def _place_form(document: Document) -> PlaceForm:
    form = PlaceForm(
        parent=document.parent_id or 0,
        position=document.position,
        in_menu=document.in_menu,
        is_home=home_id(reading()) == document.id,
    )
    return form.prepare(parents_for(reading(), document, current_locale()))


def _public_url(document: Document | None, locale: str) -> str | None:
    if document is None or not is_live(document, datetime.now(UTC)):
        return None
    offered = get_locales().current
    shown = locale if locale in offered else get_locales().default
    return document_url(reading(), document, shown)
