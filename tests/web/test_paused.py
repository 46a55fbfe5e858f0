"""What both sides read and can do while a hazard that was found lets nobody fetch what is promised, and after it."""

import html
import re
from datetime import timedelta

import pytest

from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.listings.models import ListingStatus
from marketplace.materials.hazards import Hazard
from marketplace.passports.models import Passport
from marketplace.passports.queries import findings_of
from marketplace.reservations import pick_ups
from marketplace.reservations.pick_ups import Window
from marketplace.reservations.settling import due_for_worker
from marketplace.reservations.terms import Terms, hold_until
from marketplace.web.filters import day
from marketplace.web.reservations.basket_page import step_text
from tests.factories import by, make_listing, make_member, make_organisation, make_signed, sign_in
from tests.reservations.asking import promised
from tests.sealing import SEAL

DAY = timedelta(days=1)


@pytest.fixture
def owner(context):
    return make_organisation(name="Sloperij Drenthe")


@pytest.fixture
def listing(owner):
    return make_listing(owner, passport=make_signed(owner, seal=SEAL), total=40)


@pytest.fixture
def buyer(context):
    return make_organisation(name="Bouwbedrijf Es")


@pytest.fixture
def reservation(listing, buyer):
    return promised(listing, 15, buyer, at=clock.now())


@pytest.fixture
def trader(client, owner, reservation):
    return sign_in(client, make_member(owner))


def text_of(answer):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def page_of(reservation):
    return f"/reserveringen/{reservation.reference}"


def state_asbestos(client, listing, **more):
    form = {"hazard_asbestos": "present"} | more
    code = session.get_one(Passport, listing.passport_id).code
    return client.post(f"/paspoort/{code}/bewerken?stap=gevaarlijke-stoffen", data=form)


def test_what_is_found_stops_the_clock_and_a_permission_starts_it_anew(trader, listing, reservation, buyer):
    assert state_asbestos(trader, listing).status_code == 303
    session.refresh(reservation)
    assert (reservation.is_paused, reservation.expires_at) == (True, None)
    assert "blijft gereserveerd voor Bouwbedrijf Es" in text_of(trader.get(page_of(reservation)))
    for page in (f"/aanbod/{listing.reference}", "/balie"):
        assert "Staat stil" in text_of(trader.get(page)), page
    builder = sign_in(trader, make_member(buyer))
    page = text_of(builder.get(page_of(reservation)))
    assert "15 st blijft voor u gereserveerd" in page
    assert "de tijd staat stil" in page
    for absent in ("ligt voor u klaar", "Verleng met", "Stel een tijd voor", "Meld wat is opgehaald"):
        assert absent not in page
    led_back = builder.get(f"{page_of(reservation)}/afspraak")
    assert (led_back.status_code, led_back.location) == (303, page_of(reservation))
    assert builder.post(f"{page_of(reservation)}/verlengen").status_code == 409
    assert "Staat stil" in text_of(builder.get("/reserveringen"))


def test_a_permission_starts_the_clock_anew_also_where_it_is_not_offered_again(trader, listing, reservation):
    state_asbestos(trader, listing)
    assert state_asbestos(trader, listing, permission_asbestos="Ontheffing 12").status_code == 303
    session.refresh(reservation)
    session.refresh(listing)
    assert listing.status is ListingStatus.DRAFT
    assert reservation.expires_at == hold_until(Terms(), clock.now(), listing.available_from)
    page = text_of(trader.get(page_of(reservation)))
    assert "15 st ligt klaar voor Bouwbedrijf Es" in page
    assert "Reservering van 15 st loopt weer" in page
    assert due_for_worker(clock.now()) == []


def test_offering_it_again_starts_the_clock_anew(trader, listing, reservation):
    state_asbestos(trader, listing)
    (finding,) = (row for row in findings_of(listing.passport_id) if row.hazard is Hazard.ASBESTOS)
    finding.permission = "Ontheffing 12"
    session.flush()
    assert trader.post(f"/aanbod/{listing.reference}/publiceren").status_code == 303
    session.refresh(reservation)
    assert not reservation.is_paused


def test_an_appointment_can_be_called_off_and_not_be_agreed_to(trader, listing, reservation, buyer):
    starts = clock.now() + DAY
    pick_ups.propose(reservation, Window(starts, starts + DAY / 24), side=buyer, by=by(buyer), at=clock.now())
    assert "Akkoord met deze tijd" in text_of(trader.get(page_of(reservation)))
    state_asbestos(trader, listing)
    page = text_of(trader.get(page_of(reservation)))
    assert "Zeg af" in page
    for absent in ("Akkoord met deze tijd", "Stel een andere tijd voor"):
        assert absent not in page
    assert trader.post(f"{page_of(reservation)}/afspraak/akkoord", data={"sequence": "0"}).status_code == 409
    assert trader.post(f"{page_of(reservation)}/afspraak/afzeggen").status_code == 303


def test_what_lapsed_already_is_not_kept_by_what_is_found_later(trader, listing, reservation):
    reservation.expires_at = clock.now() - DAY
    session.flush()
    state_asbestos(trader, listing)
    session.refresh(reservation)
    assert reservation.state.value == "expired"


def test_a_basket_says_which_lot_stands_still(trader, listing, reservation):
    state_asbestos(trader, listing)
    session.refresh(reservation)
    trader.get(page_of(reservation))
    assert step_text(reservation) == "Mag nu niet worden opgehaald; zolang vervalt het niet"


class TestBeforeItsFirstDay:
    @pytest.fixture
    def first(self):
        return clock.today() + 30 * DAY

    @pytest.fixture
    def listing(self, owner, first):
        return make_listing(owner, passport=make_signed(owner, seal=SEAL), total=40, available_from=first)

    def test_both_sides_read_from_when_it_is_ready(self, trader, buyer, reservation, first):
        with trader.application.test_request_context():
            said = day(first)
        assert f"15 st ligt vanaf {said} klaar voor Bouwbedrijf Es" in text_of(trader.get(page_of(reservation)))
        builder = sign_in(trader, make_member(buyer))
        page = text_of(builder.get(page_of(reservation)))
        assert f"15 st ligt voor u klaar vanaf {said}" in page
        assert f"Vanaf {said} staat er 15 st klaar." in page

    def test_on_the_day_itself_it_is_ready(self, trader, buyer, listing, reservation):
        listing.available_from = clock.today()
        session.flush()
        builder = sign_in(trader, make_member(buyer))
        page = text_of(builder.get(page_of(reservation)))
        assert "15 st ligt voor u klaar " in page
        assert "klaar vanaf" not in page
        assert "Er staat 15 st klaar." in page
