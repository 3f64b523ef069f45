"""Publishing, withdrawing, placing and deleting documents."""

from flask import make_response, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.editor import find_document, show_text
from verso.admin.forms import PlaceForm, PublishForm
from verso.admin.slugs import slug_reason
from verso.admin.steps import go_on, put_back, take_step
from verso.content import documents
from verso.content.copying import copy_document
from verso.content.desk import parents_for
from verso.content.documents import SlugTaken
from verso.content.home import home_id, set_home
from verso.content.menu import menu_of
from verso.content.placing import MoveRefused
from verso.content.site_settings import note_menu
from verso.content.slugs import SlugRefused
from verso.content.states import Step
from verso.current import get_settings
from verso.db import reading, writing
from verso.errors.problem import Problem
from verso.i18n.gettext import gettext
from verso.i18n.locales import current_locale, get_locales
from verso.links import href
from verso.models import Document, State
from verso.people import audit
from verso.people.permissions import Action


def publish(document_id: int) -> Response:
    """Publish now, or at the time given."""
    gate.require(Action.PUBLISH)
    form = PublishForm(request.form).prepare()
    if not form.validate():
        raise Problem("invalid-input", gettext("The time to publish at cannot be read."))
    with writing() as session:
        document = changing(session, document_id)
        at = form.moment(get_settings().TIMEZONE)
        done = go_on(session, document, Step.PUBLISH, at)
    return back(document_id, done)


def withdraw(document_id: int) -> Response:
    """Take a document off the site, into the drafts or the archive."""
    gate.require(Action.PUBLISH)
    step = Step.ARCHIVE if request.form.get("to") == State.ARCHIVED else Step.UNPUBLISH
    with writing() as session:
        take_step(session, changing(session, document_id), step)
        was_home = home_id(session) == document_id
    return back(document_id, "home-withdrawn" if was_home else "withdrawn")


def undo(document_id: int) -> Response:
    """Bring back what was taken off the site, as it was, if nothing has happened to it since."""
    gate.require(Action.PUBLISH)
    with writing() as session:
        put_back(session, changing(session, document_id))
    return back(document_id, "put-back")


def place(document_id: int) -> Response:
    """Put a page elsewhere in the tree; its old URLs redirect."""
    gate.require(Action.WRITE)
    found = reading().get(Document, document_id)
    form = PlaceForm(request.form).prepare(parents_for(reading(), found, current_locale()))
    if not form.validate():
        return not_done(document_id, gettext("A page cannot be placed there."), 422)
    try:
        moved = _place(document_id, form)
    except MoveRefused:
        return not_done(document_id, gettext("A page cannot be placed there."), 422)
    except (SlugTaken, SlugRefused) as error:
        return not_done(document_id, slug_reason(error))
    return back(document_id, "placed", moved)


def _place(document_id: int, form: PlaceForm) -> int:
    """Put the page where the form says; how many addresses are others now."""
    parent_id, position = form.parent.data or None, form.position.data or 0
    with writing() as session:
        document = changing(session, document_id)
        user = gate.require_for(document)
        was_home, was_shown = home_id(session) == document.id, document.in_menu
        if (bool(form.is_home.data), form.in_menu.data) != (was_home, was_shown):
            gate.require(Action.PUBLISH)
        menu, known = menu_of(session), get_locales().current
        moved = documents.move(
            session, document, parent_id, position, in_menu=form.in_menu.data, locales=known
        )
        if moved:
            gate.require_moving(document)
        note_menu(session, menu, user.id)
        if form.is_home.data:
            set_home(session, document.id, user.id)
        elif home_id(session) == document.id:
            set_home(session, None, user.id)
        _record(session, "document-moved", document, parent=parent_id, position=position)
    return moved


def copy(document_id: int) -> Response:
    """Make a draft of one's own with the words of a document."""
    user = gate.require(Action.CREATE)
    try:
        with writing() as session:
            document = changing(session, document_id)
            gate.require_for(document, action=Action.READ)
            known = get_locales().current
            made = copy_document(session, document, locales=known, user_id=user.id)
            _record(session, "document-copied", made, source=document_id)
    except (SlugTaken, SlugRefused) as error:
        return not_done(document_id, slug_reason(error))
    return back(made.id, "copied")


def confirm_delete(document_id: int) -> Response:
    """Ask before deleting, and say what becomes of the URLs."""
    user = gate.require(Action.DELETE)
    document = reading().get(Document, document_id)
    if document is None:
        raise NotFound
    text = document.text_or_source(current_locale())
    body = render_template("admin/delete.html", user=user, document=document, text=text)
    return make_response(body)


def delete(document_id: int) -> Response:
    """Delete a document for good."""
    gate.require(Action.DELETE)
    try:
        with writing() as session:
            delete_document(session, changing(session, document_id))
    except Problem as problem:
        return not_done(document_id, str(problem.detail))
    return redirect(href("/admin/documents?done=deleted"), 303)


def delete_document(session: Session, document: Document) -> None:
    """Delete a document and write it down. Raises Forbidden, or the problem `conflict`."""
    gate.require_for(document, action=Action.DELETE)
    _record(session, "document-deleted", document)
    try:
        documents.delete(session, document, locales=get_locales().current)
    except (SlugTaken, SlugRefused) as error:
        reason = gettext("A page below it cannot move up:") + " " + slug_reason(error)
        raise Problem("conflict", reason) from None


def delete_text(document_id: int, text_locale: str) -> Response:
    """Delete a translation; its readers see the source again, at whose address the old one leads."""
    gate.require(Action.DELETE)
    with writing() as session:
        document = changing(session, document_id)
        if text_locale == document.source_locale:
            raise Problem("invalid-input", gettext("The original goes only with the document."))
        if document.text(text_locale) is None:
            raise NotFound
        documents.delete_text(session, document, text_locale)
        _record(session, "translation-deleted", document, locale=text_locale)
    return back(document_id, "deleted")


def changing(session: Session, document_id: int) -> Document:
    """The document as the form showed it; raises NoDocument (404), or StaleDocument (409)."""
    version = request.form.get("version", "")
    expected = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    return documents.get_for_change(session, document_id, expected)


def _record(session: Session, action: str, document: Document, **detail: object) -> None:
    subject = audit.of_document(document)
    audit.record(session, gate.current_user().id, action, subject, **detail)


def not_done(document_id: int, reason: str, status: int = 409) -> Response:
    """The editor of a document that is as it was, and why."""
    document = find_document(document_id)
    return show_text(document, document.source_locale, reason=reason, status=status)


def back(document_id: int, done: str, moved: int = 0) -> Response:
    """To the editor of a document, which says what was done, and how many addresses are others now."""
    changed = f"&changed={moved}" if moved else ""
    return redirect(href(f"/admin/documents/{document_id}?done={done}{changed}"), 303)
