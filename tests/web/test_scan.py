"""Scanning by camera or by hand, and the steps that each person may do after it."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts.models import Organisation
from marketplace.accounts.permissions import Role
from marketplace.kit import clock, journal
from marketplace.kit.codes import grouped
from marketplace.kit.database import session
from marketplace.listings.models import Stage
from marketplace.passports.models import PassportStatus
from marketplace.reservations import actions as reservations
from marketplace.reservations.hand_overs import find_open
from marketplace.reservations.models import HandOver, HandOverState, PickUp, PickUpState
from marketplace.reservations.states import State
from marketplace.scanning.models import ScanEvent
from tests.factories import (
    by,
    make_finding,
    make_hub,
    make_listing,
    make_member,
    make_organisation,
    make_passport,
    sign_in,
)
from tests.reservations.asking import ask


@pytest.fixture
def owner(context):
    return make_organisation()


@pytest.fixture
def passport(owner):
    return make_passport(owner)


@pytest.fixture
def lot(owner, passport):
    return make_listing(owner, passport=passport, rack="B-04")


@pytest.fixture
def worker(client, owner, lot):
    return sign_in(client, make_member(owner, Role.SITE))


def reserve(lot, quantity, *, confirmed=True):
    buyer = make_organisation(name="Bouwbedrijf Noord")
    kept = ask(lot, quantity, buyer, at=clock.now())
    if confirmed:
        reservations.confirm(kept, by=by(), at=clock.now())
    session.flush()
    return kept


def agreed(shown):
    return re.search(r'name="received-agreed"[^>]* value="([^"]+)"', shown.text)[1]


def read(answer):
    """Return the words of a page, without what is not read."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(answer.text)).split())


def post(client, lot_or_passport, step, **fields):
    code = getattr(lot_or_passport, "code", None) or lot_or_passport.passport.code
    data = {"step": step, "request_key": fields.pop("request_key", "")} | {
        f"{step}-{name}": value for name, value in fields.items()
    }
    return client.post(f"/scan/{code}", data=data)


def parts(lot):
    session.refresh(lot)
    return [int(part) for part in (lot.available, lot.held, lot.handed_over, lot.written_off)]


def count_events():
    return session.scalar(select(func.count()).select_from(ScanEvent))


class TestOpening:
    def test_anyone_may_scan_and_gets_no_cookie(self, client):
        answer = client.get("/scan")
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert 'action="/scan/open"' in answer.text
        assert 'data-target="/scan/"' in answer.text

    def test_a_code_typed_in_any_spelling_leads_a_visitor_to_the_passport(self, client, passport):
        small = grouped(passport.code).lower()
        for text in (
            small,
            f"  {small.replace('-', ' ')} ",
            f"https://hub.example/id/{small}",
            f"HTTP://H/ID/{small}?x=1",
            f"https://hub.example/paspoort/{small}?taal=en#facts",
        ):
            answer = client.get("/scan/open", query_string={"code": text}, follow_redirects=True)
            assert answer.request.path == f"/paspoort/{passport.code}", text
            assert answer.status_code == 200

    def test_a_code_that_is_none_is_answered_with_help(self, client):
        answer = client.get("/scan/open?code=boomklomp", follow_redirects=True)
        assert (answer.status_code, "Probeer deze code" in answer.text) == (404, True)

    @pytest.mark.parametrize("query", ["", "?code=", "?code=%20-%20"])
    def test_no_code_leads_back_to_the_camera(self, client, query):
        assert client.get(f"/scan/open{query}").headers["Location"] == "/scan"

    @pytest.mark.parametrize("text", ["//evil.example", "https://evil.example", "\\\\evil.example", "/ID/../../x"])
    def test_what_was_typed_leads_to_no_other_site(self, client, text):
        answer = client.get("/scan/open", query_string={"code": text})
        assert re.fullmatch(r"/scan(/[A-Z0-9]+)?", answer.headers["Location"])


