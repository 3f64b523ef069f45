"""Links to documents, found by their words, for the editor."""

from datetime import UTC, datetime

from flask import jsonify, request
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.content.desk import DeskFilter, list_desk
from verso.content.documents import state_of
from verso.content.urls import document_url
from verso.db import reading
from verso.i18n.locales import current_locale, get_locales
from verso.people.permissions import Action

SHOWN = 12


def find_links() -> Response:
    """`GET ?q=&locale=`: documents as JSON, with the address that each has in that language."""
    gate.require(Action.READ)
    asked = request.args.get("locale", "")
    locale = asked if asked in get_locales().current else current_locale()
    words = " ".join(request.args.get("q", "")[:200].split())
    found, _ = list_desk(reading(), DeskFilter(words=words), datetime.now(UTC))
    return jsonify(
        [
            {
                "id": document.id,
                "title": document.text_or_source(locale).title,
                "url": document_url(reading(), document, locale),
                "state": state_of(document),
            }
            for document in found[:SHOWN]
        ]
    )
