"""With the keyboard alone: past the menu, into a search, and to a lot; what has focus is always to be seen."""

import re

from playwright.sync_api import Page, expect

_FOCUSED = "document.activeElement"


def tab_to(page: Page, wanted: str, most: int = 80) -> None:
    """Press Tab until an element that fits the selector has focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"selector => {_FOCUSED}.matches(selector)", wanted):
            return
        assert page.evaluate(_VISIBLE), page.evaluate(f"{_FOCUSED}.outerHTML.slice(0, 200)")
    raise AssertionError(f"{wanted} was not reached in {most} steps")


# In the window, with an outline of its own or of what it stands in.
_VISIBLE = """() => {
    const element = document.activeElement;
    if (element === document.body) return true;
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
}"""


def test_the_first_link_leads_past_the_menu(desktop: Page):
    desktop.goto("/")
    desktop.keyboard.press("Tab")
    skip = desktop.get_by_role("link", name="Naar de inhoud")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    desktop.keyboard.press("Enter")
    expect(desktop.locator("main")).to_be_focused()


def test_a_lot_is_found_and_opened(desktop: Page):
    desktop.goto("/")
    tab_to(desktop, "main input[type=search]")
    desktop.keyboard.type("binnendeur")
    desktop.keyboard.press("Enter")
    expect(desktop).to_have_url(re.compile(r"/aanbod\?.*q=binnendeur"))
    tab_to(desktop, "#results .listing-card a")
    title = desktop.evaluate(f"{_FOCUSED}.textContent")
    desktop.keyboard.press("Enter")
    expect(desktop).to_have_url(re.compile(r"/aanbod/[0-9A-Z-]+$"))
    expect(desktop.get_by_role("heading", level=1)).to_contain_text(title)


def test_a_menu_opens_and_closes(page: Page):
    page.goto("/")
    tab_to(page, "summary[aria-label=Menu]")
    page.keyboard.press("Enter")
    menu = page.locator(".menu--site .menu__panel")
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(page.locator("summary[aria-label=Menu]")).to_be_focused()
