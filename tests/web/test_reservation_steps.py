"""The page of a reservation in each state for each side, and every step of it from each state, also of an old page."""

import html
import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from marketplace.accounts.models import Membership, Organisation, User
from marketplace.accounts.permissions import Role
from marketplace.kit import clock, journal
from marketplace.kit.database import session
from marketplace.listings import stock
from marketplace.listings.models import Listing, Stage
from marketplace.passports.gate import HazardStatus
from marketplace.reservations import actions, handing_over, queries
from marketplace.reservations.models import Reservation
from marketplace.reservations.settling import settle
from marketplace.reservations.states import State
from tests.factories import (
    by,
    make_finding,
    make_listing,
    make_member,
    make_need,
    make_organisation,
    make_project,
    sign_in,
)
from tests.reservations.asking import ask, parts, promised, queue
from tests.reservations.fetching import fetched, hand_over

STEPS = ("bevestigen", "afwijzen", "aannemen", "verlengen", "annuleren")
BUYER = {State.WAITING: {"annuleren"}, State.OFFERED: {"aannemen", "annuleren"}, State.REQUESTED: {"annuleren"}}
BUYER |= {State.CONFIRMED: {"annuleren", "verlengen"}}
OWNER = {State.WAITING: {"annuleren"}, State.OFFERED: {"annuleren"}, State.REQUESTED: {"bevestigen", "afwijzen"}}
OWNER |= {State.CONFIRMED: {"annuleren"}}
FOR_BUYER, FOR_OWNER = {"aannemen", "verlengen", "annuleren"}, {"bevestigen", "afwijzen", "annuleren"}
# What comes to the same as a step of the page, under another name.
_SAME = {(State.REQUESTED, "owner", "annuleren")}


MOVES = [
    (State.WAITING, "buyer", "annuleren", State.CANCELLED, 10),
    (State.WAITING, "owner", "annuleren", State.CANCELLED, 10),
    (State.OFFERED, "buyer", "aannemen", State.REQUESTED, 28),
    (State.OFFERED, "buyer", "annuleren", State.CANCELLED, 40),
    (State.OFFERED, "owner", "annuleren", State.CANCELLED, 40),
    (State.REQUESTED, "owner", "bevestigen", State.CONFIRMED, 28),
    (State.REQUESTED, "owner", "afwijzen", State.DECLINED, 40),
    (State.REQUESTED, "buyer", "annuleren", State.CANCELLED, 40),
    (State.CONFIRMED, "buyer", "verlengen", State.CONFIRMED, 28),
    (State.CONFIRMED, "buyer", "annuleren", State.CANCELLED, 40),
    (State.CONFIRMED, "owner", "annuleren", State.CANCELLED, 40),
]
"""A state, who steps, the step, the state that it leads to, and how many doors are available then."""


@dataclass
class Scene:
    """A lot of 40 doors of one organisation, another that wants some, and the people of both and of neither."""

    owner: Organisation
    buyer: Organisation
    doors: Listing
    people: dict[str, User]


@pytest.fixture
def scene(context):
    owner, buyer = make_organisation(name="Sloperij Drenthe"), make_organisation(name="Bouwbedrijf Es")
    people = {"owner": make_member(owner), "buyer": make_member(buyer), "stranger": make_member()}
    return Scene(owner, buyer, make_listing(owner, total=40, address="Geheimeweg 12"), people)


