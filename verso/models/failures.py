"""Failures: groups of them, the fingerprints of each group, single events, and counts per hour."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from verso.db import Base, UtcDateTime

TITLE_LENGTH = 500


class GroupState(StrEnum):
    """Where a group stands. REGRESSED: it came back after somebody had resolved it."""

    OPEN = "open"
    REGRESSED = "regressed"
    MUTED = "muted"
    RESOLVED = "resolved"


class FailureGroup(Base):
    """Failures that are one and the same to the people who look after the site."""

    __tablename__ = "failure_groups"
    __table_args__ = (
        Index(None, "state", "last_seen", "id"),
        Index(None, "last_seen", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default=GroupState.OPEN)
    section: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    place: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    count: Mapped[int] = mapped_column(BigInteger, default=0)
    # The size of its events' bodies, in characters.
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    first_seen: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # A muted group opens again when its count reaches this; NULL: it stays muted.
    wakes_at: Mapped[int | None] = mapped_column(BigInteger)
    # The count that the last mail about it told.
    told: Mapped[int] = mapped_column(BigInteger, default=0)


class FailurePrint(Base):
    """A fingerprint and the group that it counts for; merging groups moves fingerprints.

    grouped_by is a JSON list of pairs: what was compared, and its value.
    """

    __tablename__ = "failure_prints"

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    group_id: Mapped[int] = mapped_column(
        ForeignKey("failure_groups.id", ondelete="CASCADE"), index=True
    )
    grouped_by: Mapped[str] = mapped_column(Text)
    # Somebody split the group: the text counts too, and each text has a fingerprint of its own.
    by_text: Mapped[bool] = mapped_column(default=False)
    count: Mapped[int] = mapped_column(BigInteger, default=0)


class FailureEvent(Base):
    """One failure that was kept: its scrubbed report as JSON."""

    __tablename__ = "failure_events"
    __table_args__ = (Index(None, "group_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("failure_groups.id", ondelete="CASCADE"))
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    error_id: Mapped[str] = mapped_column(String(12), unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    body: Mapped[str] = mapped_column(Text)


class FailureHour(Base):
    """How many failures of a fingerprint there were in an hour, which is its beginning in UTC."""

    __tablename__ = "failure_hours"

    fingerprint: Mapped[str] = mapped_column(
        ForeignKey("failure_prints.fingerprint", ondelete="CASCADE"), primary_key=True
    )
    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger, default=0)
