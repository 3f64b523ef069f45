"""Autosave: what is typed is kept while it is typed, beside the document and not in its history."""

from flask import jsonify, redirect, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.editor import find_document, text_locale_of
from verso.admin.forms import TextForm
from verso.content.drafts import (
    Lane,
    Place,
    TooManyDrafts,
    drop_draft,
    find_draft,
    is_lane,
    keep_draft,
)
from verso.content.revisions import last_editor
from verso.db import reading, writing
from verso.errors.problem import Problem
from verso.i18n.gettext import gettext
from verso.i18n.locales import get_locales
from verso.links import href
from verso.models import Document
from verso.people.permissions import Action


def keep(document_id: int, text_locale: str) -> Response:
    """`POST`: keep the unsaved words of a document's text; JSON with the lane they are in."""
    gate.require(Action.WRITE)
    document = find_document(document_id)
    locale = text_locale_of(document, text_locale)
    gate.require_for(document, locale)
    return _keep(document, document.kind, locale)


def keep_new(kind: str) -> Response:
    """`POST`: keep the unsaved words of a document that was never saved."""
    gate.require(Action.CREATE)
    asked = request.form.get("locale", "")
    known = get_locales()
    return _keep(None, kind, asked if asked in known.current else known.default)


def _keep(document: Document | None, kind: str, locale: str) -> Response:
    form = TextForm(request.form).prepare_draft()
    if not form.validate():
        raise Problem("invalid-input", "; ".join(_reasons(form)))
    user, number = gate.current_user(), document.id if document else None
    place = Place(kind, number, locale, form.opened_version)
    try:
        with writing() as session:
            draft = keep_draft(session, user.id, form.open_lane, place, form.words)
    except TooManyDrafts:
        reason = gettext("You have too many unsaved texts: save some or throw them away.")
        raise Problem("conflict", reason) from None
    return jsonify(
        lane=draft.lane,
        lane_version=draft.version,
        newer=_newer(document, locale, form.opened_version),
    )


def _reasons(form: TextForm) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]


def _newer(document: Document | None, locale: str, opened_version: int) -> str | None:
    """Who saved the text since the form was opened; None if nobody did."""
    text = document.text(locale) if document else None
    if document is None or text is None or text.version == opened_version:
        return None
    return last_editor(reading(), document, locale) or gettext("Somebody")


def discard() -> Response:
    """`POST` with `lane`: throw unsaved words away."""
    user = gate.require(Action.WRITE)
    token = request.form.get("lane", "")
    with writing() as session:
        draft = find_draft(session, user.id, token) if is_lane(token) else None
        if draft is None:
            raise NotFound
        back = "/admin/documents"
        if draft.document_id is not None:
            back += f"/{draft.document_id}/text/{draft.locale}"
        drop_draft(session, user.id, Lane(token, draft.version))
    return redirect(href(f"{back}?done=discarded"), 303)
