"""Builders and owners at once: hold, queue, release, promotion, short harvest, partial pick-up, and a basket."""

import io
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta

import pypdfium2
import pytest
from playwright.sync_api import Locator, Page, expect

from marketplace.kit import clock
from tests.journeys import places
from tests.journeys.site import Site
from tests.journeys.visitors import DESK, Visitors

_LOT = re.compile(r"/aanbod/[0-9A-Z]{8}$")
_RESERVATION = re.compile(r"/reserveringen/[0-9A-Z]{8}$")
_BASKET = re.compile(r"/mandjes/[0-9A-Z]{8}$")
_NAME = "Deuren van de Vlonder"

ESDORP, BRINK = "Bouwbedrijf Esdorp", "Brink en Veld Bouw"


@dataclass(frozen=True, slots=True)
class People:
    """Everybody of the journey, each in a browser of their own."""

    contractor: Page
    builder: Page
    rival: Page
    worker: Page


@pytest.fixture
def people(visitors: Visitors) -> Iterator[People]:
    """Let a contractor and a builder sit at a desk, and another builder and the site worker hold a phone."""
    visitors.watch.expect_status(409)  # of the page that says there is less than somebody asked
    with ExitStack() as opened:
        yield People(
            contractor=opened.enter_context(visitors.opening("sloper", viewport=DESK)),
            builder=opened.enter_context(visitors.opening("bouwer")),
            rival=opened.enter_context(visitors.opening("noor.alberts", viewport=DESK)),
            worker=opened.enter_context(visitors.opening("terrein")),
        )


def list_doors(page: Page) -> str:
    """Offer 24 doors that are still in their building, to be shared in whole pieces, and return the path of the lot."""
    page.goto("/aanbieden")
    page.get_by_label("Wat is het?").fill("binnendeur")
    page.locator("#category-choices").get_by_text("Binnendeur (opdek/stomp)", exact=True).click()
    page.get_by_label("Hoeveel", exact=True).fill("24")
    choose(page, "grade", "B")
    page.locator("#price_eur").fill("18")
    choose(page, "stage", "expected")
    choose(page, "short_harvest", "proportional")
    page.locator("#available_from").fill((clock.today() + timedelta(days=30)).isoformat())
    page.get_by_label("Bouwjaar van het gebouw").fill("1998")
    page.get_by_label("Gebouw of weg").fill("School De Vlonder, Beilen")
    page.locator("summary", has_text="Meer bijzonderheden").click()
    page.locator("#name").fill(_NAME)
    page.get_by_role("button", name="Plaatsen").click()
    return arrived(page, _LOT)


def take_option(page: Page, lot: str, pieces: int) -> str:
    """Take an option from the page of the lot, and return the path of the reservation."""
    page.goto(lot)
    page.get_by_label("Hoeveel", exact=True).fill(str(pieces))
    page.get_by_role("button", name=f"Neem een optie op {pieces} st").click()
    return arrived(page, _RESERVATION)


def ask_too_much(page: Page, lot: str, pieces: int, *, least: int) -> str:
    """Ask for more than there is, and wait for it where that is offered instead."""
    page.goto(f"{lot}/reserveren")
    page.get_by_label("Hoeveel", exact=True).fill(str(pieces))
    page.get_by_role("button", name="Neem optie").click()
    expect(page.get_by_role("alert")).to_contain_text(f"Er is nog 4 st, u vroeg {pieces} st")
    page.get_by_label("Ook minder is goed, vanaf").fill(str(least))
    page.get_by_role("button", name=f"Ga in de rij voor {pieces} st").click()
    return arrived(page, _RESERVATION)


def approve(page: Page, buyer: str, pieces: int, name: str = _NAME) -> None:
    """Approve what somebody asked, at the desk."""
    page.goto("/balie")
    asked = page.locator(".ask", has_text=buyer).filter(has_text=f"{pieces} st · {name}")
    asked.get_by_role("button", name=f"Bevestig {pieces} st").click()
    expect(page.get_by_role("status").filter(has_text="bevestigd")).to_be_visible()
    expect(asked).to_have_count(0)


