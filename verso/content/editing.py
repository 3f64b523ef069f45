"""Saving what was typed: what others saved meanwhile is merged in, and never overwritten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

from sqlalchemy.orm import Session

from verso.content import documents, taxonomy
from verso.content.covers import picture_address, set_picture
from verso.content.markdown import Rendered
from verso.content.merging import Clash, merge_lists, merge_texts, merge_values
from verso.content.paths import count_moved, served_paths
from verso.content.revisions import find_version, last_editor
from verso.content.words import TextFields, fields_of, words_of
from verso.models import Document, DocumentText, Kind, Slot

_NOTHING = TextFields(title="", slug="")
# All but the body, which is merged by paragraph: one of two values counts.
_VALUES = tuple(one.name for one in fields(TextFields) if one.name != "body")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Tags or authors as they were when a form was opened, and as they were typed."""

    before: Sequence[str]
    typed: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The address of a picture as it was when a form was opened, and as it was chosen."""

    before: str
    typed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What somebody typed into a form that was opened at a version of the text (0: there was none)."""

    fields: TextFields
    opened_version: int
    # What documents.render_body made of the body: a large one would hold up everybody who writes.
    rendered: Rendered | None = None
    tags: Names | None = None
    authors: Names | None = None
    pictures: Mapping[Slot, Choice] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did: whether it took in what others saved, and how many addresses are others now."""

    is_merged: bool
    moved: int


class TextsClash(Exception):
    """Two people changed the same passage; nothing was saved.

    `merged` has everything that does not clash from both, and the typed words where they do;
    `theirs` is what stands saved now, at `version`.
    """

    def __init__(
        self,
        merged: TextFields,
        theirs: TextFields,
        clashes: Sequence[Clash],
        *,
        version: int,
        name: str | None,
    ) -> None:
        super().__init__(f"{len(clashes)} passages were changed by two people")
        self.merged = merged
        self.theirs = theirs
        self.clashes = clashes
        self.version = version
        self.name = name


def save_typed(
    session: Session,
    document: Document,
    locale: str,
    typed: Typed,
    *,
    locales: Sequence[str],
    user_id: int | None,
) -> Saved:
    """Save a form, merged with what others saved since it was opened.

    Raises TextsClash, PictureUnknown, SlugRefused or SlugTaken. A text that nobody changed is not saved again.
    """
    text = document.text(locale)
    fields, is_merged = _merged(session, document, text, locale, typed)
    for slot, choice in _pictures(document, locale, typed).items():
        if choice.typed != choice.before:
            set_picture(session, document, slot, choice.typed)
    before = served_paths(session, document) if text and fields.slug != text.slug else {}
    if text is None or fields != words_of(text):
        rendered = typed.rendered if fields.body == typed.fields.body else None
        documents.save_text(
            session, document, locale, fields, locales=locales, user_id=user_id, rendered=rendered
        )
    moved = count_moved(session, before, served_paths(session, document)) if before else 0
    if document.kind == Kind.POST and locale == document.source_locale:
        _save_names(session, document, locale, typed)
    return Saved(is_merged, moved)


def names_of(document: Document, locale: str) -> tuple[list[str], list[str]]:
    """The names of a document's tags in a locale, and of its authors."""
    tags = [tag.name(locale, document.source_locale).name for tag in document.tags]
    return tags, [author.name for author in document.authors]


def _merged(
    session: Session, document: Document, text: DocumentText | None, locale: str, typed: Typed
) -> tuple[TextFields, bool]:
    """What to save, and whether it holds what somebody else saved."""
    clashes = _picture_clashes(document, _pictures(document, locale, typed))
    is_newer = text is not None and text.version != typed.opened_version
    if text is None or not (is_newer or clashes):
        return typed.fields, False
    theirs, merged = words_of(text), typed.fields
    if is_newer:
        opened = find_version(session, document.id, locale, typed.opened_version)
        base = fields_of(opened, theirs.cover_alt) if opened else _NOTHING
        merged, in_words = merge_fields(base, typed.fields, theirs)
        clashes += in_words
    if clashes:
        name = last_editor(session, document, locale)
        raise TextsClash(merged, theirs, clashes, version=text.version, name=name)
    return merged, True


def _pictures(document: Document, locale: str, typed: Typed) -> Mapping[Slot, Choice]:
    """Pictures stand for the document in every language: they are chosen with its source."""
    return typed.pictures if locale == document.source_locale else {}


def _picture_clashes(document: Document, pictures: Mapping[Slot, Choice]) -> list[Clash]:
    """Two pictures that two people chose for the same."""
    clashes = []
    for slot, choice in pictures.items():
        now = picture_address(document, slot)
        if choice.typed != choice.before and now not in (choice.before, choice.typed):
            clashes.append(Clash(choice.typed, now, slot))
    return clashes


def merge_fields(
    base: TextFields, mine: TextFields, theirs: TextFields
) -> tuple[TextFields, list[Clash]]:
    """Both changes of all fields; where they clash it says what is mine."""
    body = merge_texts(base.body, mine.body, theirs.body)
    merged, clashes = replace(mine, body=body.text), list(body.clashes)
    for name in _VALUES:
        my_value, their_value = getattr(mine, name), getattr(theirs, name)
        value, is_clash = merge_values(getattr(base, name), my_value, their_value)
        merged = replace(merged, **{name: value})
        if is_clash:
            clashes.append(Clash(my_value, their_value, name))
    return merged, clashes


def _save_names(session: Session, document: Document, locale: str, typed: Typed) -> None:
    """Tags and authors are those of the source: what was added is added, what was removed goes."""
    tags, authors = names_of(document, locale)
    new_tags = _changed(typed.tags, tags)
    new_authors = _changed(typed.authors, authors)
    if new_tags != tags:
        taxonomy.set_tags(session, document, {locale: new_tags})
    if new_authors != authors:
        taxonomy.set_authors(session, document, new_authors)
    if (new_tags, new_authors) != (tags, authors):
        documents.note_change(session, document)


def _changed(names: Names | None, present: list[str]) -> list[str]:
    return present if names is None else merge_lists(names.before, names.typed, present)
