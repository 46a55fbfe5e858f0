"""The planner, on a phone: reads what the plan offers a project, accepts all of it at once, and finds the basket."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.places import fill
from tests.journeys.site import Site
from tests.journeys.visitors import DESK, PHONE, Visitors

DONE = "SELECT count(*) FROM plan_run WHERE state = 'done' AND requested_by_id IS NOT NULL"
_COMPUTING = 90_000  # milliseconds; a plan for the whole of the demo

HELD = "SELECT count(*) FROM reservation WHERE basket_id = (SELECT id FROM basket WHERE reference = ?) AND held > 0"


def accept_everything(page: Page, slug: str) -> str:
    """Accept all that is proposed for a project, from its page, and return the reference of the basket."""
    page.goto(f"/projecten/{slug}")
    page.get_by_role("link", name="Bekijk de voorstellen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Voorstellen voor")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Reserveer alles").click()
    expect(page.locator("main input[type=checkbox]:checked").first).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^Reserveer .+ van .+ eigenar")).click()
    expect(page).to_have_url(re.compile(r"/mandjes/[0-9A-Z]+$"))
    return page.url.rsplit("/", 1)[1]


def give_up(page: Page) -> None:
    """Give the basket of this page up, so that what it held is there for the next visitor."""
    page.locator("summary", has_text="Alles annuleren").click()
    page.get_by_label("Ja, annuleer alles").check()
    page.get_by_role("button", name="Annuleer alles").click()
    expect(page.locator("main").get_by_text("Geannuleerd").first).to_be_visible()


def test_a_whole_project_is_accepted_and_becomes_one_basket(visitors: Visitors, site: Site):
    slug = fill(site, "{planned}")
    with visitors.opening("bouwer", viewport=PHONE, has_touch=True) as page:
        page.goto(f"/projecten/{slug}/voorstellen/reserveren")
        lines = page.locator("main input[type=checkbox]").count()
        assert lines > 1
        reference = accept_everything(page, slug)
        assert site.ask(HELD, reference) == (lines,)
        basket = page.url
        page.goto("/reserveringen")
        expect(page.locator(f"main a[href='/mandjes/{reference}']").first).to_be_visible()
        page.goto(f"/projecten/{slug}/voorstellen/reserveren")
        expect(page.get_by_text("Hier is nu niets te reserveren")).to_be_visible()
        page.goto(basket)
        give_up(page)


def test_what_somebody_else_took_stands_at_its_line_and_the_rest_goes_without_it(visitors: Visitors, site: Site):
    slug = fill(site, "{planned}")
    visitors.watch.expect_status(409, 422)
    with visitors.opening("bouwer", viewport=PHONE) as page:
        page.goto(f"/projecten/{slug}/voorstellen/reserveren")
        boxes = page.locator("main input[type=checkbox]")
        lines = boxes.count()
        # As if another planner had been quicker: more of the first line than there is.
        page.locator("main input[name=regel]").first.evaluate(
            "line => (line.value = line.value.replace(/_[^_]*$/, '_99999'))"
        )
        page.get_by_role("button", name=re.compile(r"^Reserveer .+ van .+ eigenar")).click()
        expect(page.locator(".error-summary")).to_contain_text("Er is niets vastgelegd")
        expect(page.locator(".field__error")).to_have_count(1)
        expect(boxes.first).not_to_be_checked()
        assert page.locator("main input[type=checkbox]:checked").count() == lines - 1
        page.get_by_role("button", name=re.compile(r"^Reserveer .+ van .+ eigenar")).click()
        expect(page).to_have_url(re.compile(r"/mandjes/[0-9A-Z]+$"))
        assert site.ask(HELD, page.url.rsplit("/", 1)[1]) == (lines - 1,)
        give_up(page)


def test_a_plan_is_asked_for_and_the_page_follows_it_by_itself(visitors: Visitors, site: Site):
    slug = fill(site, "{planned}")
    (before,) = site.ask(DONE)
    with visitors.opening("bouwer", viewport=DESK) as page:
        page.goto(f"/projecten/{slug}/voorstellen")
        page.get_by_role("button", name="Opnieuw berekenen").click()
        expect(page.get_by_text("Het plan wordt opnieuw berekend. U kunt deze pagina verlaten")).to_be_visible()
        expect(page.locator("#run progress")).to_have_count(0, timeout=_COMPUTING)
        assert site.ask(DONE) == (before + 1,)
        page.goto(f"/projecten/{slug}/voorstellen")
        expect(page.get_by_role("button", name="Opnieuw berekenen")).to_be_visible()
        expect(page.get_by_text("Berekend op")).to_be_visible()
