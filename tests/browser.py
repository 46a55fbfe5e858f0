"""Chromium for tests: one that stays open through the run, and a plain page of it for each test that asks."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.journeys import browser

# Nothing that is not ours may be asked for, not even by the browser itself.
_QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]


def arguments(*more: str) -> list[str]:
    """Return the command line of a quiet Chromium; its sandbox does not work for root."""
    return [*_QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else []), *more]


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Name the Chromium that tests use; without one they fail, for `make test` installs it."""
    if path := browser.find():
        return path
    raise FileNotFoundError("No Chromium was found: run `python -m tests.journeys.browser`, or set CHROMIUM.")


@pytest.fixture(scope="session")
def playwright(chromium_path: str) -> Iterator[Playwright]:
    """Drive browsers, once for all tests: a second driver in the same thread is refused."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright: Playwright, chromium_path: str) -> Iterator[Browser]:
    """Keep one browser open; each test has a context of its own in it."""
    launched = playwright.chromium.launch(executable_path=chromium_path, args=arguments())
    yield launched
    launched.close()


@pytest.fixture
def chromium_page(chromium: Browser) -> Iterator[Page]:
    """Open a blank page that knows nothing of the site."""
    context = chromium.new_context()
    yield context.new_page()
    context.close()