def give_up(page: Page, reservation: str) -> None:
    """Cancel what one has reserved."""
    page.goto(reservation)
    page.locator("summary", has_text="annuleren").click()
    page.get_by_role("button", name="Annuleer").click()
    expect(standing(page)).to_contain_text("8 st kwam weer vrij")


def follow_mail(page: Page, site: Site, to: str, subject: str) -> None:
    """Wait for a mail and open the one link in it."""
    (link,) = re.findall(r"https?://\S+", site.mail(to, subject))
    page.goto(link)


def count(page: Page, code: str, pieces: int) -> Locator:
    """Count the harvest after a scan of its label, and return what everybody would get, to be agreed to."""
    page.goto(f"/scan/{code}")
    page.locator("summary", has_text="Ontvangen").click()
    page.get_by_label("Geteld").fill(str(pieces))
    page.get_by_role("button", name="Neem in ontvangst").click()
    outcome = page.get_by_role("status").filter(has_text="Zo wordt het verdeeld")
    expect(outcome).to_contain_text(f"Geteld: {pieces} st van 24 st")
    return outcome


def agree_to_count(page: Page, pieces: int) -> None:
    """Agree to what the count comes to."""
    page.get_by_role("button", name="Ja, zo is het geteld").click()
    expect(page.get_by_role("status").filter(has_text=f"{pieces} st")).to_be_visible()


def see_count(page: Page, reservation: str, before: int, after: int) -> None:
    """See at a reservation what the harvest came to, with before and after."""
    page.goto(reservation)
    expect(page.locator("main")).to_contain_text(
        f"U vroeg {before} st, geoogst is 17 st van 24 st, u krijgt {after} st."
    )
    expect(standing(page)).to_contain_text(f"{after} st ligt voor u klaar")
    expect(page.locator("main")).to_contain_text(f"({after} st, € 18,00 per st)")
    expect(page.locator("tr", has_text="van u")).to_contain_text(share(before, after))


def propose(page: Page, reservation: str) -> None:
    """Propose to fetch it tomorrow morning."""
    page.goto(reservation)
    page.get_by_role("link", name="Stel een tijd voor").click()
    page.get_by_label("Dag", exact=True).fill((clock.today() + timedelta(days=1)).isoformat())
    page.get_by_label("Van", exact=True).fill("09:30")
    page.get_by_label("Tot", exact=True).fill("10:30")
    page.get_by_role("button", name="Stel voor").click()
    expect(page.locator("main")).to_contain_text("Bork Groep stemt er nog mee in.")


def agree(page: Page, reservation: str) -> None:
    """Agree with the time that the other proposed."""
    page.goto(reservation)
    expect(page.locator("main")).to_contain_text(f"Voorgesteld door {ESDORP}.")
    page.get_by_role("button", name="Akkoord met deze tijd").click()
    expect(page.locator("main")).to_contain_text("Afgesproken.")


def report_fetched(page: Page, reservation: str, pieces: int, broken: int) -> None:
    """Report what was fetched and what is broken; the rest stays reserved."""
    page.goto(reservation)
    page.get_by_role("link", name="Meld wat is opgehaald").click()
    page.get_by_label("Hoeveel gaat er mee?").fill(str(pieces))
    page.locator("summary", has_text="Er is iets stuk of zoek").click()
    page.get_by_label("Stuk", exact=True).fill(str(broken))
    page.get_by_label("Wat is er gebeurd?").fill("Van de kar gevallen")
    page.get_by_role("button", name="Meld dit").click()
    expect(page.locator("main")).to_contain_text("bevestigt het nog")


