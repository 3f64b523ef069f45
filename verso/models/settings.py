"""What an editor may set about the site itself, by name and locale."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from verso.db import Base


class SiteSetting(Base):
    """One value; locale is empty where the value is the same in every language."""

    __tablename__ = "site_settings"

    name: Mapped[str] = mapped_column(String(50), primary_key=True)
    locale: Mapped[str] = mapped_column(String(20), primary_key=True, default="")
    value: Mapped[str] = mapped_column(Text)
