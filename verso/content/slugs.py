"""Slugs: what may stand in a URL, and what the routes need for themselves."""

import re
import unicodedata
from collections.abc import Collection

from verso.models import Kind
from verso.models.documents import SLUG_LENGTH
from verso.sections import OWNED_SEGMENTS, match_locale

# First segments that routes of the site answer, beside every locale.
SITE_WORDS = frozenset(
    {*OWNED_SEGMENTS, "search", "problems", "static", "media", "language", "healthz", "readyz"}
    | {".well-known", "favicon.ico", "robots.txt", "sitemap.xml", "sitemap"}
)
# Words that routes of the blog answer where a post's slug could stand.
BLOG_WORDS = frozenset({"tags", "archive", "authors", "feed", "feed.xml", "feed.json", "page"})

_NOT_IN_SLUGS = re.compile(r"[^\w.~-]+", re.UNICODE)


class SlugRefused(ValueError):
    """A slug cannot be used; `reason` is "empty", "characters", "long" or "reserved"."""

    def __init__(self, slug: str, reason: str) -> None:
        super().__init__(f"the slug {slug!r} cannot be used: {reason}")
        self.slug = slug
        self.reason = reason


def slugify(text: str) -> str:
    """A slug from any text, in its own script and in lower case: `Über uns!` -> `über-uns`."""
    text = unicodedata.normalize("NFC", text).casefold()
    return _NOT_IN_SLUGS.sub("-", text).strip("-.~_")[:SLUG_LENGTH].strip("-.~_")


def check_slug(slug: str, kind: str, *, top_level: bool, locales: Collection[str]) -> None:
    """Raise SlugRefused when a slug is malformed or is a word that a route needs.

    Below another page every word is free; `top_level` is ignored for posts.
    """
    if not slug:
        raise SlugRefused(slug, "empty")
    if len(slug) > SLUG_LENGTH:
        raise SlugRefused(slug, "long")
    if (
        _NOT_IN_SLUGS.search(slug)
        or set(slug) == {"."}
        or slug != unicodedata.normalize("NFC", slug)
    ):
        raise SlugRefused(slug, "characters")
    if is_reserved(slug, kind, top_level=top_level, locales=locales):
        raise SlugRefused(slug, "reserved")


def is_reserved(slug: str, kind: str, *, top_level: bool, locales: Collection[str]) -> bool:
    """Whether a route needs the slug where a document with it would stand; as check_slug."""
    if kind == Kind.POST:
        return slug in BLOG_WORDS
    return top_level and (slug in SITE_WORDS or match_locale(slug, locales) is not None)