class TestWhoSeesSteps:
    def test_members_of_the_owner_see_steps(self, worker, passport):
        page = worker.get(f"/scan/{passport.code}?van=scan").text
        assert "Wat doet u nu?" in page
        for fact in ("B-04", "40 st", "20 kg", grouped(passport.code)):
            assert fact in page

    def test_members_of_its_hub_see_steps(self, client, lot, passport):
        hub = make_hub()
        lot.hub_id = hub.id
        sign_in(client, make_member(session.get(Organisation, hub.organisation_id)))
        assert "Wat doet u nu?" in client.get(f"/scan/{passport.code}").text

    @pytest.mark.usefixtures("lot")
    def test_others_are_led_to_the_passport(self, client, passport):
        path = f"/scan/{passport.code}"
        assert client.get(path).headers["Location"] == f"/paspoort/{passport.code}"
        assert sign_in(client, make_member()).get(path).headers["Location"] == f"/paspoort/{passport.code}"

    @pytest.mark.usefixtures("lot")
    def test_others_can_do_no_step(self, client, passport):
        assert post(client, passport, "seen").headers["Location"].startswith("/aanmelden")
        assert post(sign_in(client, make_member()), passport, "seen").status_code == 404
        assert count_events() == 0

    def test_a_draft_is_foreign_to_others_and_open_to_its_own(self, client, owner):
        draft = make_passport(owner, status=PassportStatus.DRAFT)
        make_listing(owner, passport=draft)
        assert post(sign_in(client, make_member()), draft, "seen").status_code == 404
        assert post(sign_in(client, make_member(owner)), draft, "seen").status_code == 303


class TestWhichSteps:
    @pytest.mark.parametrize(
        ("stage", "steps"),
        [
            (Stage.IN_STOCK, ["seen", "damaged"]),
            (Stage.EXPECTED, ["received", "seen", "damaged"]),
            (Stage.GONE, []),
        ],
    )
    def test_only_what_can_be_done_now_is_offered(self, worker, lot, stage, steps):
        lot.stage = stage
        page = worker.get(f"/scan/{lot.passport.code}").text
        assert re.findall(r'name="step" value="(\w+)"', page) == steps

    def test_what_waits_to_be_fetched_is_named_with_who_comes(self, worker, lot, passport):
        reserve(lot, 22)
        reserve(lot, 3, confirmed=False)
        page = worker.get(f"/scan/{passport.code}").text
        assert "22 st voor Bouwbedrijf Noord" in page
        assert "3 st voor" not in page

    def test_what_is_unknown_is_warned_of(self, worker, passport):
        make_finding(passport)
        assert "Onbekend, dus verdacht: Asbest." in worker.get(f"/scan/{passport.code}").text

    def test_a_withdrawn_passport_is_left_alone(self, worker, passport):
        passport.status = PassportStatus.WITHDRAWN
        page = worker.get(f"/scan/{passport.code}").text
        assert "Het paspoort is ingetrokken." in page
        assert 'name="step"' not in page


