"""A lister sees the demand before demolition: who needs the harvest, what has no use yet, and what would help."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.site import Site
from tests.journeys.visitors import Visitors

PROJECT = "volta-hoogeveen"
"""A renovation of the demo out of which the demolisher offers, with lots that some needs only nearly take."""


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def test_a_lister_sees_who_needs_the_harvest_and_goes_to_what_mends_a_near_miss(visitors: Visitors, site: Site):
    (lots,) = site.ask(
        "SELECT count(DISTINCT name) FROM listing JOIN passport ON passport.id = passport_id"
        " WHERE project_id = (SELECT id FROM project WHERE slug = ?) AND stage != 'gone'"
        " AND listing.status = 'published'",
        PROJECT,
    )
    with visitors.opening("sloper") as page:
        page.goto(f"/projecten/{PROJECT}")
        page.get_by_role("link", name="Wie heeft dit nodig?").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Wie heeft dit nodig?")
        assert not scrolls_sideways(page)
        asked = page.locator("article.demand", has_text=re.compile(r"waarde €"))
        expect(asked.first).to_be_visible()
        unused = page.get_by_role("region", name="Nog zonder bestemming").locator("tbody th a")
        shown = unused.all_inner_texts() + page.locator("article.demand h3 a").all_inner_texts()
        assert unused.count()
        assert len(set(shown)) == lots
        near = page.locator("article.demand", has=page.locator(".mends")).first
        expect(near.locator(".mends").first).to_contain_text(re.compile(r"\+ €"))
        near.locator("li", has=page.locator(".mends")).first.locator("a").first.click()
        expect(page).to_have_url(re.compile(r"/behoeften/[0-9A-Z]+$"))
