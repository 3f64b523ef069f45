"""What every page shows of the site, and error pages remember: its name, menu, pages, recent posts."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from verso.content.pictures import Picture, whole
from verso.content.site_settings import HIDDEN_LOCALES, HOME, LOGO, MAINTENANCE, ON, SHARING
from verso.content.urls import home_url, page_url, post_url
from verso.db import Database
from verso.models import Document, DocumentText, Kind, Media, SiteSetting

# Other processes' changes are seen after this many seconds, our own at once.
LIFETIME = 1.0
MAX_PAGES = 2000
RECENT_POSTS = 5
# How wide the logo stands in the masthead, as layout.css sets it.
LOGO_SIZES = "14rem"


@dataclass(frozen=True, slots=True)
class Words:
    """Title and slug of a document in one locale."""

    locale: str
    title: str
    slug: str


@dataclass(frozen=True, slots=True)
class Node:
    """A document as navigation knows it; pages that are not live still lend their slug to others."""

    id: int
    parent_id: int | None
    in_menu: bool
    source_locale: str
    is_live: bool
    words: Mapping[str, Words]

    def in_locale(self, locale: str) -> Words:
        return self.words.get(locale) or self.words[self.source_locale]


@dataclass(frozen=True, slots=True)
class Link:
    """A title and where it leads; locale is that of the title."""

    title: str
    url: str
    locale: str
    document_id: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment of the site's navigation, immutable."""

    settings: Mapping[tuple[str, str], str] = field(default_factory=dict)
    pages: Mapping[int, Node] = field(default_factory=dict)
    posts: Sequence[Node] = ()
    pictures: Mapping[tuple[str, str], Picture] = field(default_factory=dict)

    def setting(self, name: str, locale: str, default_locale: str, otherwise: str = "") -> str:
        """An editor's word about the site in this language, else in the default one."""
        for wanted in (locale, default_locale, "en", ""):
            if value := self.settings.get((name, wanted)):
                return value
        return otherwise

    @property
    def home_id(self) -> int | None:
        value = self.settings.get(HOME, "")
        return int(value) if value.isdigit() else None

    @property
    def hidden_locales(self) -> frozenset[str]:
        """The languages that visitors are not offered."""
        return frozenset(self.settings.get(HIDDEN_LOCALES, "").split())

    @property
    def in_maintenance(self) -> bool:
        return self.settings.get(MAINTENANCE) == ON

    @property
    def live_pages(self) -> list[Node]:
        """The pages that visitors may see."""
        return [node for node in self.pages.values() if node.is_live]

    def link(self, node: Node, locale: str) -> Link:
        """Where a page is in a locale."""
        words = node.in_locale(locale)
        if node.id == self.home_id:
            return Link(words.title, home_url(locale), words.locale, node.id)
        slugs = [one.in_locale(locale).slug for one in (*self.above(node), node)]
        return Link(words.title, page_url(locale, "/".join(slugs)), words.locale, node.id)

    def above(self, node: Node) -> list[Node]:
        """The pages above a page, outermost first."""
        found: list[Node] = []
        parent = self.pages.get(node.parent_id or 0)
        while parent is not None and parent not in found:
            found.append(parent)
            parent = self.pages.get(parent.parent_id or 0)
        return found[::-1]

    def menu(self, locale: str) -> list[Link]:
        """The top-level pages that are in the menu, in its order, without the home page."""
        nodes = (node for node in self.live_pages if node.in_menu and not node.parent_id)
        return [self.link(node, locale) for node in nodes if node.id != self.home_id]

    def children(self, page_id: int, locale: str) -> list[Link]:
        """The pages right below a page, in menu order."""
        nodes = (node for node in self.live_pages if node.parent_id == page_id)
        return [self.link(node, locale) for node in nodes]

    def recent(self, locale: str) -> list[Link]:
        """The newest posts, each in the locale or its own language."""
        words = [(node.id, node.in_locale(locale)) for node in self.posts]
        return [
            Link(one.title, post_url(locale, one.slug), one.locale, node_id)
            for node_id, one in words
        ]


class Navigation:
    """The snapshot of this process: refreshed when it is old, remembered when the database is down."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._made_at = 0.0
        self._generation = -1
        self.remembered = Snapshot()

    def current(self, session: Session) -> Snapshot:
        """A snapshot at most LIFETIME seconds old; one thread renews it, the others go on."""
        if self._is_fresh():
            return self.remembered
        if not self._lock.acquire(blocking=self._generation != self._database.generation):
            return self.remembered
        generation = self._database.generation
        try:
            self.remembered = _load(session)
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


def _load(session: Session) -> Snapshot:
    rows = session.execute(select(SiteSetting.name, SiteSetting.locale, SiteSetting.value))
    settings = {(name, locale): value for name, locale, value in rows}
    now = datetime.now(UTC)
    pages = _documents(Kind.PAGE).order_by(Document.position, Document.id)
    posts = (
        _documents(Kind.POST)
        .where(Document.listed_at <= now)
        .order_by(Document.listed_at.desc(), Document.id.desc())
    )
    return Snapshot(
        settings,
        {node.id: node for node in _nodes(session, pages.limit(MAX_PAGES), now)},
        tuple(_nodes(session, posts.limit(RECENT_POSTS), now)),
        _pictures(session, settings),
    )


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


Columns = Select[int, int | None, bool, str, datetime | None]


def _documents(kind: Kind) -> Columns:
    return select(
        Document.id,
        Document.parent_id,
        Document.in_menu,
        Document.source_locale,
        Document.listed_at,
    ).where(Document.kind == kind)


def _nodes(session: Session, query: Columns, now: datetime) -> list[Node]:
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
            row.in_menu,
            row.source_locale,
            row.listed_at is not None and row.listed_at <= now,
            words[row.id],
        )
        for row in rows
        if row.source_locale in words[row.id]
    ]