class TestSteps:
    def test_seen(self, worker, lot, passport):
        answer = post(worker, passport, "seen", rack="C-12")
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/scan/{passport.code}")
        page = worker.get(answer.headers["Location"]).text
        assert "Gezien in Hoogeveen." in page
        assert "Volgende scannen" in page
        session.refresh(lot)
        session.refresh(passport)
        assert (lot.rack, passport.last_seen_place) == ("C-12", "Hoogeveen")

    def test_received_in_a_hub(self, worker, owner, lot, passport):
        lot.stage = Stage.EXPECTED
        hub = make_hub(owner, at="Zwolle", name="Havenhub")
        answer = post(worker, passport, "received", hub=str(hub.id), rack="A-01", counted="40")
        assert "40 st ontvangen in Havenhub." in worker.get(answer.headers["Location"]).text
        session.refresh(lot)
        assert (lot.stage, lot.hub_id, lot.place, lot.rack) == (Stage.IN_STOCK, hub.id, "Zwolle", "A-01")

    def test_received_where_it_is(self, worker, lot, passport):
        lot.stage = Stage.EXPECTED
        assert post(worker, passport, "received", hub="").status_code == 303
        session.refresh(lot)
        assert (lot.stage, lot.hub_id) == (Stage.IN_STOCK, None)

    def test_a_hub_of_somebody_else_is_no_choice(self, worker, lot, passport):
        lot.stage = Stage.EXPECTED
        assert post(worker, passport, "received", hub=str(make_hub().id)).status_code == 422
        session.refresh(lot)
        assert lot.stage is Stage.EXPECTED

    def test_a_count_before_the_harvest_was_planned_is_warned_of(self, worker, lot, passport):
        lot.stage, lot.available_from = Stage.EXPECTED, clock.today() + timedelta(days=40)
        reserve(lot, 20)
        assert "u telt hem nu al" in read(post(worker, passport, "received", hub="", counted="33"))
        lot.available_from = clock.today()
        assert "u telt hem nu al" not in read(post(worker, passport, "received", hub="", counted="32"))

    def test_a_count_that_differs_is_shown_before_it_is_done(self, worker, lot, passport):
        lot.stage = Stage.EXPECTED
        kept = [reserve(lot, 20), reserve(lot, 20)]
        shown = post(worker, passport, "received", hub="", counted="33", rack="A-01")
        assert shown.status_code == 200
        text = read(shown)
        assert "Geteld: 33 st van 40 st." in text
        assert "Optie 1, Bouwbedrijf Noord 20 st 20 st Optie 2, Bouwbedrijf Noord 20 st 13 st" in text
        assert 'value="33"' in shown.text
        assert 'value="A-01"' in shown.text
        session.refresh(lot)
        assert (lot.stage, lot.rack, parts(lot)) == (Stage.EXPECTED, "B-04", [0, 40, 0, 0])
        again = post(worker, passport, "received", hub="", counted="33", rack="A-01", agreed=agreed(shown))
        assert "33 st ontvangen in" in worker.get(again.headers["Location"]).text
        session.refresh(lot)
        assert (lot.stage, lot.rack, parts(lot)) == (Stage.IN_STOCK, "A-01", [0, 33, 0, 7])
        assert [each.held for each in kept] == [20, 13]

    def test_another_count_than_what_was_agreed_is_shown_anew(self, worker, lot, passport):
        lot.stage = Stage.EXPECTED
        shown = post(worker, passport, "received", hub="", counted="33")
        other = post(worker, passport, "received", hub="", counted="3", agreed=agreed(shown))
        assert "U vulde een ander aantal in" in other.text
        assert "Geteld: 3 st van 40 st." in read(other)
        session.refresh(lot)
        assert lot.stage is Stage.EXPECTED

    def test_nothing_harvested_ends_the_lot(self, worker, lot, passport):
        lot.stage = Stage.EXPECTED
        kept = reserve(lot, 5)
        shown = post(worker, passport, "received", hub="", counted="0")
        assert "Er is niets geoogst" in read(shown)
        post(worker, passport, "received", hub="", counted="0", agreed=agreed(shown))
        session.refresh(lot)
        assert (lot.stage, kept.state) == (Stage.GONE, State.WRITTEN_OFF)

    def test_handed_over(self, worker, lot, passport):
        kept = reserve(lot, 22)
        answer = post(worker, passport, "handed_over", reservation=kept.reference)
        assert "22 st meegegeven." in worker.get(answer.headers["Location"]).text
        session.refresh(kept)
        assert kept.state is State.HANDED_OVER
        assert parts(lot) == [18, 0, 22, 0]

    def test_a_reservation_of_another_lot_cannot_be_fetched_here(self, worker, owner, lot, passport):
        reserve(lot, 5)
        elsewhere = reserve(make_listing(owner), 22)
        assert post(worker, passport, "handed_over", reservation=elsewhere.reference).status_code == 422
        session.refresh(elsewhere)
        assert elsewhere.state is State.CONFIRMED

    def test_a_reservation_that_was_not_confirmed_cannot_be_fetched(self, worker, lot, passport):
        asked = reserve(lot, 5, confirmed=False)
        answer = post(worker, passport, "handed_over", reservation=asked.reference)
        assert (answer.status_code, "kan nu niet meer" in answer.text) == (409, True)

    def test_damaged(self, worker, lot, passport):
        answer = post(worker, passport, "damaged", quantity="3", reason="Gevallen")
        assert "3 st afgeschreven." in worker.get(answer.headers["Location"]).text
        assert parts(lot) == [37, 0, 0, 3]

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"quantity": "", "reason": "Gevallen"}, "Vul in hoeveel er stuk is."),
            ({"quantity": "veel", "reason": "Gevallen"}, "geen getal"),
            ({"quantity": "1,5", "reason": "Gevallen"}, "heel getal"),
            ({"quantity": "41", "reason": "Gevallen"}, "Er is nog maar 40 st beschikbaar."),
            ({"quantity": "3", "reason": ""}, "Vul in wat er gebeurd is."),
        ],
    )
    def test_what_cannot_be_is_told_at_the_field_and_changes_nothing(self, worker, lot, passport, fields, said):
        answer = post(worker, passport, "damaged", **fields)
        assert answer.status_code == 422
        assert said in answer.text
        assert answer.text.count('<details class="scan-step" open>') == 1
        assert parts(lot) == [40, 0, 0, 0]
        assert count_events() == 0

    def test_a_double_tap_is_one_step(self, worker, lot, passport):
        for _ in range(2):
            assert post(worker, passport, "damaged", quantity="3", reason="Nat", request_key="tap").status_code == 303
        assert parts(lot) == [37, 0, 0, 3]

    @pytest.mark.parametrize("step", ["", "explode", "received"])
    def test_a_step_that_is_not_allowed_now_is_refused(self, worker, passport, step):
        answer = post(worker, passport, step)
        assert (answer.status_code, "kan nu niet meer" in answer.text) == (409, True)
        assert count_events() == 0

    def test_the_journal_names_the_organisation_that_handles_it(self, client, lot, passport):
        hub = make_hub()
        lot.hub_id = hub.id
        of_both = make_member(make_organisation(), Role.OWNER)
        of_hub = session.get(Organisation, hub.organisation_id)
        session.add(type(of_both.memberships[0])(user_id=of_both.id, organisation_id=of_hub.id, role=Role.SITE))
        session.flush()
        session.refresh(of_both, ["memberships"])
        assert post(sign_in(client, of_both), passport, "seen").status_code == 303
        assert journal.history(passport.subject)[0].organisation_id == of_hub.id