def in_state(state: State, scene: Scene) -> Reservation:
    """Return a reservation of 12 that came to this state in the ordinary way."""
    now, doors, buyer = clock.now(), scene.doors, scene.buyer
    if state in {State.WAITING, State.OFFERED}:
        earlier = ask(doors, 30, at=now)
        reservation = queue(doors, 12, buyer, at=now)
        if state is State.OFFERED:
            actions.cancel(earlier, by=by(), at=now)
        return reservation
    if state is State.EXPIRED:
        reservation = ask(doors, 12, buyer, at=now - timedelta(days=8))
        settle([doors.id], now)
        return reservation
    reservation = ask(doors, 12, buyer, at=now)
    if state is State.DECLINED:
        actions.decline(reservation, reason="Al beloofd", by=by(), at=now)
    elif state is State.CANCELLED:
        actions.cancel(reservation, by=by(), at=now)
    elif state is not State.REQUESTED:
        actions.confirm(reservation, by=by(), at=now)
    if state is State.HANDED_OVER:
        hand_over(reservation, at=now)
    if state is State.WRITTEN_OFF:
        stock.write_off(doors.id, Decimal(12), from_held=True)
        reservation.state, reservation.held, reservation.written_off = state, Decimal(0), Decimal(12)
    return reservation


def address(reservation: Reservation) -> str:
    return f"/reserveringen/{reservation.reference}"


def read(client, reservation, status: int = 200) -> str:
    answer = client.get(address(reservation))
    assert answer.status_code == status
    return html.unescape(answer.text)


def steps_on(page: str, reservation: Reservation) -> set[str]:
    return set(re.findall(rf'action="/reserveringen/{reservation.reference}/(\w+)"', page)) & set(STEPS)


@pytest.mark.parametrize("side", ["buyer", "owner"])
@pytest.mark.parametrize("state", State)
def test_a_page_offers_just_the_steps_of_its_side(client, scene, state, side):
    reservation = in_state(state, scene)
    page = read(sign_in(client, scene.people[side]), reservation)
    assert reservation.state is state
    assert steps_on(page, reservation) == (BUYER if side == "buyer" else OWNER).get(state, set())


@pytest.mark.parametrize("state", State)
def test_a_page_is_for_nobody_else(client, scene, state):
    reservation = in_state(state, scene)
    sign_in(client, scene.people["stranger"])
    read(client, reservation, status=404)
    for step in STEPS:
        assert client.post(f"{address(reservation)}/{step}", data={"reason": "x"}).status_code == 404
    session.refresh(reservation)
    assert reservation.state is state


@pytest.mark.parametrize("side", ["buyer", "owner"])
@pytest.mark.parametrize("state", State)
def test_a_step_that_the_page_does_not_offer_changes_nothing(client, scene, state, side):
    reservation = in_state(state, scene)
    offered, possible = (BUYER, FOR_BUYER) if side == "buyer" else (OWNER, FOR_OWNER)
    allowed = offered.get(state, set())
    sign_in(client, scene.people[side])
    for step in STEPS:
        if step in allowed or (state, side, step) in _SAME:
            continue
        answer = client.post(f"{address(reservation)}/{step}", data={"reason": "Daarom"})
        assert answer.status_code == (409 if step in possible else 404), step
        session.refresh(reservation)
        assert reservation.state is state, step
        if answer.status_code == 409:
            assert "intussen veranderd" in answer.text, step
            assert steps_on(html.unescape(answer.text), reservation) == allowed, step


def test_a_site_worker_takes_no_step_but_sees_the_page(client, scene):
    reservation = in_state(State.OFFERED, scene)
    for organisation in (scene.owner, scene.buyer):
        sign_in(client, make_member(organisation, Role.SITE))
        assert steps_on(read(client, reservation), reservation) == set()
        for step in STEPS:
            assert client.post(f"{address(reservation)}/{step}", data={"reason": "x"}).status_code == 403, step


def test_who_waited_for_more_than_there_still_is_reads_why_it_is_over(client, scene):
    now = clock.now()
    first = promised(scene.doors, 17, at=now)
    ask(scene.doors, 23, at=now)
    waits = queue(scene.doors, 30, scene.buyer, at=now)
    hand_over(first, at=now)
    page = read(sign_in(client, scene.people["buyer"]), waits)
    assert "er is nog 23 st, ook als iedereen afziet, en gewacht werd op ten minste 30 st." in page
    assert "er is nog 23 st, te weinig voor wie hierop wachtte" in page
    assert "U staat op plaats" not in page