def confirm_fetched(page: Page, reservation: str) -> None:
    """Confirm what the other side reported."""
    page.goto(reservation)
    told = page.locator("main").get_by_text("meldt:").locator("..")
    expect(told).to_contain_text("Van de kar gevallen")
    page.get_by_role("button", name="Klopt, bevestig").click()
    expect(page.get_by_role("link", name="Pakbon (PDF)")).to_be_visible()


def read_note(page: Page) -> str:
    """Download the delivery note that the page leads to, and return what it says."""
    with page.expect_download() as started:
        page.get_by_role("link", name="Pakbon (PDF)").first.click()
    document = pypdfium2.PdfDocument(io.BytesIO(started.value.path().read_bytes()))
    return str(document[0].get_textpage().get_text_range())


def hand_over_rest(page: Page, code: str, buyer: str, pieces: int) -> None:
    """Give the rest along after a scan, which needs nobody's confirmation."""
    page.goto(f"/scan/{code}")
    page.locator("summary", has_text="Meegeven").click()
    page.locator("label.choice", has_text=buyer).click()
    page.get_by_label("Hoeveel gaat er mee?").fill(str(pieces))
    page.get_by_role("button", name="Geef dit mee").click()
    expect(page.get_by_role("status").filter(has_text=f"{pieces} st")).to_be_visible()


def share(before: int, after: int) -> re.Pattern[str]:
    """Return how a count tells what was promised and what of it is there."""
    return re.compile(f"{before} st.*{after} st", re.DOTALL)


def choose(page: Page, name: str, value: str) -> None:
    """Tap on one of several choices."""
    page.locator("label.choice", has=page.locator(f"[name={name}][value={value}]")).click()


def arrived(page: Page, address: re.Pattern[str]) -> str:
    """Return the path of the page, which must be one of these."""
    expect(page).to_have_url(address)
    return "/" + page.url.split("/", 3)[3]


def standing(page: Page) -> Locator:
    """Return the part of the page that says where a reservation stands."""
    return page.locator("section.now")


