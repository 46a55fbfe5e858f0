"""Everybody can use every page: no violation of WCAG 2.2 AA that axe knows, by day and by night, narrow and wide, and
nothing that scrolls sideways in 320 pixels."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.places import PLACES, Place
from tests.journeys.visitors import DESK, NARROW, PHONE, Visitors

AXE = Axe().axe_script
_LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_QUICKLY = {"resultTypes": ["violations"], "preload": False, "iframes": False}
_BY_DAY = {"runOnly": {"type": "tag", "values": _LEVELS}, **_QUICKLY}
# By night only colours differ.
_BY_NIGHT = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, **_QUICKLY}


def violations(page: Page, options: dict) -> list[str]:
    """Return what axe finds, a line for each place in the page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    response = page.evaluate("options => axe.run(document, options)", options)
    assert response["testEngine"]["name"] == "axe-core"
    return [
        f"{found['id']}: {node['html'][:160]} ({'; '.join(check['message'] for check in node['any'] + node['all'])})"
        for found in response["violations"]
        for node in found["nodes"]
    ]


def leave_out_drawings(page: Page) -> None:
    """Empty the drawings that are hidden from screen readers: axe has nothing to say of them, and takes long for it."""
    page.evaluate(
        """() => document.querySelectorAll("svg[aria-hidden=true]").forEach((svg) => svg.replaceChildren())"""
    )


def beside(page: Page) -> list[str]:
    """Return what makes the page wider than its window."""
    if page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
        return []
    return page.evaluate(
        """() => [...document.querySelectorAll("body *")]
            .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
            .map((element) => element.outerHTML.slice(0, 120))"""
    )


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_page_is_for_everybody(visitors: Visitors, place: Place):
    visitors.watch.expect_status(place.status, 409, 422)
    with visitors.looking(place.who, viewport=PHONE) as page:
        place.open(page, visitors.site)
        page.set_viewport_size(NARROW)
        assert beside(page)[:5] == []
        leave_out_drawings(page)
        found = []
        for name, viewport in (("narrow", PHONE), ("wide", DESK)):
            page.set_viewport_size(viewport)
            found += [f"{name} {line}" for line in violations(page, _BY_DAY)]
        page.emulate_media(color_scheme="dark")
        found += [f"dark {line}" for line in violations(page, _BY_NIGHT)]
        assert found == []


def test_the_same_checks_find_what_is_planted(chromium_page: Page):
    """The control: a page with four faults."""
    chromium_page.set_viewport_size(NARROW)
    chromium_page.set_content(
        '<html lang="nl"><title>Fout</title><main><img src="data:,"><input><p style="color:#ccc;width:30rem">bleek'
    )
    found = {line.split(":")[0] for line in violations(chromium_page, _BY_DAY)}
    assert {"image-alt", "label", "color-contrast"} <= found
    assert any("bleek" in element for element in beside(chromium_page))