class TestMoreThanNeeded:
    def test_what_is_kept_beyond_a_need_is_said_after_it_and_not_refused(self, client, scene):
        need = make_need(make_project(scene.buyer), title="Deuren begane grond", quantity=Decimal(20))
        sign_in(client, scene.people["buyer"])
        where = f"/aanbod/{scene.doors.reference}/reserveren"
        enough = client.post(where, data={"quantity": "20", "purpose": f"need:{need.id}"}).location
        assert "meer vastgelegd" not in client.get(enough).text
        more = client.post(where, data={"quantity": "4", "purpose": f"need:{need.id}"}).location
        sentence = "Voor “Deuren begane grond” is nu 4 st meer vastgelegd dan de gevraagde 20 st."
        assert sentence in html.unescape(client.get(more).text)

    def test_who_waits_for_more_than_a_need_asks_is_told_and_the_owner_is_not(self, client, scene):
        project = make_project(scene.buyer)
        need = make_need(project, quantity=Decimal(10))
        ask(scene.doors, 30, at=clock.now())
        waits = queue(scene.doors, 12, scene.buyer, project_id=project.id, need_id=need.id, at=clock.now())
        assert "2 st meer vastgelegd" in read(sign_in(client, scene.people["buyer"]), waits)
        assert "meer vastgelegd" not in read(sign_in(client, scene.people["owner"]), waits)