def agree_on_today(reservation):
    """Let both sides have agreed to meet now."""
    session.add(
        PickUp(
            reservation_id=reservation.id,
            state=PickUpState.AGREED,
            starts_at=clock.now(),
            ends_at=clock.now() + timedelta(hours=1),
            proposed_by_id=reservation.organisation_id,
            created_at=clock.now(),
        )
    )
    session.flush()


class TestFetching:
    def test_the_hand_over_asks_how_many_and_starts_at_all_of_it(self, worker, lot, passport):
        reserve(lot, 22)
        page = worker.get(f"/scan/{passport.code}").text
        assert 'name="handed_over-quantity"' in page
        assert 'value="22"' in page
        assert "van 22 st" in page

    def test_a_part_goes_along_and_the_rest_waits(self, worker, lot, passport):
        kept = reserve(lot, 22)
        answer = post(worker, passport, "handed_over", reservation=kept.reference, quantity="20", rest="stays")
        assert "20 st meegegeven." in worker.get(answer.headers["Location"]).text
        assert parts(lot) == [18, 2, 20, 0]

    def test_what_is_broken_needs_a_reason_and_the_rest_may_be_freed(self, worker, lot, passport):
        kept = reserve(lot, 22)
        form = {"reservation": kept.reference, "quantity": "20", "broken": "1", "rest": "free"}
        answer = post(worker, passport, "handed_over", **form)
        assert (answer.status_code, "wat stuk of zoek is" in answer.text) == (422, True)
        assert parts(lot) == [18, 22, 0, 0]
        assert post(worker, passport, "handed_over", reason="Gebarsten", **form).status_code == 303
        assert parts(lot) == [19, 0, 20, 1]

    def test_who_comes_to_fetch_may_only_do_that_and_only_with_their_own(self, client, lot, passport):
        kept = reserve(lot, 22)
        other = reserve(lot, 3)
        driver = make_member(session.get_one(Organisation, kept.organisation_id), Role.SITE)
        page = sign_in(client, driver).get(f"/scan/{passport.code}").text
        assert "Ophalen" in page
        assert re.findall(r'name="step" value="(\w+)"', page) == ["handed_over"]
        assert other.reference not in page
        assert post(client, passport, "handed_over", reservation=other.reference, quantity="3").status_code == 422
        assert post(client, passport, "seen").status_code == 409
        assert parts(lot) == [15, 25, 0, 0]
        answer = post(client, passport, "handed_over", reservation=kept.reference, quantity="22")
        assert "22 st gemeld als opgehaald. De aanbieder bevestigt het." in client.get(answer.headers["Location"]).text
        assert parts(lot) == [15, 25, 0, 0], "it may have been typed anywhere"

    def test_who_comes_on_the_day_that_was_agreed_takes_it_along_at_once(self, client, lot, passport):
        kept = reserve(lot, 22)
        agree_on_today(kept)
        sign_in(client, make_member(session.get_one(Organisation, kept.organisation_id), Role.SITE))
        assert post(client, passport, "handed_over", reservation=kept.reference, quantity="22").status_code == 303
        assert parts(lot) == [18, 0, 22, 0]
        made = session.scalars(select(HandOver).where(HandOver.state == HandOverState.CONFIRMED)).one()
        assert (made.by_scan, made.reported_by_id) == (True, kept.organisation_id)

    class TestReported:
        """What a driver reported stands on the page of the scan until the owner confirms it."""

        @pytest.fixture
        def kept(self, lot):
            return reserve(lot, 22)

        @pytest.fixture
        def report(self, client, kept, passport):
            """Return a function by which the driver says after a scan what goes along."""
            driver = make_member(session.get_one(Organisation, kept.organisation_id), Role.SITE)
            fields = {"reservation": kept.reference}
            return lambda **amounts: post(sign_in(client, driver), passport, "handed_over", **fields, **amounts)

        def test_all_of_it_leaves_nothing_to_fetch(self, client, report, kept, passport):
            report(quantity="22")
            page = client.get(f"/scan/{passport.code}")
            assert "Bouwbedrijf Noord meldde: 22 st opgehaald." in read(page)
            assert re.search(r"Sloper \d+ moet dat nog bevestigen. Bekijk de reservering", read(page))
            assert f'href="/reserveringen/{kept.reference}"' in page.text
            assert 'name="step"' not in page.text
            assert "Er is voor u nu niets meer op te halen." in page.text
            assert report(quantity="22").status_code == 409

        def test_the_rest_can_be_fetched_and_adds_to_what_was_reported(self, client, report, kept, passport):
            report(quantity="19", broken="1", reason="Gevallen")
            page = client.get(f"/scan/{passport.code}")
            assert "meldde: 19 st opgehaald, 1 st stuk." in read(page)
            assert "2 st voor Bouwbedrijf Noord" in read(page)
            assert re.search(r'name="handed_over-quantity"[^>]* value="2"', page.text)
            assert report(quantity="3").status_code == 422
            assert report(quantity="2").status_code == 303
            row = find_open(kept.id)
            assert (row.quantity, row.broken, row.lost, row.reason) == (21, 1, 0, "Gevallen")

        def test_where_the_rest_was_given_back_nothing_is_left(self, client, report, passport):
            report(quantity="20", rest="free")
            assert 'name="step"' not in client.get(f"/scan/{passport.code}").text

        def test_people_of_the_owner_confirm_it_or_say_what_went(self, client, report, kept, passport, lot):
            report(quantity="20")
            page = sign_in(client, make_member(session.get_one(Organisation, lot.organisation_id), Role.SITE)).get(
                f"/scan/{passport.code}"
            )
            assert "Bouwbedrijf Noord meldde: 20 st opgehaald." in read(page)
            assert "Bevestig of corrigeer het" in page.text
            assert re.search(r'name="handed_over-quantity"[^>]* value="20"', page.text)
            assert post(client, passport, "handed_over", reservation=kept.reference).status_code == 303
            assert parts(lot) == [18, 2, 20, 0]
            assert "meldde" not in client.get(f"/scan/{passport.code}").text

        def test_people_of_its_hub_read_it_without_a_page_that_is_not_theirs(self, client, report, kept, passport, lot):
            hub = make_hub()
            lot.hub_id = hub.id
            report(quantity="20")
            sign_in(client, make_member(session.get_one(Organisation, hub.organisation_id), Role.SITE))
            page = client.get(f"/scan/{passport.code}").text
            assert "meldde: 20 st opgehaald" in page
            assert "/reserveringen/" + kept.reference not in page

        def test_others_who_fetch_read_nothing_of_it(self, client, report, passport, lot):
            other = make_organisation()
            reservations.confirm(ask(lot, 3, other, at=clock.now()), by=by(), at=clock.now())
            report(quantity="22")
            page = sign_in(client, make_member(other, Role.SITE)).get(f"/scan/{passport.code}").text
            assert "meldde" not in page
            assert "Ophalen" in page

    def test_who_has_fetched_all_is_led_to_the_passport_again(self, client, lot, passport):
        kept = reserve(lot, 22)
        agree_on_today(kept)
        driver = make_member(session.get_one(Organisation, kept.organisation_id), Role.SITE)
        answer = post(sign_in(client, driver), passport, "handed_over", reservation=kept.reference, quantity="22")
        assert client.get(answer.headers["Location"]).headers["Location"] == f"/paspoort/{passport.code}"

    def test_damage_leaves_the_passport_too(self, worker, lot, passport):
        assert post(worker, passport, "damaged", quantity="3", reason="Gevallen").status_code == 303
        session.refresh(passport)
        assert (passport.quantity, parts(lot)) == (37, [37, 0, 0, 3])
