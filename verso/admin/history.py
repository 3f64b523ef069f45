"""History: what a text said each time it was saved, what changed, and the way back."""

from dataclasses import replace
from itertools import pairwise

from flask import redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.editor import find_document, text_locale_of
from verso.admin.forms import whole_number
from verso.content import documents
from verso.content.comparing import compare, compare_words
from verso.content.revisions import (
    PAGE_SIZE,
    get_revision,
    list_revisions,
    revision_before,
)
from verso.content.words import TextFields, fields_of, words_of
from verso.db import reading, writing
from verso.i18n.locales import get_locales
from verso.links import href
from verso.models import Revision
from verso.people import audit
from verso.people.permissions import Action, may


def show_history(document_id: int, text_locale: str) -> str:
    """`?before=ID`: the revisions of a text, the latest first, each with how much longer it became."""
    user = gate.require(Action.READ)
    document = find_document(document_id)
    locale = text_locale_of(document, text_locale)
    before = whole_number(request.args.get("before")) or None
    found = list_revisions(reading(), document.id, locale, before)
    sizes = [one.size for one in found] + [0]
    shown = list(zip(found, (a - b for a, b in pairwise(sizes)), strict=True))[:PAGE_SIZE]
    return render_template(
        "admin/history.html",
        user=user,
        document=document,
        text_locale=locale,
        saved=shown,
        next_before=shown[-1][0].id if len(found) > PAGE_SIZE else None,
    )


def show_revision(document_id: int, text_locale: str, revision_id: int) -> str:
    """One revision beside what the text said before it, or (`?with=now`) beside what it says now."""
    user = gate.require(Action.READ)
    document = find_document(document_id)
    locale = text_locale_of(document, text_locale)
    revision = _revision(document_id, locale, revision_id)
    text = document.text(locale)
    with_now = request.args.get("with") == "now" and text is not None
    old = _before(revision)
    new = fields_of(revision)
    if with_now and text is not None:
        old, new = new, words_of(text)
    return render_template(
        "admin/revision.html",
        user=user,
        document=document,
        text_locale=locale,
        revision=revision,
        writable=may(user, Action.WRITE, document, locale),
        is_current=text is not None and text.version == revision.version,
        with_now=with_now,
        inline=request.args.get("view") == "inline",
        lines=[compare_words(old.title, new.title), compare_words(old.summary, new.summary)],
        search_words=[
            compare_words(old.search_title, new.search_title),
            compare_words(old.search_description, new.search_description),
        ],
        rows=compare(old.body, new.body),
    )


def restore(document_id: int, text_locale: str, revision_id: int) -> Response:
    """Save the words of a revision again, as a new one; the address stays as it is now."""
    user = gate.require(Action.WRITE)
    locale = text_locale_of(find_document(document_id), text_locale)
    revision = _revision(document_id, locale, revision_id)
    with writing() as session:
        document = documents.get_for_change(session, document_id)
        gate.require_for(document, locale)
        text = document.text(locale)
        words = fields_of(revision)
        if text is not None:
            words = replace(words, slug=text.slug, cover_alt=text.cover_alt)
        known = get_locales().current
        documents.save_text(session, document, locale, words, locales=known, user_id=user.id)
        subject = audit.of_document(document)
        audit.record(session, user.id, "document-restored", subject, locale=locale)
    return redirect(href(f"/admin/documents/{document_id}/text/{locale}?done=restored"), 303)


def _revision(document_id: int, locale: str, revision_id: int) -> Revision:
    try:
        return get_revision(reading(), document_id, locale, revision_id)
    except LookupError:
        raise NotFound from None


def _before(revision: Revision) -> TextFields:
    earlier = revision_before(reading(), revision)
    return fields_of(earlier) if earlier else TextFields(title="", slug="")
