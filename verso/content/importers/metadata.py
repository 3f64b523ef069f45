"""What front matter says about a document, whichever generator it was written for."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from verso.content.importers.frontmatter import BrokenFile, FrontMatter, line_of
from verso.content.importers.visibility import (
    cascaded_fields,
    hiding_fields,
    loose,
    lower_names,
    truth,
)
from verso.models import State

# Front matter that the exporter writes: the body is Verso's own Markdown and is taken as it is.
FORMAT_FIELD = "format"
FORMAT = "verso"

_DATE = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)"
    r"(?:[T ]+(\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,6})\d*)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?)?",
    re.IGNORECASE,
)
_DATE_IN_PATH = re.compile(r"(?:^|/)(\d{4})[/-](\d\d)[/-](\d\d)(?:[/-]|$)")
_GROUPS = ("extra", "params", "taxonomies")
_PUBLISH_AT = ("publishdate", "pubdate", "publishat", "publishon")
_EXPIRES_AT = (
    *("expirydate", "expiredate", "expirationdate", "expires", "expiresat", "expireson"),
    *("unpublishdate", "unpublishat", "unpublishon"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The fields of one file; None or empty is what it does not say.

    `hidden` are the fields that keep it from readers, `cascade` those that keep what is below it.
    """

    title: str
    slug: str
    old_path: str
    aliases: tuple[str, ...]
    moved_from: tuple[str, ...]
    summary: str
    date: datetime | None
    updated: datetime | None
    created: datetime | None
    changed: datetime | None
    published: datetime | None
    never_published: bool
    publish_at: datetime | None
    expires_at: datetime | None
    hidden: tuple[str, ...]
    cascade: tuple[str, ...]
    state: State
    tags: tuple[str, ...]
    tag_slugs: tuple[str, ...]
    authors: tuple[str, ...]
    weight: int
    in_menu: bool
    home: bool
    image: str
    image_alt: str
    search_title: str
    search_description: str
    sharing_image: str
    locale: str
    is_clean: bool


def read_metadata(front: FrontMatter, file: str, source: str) -> Metadata:
    """The fields of a file (relative path, whole text); BrokenFile where one cannot be read."""
    fields = _Fields(front, file, source)
    is_clean = fields.get(FORMAT_FIELD) == FORMAT
    old_path = fields.text("path", "url", "permalink")
    return Metadata(
        title=fields.text("title"),
        slug=fields.text("slug"),
        old_path="" if ":" in old_path.split("/")[0] else old_path,
        aliases=tuple(fields.texts("aliases", "redirect_from")),
        moved_from=tuple(fields.texts("moved_from")),
        summary=fields.text("description", "summary", "excerpt"),
        tags=tuple(
            _distinct([*fields.words("tags", "tag"), *fields.words("categories", "category")])
        ),
        tag_slugs=tuple(fields.texts("tag_slugs")),
        authors=tuple(_distinct(_names([*fields.all("authors"), *fields.all("author")]))),
        weight=fields.number("weight") or fields.menu_weight(),
        in_menu=fields.in_menu(),
        home=fields.get("home") is True,
        locale=fields.text("locale", "lang", "language"),
        is_clean=is_clean,
        **_publication(fields, file, old_path, is_clean=is_clean),
        **_pictures_and_search(fields),
    )


def _publication(fields: "_Fields", file: str, old_path: str, *, is_clean: bool) -> dict[str, Any]:
    """Dates, the state, and what hides the page or those below it."""
    published = fields.date("published") if fields.is_date("published") else None
    publish_at = fields.loose_date(_PUBLISH_AT) or (None if is_clean else published)
    return {
        "date": fields.date("date") or publish_at or date_in(old_path) or date_in(file),
        "updated": fields.date("updated", "lastmod", "last_modified_at"),
        "created": fields.date("created"),
        "changed": fields.date("changed") if is_clean else None,
        "published": published if is_clean else None,
        "never_published": fields.get("published") is False,
        "publish_at": publish_at,
        "expires_at": fields.loose_date(_EXPIRES_AT),
        "hidden": () if is_clean else tuple(dict.fromkeys(hiding_fields(fields.tables))),
        "cascade": () if is_clean else tuple(dict.fromkeys(cascaded_fields(fields.tables))),
        "state": _state(fields, file),
    }


def _pictures_and_search(fields: "_Fields") -> dict[str, Any]:
    """The pictures that stand for a page, and its words for search engines."""
    cover = fields.get("image", "cover", "featured_image")
    cover = cover if isinstance(cover, dict) else {"image": cover}
    seo = fields.get("seo")
    seo = seo if isinstance(seo, dict) else {}
    title = fields.text("search_title", "seo_title", "meta_title")
    description = fields.text("search_description", "seo_description", "meta_description")
    return {
        "image": _word(cover.get("image") or cover.get("src") or cover.get("path")),
        "image_alt": fields.text("image_alt", "cover_alt") or _word(cover.get("alt")),
        "search_title": title or _word(seo.get("title")),
        "search_description": description or _word(seo.get("description")),
        "sharing_image": fields.text("sharing_image", "og_image") or _word(seo.get("image")),
    }


