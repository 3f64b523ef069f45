"""People: who may sign in, how, where they are signed in, and tokens that work once."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, ForeignKey, LargeBinary, String
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
    INVITATION = "invitation"
    RESET = "reset"
    SECOND_STEP = "second-step"
    NEW_PASSKEY = "new-passkey"
    PASSKEY = "passkey"


class User(Base):
    """Somebody who may sign in to the admin; email is kept in lower case."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    locale: Mapped[str] = mapped_column(String(20))
    # Empty until an invitation was accepted.
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The secret counts from the moment at which a code of it was typed.
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The last 30 seconds of which a code was used: none is taken twice.
    totp_step: Mapped[int] = mapped_column(BigInteger, default=0)
    # What passkeys know the account by (WebAuthn, 5.4.3: nothing personal).
    handle: Mapped[str | None] = mapped_column(String(64), unique=True)
    locale_links: Mapped[list["UserLocale"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="UserLocale.locale"
    )

    @property
    def locales(self) -> list[str]:
        """The locales in which a translator may write."""
        return [link.locale for link in self.locale_links]

    @property
    def is_invited(self) -> bool:
        """Whether the account waits for its person to choose a password."""
        return not self.password_hash


class UserLocale(Base):
    """A locale in which a translator may write."""

    __tablename__ = "user_locales"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    locale: Mapped[str] = mapped_column(String(20), primary_key=True)


class RecoveryCode(Base):
    """The SHA-256 of a code that signs in once in place of the app's."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)


class Passkey(Base):
    """A key that a device of somebody holds (WebAuthn); credential_id is in base64url."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    user: Mapped[User] = relationship()


class Login(Base):
    """A signed-in browser: the SHA-256 of the token that its cookie holds."""

    __tablename__ = "logins"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # When the password or a passkey was asked for last.
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_agent: Mapped[str] = mapped_column(String(300), default="")
    user: Mapped[User] = relationship()

    @property
    def name(self) -> str:
        """What stands for it in a form; no cookie can be made of it."""
        return self.token_hash[:16]


class OneTimeToken(Base):
    """The SHA-256 of a token that works once, what it is for, for whom, and until when."""

    __tablename__ = "one_time_tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    facts: Mapped[dict[str, str] | None] = mapped_column(JSON)
