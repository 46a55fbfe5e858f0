"""The page of one offer: for whom it exists, what it tells, what it costs here, and what it keeps to itself."""

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest

from marketplace.accounts.models import Membership, OrganisationKind
from marketplace.accounts.permissions import Role
from marketplace.kit import clock, journal
from marketplace.kit.database import session
from marketplace.kit.quantities import Unit
from marketplace.listings.models import ListingStatus, Stage
from marketplace.passports import actions as passports
from marketplace.passports.gate import HazardStatus
from marketplace.passports.levels import EvidenceLevel
from marketplace.passports.models import PassportPhoto
from marketplace.reservations import actions as reservations
from marketplace.reservations.states import State
from marketplace.web.listings.delivery import EUR_PER_TKM
from tests.factories import (
    by,
    make_finding,
    make_hub,
    make_listing,
    make_member,
    make_need,
    make_organisation,
    make_project,
    make_reservation,
    sign_in,
    sign_out,
)
from tests.reservations.asking import ask, queue

SECRET_ADDRESS = "Industrieweg 1"


@pytest.fixture
def owner(context):
    return make_organisation(name="Sloopbedrijf Noord")


@pytest.fixture
def builder(context):
    return make_organisation(name="Bouwbedrijf Zuid", kind=OrganisationKind.BUILDER, at="Assen")


@pytest.fixture
def slabs(owner):
    """An offer of 96 hollow-core slabs in Hoogeveen, 24 of them held."""
    return make_listing(
        owner,
        total=96,
        held=Decimal(24),
        category="hollowcore_slab",
        name="Kanaalplaat 200",
        length_mm=5400,
        width_mm=1196,
        height_mm=200,
        kg_per_unit=Decimal(1744),
        price_eur=Decimal(145),
        min_take=Decimal(2),
    )


def read(client, listing, query: str = "", language: str = "nl", status: int = 200) -> str:
    answer = client.get(f"/aanbod/{listing.reference}{query}", headers={"Accept-Language": language})
    assert answer.status_code == status
    return html.unescape(answer.text)


def sums(page: str) -> dict[str, str]:
    found = re.findall(r"<dt[^>]*>(.*?)</dt><dd[^>]*>(.*?)</dd>", page)
    return {re.sub("<[^>]+>", "", name): re.sub("<[^>]+>", "", value) for name, value in found}


def test_it_says_what_it_is_and_how_much_there_is(client, slabs):
    page = read(client, slabs)
    for text in ("Kanaalplaat 200", "5.400 × 1.196 × 200 mm · 1.744 kg · Hoogeveen", "€ 145,00", "Sloopbedrijf Noord"):
        assert text in page
    assert 'aria-label="72 beschikbaar, 24 gereserveerd van 96 st"' in page


def test_the_way_back_keeps_the_kind(client, slabs):
    page = read(client, slabs)
    assert 'href="/aanbod?groep=concrete_struct&soort=hollowcore_slab"' in page


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_draft_does_not_exist_for_others(client, slabs, owner, builder, language):
    slabs.status = ListingStatus.DRAFT
    read(client, slabs, language=language, status=404)
    sign_in(client, make_member(builder))
    read(client, slabs, language=language, status=404)
    sign_in(client, make_member(owner, Role.SITE))
    assert "Kanaalplaat 200" in read(client, slabs, language=language)


