"""The site worker: scans a label with the camera, and does the one next step; typing the code works without either."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser import arguments
from tests.journeys import film, places
from tests.journeys.site import Site
from tests.journeys.visitors import Visitors


@pytest.fixture
def code(site: Site) -> str:
    """Take the code of a lot that the worker's organisation has in stock."""
    return places.fill(site, "{own}")


@pytest.fixture
def seeing(playwright: Playwright, chromium_path: str, site: Site, code: str, tmp_path: Path) -> Iterator[Browser]:
    """Open a browser whose camera sees the label of that lot, as it is printed."""
    played = film.of_label(site.fetch(f"/ID/{code}/label.png"), tmp_path / "label.mjpeg")
    camera = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={played}",
    ]
    launched = playwright.chromium.launch(executable_path=chromium_path, args=arguments(*camera))
    yield launched
    launched.close()


def steps(page: Page) -> list[str]:
    """Return what the buttons on the page of steps say."""
    return page.locator("main form button[type=submit]").all_inner_texts()


def test_a_label_before_the_camera_opens_its_steps(seeing: Browser, visitors: Visitors, site: Site, code: str):
    watched = Visitors(seeing, site, visitors.watch, visitors.sessions)
    with watched.opening("terrein", permissions=["camera"]) as page:
        page.goto("/scan")
        page.wait_for_url(re.compile(rf"/scan/{code}(\?|$)", re.IGNORECASE))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        before = site.ask("SELECT count(*) FROM scan_event")[0]
        page.get_by_role("button", name=re.compile("gezien", re.IGNORECASE)).click()
        expect(page.locator("main")).to_contain_text(re.compile("gezien", re.IGNORECASE))
        assert site.ask("SELECT count(*) FROM scan_event")[0] == before + 1


def test_only_who_handles_the_lot_gets_steps(visitors: Visitors, code: str):
    with visitors.opening("terrein") as worker, visitors.opening("bouwer") as builder:
        for page in (worker, builder):
            page.goto(f"/scan/{code}")
        assert any("ezien" in step for step in steps(worker))
        assert not any("vergedragen" in step for step in steps(worker)), "nothing of it is promised to anybody"
        assert not any("ezien" in step for step in steps(builder))


def test_a_code_can_be_typed_without_script(visitors: Visitors, code: str):
    with visitors.opening("terrein", java_script_enabled=False) as page:
        page.goto("/scan")
        page.get_by_label("Code onder de QR").fill(f"{code[:4]} {code[4:].lower()}")
        page.get_by_role("button", name="Open").click()
        expect(page).to_have_url(re.compile(rf"/(scan|ID)/{code}", re.IGNORECASE))
        assert any("ezien" in step for step in steps(page))


def test_a_code_that_is_no_label_says_so(visitors: Visitors):
    visitors.watch.expect_status(404, 422)
    with visitors.opening("terrein", java_script_enabled=False) as page:
        page.goto("/scan")
        page.get_by_label("Code onder de QR").fill("2222 3333")
        page.get_by_role("button", name="Open").click()
        expect(page.locator("body")).to_contain_text(re.compile("bestaat niet|geen label|niet gevonden|kennen we niet"))
