"""Jobs: work that no request waits for, with its lease, its attempts and its last error."""

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from verso.db import Base, UtcDateTime

KIND_LENGTH = 40
SIGNATURE_LENGTH = 200
KEY_LENGTH = 200
HOLDER_LENGTH = 120


class Job(Base):
    """One job, waiting, leased to a worker, finished or failed; verso.jobs explains each.

    due is when it can be taken: while it is leased, when its lease ends; NULL once nothing more is to be
    done. A recurring job is always due again, so finished_at and failed_at tell of its last run.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("kind", "key"),
        Index(None, "due", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(KIND_LENGTH))
    # The kind with the names of the arguments, as in `mail(locale,user_id)`: code takes what it knows.
    signature: Mapped[str] = mapped_column(String(SIGNATURE_LENGTH))
    # A JSON object.
    arguments: Mapped[str] = mapped_column(Text)
    # NULL for a job without one, and for a finished job: its key can be used again.
    key: Mapped[str | None] = mapped_column(String(KEY_LENGTH))
    due: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # `host:pid:random`, a new one each time the job is taken.
    leased_by: Mapped[str | None] = mapped_column(String(HOLDER_LENGTH))
    # When it is due once more, since it was enqueued again while it was leased.
    due_again: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
