"""Links to documents, found by their words, for the editor."""

from flask import jsonify, request
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.content.desk import find_documents
from verso.content.states import state_of
from verso.content.urls import document_url
from verso.db import reading
from verso.i18n.locales import current_locale, get_locales
from verso.people.permissions import Action

SHOWN = 12


def find_links() -> Response:
    """`GET ?q=&locale=`: documents as JSON, the best first, with the address that each has in that language."""
    gate.require(Action.READ)
    asked = request.args.get("locale", "")
    locale = asked if asked in get_locales().current else current_locale()
    words = " ".join(request.args.get("q", "")[:200].split())
    return jsonify(
        [
            {
                "id": document.id,
                "title": document.text_or_source(locale).title,
                "url": document_url(reading(), document, locale),
                "state": state_of(document),
            }
            for document in find_documents(reading(), words, SHOWN)
        ]
    )
