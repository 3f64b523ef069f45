"""The site's navigation as each process remembers it: read anew when something changed, and only that."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Lock

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from verso.content.changes import CLOCK_SKEW
from verso.content.page_marks import PAGES
from verso.content.paths import ancestry
from verso.content.pictures import Picture, whole
from verso.content.site_settings import LOGO, SHARING
from verso.content.snapshot import Node, Snapshot, Words
from verso.db import Database
from verso.models import Document, DocumentText, Kind, Media, SiteSetting

# Other processes' changes are seen after this many seconds, our own at once.
LIFETIME = 1.0
# After so long all pages are read, whatever the marks say: somebody may have written to the database.
WHOLE = timedelta(minutes=1)
MAX_PAGES = 2000
RECENT_POSTS = 5
# How wide the logo stands in the masthead, as layout.css sets it.
LOGO_SIZES = "14rem"
_IN_ORDER = (Document.position, Document.id)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Known:
    """The pages that were read: at which marks (see page_marks.py) and moment, and when all of them were."""

    pages: Mapping[int, Node] = field(default_factory=dict)
    marks: str = ""
    read_at: datetime = _LONG_AGO
    whole_at: datetime = _LONG_AGO


class Navigation:
    """The snapshot of this process: refreshed when it is old, remembered when the database is down."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._made_at = 0.0
        self._generation = -1
        self._known = _Known()
        self.remembered = Snapshot()

    def current(self, session: Session) -> Snapshot:
        """A snapshot at most LIFETIME seconds old; one thread renews it, the others go on."""
        if self._is_fresh():
            return self.remembered
        if not self._lock.acquire(blocking=self._generation != self._database.generation):
            return self.remembered
        generation = self._database.generation
        try:
            self.remembered, self._known = _load(session, self._known)
        finally:
            # What failed is not tried again by every request either.
            self._made_at, self._generation = time.monotonic(), generation
            self._lock.release()
        return self.remembered

    def _is_fresh(self) -> bool:
        is_young = time.monotonic() - self._made_at < LIFETIME
        return is_young and self._generation == self._database.generation

    def refreshed(self) -> Snapshot:
        """As current, for what comes before a view: on a session of its own, opened only if it must."""
        if self._is_fresh():
            return self.remembered
        with self._database.reader() as session:
            return self.current(session)


def _load(session: Session, known: _Known) -> tuple[Snapshot, _Known]:
    rows = session.execute(select(SiteSetting.name, SiteSetting.locale, SiteSetting.value))
    settings = {(name, locale): value for name, locale, value in rows}
    now = datetime.now(UTC)
    # The marks before the pages: what is committed in between is read twice, and never missed.
    known = _pages(session, known, settings.get(PAGES, ""), now)
    posts = (
        _documents(Kind.POST)
        .where(Document.listed_at <= now)
        .order_by(Document.listed_at.desc(), Document.id.desc())
    )
    recent = tuple(_nodes(session, posts.limit(RECENT_POSTS)))
    is_whole = len(known.pages) < MAX_PAGES
    return Snapshot(settings, known.pages, recent, _pictures(session, settings), is_whole), known


def around(session: Session, snapshot: Snapshot, page: Document) -> Snapshot:
    """A snapshot that knows at least the pages above and right below a page."""
    if snapshot.is_whole:
        return snapshot
    above = _documents(Kind.PAGE).where(Document.id.in_(one.id for one in ancestry(session, page)))
    below = _documents(Kind.PAGE).where(Document.parent_id == page.id).order_by(*_IN_ORDER)
    nodes = (*_nodes(session, above), *_nodes(session, below.limit(MAX_PAGES)))
    return replace(snapshot, pages={node.id: node for node in nodes})


def _pages(session: Session, known: _Known, marks: str, now: datetime) -> _Known:
    """The pages as they are now; only those are read that may be others than they are known."""
    in_menu = Document.in_menu & Document.parent_id.is_(None)
    # Those of the menu are never among the ones that are too many.
    query = _documents(Kind.PAGE).order_by(in_menu.desc(), *_IN_ORDER).limit(MAX_PAGES)
    tree, _, _ = marks.partition(".")
    if now - known.whole_at >= WHOLE or not tree or tree != known.marks.partition(".")[0]:
        return _Known(_in_order(_nodes(session, query)), marks, now, now)
    if marks == known.marks:
        return _Known(known.pages, marks, now, known.whole_at)
    changed = _nodes(session, query.where(Document.updated_at >= known.read_at - CLOCK_SKEW))
    pages = {**known.pages, **{node.id: node for node in changed}}
    return _Known(_in_order(pages.values()), marks, now, known.whole_at)


def _in_order(nodes: Iterable[Node]) -> dict[int, Node]:
    """As many of the pages as are remembered, by their ids and in the order of their places."""
    ordered = sorted(nodes, key=lambda node: (node.position, node.id))
    ordered.sort(key=lambda node: node.parent_id is not None or not node.in_menu)
    kept = sorted(ordered[:MAX_PAGES], key=lambda node: (node.position, node.id))
    return {node.id: node for node in kept}


def _pictures(
    session: Session, settings: Mapping[tuple[str, str], str]
) -> dict[tuple[str, str], Picture]:
    """The media that stand for the site, where they were chosen; nobody reads words from them."""
    ids = {key: int(settings[key]) for key in (LOGO, SHARING) if settings.get(key, "").isdigit()}
    if not ids:
        return {}
    media = {
        one.id: one for one in session.scalars(select(Media).where(Media.id.in_(ids.values())))
    }
    return {key: whole(media[one], "", LOGO_SIZES) for key, one in ids.items() if one in media}


Columns = Select[int, int | None, int, bool, str, datetime | None]


def _documents(kind: Kind) -> Columns:
    return select(
        Document.id,
        Document.parent_id,
        Document.position,
        Document.in_menu,
        Document.source_locale,
        Document.listed_at,
    ).where(Document.kind == kind)


def _nodes(session: Session, query: Columns) -> list[Node]:
    rows = session.execute(query).all()
    words: dict[int, dict[str, Words]] = {row.id: {} for row in rows}
    texts = select(
        DocumentText.document_id, DocumentText.locale, DocumentText.title, DocumentText.slug
    ).where(DocumentText.document_id.in_(list(words)))
    for document_id, locale, title, slug in session.execute(texts):
        words[document_id][locale] = Words(locale, title, slug)
    return [
        Node(
            row.id,
            row.parent_id,
            row.position,
            row.in_menu,
            row.source_locale,
            row.listed_at,
            words[row.id],
        )
        for row in rows
        if row.source_locale in words[row.id]
    ]
