"""What lies near a path that leads nowhere: pages from memory, posts from the neighbourhood in the index."""

import difflib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, select, union_all
from sqlalchemy.orm import Session

from verso.content.distance import allowed_distance, is_within
from verso.content.noise import noise_kind
from verso.content.snapshot import Link, Node, Snapshot
from verso.content.urls import locate, page_url, post_url
from verso.models import DocumentText, Kind, MissingUrl
from verso.sections import split_locale

MAX_NEAR = 4
# So many posts before and after a slug in the order of the index are looked at.
NEIGHBOURS = 12
# A slug that was cut off must have so many letters left to mean a post.
MIN_CUT = 8
MAX_WORDS = 100
_ENDING = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(r"[-_.~+\s]+")


@dataclass(frozen=True, slots=True)
class Nearby:
    """Links for the page of an error: what may have been meant, and the same path in other languages."""

    near: Sequence[Link] = ()
    elsewhere: Sequence[Link] = ()

    def and_more(self, other: "Nearby") -> "Nearby":
        """Both, each document once in each list."""
        elsewhere = {link.url: link for link in (*self.elsewhere, *other.elsewhere)}
        near: dict[int, Link] = {}
        for link in (*self.near, *other.near):
            if link.url not in elsewhere:
                near.setdefault(link.document_id, link)
        return Nearby(list(near.values())[:MAX_NEAR], list(elsewhere.values())[:MAX_NEAR])


def nearby_pages(snapshot: Snapshot, path: str, locale: str, offered: Collection[str]) -> Nearby:
    """Pages near a path, from memory."""
    return Nearby(
        near_pages(snapshot, path, locale, offered),
        same_path_elsewhere(snapshot, path, locale, offered),
    )


def near_pages(snapshot: Snapshot, path: str, locale: str, offered: Collection[str]) -> list[Link]:
    """Pages whose slug or title is spelled much like the end of the path."""
    _, parts = split_locale(path[:200], offered)
    if not parts:
        return []
    nodes: dict[str, Node] = {}
    for node in snapshot.live_pages:
        words = node.in_locale(locale)
        nodes[words.slug.casefold()] = nodes[words.title.casefold()] = node
    near = difflib.get_close_matches(parts[-1].casefold(), list(nodes), n=MAX_NEAR, cutoff=0.7)
    return [
        snapshot.link(node, locale)
        for node in {nodes[word].id: nodes[word] for word in near}.values()
    ]


def same_path_elsewhere(
    snapshot: Snapshot, path: str, locale: str, offered: Collection[str]
) -> list[Link]:
    """Pages that have this very path in another language: where each is in its own."""
    _, parts = split_locale(path[:1000], offered)
    found = []
    for node in snapshot.live_pages:
        for other, words in node.words.items():
            if parts and words.slug == parts[-1] and other in offered and other != locale:
                link = snapshot.link(node, other)
                if link.url == page_url(other, "/".join(parts)):
                    found.append(link)
    return found[:MAX_NEAR]


def nearby_posts(session: Session, path: str, locale: str, offered: Collection[str]) -> Nearby:
    """Posts near a path; where there are none, what the table of missing URLs suggests for it."""
    _, kind, rest = locate(path, offered)
    slug, now = rest.rpartition("/")[2], datetime.now(UTC)
    is_post = kind == Kind.POST
    rows = neighbours(session, slug, now) if is_post else posts_at(session, [slug], now)
    shown = [row for row in rows if row.locale in offered and is_near(slug, row.path)]
    elsewhere = [row for row in shown if is_post and row.path == rest and row.locale != locale]
    near = [row for row in shown if row not in elsewhere]
    near.sort(key=lambda row: (row.locale != locale, row.path != slug))
    links = [_link(row) for row in near] or [
        link for link in suggested_link(session, path, now) if link.locale in offered
    ]
    return Nearby(links, [_link(row) for row in elsewhere])


def words_of(path: str) -> str:
    """The end of a path as words to search for."""
    if noise_kind(path):
        return ""
    name = _ENDING.sub("", path.rstrip("/").rpartition("/")[2])
    return " ".join(_BETWEEN_WORDS.sub(" ", name).split())[:MAX_WORDS]


def is_near(slug: str, other: str) -> bool:
    """Whether a slug is another one misspelled, or cut off."""
    wanted, known = slug.casefold(), other.casefold()
    is_cut = len(wanted) >= MIN_CUT and known.startswith(wanted)
    return is_cut or is_within(wanted, known, allowed_distance(wanted))


def neighbours(session: Session, slug: str, now: datetime) -> list[Any]:
    """Live posts before and after a slug in the order of the index: those that begin most like it.

    It costs the same however many posts there are.
    """
    return _live(session.execute(_NEIGHBOURS, {"slug": slug}), now)


def posts_at(session: Session, slugs: Sequence[str], now: datetime) -> list[Any]:
    """The live texts of posts that have one of these slugs, in any language."""
    return _live(session.execute(_AT, {"slugs": slugs}), now)


def suggested_link(session: Session, path: str, now: datetime) -> list[Link]:
    """What was found out before about a path that somebody else missed, if it is still live."""
    rows = session.execute(_SUGGESTED, {"path": "/" + path.strip("/"), "now": now})
    return [Link(row.title, row.suggestion, row.locale, row.document_id) for row in rows]


def _live(rows: Iterable[Any], now: datetime) -> list[Any]:
    return [row for row in rows if row.listed_at is not None and row.listed_at <= now]


def _link(row: Any) -> Link:
    return Link(row.title, post_url(row.locale, row.path), row.locale, row.document_id)


# Made once: making a statement takes longer than running it.
_POSTS = select(
    DocumentText.id,
    DocumentText.document_id,
    DocumentText.locale,
    DocumentText.title,
    DocumentText.path,
    DocumentText.listed_at,
).where(DocumentText.kind == Kind.POST)
_AT = _POSTS.where(DocumentText.path.in_(bindparam("slugs", expanding=True)))
_UP = (
    _POSTS.where(DocumentText.path >= bindparam("slug"))
    .order_by(DocumentText.path, DocumentText.locale)
    .limit(NEIGHBOURS)
)
_DOWN = (
    _POSTS.where(DocumentText.path < bindparam("slug"))
    .order_by(DocumentText.path.desc(), DocumentText.locale.desc())
    .limit(NEIGHBOURS)
)
_NEIGHBOURS = union_all(select(_UP.subquery()), select(_DOWN.subquery()))
_SUGGESTED = (
    select(DocumentText.title, DocumentText.locale, DocumentText.document_id, MissingUrl.suggestion)
    .join(MissingUrl, MissingUrl.text_id == DocumentText.id)
    .where(MissingUrl.path == bindparam("path"), DocumentText.listed_at <= bindparam("now"))
)