class TestSteps:
    @pytest.mark.parametrize("move", MOVES, ids=str)
    def test_a_step_leads_back_to_the_page_and_the_stock_adds_up(self, client, scene, move):
        state, side, step, becomes, left = move
        reservation = in_state(state, scene)
        sign_in(client, scene.people[side])
        answer = client.post(f"{address(reservation)}/{step}", data={"reason": "Anders gelopen"})
        assert (answer.status_code, answer.location) == (303, address(reservation))
        session.refresh(reservation)
        assert reservation.state is becomes
        assert parts(scene.doors)[0] == left
        assert "note--moss" in read(client, reservation)

    @pytest.mark.parametrize("move", MOVES, ids=str)
    def test_a_step_that_is_sent_twice_with_one_key_is_taken_once(self, client, scene, move):
        state, side, step, _, left = move
        reservation = in_state(state, scene)
        sign_in(client, scene.people[side])
        sent = {"reason": "Anders gelopen", "request_key": "een-keer"}
        first, again = (client.post(f"{address(reservation)}/{step}", data=sent) for _ in range(2))
        assert (again.status_code, again.location, again.data) == (first.status_code, first.location, first.data)
        told = [entry.action for entry in journal.history(reservation.subject)]
        assert client.post(f"{address(reservation)}/{step}", data=sent | {"reason": "Toch"}).status_code == 409
        assert [entry.action for entry in journal.history(reservation.subject)] == told
        assert parts(scene.doors)[0] == left

    @pytest.mark.parametrize(("page", "quantity"), [("reserveren", "3"), ("wachtrij", "40")])
    def test_what_is_asked_twice_with_one_key_is_asked_once(self, client, scene, page, quantity):
        sign_in(client, scene.people["buyer"])
        if page == "wachtrij":
            ask(scene.doors, 1, at=clock.now())
        session.commit()
        path = f"/aanbod/{scene.doors.reference}/{page}"
        sent = {"quantity": quantity, "purpose": "", "request_key": "eens"}
        first, again = client.post(path, data=sent), client.post(path, data=sent)
        assert first.status_code == 303
        assert (again.status_code, again.location, again.data) == (303, first.location, first.data)
        assert client.post(path, data=sent | {"quantity": "5"}).status_code == 409
        made = session.scalars(select(Reservation).where(Reservation.organisation_id == scene.buyer.id)).all()
        assert len(made) == 1

    @pytest.mark.parametrize("question", [(State.REQUESTED, "afwijzen"), (State.CONFIRMED, "annuleren")])
    @pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
    def test_an_owner_says_why_at_the_field(self, client, scene, question, reason):
        state, step = question
        reservation = in_state(state, scene)
        sign_in(client, scene.people["owner"])
        answer = client.post(f"{address(reservation)}/{step}", data={"reason": reason})
        assert answer.status_code == 422
        assert re.search(r"<details open>.*?aria-invalid=\"true\"", answer.text, re.DOTALL)
        assert ("500" if reason.strip() else "Vul in waarom") in answer.text
        session.refresh(reservation)
        assert reservation.state is state

    @pytest.mark.usefixtures("context")
    @pytest.mark.parametrize(
        ("state", "side", "step"),
        [
            (State.REQUESTED, "owner", "bevestigen"),
            *[(State.OFFERED, "buyer", "aannemen"), (State.CONFIRMED, "buyer", "annuleren")],
        ],
    )
    def test_the_journal_names_the_side_for_which_it_was_done(self, client, state, side, step):
        first = make_organisation()  # for which somebody acts unless something else is said
        owner, buyer = make_organisation(), make_organisation()
        scene = Scene(owner, buyer, make_listing(owner, total=40), {})
        reservation, person = in_state(state, scene), make_member(first)
        ours = owner if side == "owner" else buyer
        session.add(Membership(user_id=person.id, organisation_id=ours.id, role=Role.TRADER))
        session.flush()
        assert sign_in(client, person).post(f"{address(reservation)}/{step}").status_code == 303
        newest = journal.history(reservation.subject)[0]
        assert (newest.user_id, newest.organisation_id) == (person.id, ours.id)

    def test_an_extension_is_offered_once(self, client, scene):
        reservation = in_state(State.CONFIRMED, scene)
        sign_in(client, scene.people["buyer"])
        before = reservation.expires_at
        assert client.post(f"{address(reservation)}/verlengen").status_code == 303
        session.refresh(reservation)
        assert reservation.expires_at > before
        assert "verlengen" not in steps_on(read(client, reservation), reservation)
        late = client.post(f"{address(reservation)}/verlengen")
        assert late.status_code == 409
        assert "al verlengd" in late.text
        assert "Sloperij Drenthe" in late.text

    def test_who_is_on_both_sides_says_as_whom(self, client, scene):
        person = scene.people["owner"]
        session.add(Membership(user_id=person.id, organisation_id=scene.buyer.id, role=Role.TRADER))
        reservation = in_state(State.CONFIRMED, scene)
        sign_in(client, person)
        page = read(client, reservation)
        assert page.count(f'action="{address(reservation)}/annuleren"') == 3, "a part of it, all of it, and as owner"
        assert len(set(re.findall(r'id="([\w-]*reason)"', page))) == 3
        answer = client.post(f"{address(reservation)}/annuleren", data={"als": "aanbieder", "reason": ""})
        assert answer.status_code == 422
        assert client.post(f"{address(reservation)}/annuleren", data={"reason": ""}).status_code == 303


