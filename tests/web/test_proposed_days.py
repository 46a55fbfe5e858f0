"""What is wanted months from now is asked with its day, and what is asked together is answered together."""

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest

from marketplace.kit import clock
from marketplace.kit.clock import AMSTERDAM
from marketplace.kit.database import session
from marketplace.listings.models import Stage
from marketplace.passports.taking import Act
from marketplace.reservations import actions, harvest, pick_ups
from marketplace.reservations.baskets import Line, hold_for_project
from marketplace.reservations.house_rules import terms_of
from marketplace.reservations.models import PickUpState, Reservation
from marketplace.reservations.queries import get, of_basket
from marketplace.reservations.states import State
from marketplace.reservations.terms import hold_until
from marketplace.web.filters import day
from tests.factories import by, make_listing, make_member, make_need, make_organisation, make_project, sign_in
from tests.planned import plan_all
from tests.reservations.fetching import hand_over
from tests.sealing import SEAL


@pytest.fixture
def builder(context):
    return make_organisation(name="Bouwbedrijf Es")


@pytest.fixture
def project(builder):
    return make_project(builder, name="Twaalf woningen", slug="twaalf")


@pytest.fixture
def owner(context):
    return make_organisation(name="Sloperij Drenthe")


def june() -> date:
    return clock.today() + timedelta(days=200)


@pytest.fixture
def in_june(app) -> str:
    with app.test_request_context():
        return day(june())


def hold(project, *lots) -> list[Reservation]:
    first = june()
    need = make_need(project, wanted_from=first, wanted_until=first + timedelta(days=30))
    lines = [Line(lot.id, lot.total, need.id) for lot in lots]
    return of_basket(hold_for_project(project_id=project.id, lines=lines, by=by(), at=clock.now()).id)


def words(answer) -> str:
    main = re.sub(r"<(svg|script)\b.*?</\1>", " ", answer.text.split("<body", 1)[1], flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).replace("\xa0", " ").split())


def day_of(reservation) -> date:
    return pick_ups.find_live(reservation.id).starts_at.astimezone(AMSTERDAM).date()


def test_each_line_says_before_reserving_how_long_it_is_kept(client, project, builder, in_june):
    make_listing(total=12, name="Deur noord")
    make_listing(category="toilet", total=4, name="Closet")
    make_need(project, quantity=Decimal(12), wanted_from=june(), wanted_until=june() + timedelta(days=30))
    soon = clock.today() + timedelta(days=3)
    make_need(project, category="toilet", quantity=Decimal(4), wanted_from=soon, wanted_until=june())
    late = clock.today() + timedelta(days=400)
    make_listing(category="plywood", total=6)
    make_need(
        project, category="plywood", quantity=Decimal(6), wanted_from=late, wanted_until=late + timedelta(days=60)
    )
    plan_all()
    text = words(sign_in(client, make_member(builder)).get("/projecten/twaalf/voorstellen/reserveren"))
    assert f"voorgestelde afhaaldag {in_june} (de eigenaar stemt daarmee in als hij bevestigt)" in text
    assert text.count("op te halen binnen 14 dagen na bevestiging") == 2
    assert "; dat is voordat de behoefte begint" in text


def test_one_click_confirms_with_the_day_and_both_sides_read_it(client, project, owner, builder, in_june):
    (asked,) = hold(project, make_listing(owner, total=12))
    reference, basket = asked.reference, asked.basket.reference
    where = f"/reserveringen/{reference}"
    trader = sign_in(client, make_member(owner))
    told = f"Voorgestelde afhaaldag: {in_june}. Bevestigt u, dan stemt u daarmee in"
    for page in ("/balie", where):
        assert told in words(trader.get(page))
        assert "Bevestig, en kies een andere dag" in words(trader.get(page))
    assert trader.post(f"{where}/bevestigen").status_code == 303
    assert "en de afhaaldag is afgesproken" in words(trader.get(where))
    found = get(reference)
    assert (found.state, pick_ups.find_live(found.id).state) == (State.CONFIRMED, PickUpState.AGREED)
    planner = sign_in(client, make_member(session.get_one(type(builder), project.organisation_id)))
    assert f"U haalt het op, uiterlijk op {in_june}" in words(planner.get(f"/mandjes/{basket}"))


def test_who_wants_another_day_confirms_first_and_is_led_to_propose_one(client, project, owner):
    (asked,) = hold(project, make_listing(owner, total=12))
    reference = asked.reference
    where = f"/reserveringen/{reference}"
    trader = sign_in(client, make_member(owner))
    answer = trader.post(f"{where}/bevestigen", data={"dag": "anders", "terug": "balie"})
    assert answer.headers["Location"] == f"{where}/afspraak"
    assert f'value="{june().isoformat()}"' in trader.get(f"{where}/afspraak").text
    found = get(reference)
    assert found.expires_at == hold_until(terms_of(owner.id), found.decided_at, clock.today())
    assert "Alleen met akkoord vóór dat einde" in words(trader.get(where))


