"""Documents: pages and posts, their texts per locale, revisions, tags, authors and old URLs."""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from verso.db import Base, UtcDateTime
from verso.models.media import Media

SLUG_LENGTH = 200
PATH_LENGTH = 1000
TITLE_LENGTH = 300
# The publication of a page whose date is not known: after all others in every list, and never shown.
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


class Kind(StrEnum):
    """A page stands in a tree of pages, a post in the stream of the blog."""

    PAGE = "page"
    POST = "post"


class State(StrEnum):
    """Where a document stands. SCHEDULED is never stored: it is PUBLISHED with a date to come."""

    DRAFT = "draft"
    # Waits for somebody who may publish it.
    REVIEW = "review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Slot(StrEnum):
    """A picture that stands for a document; the attribute of Document that holds it."""

    # In lists, on top of its page, and in shared links that have no picture of their own.
    COVER = "cover"
    SHARING = "sharing"


class Document(Base):
    """A page or a post; its words are in one DocumentText per locale."""

    __tablename__ = "documents"
    __table_args__ = (
        Index(None, "kind", "listed_at", "id"),
        Index(None, "parent_id", "position"),
        # One level of the tree: pages without a parent stand among all the posts else.
        Index(None, "kind", "parent_id", "position", "id"),
        # The lists of the admin, by what was changed last.
        Index(None, "state", "updated_at"),
        Index(None, "kind", "updated_at"),
        Index(None, "kind", "state", "updated_at"),
        Index(None, "user_id", "state", "updated_at"),
        Index(None, "listed_at"),
        # The id of a deleted document is never given out again.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    position: Mapped[int] = mapped_column(default=0)
    in_menu: Mapped[bool] = mapped_column(default=False)
    source_locale: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10), default=State.DRAFT)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # published_at while the document is published (or scheduled), else NULL: what lists walk along.
    listed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cover_id: Mapped[int | None] = mapped_column(
        ForeignKey("media.id", ondelete="SET NULL"), index=True
    )
    sharing_id: Mapped[int | None] = mapped_column(
        ForeignKey("media.id", ondelete="SET NULL"), index=True
    )
    # Who made it; nobody for what was imported, and for who is gone.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    # The path of the file that an import made it from (see importers/origins.py).
    origin: Mapped[str | None] = mapped_column(String(PATH_LENGTH), unique=True)
    origin_digest: Mapped[str | None] = mapped_column(String(64))
    # Counts every saved change; a decision that was made on an older one is refused.
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    texts: Mapped[list["DocumentText"]] = relationship(
        back_populates="document", cascade="all, delete-orphan", order_by="DocumentText.id"
    )
    tag_links: Mapped[list["TagLink"]] = relationship(
        cascade="all, delete-orphan", order_by="TagLink.position"
    )
    author_links: Mapped[list["AuthorLink"]] = relationship(
        cascade="all, delete-orphan", order_by="AuthorLink.position"
    )
    cover: Mapped[Media | None] = relationship(foreign_keys=[cover_id])
    sharing: Mapped[Media | None] = relationship(foreign_keys=[sharing_id])

    def text(self, locale: str) -> "DocumentText | None":
        """The text in exactly this locale, or None."""
        return next((text for text in self.texts if text.locale == locale), None)

    def text_or_source(self, locale: str) -> "DocumentText":
        """The text in this locale, else in the document's own."""
        return self.text(locale) or self.source

    @property
    def source(self) -> "DocumentText":
        text = self.text(self.source_locale)
        if text is None:
            raise LookupError(f"document {self.id} has no text in its own {self.source_locale}")
        return text

    @property
    def dated_at(self) -> datetime | None:
        """When it was published, as far as that is known; NULL while it is not."""
        return None if self.listed_at == UNDATED else self.listed_at

    @property
    def tags(self) -> list["Tag"]:
        return [link.tag for link in self.tag_links]

    @property
    def authors(self) -> list["Author"]:
        return [link.author for link in self.author_links]


class DocumentText(Base):
    """The words of a document in one locale: its source, or a whole translation."""

    __tablename__ = "document_texts"
    __table_args__ = (
        UniqueConstraint("document_id", "locale"),
        # A path is the slug of a post, or the slugs of a page and the pages above it.
        UniqueConstraint("kind", "path", "locale"),
        Index(None, "kind", "locale", "listed_at", "document_id"),
        Index(None, "kind", "slug"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    # The document's, so that the list of one language is one index walk.
    listed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(10))
    locale: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH))
    path: Mapped[str] = mapped_column(String(PATH_LENGTH))
    summary: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    # The document's version when these words were saved last: a form was opened at one of them.
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    cover_alt: Mapped[str] = mapped_column(Text, default="")
    # For search engines and shared links; empty means the title and the summary.
    search_title: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="", server_default="")
    search_description: Mapped[str] = mapped_column(Text, default="", server_default="")
    # That of the files of the import which wrote it last: each language may have its own folder.
    origin_digest: Mapped[str | None] = mapped_column(String(64))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    document: Mapped[Document] = relationship(back_populates="texts")


class Revision(Base):
    """What a text said when it was saved; kept when its author leaves."""

    __tablename__ = "revisions"
    __table_args__ = (Index(None, "document_id", "locale", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    locale: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH))
    summary: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    search_title: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="", server_default="")
    search_description: Mapped[str] = mapped_column(Text, default="", server_default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Tag(Base):
    """A subject of posts: one slug, and a name per locale."""

    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH), unique=True)
    names: Mapped[list["TagName"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="TagName.locale"
    )

    def name(self, locale: str, fallback: str) -> "TagName":
        """The name in this locale, else in the fallback locale, else the first there is."""
        by_locale = {name.locale: name for name in self.names}
        return by_locale.get(locale) or by_locale.get(fallback) or self.names[0]


class TagName(Base):
    """What a tag is called in one locale."""

    __tablename__ = "tag_names"

    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True)
    locale: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(SLUG_LENGTH))


class TagLink(Base):
    """A document carries a tag; listed_at is the document's, so that a tag's list is one index walk."""

    __tablename__ = "document_tags"
    __table_args__ = (Index(None, "tag_id", "listed_at", "document_id"),)

    document_id: Mapped[int] = mapped_column(
        ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True
    )
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    listed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tag: Mapped[Tag] = relationship()


class Author(Base):
    """Somebody whose name stands over a post; not necessarily somebody who may sign in."""

    __tablename__ = "authors"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH), unique=True)
    name: Mapped[str] = mapped_column(String(SLUG_LENGTH))


class AuthorLink(Base):
    """A document was written by an author; listed_at as in TagLink."""

    __tablename__ = "document_authors"
    __table_args__ = (Index(None, "author_id", "listed_at", "document_id"),)

    document_id: Mapped[int] = mapped_column(
        ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True
    )
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    listed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    author: Mapped[Author] = relationship()


class OldUrl(Base):
    """A path that a document once had, in the pages' or the blog's space; it answers 301, or 410.

    path has no locale, no `blog/` and no outer slashes; locale is that of the text that had it.
    document_id is NULL once the document was deleted.
    """

    __tablename__ = "old_urls"
    __table_args__ = (UniqueConstraint("kind", "path", "locale"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    path: Mapped[str] = mapped_column(String(PATH_LENGTH))
    locale: Mapped[str] = mapped_column(String(20))
    document_id: Mapped[int | None] = mapped_column(
        ForeignKey("documents.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
