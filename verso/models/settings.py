"""What an editor may set about the site itself, by name and locale, and every change of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from verso.db import Base, UtcDateTime


class SiteSetting(Base):
    """One value; locale is empty where the value is the same in every language."""

    __tablename__ = "site_settings"

    name: Mapped[str] = mapped_column(String(50), primary_key=True)
    locale: Mapped[str] = mapped_column(String(20), primary_key=True, default="")
    value: Mapped[str] = mapped_column(Text)


class SiteChange(Base):
    """One change of one value: who made it, what stood there before and after; empty is unset.

    who is the address of the account, which stays when the account goes.
    """

    __tablename__ = "site_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    who: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(50))
    locale: Mapped[str] = mapped_column(String(20))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
