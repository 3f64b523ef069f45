"""The words of a document in one locale, on their way between a form, the text and its history."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from verso.models import DocumentText, Revision

# What the history keeps.
REVISED = ("title", "slug", "summary", "body", "search_title", "search_description")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFields:
    """What an editor types for one locale; body is Markdown. The columns of DocumentText, by name."""

    title: str
    slug: str
    summary: str = ""
    body: str = ""
    cover_alt: str = ""
    # For search engines and shared links; empty means the title and the summary.
    search_title: str = ""
    search_description: str = ""


def words_of(text: DocumentText) -> TextFields:
    """The words of a text as they are saved."""
    found: dict[str, Any] = {one.name: getattr(text, one.name) for one in fields(TextFields)}
    return TextFields(**found)


def put_words(text: DocumentText, words: TextFields) -> None:
    """Let a text say this; rendering it is left to who does that."""
    for name, value in asdict(words).items():
        setattr(text, name, value)


def fields_of(revision: Revision, cover_alt: str = "") -> TextFields:
    """The words of a revision; the history does not know what was said about the cover."""
    found: dict[str, Any] = {name: getattr(revision, name) for name in REVISED}
    return TextFields(**found, cover_alt=cover_alt)
