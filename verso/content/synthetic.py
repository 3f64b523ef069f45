"""Made-up posts and pages in any number, for trying the site at scale: plain rows, written in bulk."""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from verso.content import markdown
from verso.content.search import insert_rows
from verso.db import Database
from verso.models import Document, DocumentText, Kind, State, Tag, TagLink, TagName

BATCH = 1000
# What the origin of every made-up document begins with.
MADE_UP = "made-up"
ORIGIN = f"{MADE_UP}:"
EVERY = timedelta(minutes=30)
TAGS = ("river", "paper", "ink", "lamp", "harbour", "winter", "garden", "bridge", "map", "letter")
OPENINGS = (
    "On a {adjective} morning we opened the {noun} and found a {thing} inside.",
    "The {noun} has been {adjective} since the spring, and nobody minds.",
    "Somebody left a {thing} beside the {noun}; it is still waiting.",
    "We asked twelve people about the {noun}, and each told us about a {thing}.",
)
ADJECTIVES = ("quiet", "bright", "crooked", "patient", "foggy", "borrowed", "slow", "green")
NOUNS = ("press", "archive", "ferry", "library", "workshop", "staircase", "market", "kitchen")
THINGS = ("letter", "bicycle", "map", "lantern", "kettle", "violin", "notebook", "window")
# How many different bodies there are; titles and slugs are all different.
BODIES = 500
PAGE_ORIGIN = f"{MADE_UP}-page:"
# So many made-up pages stand below each other one, once the top level has as many.
PAGES_BELOW = 1000


def add_posts(
    database: Database,
    wanted: int,
    locales: Sequence[str],
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Add made-up posts until there are `wanted` of them; returns how many were added."""
    with database.writing() as session:
        tag_ids = _tags(session)
        present = _present(session, ORIGIN)
    bodies = _bodies()
    for start in range(present, wanted, BATCH):
        numbers = range(start, min(start + BATCH, wanted))
        with database.writing() as session:
            _insert(session, numbers, wanted, bodies, tag_ids)
        progress(numbers.stop)
    return max(0, wanted - present)


def add_pages(
    database: Database, wanted: int, progress: Callable[[int], None] = lambda done: None
) -> int:
    """Add made-up pages in English, in a tree, until there are `wanted`; how many were added."""
    with database.writing() as session:
        present = _present(session, PAGE_ORIGIN)
    for start in range(present, wanted, BATCH):
        numbers = range(start, min(start + BATCH, wanted))
        with database.writing() as session:
            _insert_pages(session, numbers)
        progress(numbers.stop)
    return max(0, wanted - present)


Body = tuple[str, str]


def _bodies() -> list[Body]:
    """Markdown and HTML of all bodies, rendered once."""
    chance = random.Random(7)
    sources = ["\n\n".join(_paragraph(chance) for _ in range(4)) for _ in range(BODIES)]
    return [(source, markdown.render(source).html) for source in sources]


def _paragraph(chance: random.Random) -> str:
    sentences = [
        chance.choice(OPENINGS).format(
            adjective=chance.choice(ADJECTIVES),
            noun=chance.choice(NOUNS),
            thing=chance.choice(THINGS),
        )
        for _ in range(5)
    ]
    return " ".join(sentences)


def _insert(
    session: Session,
    numbers: range,
    wanted: int,
    bodies: Sequence[Body],
    tag_ids: Sequence[int],
) -> None:
    now = datetime.now(UTC)
    newest = now - timedelta(days=1)
    rows = [_document(number, newest - EVERY * (wanted - number), now) for number in numbers]
    statement = insert(Document).returning(Document.id, sort_by_parameter_order=True)
    ids = list(session.scalars(statement, rows))
    texts = [
        _text(number, one, bodies, now) | {"listed_at": row["listed_at"]}
        for number, one, row in zip(numbers, ids, rows, strict=True)
    ]
    returning = insert(DocumentText).returning(DocumentText.id, sort_by_parameter_order=True)
    text_ids = list(session.scalars(returning, texts))
    links = [
        {
            "document_id": one,
            "tag_id": tag_ids[number % len(tag_ids)],
            "position": 0,
            "listed_at": row["listed_at"],
        }
        for number, one, row in zip(numbers, ids, rows, strict=True)
    ]
    session.execute(insert(TagLink), links)
    indexed = [
        (text_id, str(row["title"]), str(row["body"]))
        for text_id, row in zip(text_ids, texts, strict=True)
    ]
    insert_rows(session, indexed)


def _insert_pages(session: Session, numbers: range) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    above = {f"{PAGE_ORIGIN}{_number_above(number)}" for number in numbers}
    query = select(Document.origin, Document.id).where(Document.origin.in_(above))
    parents = dict(session.execute(query).all())
    rows = [
        {
            **_document(number, yesterday, yesterday),
            "kind": Kind.PAGE,
            "origin": f"{PAGE_ORIGIN}{number}",
            "parent_id": parents.get(f"{PAGE_ORIGIN}{_number_above(number)}"),
            "position": number % PAGES_BELOW,
        }
        for number in numbers
    ]
    statement = insert(Document).returning(Document.id, sort_by_parameter_order=True)
    ids = session.scalars(statement, rows)
    texts = [_page_text(number, one, yesterday) for number, one in zip(numbers, ids, strict=True)]
    session.execute(insert(DocumentText), texts)


def _page_text(number: int, document_id: int, now: datetime) -> dict[str, object]:
    slugs, above = [f"made-up-page-{number}"], _number_above(number)
    while above >= 0:
        slugs.append(f"made-up-page-{above}")
        above = _number_above(above)
    return {
        **_text(number, document_id, [("Made up.", "<p>Made up.</p>")], now),
        "kind": Kind.PAGE,
        "title": f"Made-up page {number}",
        "slug": slugs[0],
        "path": "/".join(reversed(slugs)),
        "listed_at": now,
    }


def _number_above(number: int) -> int:
    """The number of the page above a page; negative for one at the top."""
    return number // PAGES_BELOW - 1


def _document(number: int, published_at: datetime, now: datetime) -> dict[str, object]:
    return {
        "kind": Kind.POST,
        "source_locale": "en",
        "state": State.PUBLISHED,
        "published_at": published_at,
        "listed_at": published_at,
        "origin": f"{ORIGIN}{number}",
        "version": 1,
        "created_at": now,
        "updated_at": published_at,
    }


def _text(
    number: int, document_id: int, bodies: Sequence[Body], now: datetime
) -> dict[str, object]:
    body, html = bodies[number % len(bodies)]
    slug = f"made-up-post-{number}"
    return {
        "document_id": document_id,
        "kind": Kind.POST,
        "locale": "en",
        "title": f"Made-up post {number} about the {NOUNS[number % len(NOUNS)]}",
        "slug": slug,
        "path": slug,
        "summary": "",
        "body": body,
        "html": html,
        "cover_alt": "",
        "updated_at": now,
    }


def _tags(session: Session) -> list[int]:
    known = {tag.slug: tag for tag in session.scalars(select(Tag).where(Tag.slug.in_(TAGS)))}
    for name in TAGS:
        if name not in known:
            known[name] = Tag(slug=name, names=[TagName(locale="en", name=name.title())])
            session.add(known[name])
    session.flush()
    return [known[name].id for name in TAGS]


def _present(session: Session, origin: str) -> int:
    query = select(func.count()).where(Document.origin.startswith(origin))
    return session.scalar(query) or 0