def test_the_buyer_reads_which_day_waits_for_the_answer(client, project, builder, in_june):
    (asked,) = hold(project, make_listing(total=12))
    planner = sign_in(client, make_member(builder))
    assert f"voorgestelde afhaaldag {in_june}" in words(planner.get(f"/mandjes/{asked.basket.reference}"))
    assert "dan blijft het tot en met die dag voor u gereserveerd" in words(
        planner.get(f"/reserveringen/{asked.reference}")
    )


class TestTogether:
    @pytest.fixture
    def rows(self, project, owner):
        other = make_listing(owner, name="Los")
        actions.request(
            listing_id=other.id,
            quantity=Decimal(3),
            purpose=actions.Purpose(make_organisation()),
            by=by(),
            at=clock.now(),
        )
        return hold(project, *(make_listing(owner, total=amount) for amount in (12, 8, 5)), make_listing(total=7))

    @pytest.fixture
    def trader(self, client, owner):
        return sign_in(client, make_member(owner))

    def test_one_block_confirms_all_of_one_owner(self, trader, rows):
        references = [row.reference for row in rows]
        page = trader.get("/balie")
        assert re.findall(r'name="kies" value="(\w+)" checked', page.text) == references[:3]
        assert "3 aanvragen tegelijk van Bouwbedrijf Es" in (text := words(page))
        assert "Bevestig alle 3" in text
        assert "Bevestig 3 st" in text, "what was asked by itself stands by itself"
        done = trader.post("/balie/bevestigen", data={"kies": references[:3], "regel": references[:3]})
        assert done.status_code == 303
        assert "3 reserveringen bevestigd." in words(trader.get("/balie"))
        states = [get(reference).state for reference in references]
        assert states == [*[State.CONFIRMED] * 3, State.REQUESTED]
        assert {day_of(get(reference)) for reference in references} == {june()}

    def test_what_is_unticked_waits_on(self, trader, rows):
        references = [row.reference for row in rows[:3]]
        trader.post("/balie/bevestigen", data={"kies": references[1:], "regel": references})
        states = [get(reference).state for reference in references]
        assert states == [State.REQUESTED, State.CONFIRMED, State.CONFIRMED]

    def test_an_error_stands_by_what_it_is_about_and_nothing_is_confirmed(self, trader, rows):
        references = [row.reference for row in rows[:3]]
        actions.cancel(rows[1], by=by(), at=clock.now())
        session.commit()
        answer = trader.post("/balie/bevestigen", data={"kies": references[:2], "regel": references})
        assert answer.status_code == 409
        assert "Er is niets bevestigd" in (text := words(answer))
        assert "8 st" in text
        assert "de reservering is intussen veranderd" in text
        assert re.findall(r'name="kies" value="(\w+)" checked', answer.text) == references[:1], "as it was ticked"
        assert get(references[0]).state is State.REQUESTED

    def test_who_only_handles_or_is_a_stranger_confirms_nothing(self, client, rows):
        sign_in(client, make_member())
        answer = client.post("/balie/bevestigen", data={"kies": [row.reference for row in rows[:3]]})
        assert answer.status_code in {403, 404}
        assert get(rows[0].reference).state is State.REQUESTED

    @pytest.mark.usefixtures("rows")
    def test_nothing_ticked_is_said(self, trader):
        assert trader.post("/balie/bevestigen", data={"regel": ["X"]}).status_code == 303
        assert "Vink ten minste één aanvraag aan." in words(trader.get("/balie"))


def test_after_a_short_count_and_the_hand_over_pages_say_how_much_it_is_now(client, project, builder):
    lot = make_listing(total=10, stage=Stage.EXPECTED, name="Deur eik")
    (asked,) = hold(project, lot)
    basket, reference = asked.basket.reference, asked.reference
    actions.confirm(asked, by=by(), at=clock.now())
    act = Act(by(), SEAL, clock.now())
    harvest.count(lot, Decimal(6), act, agreed=harvest.foresee(lot, Decimal(6), act).token)
    planner = sign_in(client, make_member(builder))
    pages = (f"/mandjes/{basket}", "/projecten/twaalf")
    for page in pages:
        assert "6 van 10 st · Deur" in words(planner.get(page)), page
    hand_over(get(reference), at=clock.now())
    session.commit()
    for page in (*pages, f"/reserveringen/{reference}", "/reserveringen"):
        assert "6 van 10 st · Deur" in words(planner.get(page)), page
