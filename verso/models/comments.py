"""Comments: what people in the admin say to each other about a document."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from verso.db import Base, UtcDateTime
from verso.models.people import User

COMMENT_LENGTH = 2000


class Comment(Base):
    """Plain words of somebody about a document; user_id is NULL for who is gone."""

    __tablename__ = "comments"
    __table_args__ = (Index(None, "document_id", "at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    words: Mapped[str] = mapped_column(Text)
    user: Mapped[User | None] = relationship()
