"""Writing: a new document, its source and its translations; no save overwrites another's."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from urllib.parse import urlencode

from flask import redirect, request
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.desk import Sheet, show_desk, show_not_saved
from verso.admin.forms import TextForm, names
from verso.admin.slugs import slug_reason
from verso.admin.steps import Decision, asked_decision
from verso.admin.typed import fields, new_words, typed_in
from verso.content import documents, taxonomy
from verso.content.covers import PictureUnknown, picture_address, set_picture
from verso.content.documents import NoDocument, SlugTaken
from verso.content.drafts import (
    Place,
    TooManyDrafts,
    drop_draft,
    find_draft,
    keep_draft,
    new_lane,
)
from verso.content.editing import TextsClash, names_of, save_typed
from verso.content.markdown import Rendered
from verso.content.slugs import SlugRefused
from verso.content.words import REVISED, TextFields, words_of
from verso.db import OutcomeUnknown, reading, writing
from verso.i18n.gettext import gettext
from verso.i18n.locales import current_locale, get_locales
from verso.links import href
from verso.models import Document, Draft, Kind, Slot
from verso.people import audit
from verso.people.permissions import Action

# What the database says that did not take a text, or does not say whether it did.
NOT_SAVED = (OperationalError, OutcomeUnknown)


def new(kind: str) -> Response:
    """An empty form, or the draft of `?lane=`, also of a document that is gone."""
    draft = _asked_draft(None, None)
    locale = draft.locale if draft else _source_locale()
    if draft is None:
        # Who writes is the author, until somebody says otherwise; a comma would make two of one.
        name = gate.require(Action.CREATE).name.replace(",", " ")
        form = TextForm(lane=new_lane().token, authors=name if kind == Kind.POST else "")
    else:
        form = _form_of(draft)
    return show_desk(form.prepare(), Sheet(None, kind, locale))


def create(kind: str) -> Response:
    """Make a draft of what was typed."""
    user = gate.require(Action.CREATE)
    form, sheet = TextForm(request.form).prepare(), Sheet(None, kind, _source_locale())
    decision = asked_decision()
    if not (form.validate() & decision.is_valid):
        return show_desk(form, sheet, 422, publish=decision.form)

    def make() -> str:
        with writing() as session:
            known, words = get_locales().current, new_words(session, form, kind, sheet.locale)
            document = documents.create_document(
                session, Kind(kind), sheet.locale, words, locales=known, user_id=user.id
            )
            _set_names(session, document, form)
            for slot in Slot:
                set_picture(session, document, slot, form[slot].data or "")
            drop_draft(session, user.id, form.open_lane)
            audit.record(session, user.id, "document-created", audit.of_document(document))
            done = decision.carry_out(session, document) or "created"
            query = _told(done, at=decision.unused_date(document))
            return f"/admin/documents/{document.id}/text/{sheet.locale}?{query}"

    try:
        place = _twice(make)
    except (PictureUnknown, SlugRefused, SlugTaken, IntegrityError, *NOT_SAVED) as error:
        return _refused(form, error, sheet)
    return redirect(href(place), 303)


def source(document_id: int) -> Response:
    """A document opens at its source."""
    locale = find_document(document_id).source_locale
    query = request.query_string.decode("latin-1")
    suffix = "?" + query if query else ""
    return redirect(href(f"/admin/documents/{document_id}/text/{locale}{suffix}"), 303)


def edit(document_id: int, text_locale: str) -> Response:
    """The words of a document in one locale, or the unsaved ones of `?lane=`."""
    gate.require(Action.READ)
    document = find_document(document_id)
    locale = text_locale_of(document, text_locale)
    draft = _asked_draft(document_id, locale)
    if draft:
        return show_desk(_form_of(draft).prepare(), Sheet(document, document.kind, locale))
    return show_text(document, locale)


def show_text(document: Document, locale: str, *, reason: str = "", status: int = 200) -> Response:
    """The words of a document as they are saved; `reason` is why something was not done with it."""
    form = TextForm(lane=new_lane().token)
    tags, authors = (", ".join(names) for names in names_of(document, locale))
    form.tags_before.data, form.authors_before.data = tags, authors
    form.tags.data, form.authors.data = tags, authors
    for slot in Slot:
        form[slot].data = form[f"{slot}_before"].data = picture_address(document, slot)
    text = document.text(locale)
    _show_words(form, words_of(text) if text else TextFields(title="", slug=""))
    form.version.data = str(text.version if text else 0)
    sheet = Sheet(document, document.kind, locale, reason)
    return show_desk(form.prepare(), sheet, status)


def save(document_id: int, text_locale: str) -> Response:
    """Save the words, together with what others saved since this form was opened."""
    gate.require(Action.WRITE)
    form, decision = TextForm(request.form).prepare(), asked_decision()
    opened = reading().get(Document, document_id)
    if opened is None:
        return _gone(form, text_locale)
    sheet = Sheet(opened, opened.kind, text_locale_of(opened, text_locale))
    if not (form.validate() & decision.is_valid):
        return show_desk(form, sheet, 422, publish=decision.form)
    rendered = documents.render_body(document_id, fields(form).body)
    try:
        done = _twice(lambda: _save(document_id, sheet.locale, form, decision, rendered))
    except TextsClash as clash:
        return _clashing(form, clash, sheet)
    except NoDocument:
        return _gone(form, text_locale)
    except Forbidden:
        # What somebody typed who may no longer save it is shown, so that it can be copied.
        return show_desk(form, sheet, 403)
    except (PictureUnknown, SlugRefused, SlugTaken, IntegrityError, *NOT_SAVED) as error:
        return _refused(form, error, sheet)
    return redirect(href(f"/admin/documents/{document_id}/text/{sheet.locale}?{done}"), 303)


def _told(done: str, **more: object) -> str:
    """What was done, as the query of the page that says it."""
    return urlencode({"done": done, **{name: value for name, value in more.items() if value}})


def _save(
    document_id: int, locale: str, form: TextForm, decision: Decision, rendered: Rendered
) -> str:
    """One attempt to save, in one transaction; what was done, as the query of the answer says it."""
    user = gate.current_user()
    with writing() as session:
        document = documents.get_for_change(session, document_id)
        gate.require_for(document, locale)
        typed = replace(typed_in(session, form, document, locale), rendered=rendered)
        known = get_locales().current
        saved = save_typed(session, document, locale, typed, locales=known, user_id=user.id)
        drop_draft(session, user.id, form.open_lane)
        subject = audit.of_document(document)
        audit.record(session, user.id, "document-saved", subject, locale=locale)
        if saved.moved:
            gate.require_moving(document)
        if saved.is_merged:
            # Nobody publishes words of somebody else that they have not seen.
            done = "merged-only" if decision.step else "merged"
        else:
            done = decision.carry_out(session, document) or "saved"
        return _told(done, changed=saved.moved, at=decision.unused_date(document))


def _show_words(form: TextForm, words: TextFields) -> None:
    for name in REVISED:
        form[name].data = getattr(words, name)


def find_document(document_id: int) -> Document:
    document = reading().get(Document, document_id)
    if document is None:
        raise NotFound
    return document


def text_locale_of(document: Document, wanted: str) -> str:
    """A locale of the site, or one that this document has; NotFound for any other."""
    known = {*get_locales().current, *(text.locale for text in document.texts)}
    if wanted not in known:
        raise NotFound
    return wanted


def _twice(save: Callable[[], str]) -> str:
    """Save; once more if somebody made the same tag or took the same slug at the same moment.

    The second time that is seen before it can collide.
    """
    try:
        return save()
    except IntegrityError:
        return save()


def _clashing(form: TextForm, clash: TextsClash, sheet: Sheet) -> Response:
    """Both texts: what does not clash is merged, what was typed is kept, nothing was saved."""
    user, lane = gate.current_user(), form.open_lane
    assert sheet.document is not None
    place = Place(sheet.kind, sheet.document.id, sheet.locale, form.opened_version)
    # The page has the words too, so a draft that cannot be kept is not missed.
    with suppress(TooManyDrafts, *NOT_SAVED), writing() as session:
        draft = keep_draft(session, user.id, lane, place, form.words)
        form.lane.data, form.lane_version.data = draft.lane, str(draft.version)
    _show_words(form, clash.merged)
    form.version.data = str(clash.version)
    fresh = find_document(sheet.document.id)
    for slot in Slot:
        form[f"{slot}_before"].data = picture_address(fresh, slot)
    return show_desk(form, Sheet(fresh, sheet.kind, sheet.locale), 409, clash=clash)


def _gone(form: TextForm, text_locale: str) -> Response:
    """What was typed for a document that was deleted meanwhile, as a new one that can be saved."""
    kind = Kind.PAGE if request.form.get("kind") == Kind.PAGE else Kind.POST
    locale = text_locale if text_locale in get_locales().current else _source_locale()
    form.version.data = "0"
    return show_desk(form, Sheet(None, kind, locale), 404)


def _refused(form: TextForm, error: Exception, sheet: Sheet) -> Response:
    """The same form with the typed text and the reason; nothing was saved, as far as is known."""
    if isinstance(error, NOT_SAVED):
        return show_not_saved(form, error, sheet.locale)
    if isinstance(error, PictureUnknown):
        form[error.slot].errors = [gettext("There is no image at this address.")]
    else:
        form.slug.errors = [*form.slug.errors, slug_reason(error)]
    return show_desk(form, sheet, 422)


def _set_names(session: Session, document: Document, form: TextForm) -> None:
    if document.kind == Kind.POST:
        taxonomy.set_tags(session, document, {document.source_locale: names(form.tags.data)})
        taxonomy.set_authors(session, document, names(form.authors.data))


def _asked_draft(document_id: int | None, locale: str | None) -> Draft | None:
    """One's own draft that `?lane=` names, if it is one of this text."""
    token = request.args.get("lane", "")
    draft = find_draft(reading(), gate.current_user().id, token) if token else None
    if token and (
        draft is None
        or draft.document_id != document_id
        or (locale is not None and draft.locale != locale)
    ):
        raise NotFound
    return draft


def _form_of(draft: Draft) -> TextForm:
    known = {
        "version": str(draft.opened_version),
        "lane": draft.lane,
        "lane_version": str(draft.version),
    }
    return TextForm(data={**draft.fields, **known})


def _source_locale() -> str:
    """New documents are written in the locale asked for, else in the admin's own language."""
    asked = request.values.get("locale", "")
    return asked if asked in get_locales().current else current_locale()
