"""The list of all documents, filtered by kind, state, language and words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.content.desk import DeskFilter, list_desk
from verso.content.drafts import drafts_of
from verso.content.states import state_of
from verso.db import reading
from verso.errors.respond import finished
from verso.i18n.locales import current_locale, get_locales
from verso.models import Document, Kind, State
from verso.paging import asked_cursor
from verso.people.permissions import Action

# Unsaved texts that the list begins with.
UNSAVED = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    id: int
    version: int
    kind: str
    title: str
    locale: str
    state: State
    locales: Sequence[str]
    updated_at: datetime


def listing() -> Response:
    """`?kind=&state=&locale=&q=&before=`: what was changed last comes first."""
    return show_list()


def show_list(refusal: str = "", status: int = 200) -> Response:
    """The list that the query asks for; `refusal` is why nothing was done with it."""
    user = gate.require(Action.READ)
    chosen = asked_filter()
    documents, older = list_desk(reading(), chosen, datetime.now(UTC))
    rows = [make_row(document, current_locale()) for document in documents]
    body = render_template(
        "admin/documents.html",
        user=user,
        refusal=refusal,
        rows=rows,
        chosen=chosen,
        older=older,
        states=State,
        unsaved=drafts_of(reading(), user.id, UNSAVED) if chosen.before is None else [],
    )
    return finished(make_response(body, status))


def asked_filter() -> DeskFilter:
    """What the query says of which documents to show."""
    return DeskFilter(
        kind=_one_of(Kind, "kind"),
        state=_one_of(State, "state"),
        locale=_locale(),
        words=" ".join(request.args.get("q", "")[:200].split()),
        before=asked_cursor("before"),
    )


def make_row(document: Document, locale: str) -> Row:
    text = document.text_or_source(locale)
    locales = [one.locale for one in document.texts]
    state = state_of(document)
    return Row(
        document.id,
        document.version,
        document.kind,
        text.title,
        text.locale,
        state,
        locales,
        document.updated_at,
    )


def _one_of(values: type[Kind] | type[State], name: str) -> str:
    value = request.args.get(name, "")
    return value if value in list(values) else ""


def _locale() -> str:
    value = request.args.get("locale", "")
    return value if value in get_locales().current else ""