def date_in(path: str) -> datetime | None:
    """The day that a path or file name holds: `2014/09/15/x`, `2014-09-15-x.md`."""
    match = _DATE_IN_PATH.search(path)
    if match is None:
        return None
    try:
        return datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC)
    except ValueError:
        return None


def parse_date(value: object) -> datetime:
    """An aware datetime from what TOML, YAML or JSON hold; UTC unless it says otherwise.

    Raises ValueError.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        value = _parse_text(str(value).strip())
    if not 1000 <= value.year <= 9000:
        raise ValueError(f"the year {value.year} is no year to publish in")
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def _parse_text(text: str) -> datetime:
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a date such as 2026-01-31 or 2026-01-31T12:00:00+01:00")
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    clock = f"{int(hour or 0):02}:{minute or '00'}:{second or '00'}.{(fraction or '0'):0<6}"
    zone = "+00:00" if not zone or zone.upper() in ("Z", "UTC") else zone
    return datetime.fromisoformat(f"{year}-{int(month):02}-{int(day):02}T{clock}{zone}")


class _Fields:
    """Looks names up in any case, also in the tables that generators keep for free fields."""

    def __init__(self, front: FrontMatter, file: str, source: str) -> None:
        self.front, self.file, self.source = front, file, source
        tables = [front.fields, *(front.fields.get(group) for group in _GROUPS)]
        self.tables = [lower_names(table) for table in tables if isinstance(table, dict)]

    def get(self, *names: str) -> Any:
        """The first value under one of the names, or None."""
        for name in names:
            for table in self.tables:
                if table.get(name.lower()) is not None:
                    return table[name.lower()]
        return None

    def text(self, *names: str) -> str:
        return _word(self.get(*names))

    def all(self, *names: str) -> list[Any]:
        """The value as a list, whether it is one or not."""
        value = self.get(*names)
        if value is None:
            return []
        return value if isinstance(value, list) else [value]

    def texts(self, *names: str) -> Iterator[str]:
        return (word for word in map(_word, self.all(*names)) if word)

    def words(self, plural: str, single: str) -> list[str]:
        """Tags: a list, or one string that holds several with commas, or with spaces in Jekyll."""
        value = self.get(plural)
        if isinstance(value, str) and "," in value:
            return [word.strip() for word in value.split(",") if word.strip()]
        if isinstance(value, str) and self.front.syntax == "yaml":
            return value.split()
        return [*self.texts(plural), *self.texts(single)]

    def number(self, name: str) -> int:
        value = self.get(name)
        is_number = isinstance(value, int) and abs(value) < 2**31
        return int(value) if is_number else 0

    def is_date(self, name: str) -> bool:
        """Whether there is a date and not a yes or no, as Jekyll's `published` has it."""
        value = self.get(name)
        return isinstance(value, date | str) and truth(value) is None

    def date(self, *names: str) -> datetime | None:
        value = self.get(*names)
        if value is None or value == "":
            return None
        try:
            return parse_date(value)
        except (ValueError, OverflowError) as error:
            raise BrokenFile(self.file, line_of(self.source, str(names[0])), str(error)) from error

    def loose_date(self, names: Sequence[str]) -> datetime | None:
        """The first date under one of the names, in whichever spelling; a no is none."""
        for table in self.tables:
            for name, value in table.items():
                if loose(name) in names and truth(value) is not False:
                    return self.date(name)
        return None

    def in_menu(self) -> bool:
        return self.get("menu", "menus") not in (None, False, "", [], {})

    def menu_weight(self) -> int:
        """Hugo's `[menu.main] weight = 10`."""
        menu = self.get("menu", "menus")
        entries = menu.values() if isinstance(menu, dict) else []
        weights = (entry.get("weight") for entry in entries if isinstance(entry, dict))
        return next((weight for weight in weights if isinstance(weight, int)), 0)


def _state(fields: _Fields, file: str) -> State:
    said = fields.text("state").lower()
    if said == State.ARCHIVED:
        return State.ARCHIVED
    is_draft = fields.get("draft") is True or fields.get("published") is False
    is_draft = is_draft or said == State.DRAFT or "_drafts" in file.split("/")
    return State.DRAFT if is_draft else State.PUBLISHED


def _word(value: object) -> str:
    is_plain = isinstance(value, str | int | float | date) and not isinstance(value, bool)
    return str(value).strip() if is_plain else ""


def _names(values: Sequence[Any]) -> Iterator[str]:
    for value in values:
        name = value.get("name") if isinstance(value, Mapping) else value
        if _word(name):
            yield _word(name)


def _distinct(words: Iterable[str]) -> list[str]:
    """Each word once, as it was first written."""
    found: dict[str, str] = {}
    for word in words:
        found.setdefault(word.casefold(), word)
    return list(found.values())
