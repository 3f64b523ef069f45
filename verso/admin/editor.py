"""Writing: a new document, its source and its translations; no save overwrites another's."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import make_response, redirect, render_template, request
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session
from werkzeug.exceptions import InternalServerError, NotFound
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.forms import PlaceForm, PublishForm, TextForm, names
from verso.admin.slugs import slug_reason
from verso.content import documents, taxonomy
from verso.content.desk import parents_for
from verso.content.documents import SlugTaken, StaleDocument, TextFields, state_of
from verso.content.home import home_id
from verso.content.slugs import SlugRefused, slugify
from verso.content.urls import document_url, is_live
from verso.current import get_settings
from verso.db import reading, writing
from verso.errors.respond import answer, failure_of, finished
from verso.i18n.locales import current_locale, get_locales
from verso.links import href
from verso.models import Document, DocumentText, Kind
from verso.people.permissions import Action


def new(kind: str) -> Response:
    """An empty form."""
    gate.require(Action.WRITE)
    return _page(TextForm().prepare(), None, _source_locale(), 200, kind=kind)


def create(kind: str) -> Response:
    """Make a draft of what was typed."""
    user = gate.require(Action.WRITE)
    form, locale = TextForm(request.form).prepare(), _source_locale()
    if not form.validate():
        return _page(form, None, locale, 422, kind=kind)

    def make() -> int:
        with writing() as session:
            known = get_locales().current
            document = documents.create_document(
                session, Kind(kind), locale, _fields(form), locales=known, user_id=user.id
            )
            _set_taxonomy(session, document, locale, form)
            return document.id

    try:
        number = _twice(make)
    except (SlugRefused, SlugTaken, IntegrityError, OperationalError) as error:
        return _refused(form, error, None, locale, kind)
    return redirect(href(f"/admin/documents/{number}/text/{locale}?done=created"), 303)


def source(document_id: int) -> Response:
    """A document opens at its source."""
    locale = _find(document_id).source_locale
    query = request.query_string.decode("latin-1")
    suffix = "?" + query if query else ""
    return redirect(href(f"/admin/documents/{document_id}/text/{locale}{suffix}"), 303)


def edit(document_id: int, text_locale: str) -> Response:
    """The words of a document in one locale; an untranslated one starts with the source's slug."""
    gate.require(Action.READ)
    document = _find(document_id)
    locale = _text_locale(document, text_locale)
    text = document.text(locale)
    form = TextForm(
        title=text.title if text else "",
        slug=text.slug if text else "",
        summary=text.summary if text else "",
        body=text.body if text else "",
        tags=", ".join(tag.name(locale, document.source_locale).name for tag in document.tags),
        authors=", ".join(author.name for author in document.authors),
        version=str(document.version),
    )
    return _page(form.prepare(), document, locale, 200)


def save(document_id: int, text_locale: str) -> Response:
    """Save the words; refuse if somebody saved since this form was opened."""
    user = gate.require(Action.WRITE)
    locale = _text_locale(_find(document_id), text_locale)
    form = TextForm(request.form).prepare()
    if not form.validate():
        return _page(form, _find(document_id), locale, 422)

    def change() -> int:
        with writing() as session:
            document = documents.get_for_change(session, document_id, form.opened_version)
            gate.require_for(document)
            known = get_locales().current
            documents.save_text(
                session, document, locale, _fields(form), locales=known, user_id=user.id
            )
            _set_taxonomy(session, document, locale, form)
            return document.id

    try:
        _twice(change)
    except (StaleDocument, SlugRefused, SlugTaken, IntegrityError, OperationalError) as error:
        return _refused(form, error, document_id, locale)
    return redirect(href(f"/admin/documents/{document_id}/text/{locale}?done=saved"), 303)


def _twice(save: Callable[[], int]) -> int:
    """Save; once more if somebody made the same tag or took the same slug at the same moment.

    The second time that is seen before it can collide.
    """
    try:
        return save()
    except IntegrityError:
        return save()


def _refused(
    form: TextForm,
    error: Exception,
    document_id: int | None,
    locale: str,
    kind: str = "",
) -> Response:
    """The same form with the typed text and the reason; nothing was saved."""
    if isinstance(error, OperationalError):
        return _not_saved(form, error, locale)
    document = _find(document_id) if document_id else None
    if isinstance(error, StaleDocument) and document is not None:
        form.version.data = str(document.version)
        return _page(form, document, locale, 409, newer=document.text(locale))
    form.slug.errors = [*form.slug.errors, slug_reason(error)]
    return _page(form, document, locale, 422, kind=kind)


def _not_saved(form: TextForm, error: OperationalError, locale: str) -> Response:
    """The database did not take it: the text comes back, and can be sent again."""
    failure = failure_of(InternalServerError(original_exception=error))
    user = gate.current_user()
    body = render_template(
        "admin/busy.html", user=user, form=form, locale_name=locale, failure=failure
    )
    return answer(failure, body, "text/html; charset=utf-8")


def _page(
    form: TextForm,
    document: Document | None,
    locale: str,
    status: int,
    *,
    kind: str = "",
    newer: DocumentText | None = None,
) -> Response:
    is_page = (document.kind if document else kind) == Kind.PAGE
    body = render_template(
        "admin/editor.html",
        user=gate.current_user(),
        form=form,
        document=document,
        text_locale=locale,
        kind=document.kind if document else kind,
        state=state_of(document) if document else None,
        newer=newer,
        place=_place_form(document) if document and is_page else None,
        publish=PublishForm().prepare(),
        timezone=get_settings().TIMEZONE,
        public_url=_public_url(document, locale),
    )
    return finished(make_response(body, status))


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


def _fields(form: TextForm) -> TextFields:
    title = form.title.data or ""
    return TextFields(
        title=title,
        slug=form.slug.data or slugify(title),
        summary=form.summary.data or "",
        body=(form.body.data or "").replace("\r\n", "\n"),
    )


def _set_taxonomy(session: Session, document: Document, locale: str, form: TextForm) -> None:
    """Tags and authors are those of the source; a translation does not change them."""
    if document.kind == Kind.POST and locale == document.source_locale:
        taxonomy.set_tags(session, document, {locale: names(form.tags.data)})
        taxonomy.set_authors(session, document, names(form.authors.data))


def _find(document_id: int) -> Document:
    document = reading().get(Document, document_id)
    if document is None:
        raise NotFound
    return document


def _text_locale(document: Document, wanted: str) -> str:
    known = {*get_locales().current, *(text.locale for text in document.texts)}
    if wanted not in known:
        raise NotFound
    return wanted


def _source_locale() -> str:
    """New documents are written in the locale asked for, else in the admin's own language."""
    asked = request.values.get("locale", "")
    return asked if asked in get_locales().current else current_locale()