def stock(site: Site, lot: str) -> tuple[int, ...]:
    """Return how many pieces are available, held, handed over and written off; the database counts in thousandths."""
    asked = "SELECT available, held, handed_over, written_off FROM listing WHERE reference = ?"
    return tuple(part // 1000 for part in site.ask(asked, lot.rpartition("/")[2]))


def code_of(site: Site, lot: str) -> str:
    """Return the code on the label of a lot."""
    asked = "SELECT p.code FROM passport p JOIN listing l ON l.passport_id = p.id WHERE l.reference = ?"
    return str(site.ask(asked, lot.rpartition("/")[2])[0])


def test_two_builders_and_a_contractor_share_a_harvest_that_falls_short(people: People, site: Site):
    lot = list_doors(people.contractor)
    first, second = take_option(people.builder, lot, 12), take_option(people.builder, lot, 8)
    approve(people.contractor, ESDORP, 12)
    approve(people.contractor, ESDORP, 8)
    assert stock(site, lot) == (4, 20, 0, 0)

    waiting = ask_too_much(people.rival, lot, 12, least=6)
    expect(standing(people.rival)).to_contain_text("U staat op plaats 1")
    give_up(people.builder, second)
    follow_mail(people.rival, site, "noor.alberts", "U bent aan de beurt voor een optie: 12 st")
    assert arrived(people.rival, _RESERVATION) == waiting
    people.rival.get_by_role("button", name="Neem 12 st").click()
    expect(standing(people.rival)).to_contain_text("Bork Groep moet nog antwoorden")
    approve(people.contractor, BRINK, 12)
    assert stock(site, lot) == (0, 24, 0, 0)

    code = code_of(site, lot)
    outcome = count(people.worker, code, 17)
    expect(outcome.locator("tr", has_text=ESDORP)).to_contain_text(share(12, 9))
    expect(outcome.locator("tr", has_text=BRINK)).to_contain_text(share(12, 8))
    assert stock(site, lot) == (0, 24, 0, 0), "nothing moves before somebody agrees"
    agree_to_count(people.worker, 17)
    see_count(people.builder, first, 12, 9)
    see_count(people.rival, waiting, 12, 8)
    assert stock(site, lot) == (0, 17, 0, 7)

    propose(people.builder, first)
    agree(people.contractor, first)
    report_fetched(people.contractor, first, 5, broken=1)
    confirm_fetched(people.builder, first)
    assert stock(site, lot) == (0, 11, 5, 8)
    note = read_note(people.builder)
    assert _NAME in note
    assert "5 st" in note

    hand_over_rest(people.worker, code, ESDORP, 3)
    people.builder.goto(first)
    expect(standing(people.builder)).to_contain_text("8 st is overgedragen")
    people.builder.get_by_role("link", name="Bekijk wat u in bezit hebt").click()
    expect(people.builder.locator("main li", has_text=_NAME)).to_contain_text(["3 st", "5 st"])
    assert stock(site, lot) == (0, 8, 8, 8)
    assert site.command("reservations", "audit").endswith("all exact")


def fill_need(page: Page, need: str, amounts: dict[str, int]) -> str:
    """Choose how much to take of each lot, see the sum, reserve it all at once, and return the path of the basket."""
    page.goto(need)
    page.get_by_role("link", name="Vul deze behoefte").click()
    for row in page.locator(".fill-row").all():
        name = row.get_by_role("link").inner_text()
        row.get_by_role("textbox").fill(str(amounts.get(name, 0)))
    page.get_by_role("button", name="Reken opnieuw").click()
    expect(page.locator(".details-list")).to_contain_text(f"Gekozen {sum(amounts.values())} st", use_inner_text=True)
    page.get_by_role("button", name="Leg alles vast").click()
    return arrived(page, _BASKET)


def decline(page: Page, buyer: str, pieces: int) -> None:
    """Decline what somebody asked, at the desk and with a reason."""
    page.goto("/balie")
    asked = page.locator(".ask", has_text=buyer).filter(has_text=f"{pieces} st")
    asked.locator("summary").click()
    asked.get_by_label("Reden").fill("Deze gaan naar een school")
    asked.get_by_role("button", name="Wijs af").click()
    expect(asked).to_have_count(0)


def test_a_need_is_filled_from_two_owners_and_again_where_one_declines(visitors: Visitors, site: Site):
    need = places.fill(site, "/behoeften/{doors}")
    ours, theirs = "Stompe deur 2.115 × 880, HPL wit", "Stompe deur 2.115 × 930, eikenfineer"
    with (
        visitors.opening("roelof.zwiers") as builder,
        visitors.opening("sloper", viewport=DESK) as contractor,
        visitors.opening("provincie", viewport=DESK) as province,
    ):
        basket = fill_need(builder, need, {ours: 90, theirs: 50})
        expect(builder.locator("main")).to_contain_text("Van 2 aanbieders")
        approve(contractor, "Zuidenveld Houtbouw", 90, ours)
        decline(province, "Zuidenveld Houtbouw", 50)

        follow_mail(builder, site, "roelof.zwiers", f"Afgewezen: 50 st {theirs}")
        builder.get_by_role("link", name="Deel van 140 st").click()
        assert arrived(builder, _BASKET) == basket
        main = builder.locator("main")
        expect(main.locator(".link-rows li", has_text=ours)).to_contain_text("Bevestigd")
        expect(main.locator(".link-rows li", has_text=theirs)).to_contain_text("Deze gaan naar een school")
        expect(main).to_contain_text("Van de behoefte is 120 st nog niet vastgelegd.")

        builder.get_by_role("link", name="Vul de rest aan").click()
        expect(builder.locator(".fill-row", has_text=theirs)).to_contain_text("Provincie Drenthe wees dit eerder af")
        second = fill_need(builder, need, {ours: 36})
        assert second != basket
        builder.goto(need)
        expect(builder.locator("main")).to_contain_text("126")
    assert site.command("reservations", "audit").endswith("all exact")
