"""Small factories: documents and people with the fewest words that make sense."""

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from verso.content import documents, taxonomy
from verso.content.words import TextFields
from verso.db import Database
from verso.models import Document, Kind, Media, Role, SiteSetting, User
from verso.people.users import invite_user, set_locales

PASSWORD = "a good long password"
_numbers = count(1)


@cache
def _hash_of_password() -> str:
    """Made once, and quick to check, which a real one is not on purpose: tests sign in often."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def words(title: str, **fields: str) -> TextFields:
    """A text whose slug is made of its title."""
    slug = fields.pop("slug", title.lower().replace(" ", "-"))
    body = fields.pop("body", f"The text of *{title}*.")
    return TextFields(title=title, slug=slug, body=body, **fields)


class Factory:
    """Makes rows in the database of one test."""

    def __init__(self, database: Database, locales: tuple[str, ...]) -> None:
        self.database = database
        self.locales = locales

    def page(self, title: str = "About", **options: Any) -> Document:
        return self._document(Kind.PAGE, title, **options)

    def post(self, title: str = "Hello", **options: Any) -> Document:
        return self._document(Kind.POST, title, **options)

    def _document(
        self,
        kind: Kind,
        title: str,
        *,
        locale: str = "en",
        live: bool = True,
        days_ago: float = 1,
        tags: tuple[str, ...] = (),
        authors: tuple[str, ...] = (),
        translations: dict[str, TextFields] | None = None,
        parent: Document | None = None,
        in_menu: bool = False,
        owner: User | None = None,
        **fields: str,
    ) -> Document:
        with self.database.writing() as session:
            document = documents.create_document(
                session,
                kind,
                locale,
                words(title, **fields),
                locales=self.locales,
                parent_id=parent.id if parent else None,
                in_menu=in_menu,
                user_id=owner.id if owner else None,
            )
            for other, text in (translations or {}).items():
                documents.save_text(session, document, other, text, locales=self.locales)
            if live:
                when = datetime.now(UTC) - timedelta(days=days_ago)
                documents.publish(session, document, when)
            if tags:
                taxonomy.set_tags(session, document, {locale: tags})
            if authors:
                taxonomy.set_authors(session, document, authors)
        return document

    def home(self, document: Document) -> None:
        """Make a page the home page."""
        with self.database.writing() as session:
            session.merge(SiteSetting(name="home", locale="", value=str(document.id)))

    def medium(self, name: str = "picture.png", *, owner: User | None = None) -> Media:
        """The row of a picture, without its file."""
        now, number = datetime.now(UTC), next(_numbers)
        medium = Media(
            key=f"{number:016x}",
            digest=f"{number:064x}",
            name=name,
            content_type="image/png",
            size=67,
            uploader_id=owner.id if owner else None,
            created_at=now,
            updated_at=now,
        )
        medium.width = medium.height = 1
        with self.database.writing() as session:
            session.add(medium)
        return medium

    def user(
        self,
        email: str | None = None,
        *,
        role: Role = Role.EDITOR,
        locale: str = "en",
        locales: tuple[str, ...] = (),
    ) -> User:
        email = email or f"person{next(_numbers)}@example.org"
        with self.database.writing() as session:
            user = invite_user(session, email, role=role, locale=locale)
            user.password_hash = _hash_of_password()
            set_locales(user, locales)
            return user

    def sign_in(self, app: Flask, user: User) -> FlaskClient:
        """A browser in which this person has just signed in."""
        browser = app.test_client()
        answer = browser.post("/admin/sign-in", data={"email": user.email, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return browser
