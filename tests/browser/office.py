"""An office: a served site in which people sit down at browsers of their own, and write."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import delete

from tests.factories import Factory
from verso.models import Login, Role, User


@dataclass(frozen=True)
class Office:
    """A served site, its factory, and a way to sit down in it, in a browser of one's own."""

    app: Flask
    url: str
    factory: Factory
    sit_down: Callable[..., Page]

    def sign_everybody_out(self) -> None:
        with self.factory.database.writing() as session:
            session.execute(delete(Login))


def user_called(factory: Factory, name: str, locale: str = "en") -> User:
    """The editor of this name, who is made if there is none."""
    with factory.database.reader() as session:
        found = session.query(User).filter_by(email=f"{name}@example.org").one_or_none()
    return found or factory.user(f"{name}@example.org", role=Role.EDITOR, locale=locale)


def text_of(page: Page) -> str:
    return page.locator("#body").input_value()


def autosaved(page: Page) -> None:
    expect(page.locator("#autosave")).to_have_text("Draft kept", timeout=30_000)


def go_on_typing(page: Page, words: str) -> None:
    """Type at the end of the text, key by key."""
    page.locator("#body").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def path_of(page: Page) -> str:
    return urlsplit(page.url).path
