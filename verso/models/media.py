"""Media: the files that documents show, each stored once under the digest of its bytes."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from verso.db import Base, UtcDateTime


class Media(Base):
    """One file in the media folder; width and height are pixels, size is bytes."""

    __tablename__ = "media"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    content_type: Mapped[str] = mapped_column(String(50))
    width: Mapped[int | None]
    height: Mapped[int | None]
    size: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