class TestTakenOffTheMarket:
    """An offer that its gate closed is a draft again; whoever reserved of it still finds its page, and no way to."""

    @pytest.fixture
    def off(self, slabs):
        slabs.status = ListingStatus.DRAFT
        return slabs

    @pytest.mark.parametrize("state", list(State))
    def test_who_reserved_reads_that_it_is_not_offered_any_more(self, client, off, builder, state):
        make_reservation(off, builder.id, 2, state=state)
        sign_in(client, make_member(builder, Role.SITE))
        page = read(client, off)
        assert "Deze partij wordt niet meer aangeboden." in page
        assert "Niet meer te krijgen" in page
        assert "Alleen mensen van" not in page
        assert not re.search("Reserveer |Neem een optie|beschikbaar, |/reserveren|/wachtrij|/publiceren", page)

    def test_others_find_nothing(self, client, off, builder, owner):
        make_reservation(make_listing(owner), builder.id, 2)
        make_reservation(off, make_organisation().id, 2)
        read(client, off, status=404)
        sign_in(client, make_member(builder))
        read(client, off, status=404)

    def test_its_owner_reads_that_it_is_a_draft(self, client, off, builder, owner):
        make_reservation(off, builder.id, 2)
        page = read(sign_in(client, make_member(owner)), off)
        assert "Alleen mensen van Sloopbedrijf Noord" in page
        assert "niet meer aangeboden" not in page

    def test_nothing_can_be_reserved_of_it(self, client, off, builder):
        make_reservation(off, builder.id, 2)
        sign_in(client, make_member(builder))
        assert client.get(f"/aanbod/{off.reference}/reserveren?aantal=2").status_code == 404

    def test_no_option_is_praised_on_what_still_stands(self, client, off, builder):
        off.stage, off.crusher_on = Stage.EXPECTED, clock.today() + timedelta(days=9)
        make_reservation(off, builder.id, 2, state=State.CANCELLED)
        assert "Een optie houdt het eruit" not in read(sign_in(client, make_member(builder)), off)


def test_an_unknown_reference_is_not_found(client, slabs):
    assert client.get("/aanbod/ZZZZZZZZ").status_code == 404


def test_what_is_withdrawn_says_so_and_cannot_be_reserved(client, slabs):
    slabs.status = ListingStatus.WITHDRAWN
    page = read(client, slabs)
    assert "Niet meer te krijgen" in page
    assert "Reserveer" not in page


def test_facts_stand_with_how_each_is_known(client, slabs, owner):
    passports.add_claim(
        slabs.passport,
        key="strength",
        value="C45/55",
        level=EvidenceLevel.TESTED,
        source="Lab",
        report="L-9",
        by=by(owner),
    )
    page = read(client, slabs)
    row = re.search(r"<tr><th scope=\"row\">Sterkte</th>.*?</tr>", page, re.DOTALL)[0]
    for text in ("C45/55", "getest", "Lab, rapport L-9"):
        assert text in row
    mass = re.search(r"<tr><th scope=\"row\">Massa</th>.*?</tr>", page, re.DOTALL)[0]
    assert "schatting naar soort en maat" in mass


def test_a_hazard_of_which_nobody_spoke_is_unknown_and_comes_first(client, owner):
    frames = make_listing(owner, category="window_frame_wood", building_year=1978)
    make_finding(frames.passport, hazard="asbestos", status=HazardStatus.ABSENT_TESTED, report="LN-1")
    page = read(client, frames)
    assert "1 van 3 bekend" in page
    assert page.index("PCB: onbekend") < page.index("Asbest: afwezig")
    assert "Onbekend is niet schoon" in page


def test_the_life_is_told_without_what_is_business(client, slabs, owner):
    journal.record(slabs.subject, "listing.published", by=by(owner))
    journal.record(slabs.subject, "listing.changed", by=by(owner), price_eur_from="99.99", price_eur_to="145")
    page = read(client, slabs)
    assert "Te koop gezet" in page
    assert "99,99" not in page
    sign_in(client, make_member(owner))
    assert "99,99" in read(client, slabs)


def test_what_still_stands_says_when_it_comes_free_and_when_it_is_crushed(client, slabs):
    slabs.stage, slabs.available_from = Stage.EXPECTED, clock.today() + timedelta(days=30)
    slabs.crusher_on = clock.today() + timedelta(days=60)
    page = read(client, slabs)
    for text in ("In gebouw", "gaat wat over is naar de breker", "Komt vrij uit het gebouw", "Neem een optie"):
        assert text in page
    assert 'stroke-dasharray="4.2 2.8"' in page


