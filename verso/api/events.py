"""The events: what was published, changed and removed, as it happens (server-sent events)."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Response, request

from verso.api.streams import Slots, get_slots, stream
from verso.content.changes import BadPlace, Place, changes_after, here, is_known
from verso.db import Database, get_database
from verso.errors.problem import Problem
from verso.i18n.locales import Locales, get_locales
from verso.links import absolute
from verso.models import Change

# Seconds: between looks at the journal, and until a connection ends by itself.
POLL = 1.0
LIFETIME = 120.0
# Sent where there is no news. Some servers meet a reader who left only at the third write after that.
HEARTBEAT = b": still here\n\n"
# Milliseconds after which a reader comes back.
RETRY = 2000


def events() -> Response:
    """`GET /api/v1/events?after=`: from now on, or from where `Last-Event-ID` says."""
    feed = Feed(get_slots(), get_database(), get_locales(), absolute(""), _asked_place())
    return stream(feed.events(), "text/event-stream; charset=utf-8")


def _asked_place() -> Place | None:
    """A browser that comes back sends the header beside the address that it began with."""
    asked = request.headers.get("Last-Event-ID") or request.args.get("after")
    if not asked:
        return None
    try:
        return Place.parse(asked)
    except BadPlace:
        raise Problem("bad-cursor") from None


@dataclass(slots=True)
class Feed:
    """One reader of the journal; between two looks at it no connection is held."""

    slots: Slots
    database: Database
    locales: Locales
    base: str
    place: Place | None

    def events(self) -> Iterator[bytes]:
        with self.slots.taken():
            ends = time.monotonic() + LIFETIME
            place, is_lost = self._begin()
            yield f": ok\nretry: {RETRY}\nid: {place}\n\n".encode()
            if is_lost:
                yield _event("reset", place, {"export": f"{self.base}/api/v1/export"})
            while time.monotonic() < ends:
                found, place = self._look(place)
                yield b"".join(found) or HEARTBEAT
                time.sleep(POLL)
            yield _event("end", place, {"events_after": str(place)})

    def _begin(self) -> tuple[Place, bool]:
        """Where to go on, and whether what was asked for is not in the journal any more."""
        now = datetime.now(UTC)
        with self.database.reader() as session:
            if self.place is not None and is_known(session, self.place, now):
                return self.place, False
            return here(session, now), self.place is not None

    def _look(self, place: Place) -> tuple[list[bytes], Place]:
        with self.database.reader() as session:
            found, after = changes_after(session, place, datetime.now(UTC))
            return [self._told(change, seen) for change, seen in found], after

    def _told(self, change: Change, place: Place) -> bytes:
        shown = [one for one in change.urls.items() if not self.locales.is_hidden(one[0])]
        data = {
            "id": change.document_id,
            "kind": change.document_kind,
            "at": (change.due or change.at).isoformat(),
            "urls": {locale: self.base + path for locale, path in shown},
        }
        return _event(change.kind, place, data)


def _event(name: str, place: Place, data: dict[str, Any]) -> bytes:
    return f"id: {place}\nevent: {name}\ndata: {json.dumps(data)}\n\n".encode()
