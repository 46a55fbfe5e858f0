"""The life of a passport: proven, published, printed, scanned, verified, split, built in and harvested again."""

import re
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser import arguments
from tests.journeys import film
from tests.journeys.site import Site
from tests.journeys.visitors import DESK, Visitors
from tests.kit.test_documents import pdf

_PAGE = re.compile(r"/paspoort/[0-9A-Z]{16}$")


def code_of(page: Page) -> str:
    """Return the code of the passport that the page is about."""
    found = re.search(r"/paspoort/([0-9A-Z]{16})", page.url)
    assert found, page.url
    return found[1]


def draft_doors(page: Page) -> str:
    """Keep forty doors out of a building of 1978 as a draft, and return the code of their passport."""
    page.goto("/aanbieden")
    page.get_by_label("Wat is het?").fill("binnendeur")
    page.locator("#category-choices").get_by_text("Binnendeur (opdek/stomp)", exact=True).click()
    page.get_by_label("Hoeveel", exact=True).fill("40")
    page.locator("label.choice", has=page.locator("[name=grade][value=B]")).click()
    page.locator("#price_eur").fill("15")
    page.get_by_label("Bouwjaar van het gebouw").fill("1978")
    page.get_by_label("Gebouw of weg").fill("School De Vlonder, Beilen")
    page.get_by_role("button", name="Plaatsen").click()
    expect(page.get_by_role("alert")).to_contain_text("Laat het onderzoeken")
    page.get_by_role("button", name="Bewaar als concept").click()
    page.wait_for_url(re.compile(r"/aanbod/[0-9A-Z]{8}$"))
    page.get_by_role("link", name="Vul het paspoort aan").click()
    page.wait_for_url(re.compile("/bewerken"))
    return code_of(page)


def prove(page: Page, code: str) -> None:
    """Say that a laboratory found no lead, with its report, and that the doors passed a test."""
    page.goto(f"/paspoort/{code}/bewerken")
    expect(page.locator(".fullness__list").first).to_contain_text("nu is het onbekend")
    page.goto(f"/paspoort/{code}/bewerken?stap=gevaarlijke-stoffen")
    page.locator("#hazard_lead").select_option("absent_tested")
    page.locator("#report_lead").fill("LN-2026-114")
    paper = {"name": "rapport.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    page.locator("#document_lead").set_input_files(paper)
    page.get_by_role("button", name="Bewaar en ga verder").click()
    page.goto(f"/paspoort/{code}/bewerken?stap=bewijs")
    page.locator("#test").fill("Maatvastheid")
    page.locator("label.choice", has=page.locator("[name=passed][value=yes]")).click()
    page.locator("#test_value").fill("2 mm")
    page.locator("#tested_on").fill("2026-03-02")
    page.get_by_role("button", name="Bewaar en ga verder").click()
    expect(page.locator(".claims")).to_contain_text("Maatvastheid")


def publish(page: Page, code: str) -> None:
    """Publish the first version."""
    page.goto(f"/paspoort/{code}/bewerken")
    page.get_by_role("button", name="Publiceer versie 1").click()
    page.wait_for_url(_PAGE)
    expect(page.locator(".passport-doc__signature")).to_contain_text("Echt en ongewijzigd")
    expect(page.locator("main")).to_contain_text("LN-2026-114")


def print_labels(page: Page, code: str) -> set[str]:
    """Print two labels on a sheet of which three are used up, and return what their codes say."""
    page.goto(f"/labels?q={code}")
    page.locator(f"input[name=lots][value='{code}']").check()
    page.locator("input[name$=copies]").fill("2")
    page.locator("select[name$=medium]").first.select_option("l7160")
    page.locator("input[name$=skip]").first.fill("3")
    with page.expect_download() as started:
        page.get_by_role("button", name="Maak de labels").click()
    sheet = pypdfium2.PdfDocument(started.value.path().read_bytes())[0].render(scale=150 / 72).to_pil()
    read = zxingcpp.read_barcodes(sheet)
    assert len(read) == 2
    return {each.text for each in read}


def step(page: Page, code: str, name: str, button: str, **fields: str) -> str:
    """Do one step in the life of a thing, and return the code of the passport to which it leads."""
    page.goto(f"/paspoort/{code}/{name}")
    for field, value in fields.items():
        page.locator(f"[name={field}]").fill(value)
    page.get_by_role("button", name=re.compile(button)).click()
    page.wait_for_url(_PAGE)
    return code_of(page)


@pytest.fixture
def seeing(playwright: Playwright, chromium_path: str, tmp_path: Path):
    """Return how to open a browser whose camera sees a label."""
    opened = list[Browser]()

    def see(label: bytes) -> Browser:
        played = film.of_label(label, tmp_path / "label.mjpeg")
        camera = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
        options = arguments(*camera, f"--use-file-for-fake-video-capture={played}")
        opened.append(playwright.chromium.launch(executable_path=chromium_path, args=options))
        return opened[-1]

    yield see
    for browser in opened:
        browser.close()


def check_file(page: Page, content: bytes) -> str:
    """Let the site check a file, and return its verdict."""
    page.goto("/controleren")
    page.locator("input[type=file]").set_input_files(
        {"name": "paspoort.json", "mimeType": "application/json", "buffer": content}
    )
    page.get_by_role("button", name="Ga dit na").click()
    return page.locator(".verdict h2").inner_text()


def test_from_the_first_proof_to_the_next_harvest(visitors: Visitors, site: Site, seeing):
    visitors.watch.expect_status(422)
    with visitors.opening("sloper", viewport=DESK) as page, visitors.opening() as stranger:
        code = draft_doors(page)
        prove(page, code)
        publish(page, code)
        assert print_labels(page, code) == {f"{site.address}/ID/{code}".upper()}

        watched = Visitors(seeing(site.fetch(f"/paspoort/{code}/label.png")), site, visitors.watch, visitors.known)
        with watched.opening(permissions=["camera"]) as finder:
            finder.goto("/scan")
            finder.wait_for_url(re.compile(f"/paspoort/{code}"))
            expect(finder.locator(".passport-doc__signature")).to_contain_text("Echt en ongewijzigd")

        signed = site.fetch(f"/paspoort/{code}.json")
        assert check_file(stranger, signed) == "Echt"
        assert check_file(stranger, signed.replace(b"LN-2026-114", b"LN-2026-115")) == "Vals"

        part = step(page, code, "splitsen", "Splits", quantity="10")
        assert part != code
        step(page, part, "inbouwen", "Bouw", place="Dorpshuis Elp", where="begane grond")
        expect(page.locator("main")).to_contain_text("Dorpshuis Elp")
        harvest = step(page, part, "oogsten", "Oogst", quantity="8", lost="2", reason="Gebroken bij het losmaken")
        assert harvest not in {part, code}

        stranger.goto(f"/ID/{harvest}")
        family = stranger.locator(".family__drawing")
        expect(family).to_contain_text("8 st")
        expect(stranger.locator(".passport-doc__signature")).to_contain_text("Echt en ongewijzigd")
        stranger.goto(f"/ID/{part}")
        expect(stranger.locator("main").get_by_role("link", name=re.compile("8 st")).first).to_be_visible()
    assert site.ask("SELECT quantity, status FROM passport WHERE code = ?", part) == (0, "replaced")
    assert site.ask("SELECT quantity FROM passport WHERE code = ?", code) == (30_000,)
