"""A real Chromium and real pages: the demo site served, and browsers to visit it with."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.demo import Demo, demo_site, served
from tests.browser.office import Office, user_called
from tests.browser.visitor import Visitor
from tests.factories import Factory
from tests.postgresql import skip_or_fail
from verso.admin.gate import LOGIN_COOKIE
from verso.i18n.locales import ADMIN_LANGUAGE_COOKIE
from verso.models import User
from verso.people import logins

TOOLS = Path(__file__).parent / "node_modules"
ARGUMENTS = ["--no-sandbox", "--disable-background-networking"]
# Milliseconds: a busy machine may take long; what does not come at all fails all the same.
PATIENCE = 45_000
expect.set_options(timeout=PATIENCE)

NewBrowser = Callable[..., Page]
NewVisitor = Callable[..., Visitor]


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, which tells what somebody could not perceive or use."""
    file = TOOLS / "axe-core" / "axe.min.js"
    if not file.exists():
        skip_or_fail("axe-core is not installed; `npm ci` in tests/browser installs it")
    return file.read_text()


@pytest.fixture(scope="session")
def html_validate() -> list[str]:
    """The command that validates HTML files."""
    node, script = shutil.which("node"), TOOLS / "html-validate" / "bin" / "html-validate.mjs"
    if node is None or not script.exists():
        skip_or_fail("html-validate is not installed; `npm ci` in tests/browser installs it")
    return [node, os.fspath(script)]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests of a process."""
    executable = shutil.which("chromium-headless-shell")
    if executable is None:
        skip_or_fail("there is no `chromium-headless-shell` on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=ARGUMENTS, timeout=2 * PATIENCE
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo site, served; nothing may change it."""
    with demo_site(tmp_path_factory.mktemp("demo")) as made:
        yield made


@pytest.fixture
def new_browser(chromium: Browser) -> Iterator[NewBrowser]:
    """Open somebody's browser, empty of cookies; Playwright's own options for a context."""
    opened: list[BrowserContext] = []

    def open_one(base_url: str, **options: Any) -> Page:
        options = {"locale": "en", "reduced_motion": "reduce", **options}
        context = chromium.new_context(base_url=base_url, **options)
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        return context.new_page()

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def office(app: Flask, factory: Factory, new_browser: NewBrowser) -> Iterator[Office]:
    """A served site, and browsers in which somebody is signed in."""
    with served(app) as url:

        def sit_down(
            path: str, *, name: str = "ada", locale: str = "en", **options: object
        ) -> Page:
            user = user_called(factory, name, locale)
            with factory.database.writing() as session:
                token = logins.begin(session, session.get_one(User, user.id))
            page = new_browser(url, **options)
            cookies = {LOGIN_COOKIE: token, ADMIN_LANGUAGE_COOKIE: locale}
            page.context.add_cookies(
                [{"name": key, "value": value, "url": url} for key, value in cookies.items()]
            )
            page.goto(path)
            return page

        yield Office(app, url, factory, sit_down)


@pytest.fixture(scope="session")
def visitor(chromium: Browser, demo: Demo) -> Iterator[NewVisitor]:
    """Visitors of the demo site by language, signed in or not; each keeps the browser's cache."""
    known: dict[tuple[str, bool], Visitor] = {}

    def find(locale: str, *, signed_in: bool = False) -> Visitor:
        who = (locale, signed_in)
        if who not in known:
            known[who] = Visitor(chromium, demo, locale, PATIENCE, signed_in=signed_in)
        return known[who]

    yield find
    for made in known.values():
        made.close()
