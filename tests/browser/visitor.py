"""Somebody who visits the demo site, and hears every complaint of their browser."""

import time
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, Request, Response, Route

from tests.browser.demo import Demo
from tests.browser.pages import PageKind
from verso.bodies import END_FIELD

HEIGHT = 800
FORM = "application/x-www-form-urlencoded"
# Hands what the Content-Security-Policy stopped to `complaints`, with the directive.
WATCH = """
window.stopped = [];
addEventListener("securitypolicyviolation", (event) => window.stopped.push(
    `${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`));
"""


class Visitor:
    """One browser in one language, in which somebody is signed in or not."""

    def __init__(
        self, chromium: Browser, demo: Demo, locale: str, patience: int, *, signed_in: bool
    ) -> None:
        """Somebody who waits so many milliseconds for whatever they do."""
        self._demo = demo
        self._locale = locale
        self._patience = patience
        self._heard: list[str] = []
        self._asked: set[Request] = set()
        self._context = chromium.new_context(
            base_url=demo.url, locale=locale, reduced_motion="reduce"
        )
        self._context.set_default_timeout(patience)
        self._context.add_init_script(WATCH)
        cookies = demo.cookies(locale, signed_in=signed_in)
        self._context.add_cookies(
            [{"name": name, "value": value, "url": demo.url} for name, value in cookies.items()]
        )
        self.page: Page = self._context.new_page()
        self._color_scheme = ""
        self._devtools = self._context.new_cdp_session(self.page)
        self.page.on("console", lambda message: self._heard.append(message.text))
        self.page.on("pageerror", lambda error: self._heard.append(str(error)))
        self.page.on("request", self._note_request)
        self.page.on("requestfailed", self._hear_failure)

    def close(self) -> None:
        self._context.close()

    def look(self, color_scheme: Any, width: int) -> None:
        """Look at the page in a window of this width, in light or dark."""
        if color_scheme != self._color_scheme:
            self.page.emulate_media(color_scheme=color_scheme)
            self._color_scheme = color_scheme
        # Four times as fast as Page.set_viewport_size, which the many sizes would feel.
        size = {"width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        self._devtools.send("Emulation.setDeviceMetricsOverride", size)

    def visit(self, kind: PageKind) -> Response:
        """Open a page of this kind."""
        self._heard.clear()
        path = self._demo.path(kind.path, self._locale)
        if kind.posted:
            self.page.route(self._demo.url + path, lambda route: self._post(route, kind))
        with self._demo.surroundings(busy=kind.busy, closed=kind.closed):
            response = self.page.goto(path)
        self.page.unroute_all()
        assert response is not None
        return response

    def complaints(self, kind: PageKind) -> list[str]:
        """What the browser said, and the policy stopped; its one line about the status is due."""
        stopped: list[str] = self.page.evaluate("window.stopped")
        if kind.status < 400:
            return self._heard + stopped
        due = f"Failed to load resource: the server responded with a status of {kind.status} "
        ends = time.monotonic() + self._patience / 1000
        # It may come later than the page.
        while not (said := [line for line in self._heard if line.startswith(due)]):
            assert time.monotonic() < ends, f"nothing was said of {kind.status}: {self._heard}"
            self.page.wait_for_timeout(50)
        [first] = said
        return [line for line in self._heard if line != first] + stopped

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        width: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return width

    def _note_request(self, request: Request) -> None:
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            self._asked.clear()
        self._asked.add(request)

    def _hear_failure(self, request: Request) -> None:
        """What this page asked for in vain.

        What the page before it still waited for is given up as one leaves; a picture that the
        browser itself gives up has another size that fits the new width better.
        """
        is_resized = (request.resource_type, request.failure) == ("image", "net::ERR_ABORTED")
        if request in self._asked and not is_resized:
            self._heard.append(f"{request.url}: {request.failure}")

    def _post(self, route: Route, kind: PageKind) -> None:
        """Turn the reading of a page into the sending of its form."""
        headers = {**route.request.headers, "content-type": FORM}
        route.continue_(
            method="POST", post_data=filled_form(self._demo, kind, self._locale), headers=headers
        )


def filled_form(demo: Demo, kind: PageKind, locale: str) -> str:
    """The body of the form that this kind of page answers."""
    gaps = {**demo.names, "locale": locale}
    filled = {name: value.format(**gaps) for name, value in kind.form.items()}
    return urlencode({**filled, END_FIELD: 1})
