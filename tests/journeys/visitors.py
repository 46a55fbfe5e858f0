"""Visitors of the site: browser contexts that are watched, so that nothing goes wrong unseen."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from marketplace.demo.sign_ins import PASSWORD
from tests.journeys.site import Site

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
NARROW = {"width": 320, "height": 640}

expect.set_options(timeout=8_000)

# What a page asked for and then did not need any more, because the visitor went on.
_GIVEN_UP = "net::ERR_ABORTED"


class Watch:
    """Notes what goes wrong in a browser: errors in the console, failed requests, and requests to others."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.problems: list[str] = []
        self.expected: set[int] = set()

    def expect_status(self, *statuses: int) -> None:
        """Accept pages that answer with these, as an error page must."""
        self.expected |= set(statuses)

    def follow(self, page: Page) -> None:
        """Watch what this page does."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"error in the page: {error}"))
        page.on("request", self._request)
        page.on("requestfailed", self._failed)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"} or self._is_expected(message.text):
            return
        self.problems.append(f"{message.type} in the console: {message.text} ({message.location.get('url')})")

    def _is_expected(self, text: str) -> bool:
        return any(f"responded with a status of {status}" in text for status in self.expected)

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.site.address + "/", "data:", f"blob:{self.site.address}")):
            self.problems.append(f"asked somebody else: {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != _GIVEN_UP:
            self.problems.append(f"failed: {request.url} ({request.failure})")


class Visitors:
    """Opens the site for visitors, signed in or not; `known` remembers who signed in, and contexts that only look."""

    def __init__(self, browser: Browser, site: Site, watch: Watch, known: dict[str, Any]) -> None:
        self.browser, self.site, self.watch, self.known = browser, site, watch, known

    @contextmanager
    def opening(self, who: str = "", *, viewport: dict[str, int] = PHONE, **options: Any) -> Iterator[Page]:
        """Open a blank page as `who` of the demo ('sloper', 'bouwer', ...), or as nobody, in a context of its own."""
        state = self._signed_in(who) if who else None
        context = self._context(viewport=viewport, storage_state=state, **options)
        try:
            yield self._page(context)
        finally:
            context.close()

    @contextmanager
    def looking(self, who: str = "", *, viewport: dict[str, int] = PHONE) -> Iterator[Page]:
        """Open a blank page to look only, in a context that keeps what it has fetched for the next test."""
        name = f"looking as {who}"
        if name not in self.known:
            self.known[name] = self._context(storage_state=self._signed_in(who) if who else None)
        page = self._page(self.known[name])
        page.set_viewport_size(viewport)
        try:
            yield page
        finally:
            page.close()

    def _page(self, context: BrowserContext) -> Page:
        page = context.new_page()
        self.watch.follow(page)
        return page

    def _context(self, **options: Any) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.site.address, locale="nl-NL", timezone_id="Europe/Amsterdam", **options
        )
        context.set_default_timeout(15_000)
        return context

    def _signed_in(self, who: str) -> Any:
        if who not in self.known:
            with self.opening() as page:
                sign_in(page, who)
                self.known[who] = page.context.storage_state()
        return self.known[who]


def sign_in(page: Page, who: str) -> None:
    """Sign in by the form, as somebody of the demo."""
    page.goto("/aanmelden")
    form = page.locator("form.form")
    form.locator("[name=email]").fill(f"{who}@demo.materialenhub.example")
    form.locator("[name=password]").fill(PASSWORD)
    form.locator("button[type=submit], input[type=submit]").last.click()
    expect(page).to_have_url(re.compile(r"/account$"))
