"""People: who may sign in, where they are signed in, and links that work once."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from verso.db import Base, UtcDateTime


class Role(StrEnum):
    """What somebody may do; verso.people.permissions holds the table."""

    ADMIN = "admin"
    EDITOR = "editor"
    AUTHOR = "author"
    TRANSLATOR = "translator"


class Purpose(StrEnum):
    """What a one-time token is good for."""

    SETUP = "setup"


class User(Base):
    """Somebody who may sign in to the admin; email is kept in lower case."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    locale: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Login(Base):
    """A signed-in browser: the SHA-256 of the token that its cookie holds."""

    __tablename__ = "logins"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user: Mapped[User] = relationship()


class OneTimeToken(Base):
    """The SHA-256 of a link's token, what it is for and until when."""

    __tablename__ = "one_time_tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
