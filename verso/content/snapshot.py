"""What every page shows of the site, and error pages remember: its name, menu, pages, recent posts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from verso.content.pictures import Picture
from verso.content.site_settings import HIDDEN_LOCALES, HOME, MAINTENANCE, ON
from verso.content.urls import home_url, page_url, post_url


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
    position: int
    in_menu: bool
    source_locale: str
    listed_at: datetime | None
    words: Mapping[str, Words]

    @property
    def is_live(self) -> bool:
        """Whether visitors may see it."""
        return self.was_live(datetime.now(UTC))

    def was_live(self, moment: datetime) -> bool:
        return self.listed_at is not None and self.listed_at <= moment

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
    """One moment of the site's navigation, immutable; of a very large site it has not all pages."""

    settings: Mapping[tuple[str, str], str] = field(default_factory=dict)
    pages: Mapping[int, Node] = field(default_factory=dict)
    posts: Sequence[Node] = ()
    pictures: Mapping[tuple[str, str], Picture] = field(default_factory=dict)
    is_whole: bool = True

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
        now = datetime.now(UTC)
        return [node for node in self.pages.values() if node.was_live(now)]

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
