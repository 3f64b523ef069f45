"""Tags and authors of documents: made by name, found again by name, addressed by slug."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from verso.content.slugs import slugify
from verso.models import Author, AuthorLink, Document, Tag, TagLink, TagName
from verso.models.documents import SLUG_LENGTH


def set_tags(session: Session, document: Document, names: Mapping[str, Sequence[str]]) -> None:
    """Give a document exactly these tags, in this order; `names` are by locale.

    The names in the source locale say which tags; those in another locale translate them, one by
    one, when there are as many.
    """
    wanted = _distinct(names.get(document.source_locale, ()))
    tags = [find_or_make_tag(session, name, document.source_locale) for name in wanted]
    tags = list(dict.fromkeys(tags))
    for locale, translated in sorted(names.items()):
        if locale != document.source_locale and len(translated) == len(tags):
            for tag, name in zip(tags, translated, strict=True):
                name_tag(tag, locale, name)
    _put_tags(session, document, tags)


def put_tags(session: Session, document: Document, slugs: Sequence[str]) -> None:
    """Give a document exactly the tags of these slugs; unknown ones are made, named alike."""
    found = {tag.slug: tag for tag in session.scalars(select(Tag).where(Tag.slug.in_(slugs)))}
    tags = [
        found.get(slug) or make_tag(session, slug, {document.source_locale: slug})
        for slug in dict.fromkeys(slugs)
    ]
    _put_tags(session, document, tags)


def _put_tags(session: Session, document: Document, tags: Sequence[Tag]) -> None:
    links = {link.tag_id: link for link in document.tag_links}
    kept = [links.get(tag.id) or TagLink(tag_id=tag.id, tag=tag) for tag in tags]
    document.tag_links[:] = kept
    _settle(session, document, kept)


def set_authors(session: Session, document: Document, names: Sequence[str]) -> None:
    """Give a document exactly these authors, in this order."""
    authors = [find_or_make_author(session, name) for name in _distinct(names)]
    links = {link.author_id: link for link in document.author_links}
    kept = [
        links.get(author.id) or AuthorLink(author_id=author.id, author=author) for author in authors
    ]
    document.author_links[:] = kept
    _settle(session, document, kept)


def find_or_make_tag(session: Session, name: str, locale: str) -> Tag:
    """The tag that has this name in the locale, else the one of its slug, else a new one.

    A slug whose tag has another name in the locale is another tag: `C` and `C++`.
    """
    name = _fitting(name)
    found = _tag_named(session, name, locale)
    if found is not None:
        return found
    same = session.scalar(select(Tag).where(Tag.slug == slugify(name)))
    if same is not None and locale not in {one.locale for one in same.names}:
        name_tag(same, locale, name)
        return same
    slug = _free(slugify(name) or "tag", lambda slug: _has_slug(session, Tag, slug))
    return make_tag(session, slug, {locale: name})


def make_tag(session: Session, slug: str, names: Mapping[str, str]) -> Tag:
    """A new tag with a name per locale; the slug must be free."""
    tag = Tag(slug=slug)
    tag.names = [TagName(locale=locale, name=name) for locale, name in sorted(names.items())]
    session.add(tag)
    session.flush()
    return tag


def name_tag(tag: Tag, locale: str, name: str) -> None:
    """Say what a tag is called in a locale."""
    known = next((one for one in tag.names if one.locale == locale), None)
    if known is None:
        tag.names.append(TagName(locale=locale, name=_fitting(name)))
    else:
        known.name = _fitting(name)


def find_or_make_author(session: Session, name: str) -> Author:
    """The author of this name, or a new one."""
    name = _fitting(name)
    slug = slugify(name) or "author"
    alike = session.scalars(select(Author).where(Author.name == name)).first()
    if alike is None:
        found = session.scalar(select(Author).where(Author.slug == slug))
        alike = found if found is not None and _same(found.name, name) else None
    if alike is not None:
        return alike
    return make_author(session, _free(slug, lambda one: _has_slug(session, Author, one)), name)


def make_author(session: Session, slug: str, name: str) -> Author:
    """A new author; the slug must be free."""
    author = Author(slug=slug, name=name)
    session.add(author)
    session.flush()
    return author


def _tag_named(session: Session, name: str, locale: str) -> Tag | None:
    """The tag of a name in a locale, in any case, or the one of its slug by a name elsewhere."""
    named = select(Tag).join(TagName).where(TagName.locale == locale).order_by(Tag.id)
    for condition in (TagName.name == name, func.lower(TagName.name) == name.lower()):
        found = session.scalars(named.where(condition)).first()
        if found is not None:
            return found
    same = session.scalar(select(Tag).where(Tag.slug == slugify(name)))
    names = [one.name for one in same.names] if same is not None else []
    return same if any(_same(known, name) for known in names) else None


def _settle(session: Session, document: Document, links: Sequence[TagLink | AuthorLink]) -> None:
    for position, link in enumerate(links):
        link.position, link.listed_at = position, document.listed_at
    session.flush()


def _has_slug(session: Session, table: type[Tag] | type[Author], slug: str) -> bool:
    return session.scalar(select(table.id).where(table.slug == slug)) is not None


def _free(slug: str, is_taken: Callable[[str], bool]) -> str:
    """The slug, or with the first number that makes it free: `c`, `c-2`."""
    candidate, number = slug, 1
    while is_taken(candidate):
        number += 1
        candidate = f"{slug[: SLUG_LENGTH - 8]}-{number}"
    return candidate


def _same(first: str, second: str) -> bool:
    return first.casefold() == second.casefold()


def _distinct(names: Iterable[str]) -> list[str]:
    """Each name once, whatever its case, without blanks around it."""
    found: dict[str, str] = {}
    for name in names:
        if name.strip():
            found.setdefault(name.strip().casefold(), name.strip())
    return list(found.values())


def _fitting(name: str) -> str:
    return " ".join(name.split())[:SLUG_LENGTH]
