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

_EVENTS = "SELECT e.step FROM scan_event e JOIN passport p ON p.id = e.passport_id WHERE p.code = ?"


@pytest.fixture
def code(site: Site) -> str:
    """Take the code of a lot that the worker's organisation has in stock."""
    return places.fill(site, "{own}")


@pytest.fixture
def seeing(playwright: Playwright, chromium_path: str, site: Site, code: str, tmp_path: Path) -> Iterator[Browser]:
    """Open a browser whose camera sees the label of that lot, as it is printed."""
    played = film.of_label(site.fetch(f"/paspoort/{code}/label.png"), tmp_path / "label.mjpeg")
    camera = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={played}",
    ]
    launched = playwright.chromium.launch(executable_path=chromium_path, args=arguments(*camera))
    yield launched
    launched.close()


def steps(page: Page) -> list[str]:
    """Return the steps that the page offers."""
    return [step.input_value() for step in page.locator("input[name=step]").all()]


def test_a_label_before_the_camera_opens_its_steps(seeing: Browser, visitors: Visitors, site: Site, code: str):
    watched = Visitors(seeing, site, visitors.watch, visitors.known)
    with watched.opening("terrein", permissions=["camera"]) as page:
        page.goto("/scan")
        page.wait_for_url(re.compile(rf"/scan/{code}(\?|$)", re.IGNORECASE))
        assert "seen" in steps(page)
        page.locator("summary", has_text="Ligt hier").click()
        page.get_by_role("button", name="Ja, het ligt hier").click()
        expect(page.get_by_role("status").filter(has_text="Gezien in")).to_be_visible()
    assert site.ask(_EVENTS, code) == ("seen",)


def test_only_who_handles_the_lot_gets_steps_and_only_those_that_are_possible(visitors: Visitors, code: str):
    with visitors.opening("terrein") as worker, visitors.opening("bouwer") as builder:
        worker.goto(f"/scan/{code}")
        assert steps(worker) == ["seen", "damaged"], "it has arrived, and nothing of it is promised to anybody"
        builder.goto(f"/scan/{code}")
        expect(builder).to_have_url(re.compile(f"/paspoort/{code}"))
        assert steps(builder) == []


def test_a_code_can_be_typed_without_script(visitors: Visitors, code: str):
    with visitors.opening("terrein", java_script_enabled=False) as page:
        page.goto("/scan")
        page.get_by_label("Code onder de QR").fill(f"{code[:4]} {code[4:].lower()}")
        page.get_by_role("button", name="Open").click()
        expect(page).to_have_url(re.compile(rf"/(scan|paspoort)/{code}", re.IGNORECASE))
        assert "seen" in steps(page)


def test_a_code_that_is_no_label_says_so(visitors: Visitors):
    visitors.watch.expect_status(404)
    with visitors.opening("terrein", java_script_enabled=False) as page:
        page.goto("/scan")
        page.get_by_label("Code onder de QR").fill("2222 3333 4444 5555")
        page.get_by_role("button", name="Open").click()
        expect(page.locator("main")).to_contain_text("Geen paspoort gevonden")
        expect(page.get_by_label("Code onder de QR")).to_have_value(re.compile("2222"))
