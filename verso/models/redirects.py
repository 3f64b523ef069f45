"""Redirects that people made, and the unknown URLs that ask for one."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from verso.db import Base, UtcDateTime
from verso.models.documents import PATH_LENGTH

TARGET_LENGTH = 2000
# What a unique index of PostgreSQL takes for certain.
PATH_BYTES = 2500


class Redirect(Base):
    """One path of this site that leads elsewhere (301, 302, 308) or is gone for good (410).

    source is decoded, with a leading slash and none at its end; target is a URL, percent-encoded,
    a path of this site or absolute, and empty for 410.
    """

    __tablename__ = "redirects"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(PATH_LENGTH), unique=True)
    target: Mapped[str] = mapped_column(String(TARGET_LENGTH), default="")
    code: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MissingUrl(Base):
    """A path that was asked for and is not there, or a kind of scanner noise, all in one row.

    path is as in Redirect.source; for noise it is the name of the kind, without a slash. hosts
    counts the hits by the host that linked here; nothing is kept of who asked.
    """

    __tablename__ = "missing_urls"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(String(PATH_LENGTH), unique=True)
    cause: Mapped[str] = mapped_column(String(20))
    suggestion: Mapped[str] = mapped_column(String(TARGET_LENGTH), default="")
    # The text that the suggestion shows; the page of the error asks whether it is still live.
    text_id: Mapped[int | None] = mapped_column(
        ForeignKey("document_texts.id", ondelete="SET NULL"), index=True
    )
    hits: Mapped[int] = mapped_column(default=0)
    # How many of the hits came from a page of this very site.
    own_hits: Mapped[int] = mapped_column(default=0)
    hosts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    ignored: Mapped[bool] = mapped_column(default=False)
    first_seen: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    explained_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class MissingDay(Base):
    """How often a missing URL was asked for on one day (UTC)."""

    __tablename__ = "missing_days"

    missing_id: Mapped[int] = mapped_column(
        ForeignKey("missing_urls.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    hits: Mapped[int] = mapped_column(default=0)
