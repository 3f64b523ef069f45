"""Media: the files that documents show, their words per language, and where they are shown."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from verso.db import Base, UtcDateTime

KEY_LENGTH = 16
NAME_LENGTH = 200


class Media(Base):
    """One medium; width and height are pixels, size is bytes.

    Its key and name make its URL and never change; its digest is that of the bytes it shows now.
    widths and cards are those of the sizes and crops that are kept, as in `320,640`.
    """

    __tablename__ = "media"
    __table_args__ = (Index(None, "created_at", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(KEY_LENGTH), unique=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    content_type: Mapped[str] = mapped_column(String(50))
    width: Mapped[int | None]
    height: Mapped[int | None]
    size: Mapped[int]
    widths: Mapped[str] = mapped_column(String(100), default="")
    cards: Mapped[str] = mapped_column(String(100), default="")
    focus_x: Mapped[int] = mapped_column(default=50)
    focus_y: Mapped[int] = mapped_column(default=50)
    uploader_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    texts: Mapped[list["MediaText"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="MediaText.locale"
    )

    def alt(self, locale: str) -> str:
        """What the picture says in a language, or nothing."""
        return next((text.alt for text in self.texts if text.locale == locale), "")


class MediaText(Base):
    """What a picture says in one language, for those who do not see it."""

    __tablename__ = "media_texts"

    media_id: Mapped[int] = mapped_column(
        ForeignKey("media.id", ondelete="CASCADE"), primary_key=True
    )
    locale: Mapped[str] = mapped_column(String(20), primary_key=True)
    alt: Mapped[str] = mapped_column(Text)


class MediaUse(Base):
    """The body of a text shows a medium; covers are known by Document.cover_id."""

    __tablename__ = "media_uses"
    __table_args__ = (Index(None, "media_id"),)

    text_id: Mapped[int] = mapped_column(
        ForeignKey("document_texts.id", ondelete="CASCADE"), primary_key=True
    )
    media_id: Mapped[int] = mapped_column(
        ForeignKey("media.id", ondelete="CASCADE"), primary_key=True
    )
