"""The preview: a document as it will be published, from what is typed at this moment."""

from flask import g, jsonify, make_response, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.desk import length_words
from verso.admin.editor import find_document
from verso.admin.forms import TextForm, names, whole_number
from verso.admin.typed import fields
from verso.content.home import home_id
from verso.content.preview import preview_names, preview_picture, previewed
from verso.db import reading
from verso.i18n.locales import get_locales
from verso.i18n.speaking import speak
from verso.models import Document, DocumentText, Kind, Slot
from verso.people.permissions import Action
from verso.showing import show_home, show_page, show_post


def preview(kind: str) -> Response:
    """`POST` of an editor's form: the page; as JSON with the text's length if that is asked for."""
    gate.require(Action.READ)
    form = TextForm(request.form).prepare()
    locale = request.form.get("locale", "")
    document_id = whole_number(request.form.get("document"))
    opened = find_document(document_id) if document_id else None
    if locale not in {*get_locales().current, *(text.locale for text in _texts(opened))}:
        raise BadRequest
    document = previewed(reading(), opened, Kind(kind), locale, fields(form))
    if locale == document.source_locale:
        for slot in Slot:
            preview_picture(reading(), document, slot, form[slot].data or "")
    if kind == Kind.POST and locale == document.source_locale:
        preview_names(reading(), document, names(form.tags.data), names(form.authors.data))
    body = _page(document, locale)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(html=body, length=length_words(form.body.data or ""))
    return make_response(body)


def _texts(document: Document | None) -> list[DocumentText]:
    return document.texts if document else []


def _page(document: Document, locale: str) -> str:
    """The page in the language of its readers, which need not be the editor's."""
    offered = get_locales()
    shown = locale if locale in offered.current else offered.default
    show = show_post if document.kind == Kind.POST else show_page
    if document.id and document.id == home_id(reading()):
        show = show_home
    with speak(shown), reading().no_autoflush:
        body = show(document, shown)
    g.pop("verso_text_locale", None)
    return body
