"""The desk of who offers, the list of who reserved, and the count of what waits for a person."""

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest

from marketplace.accounts.permissions import Role
from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.listings.models import Stage
from marketplace.reservations import actions, handing_over
from marketplace.reservations.models import HandOver, PickUp, PickUpState
from marketplace.reservations.states import State
from tests.factories import by, make_listing, make_member, make_need, make_organisation, make_project, sign_in
from tests.reservations.asking import ask, promised, queue
from tests.reservations.fetching import fetched


@pytest.fixture
def owner(context):
    return make_organisation(name="Sloperij Drenthe")


@pytest.fixture
def buyer(context):
    return make_organisation(name="Bouwbedrijf Es")


@pytest.fixture
def doors(owner):
    return make_listing(owner, total=40, category="door_interior")


@pytest.fixture
def lister(client, owner):
    return sign_in(client, make_member(owner))


def read(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def section(page: str, name: str) -> str:
    """Return the section of that name, or nothing."""
    found = re.search(rf'<section[^>]*aria-labelledby="{name}">.*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def test_a_site_worker_reads_who_answers(client, owner, doors):
    make_member(owner, name="Ans Bork")
    ask(doors, 5, at=clock.now())
    page = section(read(sign_in(client, make_member(owner, Role.SITE)), "/balie"), "answer")
    assert "Hierop antwoordt een handelaar of eigenaar: Ans Bork." in page
    assert "Bevestig" not in page
    trader = section(read(sign_in(client, make_member(owner)), "/balie"), "answer")
    assert ("Hierop antwoordt" in trader, "Bevestig 5 st" in trader) == (False, True)


def test_an_organisation_that_waits_twice_counts_once_at_the_desk(lister, doors, buyer):
    ask(doors, 40, at=clock.now())
    queue(doors, 5, buyer, at=clock.now())
    queue(doors, 6, buyer, at=clock.now())
    assert "1 wacht op 11 st" in section(read(lister, "/balie"), "wanted")


def appointment(reservation, hours: int, **columns) -> PickUp:
    starts = clock.now() + timedelta(hours=hours)
    usual = {"state": PickUpState.AGREED, "proposed_by_id": reservation.organisation_id, "created_at": clock.now()}
    window = {"starts_at": starts, "ends_at": starts + timedelta(hours=1)}
    pick_up = PickUp(reservation_id=reservation.id, **usual | window | columns)
    session.add(pick_up)
    session.flush()
    return pick_up


class TestDesk:
    def test_what_is_asked_is_answered_in_the_list(self, lister, doors, buyer):
        first = ask(doors, 3, buyer, at=clock.now(), note="Graag vrijdag")
        second = ask(doors, 4, at=clock.now() - timedelta(days=2))
        asked = section(read(lister, "/balie"), "answer")
        assert asked.index(second.reference) < asked.index(first.reference)
        assert "Bouwbedrijf Es" in asked
        assert "“Graag vrijdag”" in asked
        assert "Bevestig 3 st" in asked
        where = f"/reserveringen/{first.reference}"
        assert lister.post(f"{where}/bevestigen", data={"terug": "balie"}).location == "/balie"
        assert (
            lister.post(
                f"/reserveringen/{second.reference}/afwijzen", data={"terug": "balie", "reason": ""}
            ).status_code
            == 422
        )
        assert first.reference not in section(read(lister, "/balie"), "answer")

    def test_a_site_worker_sees_the_desk_and_answers_nothing(self, client, owner, doors):
        ask(doors, 3, at=clock.now())
        page = read(sign_in(client, make_member(owner, Role.SITE)), "/balie")
        assert "3 st" in section(page, "answer")
        assert "bevestigen" not in page

    def test_what_is_fetched_today_stands_apart_from_what_is_to_be_prepared(self, lister, doors):
        today, later, without = (promised(doors, amount, at=clock.now()) for amount in (3, 4, 5))
        appointment(today, -1)
        appointment(later, 48)
        appointment(ask(doors, 6, at=clock.now()), 0)
        page = read(lister, "/balie")
        assert today.reference in section(page, "today")
        assert page.count(today.reference) == 1
        prepare = section(page, "prepare")
        assert prepare.index(later.reference) < prepare.index(without.reference)
        assert "nog geen afspraak" in prepare
        assert section(page, "today").count("<li>") == 1

    def test_what_a_buyer_proposes_or_reports_stands_where_it_is_answered(self, lister, doors, owner, buyer):
        proposed, ours, reported, said, agreed = (promised(doors, n, buyer, at=clock.now()) for n in (3, 4, 5, 6, 7))
        appointment(proposed, 24, state=PickUpState.PROPOSED)
        appointment(ours, 24, state=PickUpState.PROPOSED, proposed_by_id=owner.id)
        appointment(agreed, 24)
        for reservation, side in ((reported, buyer), (said, owner)):
            handing_over.report(reservation, fetched(2), side=side, by=by(side), at=clock.now())
        page = read(lister, "/balie")
        asked, prepare = section(page, "agree"), section(page, "prepare")
        assert asked.count("<li>") == 2
        assert "voorstel" in asked[asked.index(proposed.reference) :]
        assert "gemeld als opgehaald" in asked[asked.index(reported.reference) :]
        assert page.count(proposed.reference) == page.count(reported.reference) == 1
        assert all(row.reference in prepare for row in (ours, said, agreed))

    def test_what_runs_out_soon_is_told(self, lister, doors):
        soon, late = (promised(doors, amount, at=clock.now()) for amount in (3, 4))
        soon.expires_at = clock.now() + timedelta(days=2)
        ending = section(read(lister, "/balie"), "ending")
        assert soon.reference in ending
        assert late.reference not in ending

    def test_options_stand_in_the_order_of_their_harvest(self, lister, owner):
        later, sooner = (
            make_listing(owner, stage=Stage.EXPECTED, available_from=clock.today() + timedelta(days=days))
            for days in (60, 20)
        )
        far, near = promised(later, 3, at=clock.now()), promised(sooner, 4, at=clock.now())
        page = read(lister, "/balie")
        options = section(page, "options")
        assert options.index(near.reference) < options.index(far.reference)
        assert section(page, "prepare") == ""

    def test_who_needs_it_are_those_who_wait_and_the_needs_that_fit(self, lister, doors):
        ask(doors, 38, at=clock.now())
        queue(doors, 8, at=clock.now())
        queue(doors, 6, at=clock.now())
        project = make_project(at="Hoogeveen", name="Meppel Bouwt")
        need = make_need(project, new_eur=Decimal(300))
        wanted = section(read(lister, "/balie"), "wanted")
        assert "2 wachten op 14 st" in wanted
        assert "2 st vrij" in wanted
        assert f"/behoeften/{need.reference}" in wanted

    def test_an_empty_desk_says_what_comes_there(self, lister):
        page = read(lister, "/balie")
        assert "Niets te doen" in page
        assert "/aanbieden" in page

    def test_the_desk_of_another_stays_there(self, client, doors):
        ask(doors, 3, at=clock.now())
        page = read(sign_in(client, make_member()), "/balie")
        assert "Niets te doen" in page

    def test_many_reservations_take_the_same_few_statements(self, lister, doors, statements):
        counts = []
        for _ in range(2):
            for _ in range(3):
                ask(doors, 2, at=clock.now())
                promised(doors, 1, at=clock.now())
            session.commit()
            session.expire_all()
            statements.clear()
            read(lister, "/balie")
            counts.append(len(statements))
        assert counts[0] == counts[1] <= 16


class TestOwnReservations:
    @pytest.fixture
    def builder(self, client, buyer):
        return sign_in(client, make_member(buyer))

    def test_what_is_to_be_decided_stands_on_top_and_is_taken_there(self, builder, doors, buyer):
        others = ask(doors, 38, at=clock.now())
        offered = queue(doors, 8, buyer, at=clock.now())
        assert section(read(builder, "/reserveringen"), "decide") == ""
        actions.cancel(others, by=by(), at=clock.now())
        decide = section(read(builder, "/reserveringen"), "decide")
        assert "Neem 8 st" in decide
        answer = builder.post(f"/reserveringen/{offered.reference}/aannemen", data={"terug": "reserveringen"})
        assert answer.location == "/reserveringen"

    def test_a_need_shows_what_is_held_waited_for_and_lacking(self, builder, doors, buyer):
        need = make_need(make_project(buyer, name="Es Noord"), quantity=Decimal(20), new_eur=Decimal(300))
        ids = {"project_id": need.project_id, "need_id": need.id}
        ask(doors, 9, buyer, at=clock.now(), **ids)
        promised(doors, 5, buyer, at=clock.now(), **ids)
        ask(doors, 26, at=clock.now())
        queue(doors, 4, buyer, at=clock.now(), **ids)
        page = read(builder, "/reserveringen")
        assert "Es Noord" in page
        assert 'aria-label="5 bevestigd, 9 nog niet bevestigd, 4 in de rij, 2 te kort van 20 st"' in page

    def test_nobody_is_told_to_lack_less_than_nothing(self, builder, doors, buyer):
        need = make_need(make_project(buyer), quantity=Decimal(10))
        ids = {"project_id": need.project_id, "need_id": need.id}
        ask(doors, 8, buyer, at=clock.now(), **ids)
        ask(doors, 32, at=clock.now())
        queue(doors, 6, buyer, at=clock.now(), **ids)
        assert 'aria-label="8 nog niet bevestigd, 2 in de rij van 10 st"' in read(builder, "/reserveringen")

    def test_what_is_done_is_folded(self, builder, doors, buyer):
        gone = ask(doors, 3, buyer, at=clock.now())
        actions.cancel(gone, by=by(), at=clock.now())
        live = ask(doors, 4, buyer, at=clock.now())
        page = read(builder, "/reserveringen")
        folded = page[page.index('<details class="section done"') :]
        assert gone.reference in folded
        assert live.reference not in folded
        assert page.count(gone.reference) == 1

    def test_an_appointment_stands_with_what_is_fetched(self, builder, doors, buyer):
        appointment(promised(doors, 3, buyer, at=clock.now()), 48)
        assert re.search(r"ophalen \w\w \d+ \w+ (\d{4} )?\d\d:\d\d uur", read(builder, "/reserveringen"))

    def test_an_empty_list_leads_to_the_offers(self, builder):
        page = read(builder, "/reserveringen")
        assert "U hebt nu niets gereserveerd" in page
        assert 'href="/aanbod"' in page


class TestCount:
    def counted(self, client) -> list[str]:
        page = read(client, "/over")
        return re.findall(r'<span class="count"[^>]*>(\d+)', page.partition("menu--site")[2])

    def test_nothing_is_counted_where_nothing_waits(self, lister, doors):
        promised(doors, 3, at=clock.now())
        queue(doors, 39, at=clock.now())
        assert self.counted(lister) == []

    def test_what_asks_for_my_answer_is_counted(self, lister, doors, owner):
        ask(doors, 3, at=clock.now())
        ask(doors, 4, at=clock.now())
        ask(make_listing(), 4, at=clock.now())
        elsewhere = make_listing(total=10)
        others = ask(elsewhere, 8, at=clock.now())
        queue(elsewhere, 5, owner, at=clock.now())
        actions.cancel(others, by=by(), at=clock.now())
        assert self.counted(lister) == ["3", "1", "2"]

    def test_a_site_worker_is_not_asked_to_answer(self, client, owner, doors):
        ask(doors, 3, at=clock.now())
        assert self.counted(sign_in(client, make_member(owner, Role.SITE))) == []

    def test_what_the_other_side_put_to_me_counts_and_my_own_does_not(self, lister, doors, owner, buyer):
        theirs, mine = promised(doors, 3, buyer, at=clock.now()), promised(doors, 4, buyer, at=clock.now())
        appointment(theirs, 5, state=PickUpState.PROPOSED)
        appointment(mine, 5, state=PickUpState.PROPOSED, proposed_by_id=owner.id)
        for reservation, side in ((theirs, buyer), (mine, owner)):
            told = HandOver(
                reservation_id=reservation.id,
                quantity=Decimal(1),
                reported_by_id=side.id,
                reported_at=clock.now(),
            )
            session.add(told)
        session.flush()
        assert self.counted(lister) == ["2", "2"]
        assert self.counted(sign_in(lister, make_member(buyer))) == ["2", "2"]

    @pytest.mark.parametrize("end", ["cancel", "lapse"])
    def test_what_was_put_to_me_of_what_ended_counts_no_more(self, lister, doors, buyer, end):
        theirs = promised(doors, 3, buyer, at=clock.now())
        appointment(theirs, 5, state=PickUpState.PROPOSED)
        handing_over.report(theirs, fetched(2), side=buyer, by=by(buyer), at=clock.now())
        assert self.counted(lister) == ["2", "2"]
        if end == "cancel":
            actions.cancel(theirs, by=by(buyer), at=clock.now())
        else:
            theirs.expires_at = clock.now() - timedelta(seconds=1)
        assert self.counted(lister) == []

    def test_it_takes_one_statement(self, lister, statements):
        read(lister, "/over")
        statements.clear()
        read(lister, "/over")
        assert sum("pick_up" in statement for statement in statements) == 1


def test_an_offer_that_lapsed_counts_no_more(client, owner, doors, buyer):
    others = ask(doors, 38, at=clock.now())
    offered = queue(doors, 8, buyer, at=clock.now())
    actions.cancel(others, by=by(), at=clock.now())
    offered.expires_at = clock.now() - timedelta(seconds=1)
    page = read(sign_in(client, make_member(buyer)), "/reserveringen")
    assert 'class="count"' not in page
    assert offered.state is State.EXPIRED