class TestGivingBack:
    def send(self, client, scene, reservation, quantity):
        sign_in(client, scene.people["buyer"])
        data = {"quantity": quantity, "reason": "Te ruim gemeten"}
        return client.post(f"{address(reservation)}/annuleren", data=data)

    @pytest.mark.parametrize("state", [State.REQUESTED, State.CONFIRMED])
    def test_a_part_goes_back_and_the_rest_stays(self, client, scene, state):
        reservation = in_state(state, scene)
        page = read(sign_in(client, scene.people["buyer"]), reservation)
        assert re.search(r'<input[^>]*name="quantity"[^>]*value=""', page), "nothing is proposed"
        assert re.search(r'for="quantity">Hoeveel geeft u terug\?</label>', page), "and not optional"
        assert re.findall(r"<button[^>]*>\s*(Geef dit deel terug|Annuleer 12 st)", page) == [
            "Geef dit deel terug",
            "Annuleer 12 st",
        ]
        assert self.send(client, scene, reservation, "5").location == address(reservation)
        session.refresh(reservation)
        assert (reservation.state, reservation.held, parts(scene.doors)[0]) == (state, 7, 33)
        page = read(client, reservation)
        assert "U hebt 5 st teruggegeven." in page
        assert "5 vrijgegeven" in page
        assert re.search(r"<h1[^>]*>7 st, van 12 gevraagd · Binnendeuren", page)
        assert "Te ruim gemeten" in read(sign_in(client, scene.people["owner"]), reservation)

    def test_what_is_not_given_back_keeps_its_name(self, client, scene):
        reservation = in_state(State.CONFIRMED, scene)
        page = read(sign_in(client, scene.people["buyer"]), reservation)
        assert re.search(r"<h1[^>]*>12 st · Binnendeuren", page)

    @pytest.mark.parametrize(
        ("quantity", "told"),
        [
            ("", "Vul in hoeveel u teruggeeft."),
            ("-1", "groter dan nul"),
            ("1,5", "een heel getal"),
            ("12", "Dat is alles. Annuleer dan de reservering."),
            ("13", "meer dan we voor u vasthouden: 12 st"),
            ("11", "ten minste 3 st"),
        ],
    )
    def test_what_cannot_be_stands_at_the_field(self, client, scene, quantity, told):
        scene.doors.min_take = Decimal(3)
        reservation = in_state(State.CONFIRMED, scene)
        answer = self.send(client, scene, reservation, quantity)
        assert answer.status_code == 422
        page = html.unescape(answer.text)
        assert re.search(rf'<input[^>]*name="quantity"[^>]*value="{quantity}"', page)
        assert re.search(rf'id="quantity-error"[^>]*>[^§]*?{told}', page)
        session.refresh(reservation)
        assert (reservation.state, reservation.held) == (State.CONFIRMED, 12)

    def test_what_is_reported_to_be_fetched_is_said_at_the_field(self, client, scene):
        reservation = in_state(State.CONFIRMED, scene)
        handing_over.report(reservation, fetched(10), side=scene.buyer, by=by(scene.buyer), at=clock.now())
        answer = self.send(client, scene, reservation, "3")
        assert answer.status_code == 409
        assert re.search(r'id="quantity-error"[^>]*>[^§]*?Gemeld is dat 10 st is opgehaald', answer.text)

    def test_an_old_page_gives_no_part_of_what_ended(self, client, scene):
        reservation = in_state(State.CANCELLED, scene)
        answer = self.send(client, scene, reservation, "5")
        assert answer.status_code == 409
        assert "intussen veranderd" in answer.text

    def test_one_piece_has_no_part(self, client, scene):
        reservation = promised(scene.doors, 1, scene.buyer, at=clock.now())
        assert 'name="quantity"' not in read(sign_in(client, scene.people["buyer"]), reservation)