class TestReserving:
    """The box in which an amount is asked about and committed."""

    @pytest.fixture
    def project(self, builder):
        return make_project(builder, at="Meppel", name="Meppel Bouwt")

    @pytest.fixture
    def trader(self, client, builder):
        return sign_in(client, make_member(builder))

    def test_the_sum_is_of_price_transport_and_a_trip_to_the_site(self, trader, slabs, project):
        page = read(trader, slabs, f"?hoeveel=42&voor=project:{project.id}")
        km = round(slabs.point.road_km_to(project.point))
        terms = sums(page)
        assert terms["42 × € 145,00"] == "€ 6.090,00"
        transport = next(value for name, value in terms.items() if name == f"Vervoer, {km} km over de weg")
        cents = [
            int(re.sub(r"\D", "", value))
            for value in ("€ 6.090,00", transport, terms["Eén rit"], terms["Geleverd in Meppel"])
        ]
        assert sum(cents[:3]) == cents[3]
        assert cents[1] == round(42 * 1744 / 1000 * km * float(EUR_PER_TKM) * 100)

    def test_the_button_says_what_it_commits_and_sends_just_that(self, trader, slabs, project):
        page = read(trader, slabs, f"?hoeveel=42&voor=project:{project.id}")
        form = re.search(
            rf'<form method="post" action="/aanbod/{slabs.reference}/reserveren">.*?</form>', page, re.DOTALL
        )
        assert "Reserveer 42 st" in form[0]
        assert 'name="quantity" value="42"' in form[0]
        assert f'name="purpose" value="project:{project.id}"' in form[0]
        assert re.search(r'name="request_key"[^>]* value="[\w-]{16,}"', form[0])

    def test_sending_the_box_reserves(self, trader, slabs, project):
        form = {"quantity": "42", "purpose": f"project:{project.id}", "request_key": "k" * 22}
        answer = trader.post(f"/aanbod/{slabs.reference}/reserveren", data=form)
        assert answer.status_code == 303
        session.refresh(slabs)
        assert (slabs.available, slabs.held) == (30, 66)

    def test_the_box_begins_with_the_least_and_the_own_need_of_this_kind(self, trader, slabs, project):
        need = make_need(project, category="hollowcore_slab", title="Vloer")
        page = read(trader, slabs)
        assert 'name="hoeveel" value="2"' in page
        assert "Reserveer 2 st" in page
        assert f'<option value="need:{need.id}" selected>' in page
        assert "Geleverd in Meppel" in page

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ("73", "Er is nog maar 72 st beschikbaar."),
            ("1", "Van deze partij neemt u ten minste 2 st af."),
            ("1,5", "Een aantal stuks is een heel getal."),
            ("veel", "“veel” is geen getal."),
        ],
    )
    def test_an_amount_that_cannot_be_is_kept_and_told(self, trader, slabs, typed, sentence):
        page = read(trader, slabs, f"?hoeveel={typed}")
        assert sentence in page
        assert f'name="hoeveel" value="{typed}"' in page
        assert "Reserveer 2 st" in page
        assert "Er is nog maar" not in read(trader, slabs, "?hoeveel=72")

    def test_the_saving_names_its_terms_and_their_sources(self, trader, slabs, project):
        page = read(trader, slabs, f"?hoeveel=42&voor=project:{project.id}")
        assert re.search(r"[0-9.,]+ (t|kg) CO<sub>2</sub> minder dan nieuw", page)
        for text in ("Zo berekend", "Nieuw gemaakt (A1-A3)", "Boverket", "tonkilometer", "Indicatief."):
            assert text in page

    def test_the_project_of_another_is_not_taken(self, trader, slabs):
        strange = make_project(at="Groningen")
        page = read(trader, slabs, f"?voor=project:{strange.id}")
        assert "Geleverd in Groningen" not in page
        assert strange.name not in page

    def test_who_is_not_signed_in_is_led_there_and_back(self, client, slabs):
        page = read(client, slabs, "?hoeveel=42")
        assert "Log in en reserveer 42 st" in page
        assert f"next=%2Faanbod%2F{slabs.reference}%3Fhoeveel%3D42" in page or f"next=/aanbod/{slabs.reference}" in page
        assert 'name="purpose"' not in page

    def test_somebody_of_the_yard_cannot_reserve(self, client, slabs, builder):
        page = read(sign_in(client, make_member(builder, Role.SITE)), slabs)
        assert "Reserveren kan een handelaar of eigenaar" in page
        assert 'name="quantity"' not in page

    def test_when_all_is_held_there_is_nothing_to_press(self, trader, slabs):
        slabs.available, slabs.held = Decimal(0), Decimal(96)
        page = read(trader, slabs)
        assert "Alles is gereserveerd. Er wacht nog niemand." in re.sub("<[^>]+>", "", page)
        assert 'name="quantity"' not in page
        assert f'href="/aanbod/{slabs.reference}/wachtrij"' in page

    def test_what_is_not_there_may_be_waited_for(self, trader, slabs, project):
        page = read(trader, slabs, f"?hoeveel=80&voor=project:{project.id}")
        assert f"/aanbod/{slabs.reference}/wachtrij?aantal=80&voor=project:{project.id}" in page
        assert "wachtrij" not in read(trader, slabs, "?hoeveel=97")

    def test_others_read_how_many_wait_and_never_who(self, client, trader, slabs):
        for amount in (74, 80):
            queue(slabs, amount, make_organisation(name=f"Wachter {amount}"), at=clock.now())
        for visitor in (trader, sign_out(client)):
            page = read(visitor, slabs)
            assert "2 wachten, samen op 154 st." in page
            assert "Wachter" not in page

    def test_amounts_in_parts_are_written_as_the_dutch_do(self, trader, owner):
        boards = make_listing(owner, unit=Unit.M2, total=Decimal("120.5"), min_take=Decimal("2.5"))
        page = read(trader, boards)
        assert 'name="hoeveel" value="2,5"' in page
        assert 'name="quantity" value="2,5"' in page


