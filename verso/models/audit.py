"""The audit log: who changed what or whom, and when."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from verso.db import Base, UtcDateTime
from verso.models.people import User


class AuditEvent(Base):
    """One deed; title is what its object was called then, detail holds no secret.

    user_id is NULL for a stranger, for the command line and for who is gone; who keeps the name.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index(None, "at", "id"),
        Index(None, "user_id", "at", "id"),
        Index(None, "action", "at", "id"),
        Index(None, "object_kind", "object_id", "at", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    who: Mapped[str] = mapped_column(String(254))
    action: Mapped[str] = mapped_column(String(40))
    object_kind: Mapped[str] = mapped_column(String(20))
    object_id: Mapped[int | None] = mapped_column(BigInteger)
    title: Mapped[str] = mapped_column(String(300))
    detail: Mapped[dict[str, str]] = mapped_column(JSON)
    user: Mapped[User | None] = relationship()

    def moment(self, name: str) -> datetime | None:
        """A detail that is a moment in time, if it is one."""
        try:
            found = datetime.fromisoformat(self.detail.get(name, ""))
        except ValueError:
            return None
        return found if found.tzinfo else None
