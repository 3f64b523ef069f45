"""What was typed into the form of a text, as it is saved."""

from dataclasses import replace

from sqlalchemy.orm import Session

from verso.admin.forms import TextForm, names
from verso.content.editing import Choice, Names, Typed
from verso.content.paths import free_slug, path_in
from verso.content.slugs import slugify
from verso.content.words import TextFields
from verso.i18n.locales import get_locales
from verso.models import Document, Slot


def fields(form: TextForm) -> TextFields:
    """The words of a form, as they are saved."""
    title = form.title.data or ""
    return TextFields(
        title=title,
        slug=form.slug.data or slugify(title),
        summary=form.summary.data or "",
        body=form.body.data or "",
        search_title=form.search_title.data or "",
        search_description=" ".join((form.search_description.data or "").split()),
    )


def new_words(
    session: Session, form: TextForm, kind: str, locale: str, above: str = ""
) -> TextFields:
    """The words of a text that was not there before: where nobody typed a slug, a free one is made."""
    words = fields(form)
    if form.slug.data:
        return words
    known, wish = get_locales().current, words.slug or kind
    slug = free_slug(session, kind, wish, locale, locales=known, above=above)
    return replace(words, slug=slug)


def typed_in(session: Session, form: TextForm, document: Document, locale: str) -> Typed:
    """All of a form, with what was known when it was opened."""
    text = document.text(locale)
    if text is not None:
        words = replace(fields(form), cover_alt=text.cover_alt)
    else:
        parent = session.get(Document, document.parent_id) if document.parent_id else None
        above = path_in(session, parent, locale) if parent else ""
        words = new_words(session, form, document.kind, locale, above)
    return Typed(
        fields=words,
        opened_version=form.opened_version,
        tags=Names(before=names(form.tags_before.data), typed=names(form.tags.data)),
        authors=Names(before=names(form.authors_before.data), typed=names(form.authors.data)),
        pictures={
            slot: Choice(before=form[f"{slot}_before"].data or "", typed=form[slot].data or "")
            for slot in Slot
        },
    )