def test_the_owner_finds_the_own_buttons_and_no_box(client, slabs, owner):
    page = read(sign_in(client, make_member(owner)), slabs)
    for path in ("wijzigen", "intrekken"):
        assert f"/aanbod/{slabs.reference}/{path}" in page
    assert f"/paspoort/{slabs.passport.code}/label" in page
    assert f"/aanbod/{slabs.reference}/reserveren" not in page
    assert f"/aanbod/{slabs.reference}/publiceren" not in page


def test_the_owner_reads_who_holds_and_then_who_waits_in_order(client, slabs, owner, builder):
    held = ask(slabs, 70, builder, at=clock.now())
    first, second = (queue(slabs, amount, make_organisation(), at=clock.now()) for amount in (20, 10))
    page = read(sign_in(client, make_member(owner)), slabs)
    claims = page[page.index('aria-labelledby="claims"') :].split("</section>")[0]
    places = [claims.index(row.reference) for row in (held, first, second)]
    assert places == sorted(places)
    for told in ("70 st · Bouwbedrijf Zuid", "20 st · ", "plaats 1", "plaats 2", "2 wachten"):
        assert told in claims
    assert 'aria-labelledby="claims"' not in read(sign_in(client, make_member(builder)), slabs)


def test_a_draft_can_be_published_by_a_trader_alone(client, slabs, owner):
    slabs.status = ListingStatus.DRAFT
    assert "publiceren" in read(sign_in(client, make_member(owner)), slabs)
    assert "publiceren" not in read(sign_in(client, make_member(owner, Role.SITE)), slabs)


def test_its_traders_find_the_form_of_its_passport(client, owner, slabs):
    form = f"/paspoort/{slabs.passport.code}/bewerken"
    assert form in read(sign_in(client, make_member(owner)), slabs)
    assert form not in read(sign_in(client, make_member(owner, Role.SITE)), slabs)


def test_the_address_is_for_who_has_something_to_fetch(client, slabs, owner, builder):
    member = make_member(builder)
    assert SECRET_ADDRESS not in read(client, slabs)
    sign_in(client, member)
    assert SECRET_ADDRESS not in read(client, slabs)
    asked = ask(slabs, 2, builder, at=clock.now())
    assert SECRET_ADDRESS not in read(client, slabs)
    reservations.confirm(asked, by=by(owner), at=clock.now())
    assert SECRET_ADDRESS in read(client, slabs)
    sign_in(client, make_member(make_organisation()))
    assert SECRET_ADDRESS not in read(client, slabs)
    sign_in(client, make_member(owner))
    assert SECRET_ADDRESS in read(client, slabs)


