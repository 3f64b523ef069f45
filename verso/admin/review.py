"""Review: what waits for an editor is sent back or taken back; what is said about a document, and its timeline."""

from flask import make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.editor import find_document
from verso.admin.forms import CommentForm
from verso.admin.publishing import back
from verso.admin.steps import take_step
from verso.content import documents
from verso.content.states import Step, state_of
from verso.current import get_settings
from verso.db import reading, writing
from verso.errors.problem import Problem
from verso.errors.respond import finished
from verso.i18n.locales import current_locale
from verso.links import href
from verso.paging import asked_cursor
from verso.people import audit
from verso.people.permissions import Action
from verso.people.timeline import COMMENTED, comment, list_timeline


def show_timeline(document_id: int) -> Response:
    """`?before=`: who did what with a document and said what, the latest first."""
    gate.require(Action.READ)
    return _timeline(document_id, CommentForm())


def say(document_id: int) -> Response:
    """Say something about a document."""
    user = gate.require(Action.COMMENT)
    form = CommentForm(request.form).prepare()
    if not form.validate():
        return _timeline(document_id, form, 422)
    with writing() as session:
        document = documents.get_for_change(session, document_id)
        comment(session, document, user.id, form.words.data or "")
        audit.record(session, user.id, COMMENTED, audit.of_document(document))
    return redirect(href(f"/admin/documents/{document_id}/timeline?done=commented"), 303)


def send_back(document_id: int) -> Response:
    """Make what waits a draft again, with a word to its author; who wrote it may take it back."""
    user = gate.require(Action.WRITE)
    form = CommentForm(request.form).prepare(is_needed=False)
    if not form.validate():
        return _timeline(document_id, form, 422)
    try:
        with writing() as session:
            # Whatever its author has written since: it goes back as it is.
            document = documents.get_for_change(session, document_id)
            take_step(session, document, Step.SEND_BACK)
            if form.words.data:
                comment(session, document, user.id, form.words.data)
    except Problem as problem:
        form.words.errors = [str(problem.detail)]
        return _timeline(document_id, form, 409)
    return back(document_id, "sent-back")


def _timeline(document_id: int, form: CommentForm, status: int = 200) -> Response:
    document = find_document(document_id)
    entries, older = list_timeline(reading(), document, asked_cursor("before"))
    body = render_template(
        "admin/timeline.html",
        user=gate.current_user(),
        document=document,
        text=document.text_or_source(current_locale()),
        state=state_of(document),
        form=form,
        entries=entries,
        older=older,
        timezone=get_settings().TIMEZONE,
    )
    return finished(make_response(body, status))
