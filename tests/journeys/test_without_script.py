"""Without JavaScript everything but the camera works: searching, opening and reserving are links and forms."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.site import Site
from tests.journeys.test_builder import OF_THE_CONTRACTOR, stock
from tests.journeys.visitors import Visitors


@pytest.fixture
def page(visitors: Visitors):
    with visitors.opening("bouwer", java_script_enabled=False) as opened:
        yield opened


def test_a_lot_is_found_and_reserved(page: Page, site: Site):
    reference, title = site.ask(OF_THE_CONTRACTOR)
    available, held = stock(site, reference)
    page.goto("/")
    page.locator("main input[type=search]").first.fill("binnendeur")
    page.locator("main form[role=search]").get_by_role("button", name="Zoek").click()
    page.locator("#results").get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    page.get_by_label("Hoeveel").fill("2")
    page.get_by_role("button", name="Reken uit").click()
    page.get_by_role("button", name="Reserveer 2 st").click()
    expect(page.locator("main").get_by_text("Aangevraagd", exact=True)).to_be_visible()
    assert stock(site, reference) == (available - 2, held + 2)
    page.locator("summary", has_text="annuleren").click()
    page.get_by_role("button", name="Annuleer").click()
    assert stock(site, reference) == (available, held)