def test_who_acts_for_several_organisations_costs_no_more_to_answer(client, slabs, statements):
    member, counts = make_member(), []
    for _ in range(2):
        sign_in(client, member)
        statements.clear()
        read(client, slabs)
        counts.append(len(statements))
        for _ in range(3):
            session.add(Membership(user_id=member.id, organisation_id=make_organisation().id, role=Role.SITE))
        session.commit()
        session.refresh(member, ["memberships"])
    assert counts[0] == counts[1]


def test_a_hub_may_be_known_but_the_rack_not(client, slabs):
    hub = make_hub(name="Hub Hoogeveen")
    slabs.hub_id, slabs.rack = hub.id, "B-04"
    page = read(client, slabs)
    assert "Hub Hoogeveen" in page
    assert "B-04" not in page


def test_needs_that_it_fits_are_told(client, slabs):
    project = make_project(at="Meppel", name="Meppel Bouwt")
    need = make_need(project, category="hollowcore_slab", length_min=5300, length_max=5600, new_eur=Decimal(300))
    page = read(client, slabs)
    assert f"/behoeften/{need.reference}" in page
    assert "Meppel Bouwt" in page
    need.category = "door_interior"
    session.flush()
    assert "Meppel Bouwt" not in read(client, slabs)


def test_photos_come_before_the_drawing(client, slabs):
    assert "gallery__thumbs" not in read(client, slabs)
    for position, key in enumerate(("a" * 32, "b" * 32)):
        photo = PassportPhoto(
            passport_id=slabs.passport_id, position=position, key=key, sha256=key * 2, width=640, height=480
        )
        session.add(photo)
    session.flush()
    session.expire(slabs.passport, ["photos"])
    assert f"/fotos/{'a' * 32}/large.jpg" in read(client, slabs)
    second, third, beyond = (read(client, slabs, f"?beeld={number}") for number in (2, 3, 9))
    assert f"/fotos/{'b' * 32}/large.jpg" in second
    assert "large.jpg" not in third
    assert f"/fotos/{'a' * 32}/large.jpg" in beyond


def test_the_passport_is_beside_it_with_its_code(client, slabs):
    page = read(client, slabs)
    code = slabs.passport.code
    assert f'href="/paspoort/{code}"' in page
    assert "-".join(code[start : start + 4] for start in range(0, 16, 4)) in page
    assert 'shape-rendering="crispEdges"' in page


def test_the_page_speaks_english(client, slabs):
    page = read(client, slabs, language="en")
    assert '<html lang="en">' in page
    assert "5,400 × 1,196 × 200 mm" in page
    assert "€145.00" in page


def test_who_holds_or_waits_here_is_told_with_a_link_to_each(client, slabs, builder):
    at = clock.now()
    held = ask(slabs, 12, builder, at=at)
    waits = queue(slabs, 90, builder, at=at)
    ask(slabs, 2, at=at), queue(slabs, 91, at=at)
    page = sign_in(client, make_member(builder)).get(f"/aanbod/{slabs.reference}").text
    assert re.findall(r'href="/reserveringen/(\w+)">(U [^<]+)<', page) == [
        (held.reference, "U hebt hier al 12 st gereserveerd"),
        (waits.reference, "U wacht op 90 st"),
    ]
    assert "Al van u" not in sign_in(client, make_member()).get(f"/aanbod/{slabs.reference}").text
    assert "Al van u" not in sign_out(client).get(f"/aanbod/{slabs.reference}").text


def test_the_number_of_statements_does_not_grow_with_its_history(client, slabs, owner, statements):
    read(client, slabs)
    statements.clear()
    read(client, slabs)
    few = len(statements)
    for number in range(10):
        make_finding(slabs.passport, hazard=list(HAZARDS)[number])
        journal.record(slabs.subject, "scan.seen", by=by(owner), place="Hoogeveen")
    session.expire_all()
    statements.clear()
    read(client, slabs)
    assert len(statements) == few <= 14


HAZARDS = ("asbestos", "pak", "chromium6", "lead", "pcb", "preservatives", "pfas", "cfc", "mineral_fibres", "hbcd")
