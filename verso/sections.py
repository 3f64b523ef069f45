"""Which section of the site owns a path: a pure function and a table, needing no Flask context."""

from collections.abc import Collection
from enum import StrEnum


class Section(StrEnum):
    """The sections; each has an errors.py that answers its failures in its own form."""

    SITE = "site"
    BLOG = "blog"
    API = "api"
    ADMIN = "admin"

    @property
    def proper_name(self) -> str:
        """What a section is called where nobody has translated its name: `Shop`."""
        return self.replace("_", " ").capitalize()


# The site owns what no other section does.
OWNED_SEGMENTS = {section.value: section for section in Section if section is not Section.SITE}
# The sections of visitors: each page has its locale first in its path, and a URL without one leads there.
LOCALIZED = tuple(section for section in Section if section not in (Section.API, Section.ADMIN))


def split_path(path: str) -> list[str]:
    """The non-empty segments of a decoded path: `//api//x/` -> `["api", "x"]`."""
    return [part for part in path.split("/") if part]


def match_locale(segment: str, locales: Collection[str]) -> str | None:
    """The configured locale that a segment spells in any case, with `-` or `_`, or None."""
    wanted = segment.replace("_", "-").lower()
    return next((locale for locale in locales if locale.lower() == wanted), None)


def split_locale(path: str, locales: Collection[str]) -> tuple[str | None, list[str]]:
    """The locale that a path begins with, if any, and the segments after it."""
    parts = split_path(path)
    locale = match_locale(parts[0], locales) if parts else None
    return locale, parts[1:] if locale else parts


def section_of(path: str, locales: Collection[str]) -> Section:
    """The section that owns a decoded path, known or not (design: sections and errors).

    One leading configured locale is dropped; the next segment is compared whole and case-sensitively.
    """
    _, parts = split_locale(path, locales)
    return OWNED_SEGMENTS.get(parts[0], Section.SITE) if parts else Section.SITE
