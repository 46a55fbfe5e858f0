"""In English: who chooses it reads it everywhere around what people wrote themselves."""

import re

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Page, expect

from marketplace.config import ROOT
from tests.journeys.places import PLACES
from tests.journeys.visitors import Visitors

_CATALOGUE = ROOT / "marketplace" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
# Around what people wrote: what is pressed, what names a field, and what stands over a part of the page.
# The name of the other language is in that language.
_CHROME = (
    "nav a:not([lang]), button, .button, label, legend, summary, th[scope=col], dt, h1, h2, .measure, .tag, "
    ".crumbs a, .field__hint"
)


@pytest.fixture(scope="module")
def dutch() -> set[str]:
    """The Dutch sentences of the program that read otherwise in English."""
    with _CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    assert len(catalogue) > 200, "the English catalogue is empty: nothing could be left over"
    ids = {one: message for message in catalogue if message.id for one in _several(message.id)}
    return {_plain(one) for one, message in ids.items() if one not in _several(message.string)}


def _several(texts) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def test_the_language_is_switched_on_the_page_itself(page: Page):
    page.goto("/aanbod?q=deur")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(re.compile(r"/aanbod\?q=deur"))
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Nederlands").click()
    expect(page.locator("html")).to_have_attribute("lang", "nl")


def chrome(page: Page) -> set[str]:
    """Return the texts around the content of a page."""
    return {" ".join(text.split()) for text in page.locator(_CHROME).all_text_contents()} - {""}


@pytest.mark.parametrize("who", sorted({place.who for place in PLACES}))
def test_nothing_around_the_content_is_left_in_dutch(visitors: Visitors, who: str, dutch: set[str]):
    visitors.watch.expect_status(404, 409, 422)
    left = {}
    with visitors.opening(who, java_script_enabled=False) as page:
        page.goto("/taal/en?next=/")
        for place in (place for place in PLACES if place.who == who):
            place.open(page, visitors.site)
            expect(page.locator("html")).to_have_attribute("lang", "en")
            left[place.name] = {text for text in chrome(page) if _plain(text) in dutch}
    assert left
    assert {name: texts for name, texts in left.items() if texts} == {}
