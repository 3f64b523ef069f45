"""Drafts: what somebody is typing and has not saved; no part of a document's history."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from verso.db import Base, UtcDateTime

LANE_LENGTH = 32


class Draft(Base):
    """The unsaved text of one open form; `lane` is the token of the form.

    document_id is NULL for a document that was never saved, or is gone. opened_version is the
    version of the text that the form was opened at; `version` counts what was kept in this lane.
    """

    __tablename__ = "drafts"
    __table_args__ = (
        UniqueConstraint("user_id", "lane"),
        Index(None, "user_id", "updated_at"),
        Index(None, "document_id", "locale"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    lane: Mapped[str] = mapped_column(String(LANE_LENGTH))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(10))
    locale: Mapped[str] = mapped_column(String(20))
    opened_version: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    fields: Mapped[dict[str, str]] = mapped_column(JSON)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
