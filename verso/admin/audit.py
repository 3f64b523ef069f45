"""The audit log: who changed what and whom, filtered, page by page, and as a table to take along."""

import csv
import io
import json
from collections.abc import Collection, Iterator, Mapping, Sequence

from flask import Response, render_template, request
from sqlalchemy import select

from verso.admin import gate
from verso.db import Database, get_database, reading
from verso.i18n.collation import in_order
from verso.i18n.locales import current_locale
from verso.models import AuditEvent, Document, Kind, Media, User
from verso.paging import asked_cursor, asked_number
from verso.people import audit
from verso.people.audit import AuditFilter
from verso.people.deeds import DEEDS
from verso.people.permissions import Action
from verso.people.users import list_users

COLUMNS = ("at", "who", "action", "object", "id", "title", "detail")
MAX_PEOPLE = 99_999
# Where in the admin the things are that stand in the log, by their kinds.
PLACES: Mapping[str, tuple[type[Document | Media | User], Collection[str]]] = {
    "documents": (Document, tuple(Kind)),
    "media": (Media, ("medium",)),
    "people": (User, ("person",)),
}


def show_audit() -> str:
    """`?person=&action=&q=&before=`: what was done last comes first."""
    user, chosen = gate.require(Action.AUDIT), _asked()
    events, older = audit.list_events(reading(), chosen)
    return render_template(
        "admin/audit.html",
        user=user,
        events=events,
        urls=_urls(events),
        older=older,
        chosen=chosen,
        people=list_users(reading()),
        actions=_actions(),
        deeds=DEEDS,
    )


def _urls(events: Sequence[AuditEvent]) -> dict[int, str]:
    """Where the things of events are, by event; of those that are still there."""
    found: dict[int, str] = {}
    for folder, (model, kinds) in PLACES.items():
        mine = [event for event in events if event.object_kind in kinds]
        ids = {event.object_id for event in mine}
        there = set(reading().scalars(select(model.id).where(model.id.in_(ids)))) if ids else set()
        found |= {
            event.id: f"/admin/{folder}/{event.object_id}"
            for event in mine
            if event.object_id in there
        }
    return found


def _actions() -> list[tuple[str, str]]:
    """What stands in the log, in words, in the order of their alphabet."""
    named = [(code, str(DEEDS.get(code, code))) for code in audit.known_actions(reading())]
    return in_order(named, current_locale(), lambda action: action[1])


def export_csv() -> Response:
    """Everything that the filter lets through, as CSV, sent while it is read."""
    gate.require(Action.AUDIT)
    response = Response(_lines(get_database(), _asked()), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


def _lines(database: Database, chosen: AuditFilter) -> Iterator[str]:
    yield _line(COLUMNS)
    with database.reader() as session:
        for event in audit.all_events(session, chosen):
            yield _line(_cells(event))


def _cells(event: AuditEvent) -> tuple[str, ...]:
    number = "" if event.object_id is None else str(event.object_id)
    detail = json.dumps(event.detail, ensure_ascii=False) if event.detail else ""
    at = event.at.isoformat(timespec="seconds")
    return at, event.who, event.action, event.object_kind, number, event.title, detail


def _line(cells: tuple[str, ...]) -> str:
    """One line; a spreadsheet takes no cell of it for a formula."""
    out = io.StringIO()
    safe = [
        "'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell for cell in cells
    ]
    csv.writer(out, lineterminator="\r\n").writerow(safe)
    return out.getvalue()


def _asked() -> AuditFilter:
    action = request.args.get("action", "")[:40]
    return AuditFilter(
        user_id=asked_number("person", 0, MAX_PEOPLE),
        action=action.replace("\x00", ""),
        words=" ".join(request.args.get("q", "")[:200].replace("\x00", "").split()),
        before=asked_cursor("before"),
    )
