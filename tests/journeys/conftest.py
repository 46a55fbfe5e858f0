"""What journeys stand on: one served demo, and visitors that are watched until the end of their test."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys import site as sites
from tests.journeys.site import Site
from tests.journeys.visitors import DESK, Visitors, Watch


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve the demo once, for all journeys."""
    with sites.serving(tmp_path_factory.mktemp("site")) as served:
        yield served


@pytest.fixture(scope="session")
def known() -> dict[str, Any]:
    """Remember who signed in, so that a journey starts where it is about."""
    return {}


@pytest.fixture
def watch(site: Site) -> Iterator[Watch]:
    """Fail the test on anything that went wrong in a browser or in the server."""
    before = len(sites.errors_of(site))
    watching = Watch(site)
    yield watching
    if broken := sites.errors_of(site)[before:]:
        watching.problems.append(f"error in the server: {broken}")
    assert not watching.problems, "\n".join(watching.problems)


@pytest.fixture
def visitors(chromium: Browser, site: Site, watch: Watch, known: dict[str, Any]) -> Visitors:
    return Visitors(chromium, site, watch, known)


@pytest.fixture
def page(visitors: Visitors) -> Iterator[Page]:
    """Hold a phone, not signed in."""
    with visitors.opening() as opened:
        yield opened


@pytest.fixture
def desktop(visitors: Visitors) -> Iterator[Page]:
    """Sit at a desk, not signed in."""
    with visitors.opening(viewport=DESK) as opened:
        yield opened