class TestWords:
    def test_who_waits_reads_the_place_and_what_is_ahead(self, client, scene):
        now = clock.now()
        ask(scene.doors, 30, at=now)
        queue(scene.doors, 14, at=now)
        reservation = queue(scene.doors, 12, scene.buyer, least=11, at=now)
        queue(scene.doors, 13, at=now)
        page = read(sign_in(client, scene.people["buyer"]), reservation)
        assert "U staat op plaats 2" in page
        assert "Vóór u: 14 st." in page
        assert "vanaf 11 st" in page

    def test_an_offer_tells_its_clock(self, client, scene):
        page = read(sign_in(client, scene.people["buyer"]), in_state(State.OFFERED, scene))
        assert "U bent aan de beurt: 12 st" in page
        assert re.search(r"<b>tot \w\w \d+ \w+ \d\d:\d\d uur</b>", page)
        assert "nog 47 uur" in page

    @pytest.mark.parametrize(
        ("side", "told"), [("buyer", "moet nog antwoorden"), ("owner", "Bouwbedrijf Es vraagt 12")]
    )
    def test_a_request_tells_until_when_it_is_answered(self, client, scene, side, told):
        page = read(sign_in(client, scene.people[side]), in_state(State.REQUESTED, scene))
        assert told in page
        assert re.search(r"<b>tot en met \w\w \d+ \w+", page)

    def test_the_address_comes_with_the_promise(self, client, scene):
        sign_in(client, scene.people["buyer"])
        assert "Geheimeweg 12" not in read(client, in_state(State.OFFERED, scene))
        assert "Geheimeweg 12" in read(client, in_state(State.CONFIRMED, scene))

    @pytest.mark.parametrize(
        ("state", "told"),
        [
            (State.DECLINED, "Sloperij Drenthe wees dit af. “Al beloofd”"),
            (State.CANCELLED, "Bouwbedrijf Es zag hiervan af."),
            (State.EXPIRED, "Sloperij Drenthe antwoordde niet op tijd: dat kon tot en met"),
            (State.HANDED_OVER, "12 st is overgedragen."),
            (State.WRITTEN_OFF, "bleek kapot, zoek of er niet uit te komen"),
        ],
    )
    def test_what_ended_says_how_and_leads_on(self, client, scene, state, told):
        reservation = in_state(state, scene)
        page = read(sign_in(client, scene.people["buyer"]), reservation)
        assert told in page
        assert "/aanbod?soort=" in page
        assert "/balie" in read(sign_in(client, scene.people["owner"]), reservation)

    @pytest.mark.parametrize("end", ["lapse", "call_off"])
    def test_the_rest_of_a_wish_says_why_nobody_waits_for_it_any_more(self, client, scene, end):
        now = clock.now()
        small = ask(scene.doors, 4, at=now)
        ask(scene.doors, 36, at=now)
        rest = queue(scene.doors, 8, scene.buyer, least=2, at=now)
        actions.cancel(small, by=by(), at=now)
        (part,) = [row for row in queries.made_by([scene.buyer.id]) if row.state is State.OFFERED]
        if end == "lapse":
            settle([scene.doors.id], part.expires_at)
        else:
            actions.call_off(part, reason="Toch zelf nodig", by=by(scene.owner), at=now)
        page = read(sign_in(client, scene.people["buyer"]), rest)
        assert f"Hierop wordt niet meer gewacht: wat er al van vrijkwam ({part.reference}) ging niet door." in page
        assert "kwam weer vrij" not in page
        assert "Wacht verder op 4 st" in page
        assert "4 st kwam weer vrij." in read(client, part)

    def test_the_rest_of_a_wish_leads_to_what_is_to_be_decided_on(self, client, scene):
        now = clock.now()
        small = ask(scene.doors, 4, at=now)
        ask(scene.doors, 36, at=now)
        rest = queue(scene.doors, 8, scene.buyer, least=2, at=now)
        actions.cancel(small, by=by(), at=now)
        (part,) = [row for row in queries.made_by([scene.buyer.id]) if row.state is State.OFFERED]
        told = "Voor 4 st bent u al aan de beurt: beslis"
        page = read(sign_in(client, scene.people["buyer"]), rest)
        assert re.search(rf'href="{address(part)}">{told}', page)
        actions.accept(part, by=by(scene.buyer), at=clock.now())
        assert told not in read(client, rest)
        assert told not in read(sign_in(client, scene.people["owner"]), rest)

    def test_who_only_waited_gave_nothing_free(self, client, scene):
        waiting = in_state(State.WAITING, scene)
        actions.cancel(waiting, by=by(scene.buyer), at=clock.now())
        page = read(sign_in(client, scene.people["buyer"]), waiting)
        assert "Bouwbedrijf Es zag hiervan af." in page
        assert "kwam weer vrij" not in page

    def test_a_promise_taken_back_names_who_and_why(self, client, scene):
        reservation = in_state(State.CONFIRMED, scene)
        actions.call_off(reservation, reason="Toch zelf nodig", by=by(), at=clock.now())
        assert "trok deze toezegging in. “Toch zelf nodig”" in read(sign_in(client, scene.people["buyer"]), reservation)

    def test_an_option_has_no_clock_until_it_is_harvested(self, client, scene):
        standing = make_listing(scene.owner, total=40, stage=Stage.EXPECTED)
        reservation = promised(standing, 12, scene.buyer, at=clock.now())
        page = read(sign_in(client, scene.people["buyer"]), reservation)
        assert "Optie op 12 st" in page
        assert "now__clock" not in page
        assert "verlengen" not in steps_on(page, reservation)

    def test_what_is_partly_fetched_is_drawn_to_scale(self, client, scene):
        reservation = in_state(State.CONFIRMED, scene)
        sign_in(client, scene.people["buyer"])
        assert "Hoe ver het is" not in read(client, reservation)
        stock.hand_over(scene.doors.id, Decimal(7))
        stock.write_off(scene.doors.id, Decimal(1), from_held=True)
        reservation.held, reservation.handed_over, reservation.written_off = Decimal(4), Decimal(7), Decimal(1)
        page = read(client, reservation)
        assert 'aria-label="7 overgedragen, 4 nog op te halen, 1 afgeschreven van 12 st"' in page


