"""The builder, at a desk: finds what a project needs and reserves exactly that much; the contractor answers."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.site import Site
from tests.journeys.visitors import DESK, Visitors

OF_THE_CONTRACTOR = (
    "SELECT l.reference, p.name FROM listing l JOIN passport p ON p.id = l.passport_id"
    " JOIN organisation o ON o.id = l.organisation_id WHERE o.slug = 'bork-groep' AND l.status = 'published'"
    " AND l.stage = 'in_stock' AND l.unit = 'piece' AND l.available >= 10000 AND l.min_take <= 2000"
    " AND p.category = 'door_interior' ORDER BY l.id"
)


def stock(site: Site, reference: str) -> tuple[int, int]:
    """Return how many pieces are available and held; the database counts in thousandths."""
    available, held = site.ask("SELECT available, held FROM listing WHERE reference = ?", reference)
    return available // 1000, held // 1000


def reserve(page: Page, title: str, pieces: int) -> None:
    """Find a lot in the catalogue by words and a filter, and reserve a part of it."""
    page.goto("/")
    page.locator("main input[type=search]").first.fill("binnendeur")
    page.locator("main input[type=search]").first.press("Enter")
    expect(page).to_have_url(re.compile(r"/aanbod\?.*q=binnendeur"))
    page.locator("#graad").select_option("D")
    expect(page).to_have_url(re.compile(r"graad=D"))
    page.locator("#results").get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    page.get_by_label("Hoeveel").fill(str(pieces))
    page.get_by_role("button", name=f"Reserveer {pieces} st").click()
    expect(page).to_have_url(re.compile(r"/reserveringen/[0-9A-Z-]+$"))


def test_a_part_of_a_lot_is_reserved_confirmed_and_put_back(visitors: Visitors, site: Site):
    reference, title = site.ask(OF_THE_CONTRACTOR)
    available, held = stock(site, reference)
    with visitors.opening("bouwer", viewport=DESK) as builder, visitors.opening("sloper", viewport=DESK) as contractor:
        reserve(builder, title, 2)
        assert stock(site, reference) == (available - 2, held + 2)
        reservation = builder.url
        builder.goto("/reserveringen")
        row = builder.locator("main li", has=builder.locator(f"a[href='{_path(reservation)}']"))
        expect(row).to_contain_text("Aangevraagd")
        expect(row).to_contain_text("2 st")
        contractor.goto(reservation)
        contractor.get_by_role("button", name="Bevestig 2 st").click()
        expect(contractor.locator("main").get_by_text("Bevestigd", exact=True)).to_be_visible()
        builder.goto(reservation)
        expect(builder.locator("main").get_by_text("Bevestigd", exact=True)).to_be_visible()
        builder.locator("summary", has_text="annuleren").click()
        builder.get_by_role("button", name="Annuleer").click()
        expect(builder.locator("main").get_by_text("Geannuleerd", exact=True)).to_be_visible()
    assert stock(site, reference) == (available, held)


def test_what_is_typed_is_what_is_asked_however_fast_the_button_is_pressed(visitors: Visitors, site: Site):
    reference, _ = site.ask(OF_THE_CONTRACTOR)
    before = stock(site, reference)
    visitors.watch.expect_status(422)
    with visitors.opening("bouwer", has_touch=True) as builder:
        builder.goto(f"/aanbod/{reference}")
        builder.get_by_label("Hoeveel").fill("-4")
        builder.get_by_role("button", name="Reserveer", exact=True).tap()
        expect(builder.get_by_text("Fout: Vul een hoeveelheid groter dan nul in.")).to_be_visible()
        expect(builder.get_by_label("Hoeveel")).to_have_value("-4")
        builder.goto(f"/aanbod/{reference}")
        expect(builder.locator(".action-bar")).to_be_visible()
        builder.get_by_label("Hoeveel").fill("3")
        expect(builder.locator(".action-bar")).to_be_hidden()
        builder.get_by_role("button", name="Reserveer 3 st").click(delay=600)
        expect(builder).to_have_url(re.compile(r"/reserveringen/[0-9A-Z-]+$"))
        assert stock(site, reference) == (before[0] - 3, before[1] + 3)
        builder.locator("summary", has_text="annuleren").click()
        builder.get_by_role("button", name="Annuleer 3 st").click()
        expect(builder.locator("main").get_by_text("Geannuleerd", exact=True)).to_be_visible()
    assert stock(site, reference) == before


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]
