"""Changes: what was published, changed and removed, in the order in which it became so."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from verso.db import Base, UtcDateTime


class ChangeKind(StrEnum):
    """What happened to a document, as its readers see it."""

    PUBLISHED = "published"
    CHANGED = "changed"
    REMOVED = "removed"


class Change(Base):
    """One document became readable, readable in other words, or unreadable.

    urls are the paths by locale, without the mount, of the texts that it concerns. due is when a
    scheduled publication comes into force, else NULL. The document may be gone by now.
    """

    __tablename__ = "changes"
    __table_args__ = (Index(None, "due"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    document_id: Mapped[int] = mapped_column(index=True)
    document_kind: Mapped[str] = mapped_column(String(10))
    urls: Mapped[dict[str, str]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    due: Mapped[datetime | None] = mapped_column(UtcDateTime)