class TestOldPages:
    def test_who_accepts_after_the_clock_ran_out_reads_that_it_is_free_again(self, client, scene):
        reservation = in_state(State.OFFERED, scene)
        reservation.expires_at = clock.now() - timedelta(minutes=5)
        sign_in(client, scene.people["buyer"])
        answer = client.post(f"{address(reservation)}/aannemen")
        assert answer.status_code == 409
        assert "niet op tijd aangenomen" in answer.text
        assert "weer vrij" in answer.text
        session.refresh(reservation)
        assert (reservation.state, parts(scene.doors)) == (State.EXPIRED, (40, 0, 0, 0))

    def test_or_that_it_went_to_the_next(self, client, scene):
        reservation = in_state(State.OFFERED, scene)
        ask(scene.doors, 20, at=clock.now())
        following = queue(scene.doors, 18, at=clock.now())
        reservation.expires_at = clock.now() - timedelta(minutes=5)
        sign_in(client, scene.people["buyer"])
        answer = client.post(f"{address(reservation)}/aannemen")
        assert answer.status_code == 409
        assert "naar de volgende in de rij" in answer.text
        session.refresh(following)
        assert following.state is State.OFFERED

    def test_an_owner_who_confirms_what_was_cancelled_reads_so(self, client, scene):
        reservation = in_state(State.CANCELLED, scene)
        answer = sign_in(client, scene.people["owner"]).post(f"{address(reservation)}/bevestigen")
        assert answer.status_code == 409
        assert "Bouwbedrijf Es zag hiervan af." in answer.text

    def test_an_owner_who_confirms_what_turned_out_to_hold_a_hazard_reads_why_not(self, client, scene):
        reservation = in_state(State.REQUESTED, scene)
        make_finding(scene.doors.passport, hazard="asbestos", status=HazardStatus.PRESENT)
        answer = sign_in(client, scene.people["owner"]).post(f"{address(reservation)}/bevestigen")
        assert answer.status_code == 409
        assert "asbest aangetroffen" in html.unescape(answer.text)
        assert reservation.state is State.REQUESTED

    def test_a_step_from_the_desk_leads_back_to_it(self, client, scene):
        reservation = in_state(State.REQUESTED, scene)
        sign_in(client, scene.people["owner"])
        answer = client.post(f"{address(reservation)}/bevestigen", data={"terug": "balie"})
        assert (answer.status_code, answer.location) == (303, "/balie")

    def test_a_place_to_lead_back_to_is_one_of_ours(self, client, scene):
        reservation = in_state(State.REQUESTED, scene)
        sign_in(client, scene.people["owner"])
        answer = client.post(f"{address(reservation)}/bevestigen", data={"terug": "https://elders.example"})
        assert answer.location == address(reservation)


def test_inside_a_circle_taking_an_offer_makes_it_yours(client, scene, monkeypatch):
    monkeypatch.setattr(actions, "trust_each_other", lambda *_: True)
    reservation = in_state(State.OFFERED, scene)
    sign_in(client, scene.people["buyer"])
    client.post(f"{address(reservation)}/aannemen")
    session.refresh(reservation)
    assert reservation.state is State.CONFIRMED
