"""What scripts add where they run: a list that stays fresh while somebody looks at it."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.conftest import NewBrowser
from tests.browser.demo import served
from tests.conftest import MakeApp
from tests.factories import PASSWORD, Factory
from verso.models import Role

pytestmark = pytest.mark.browser


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    app = make_app()
    app.add_url_rule("/en/broken/<words>", endpoint="site.t_broken", view_func=_broken)
    return app


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    with served(app) as url:
        yield url


def _broken(words: str) -> Any:
    raise LookupError(words)


def test_the_inbox_shows_a_new_failure_without_a_reload(
    app: Flask, url: str, factory: Factory, new_browser: NewBrowser
) -> None:
    user = factory.user(role=Role.ADMIN)
    page = new_browser(url)
    page.goto("/admin/errors")
    page.get_by_label("Mail address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Nothing waits for you.")).to_be_visible()
    page.evaluate("window.wasHere = true")
    assert app.test_client().get("/en/broken/just-now").status_code == 500
    # The list looks again every five seconds.
    expect(page.get_by_role("link", name="LookupError: just-now")).to_be_visible(timeout=60_000)
    assert page.evaluate("window.wasHere") is True
