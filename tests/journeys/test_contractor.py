"""The contractor, on a phone: lists a lot in under a minute, and prints its label."""

import io
import re
import time

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.journeys.hand import Hand
from tests.journeys.visitors import Visitors, sign_in

A_MINUTE = 60


@pytest.fixture
def photo() -> bytes:
    """Three doors against a wall, as large as a phone takes them."""
    picture = Image.new("RGB", (3000, 2250), "#b9b2a5")
    for number in range(3):
        ImageDraw.Draw(picture).rectangle((300 + number * 850, 250, 950 + number * 850, 2100), "#f3f1ec", "#6b6459", 12)
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=85)
    return content.getvalue()


def offer_doors(page: Page, hand: Hand, photo: bytes) -> None:
    """Offer forty doors, from the home page on."""
    hand.tap(page.locator("summary[aria-label^=Menu]"))
    hand.tap(page.locator(".menu--site").get_by_role("link", name="Aanbieden"))
    hand.photograph(page.locator("#photo-camera"), photo)
    hand.type(page.get_by_label("Wat is het?"), "binnendeur")
    hand.tap(page.locator("#category-choices").get_by_text("Binnendeur (opdek/stomp)", exact=True))
    expect(page.get_by_label("Hoogte", exact=True)).to_be_visible()
    hand.type(page.get_by_label("Hoeveel", exact=True), "40")
    hand.type(page.get_by_label("Hoogte", exact=True), "2115")
    hand.type(page.get_by_label("Breedte", exact=True), "930")
    hand.type(page.get_by_label("Dikte", exact=True), "40")
    hand.tap(page.locator("label.choice", has=page.locator("[name=grade][value=B]")))
    hand.type(page.locator("#price_eur"), "15")
    hand.type(page.get_by_label("Bouwjaar van het gebouw"), "1998")
    hand.type(page.get_by_label("Gebouw of weg"), "School Beilen")
    hand.tap(page.get_by_role("button", name="Plaatsen"))
    expect(page).to_have_url(re.compile(r"/aanbod/[0-9A-Z-]+$"))


def test_a_lot_is_listed_in_under_a_minute_and_its_label_reads_back(visitors: Visitors, photo):
    with visitors.opening() as page:
        sign_in(page, "sloper")
        page.goto("/")
        hand, before = Hand(), time.perf_counter()
        offer_doors(page, hand, photo)
        waited = time.perf_counter() - before
        print(f"listing: {hand.taps} taps, {hand.keys} keys, {hand.seconds:.0f} s by hand, {waited:.1f} s of the site")
        assert hand.seconds + waited < A_MINUTE
        expect(page.get_by_role("heading", level=1)).to_contain_text("innendeur")
        expect(page.locator("main")).to_contain_text("2.115")
        assert page.locator("main img").first.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
        page.locator("main").get_by_role("link", name=re.compile("label", re.IGNORECASE)).first.click()
        address = labels_agree(page)
        answer = page.goto(address)
        assert answer
        assert answer.status == 200
        expect(page).to_have_url(re.compile(r"/paspoort/[0-9A-Z]+$"))
        expect(page.get_by_role("heading", level=1)).to_contain_text("innendeur")


def labels_agree(page: Page) -> str:
    """Download the label as PDF and PNG, and return the address that both carry."""
    read = {_code_in(_download(page, form), form) for form in ("PDF", "PNG")}
    assert len(read) == 1
    return read.pop()


def _download(page: Page, form: str) -> bytes:
    with page.expect_download() as started:
        page.get_by_role("link", name=re.compile(form)).first.click()
    return started.value.path().read_bytes()


def _code_in(content: bytes, form: str) -> str:
    if form == "PDF":
        picture = pypdfium2.PdfDocument(content)[0].render(scale=300 / 72).to_pil()
    else:
        picture = Image.open(io.BytesIO(content))
    codes = zxingcpp.read_barcodes(picture)
    assert len(codes) == 1
    return codes[0].text
