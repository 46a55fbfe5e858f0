"""Reserving where there is not enough: what is told, what one may choose, and what is promised before one commits."""

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from marketplace.accounts.models import Membership
from marketplace.accounts.permissions import Role
from marketplace.kit import clock, journal
from marketplace.kit.database import session
from marketplace.kit.quantities import Unit
from marketplace.listings.models import ListingStatus, Stage
from marketplace.projects.models import Project
from marketplace.reservations import actions
from marketplace.reservations.house_rules import set_terms
from marketplace.reservations.models import Reservation
from marketplace.reservations.states import State
from marketplace.reservations.terms import Terms
from marketplace.web.reservations import promises
from tests.factories import by, make_listing, make_member, make_need, make_organisation, make_project, sign_in
from tests.reservations.asking import ask, parts, queue


@pytest.fixture
def owner(context):
    return make_organisation(name="Sloperij Drenthe")


@pytest.fixture
def doors(owner):
    """Forty doors, of which five are left."""
    listing = make_listing(owner, total=40)
    ask(listing, 35, at=clock.now())
    return listing


@pytest.fixture
def buyer(context):
    return make_organisation(name="Bouwbedrijf Es")


@pytest.fixture
def builder(client, buyer):
    return sign_in(client, make_member(buyer))


def reserve(client, listing, **form):
    return client.post(f"/aanbod/{listing.reference}/reserveren", data={"quantity": "12", "purpose": ""} | form)


def wait(client, listing, **form):
    return client.post(f"/aanbod/{listing.reference}/wachtrij", data={"quantity": "12", "purpose": ""} | form)


def forms(page: str) -> list[tuple[str, dict[str, str]]]:
    """Return the forms of a page that write: where each goes, and its hidden fields but for token and key."""
    found = []
    for address, body in re.findall(
        r'<form[^>]*?method="post"[^>]*?action="(/aanbod[^"]+)">(.*?)</form>', page, re.DOTALL
    ):
        hidden = re.findall(r'type="hidden" name="([\w]+)" value="([^"]*)"', body)
        found.append((address, {name: value for name, value in hidden if name not in {"csrf_token", "request_key"}}))
    return found


def made_by(organisation) -> list[Reservation]:
    query = select(Reservation).where(Reservation.organisation_id == organisation.id)
    return list(session.scalars(query.order_by(Reservation.id)))


class TestTooLittle:
    def test_both_ways_are_offered_and_nothing_is_lost(self, builder, doors, buyer):
        need = make_need(make_project(buyer))
        answer = reserve(builder, doors, purpose=f"need:{need.id}", note="Graag om 8 uur")
        page = html.unescape(answer.text)
        assert answer.status_code == 409
        assert "Er is nog 5 st, u vroeg 12 st" in page
        kept = {"purpose": f"need:{need.id}", "note": "Graag om 8 uur"}
        assert forms(page) == [
            (f"/aanbod/{doors.reference}/reserveren", {"quantity": "5"} | kept),
            (f"/aanbod/{doors.reference}/wachtrij", {"quantity": "12"} | kept),
        ]
        assert 'id="quantity"' in page
        assert 'value="12"' in page
        assert made_by(buyer) == []

    def test_each_way_does_what_its_button_says(self, builder, doors, buyer):
        (take, taken), (stand, stood) = forms(html.unescape(reserve(builder, doors).text))
        assert builder.post(stand, data=stood | {"least": "8"}).status_code == 303
        assert builder.post(take, data=taken).status_code == 303
        waiting, held = made_by(buyer)
        assert (waiting.state, waiting.waiting, waiting.least) == (State.WAITING, 12, 8)
        assert (held.state, held.held) == (State.REQUESTED, 5)
        assert parts(doors) == (0, 40, 0, 0)

    def test_where_nothing_is_left_one_can_only_wait(self, builder, doors):
        ask(doors, 5, at=clock.now())
        page = html.unescape(reserve(builder, doors).text)
        assert "Er is nu niets vrij, u vroeg 12 st" in page
        assert [address.rsplit("/", 1)[1] for address, _ in forms(page)] == ["wachtrij"]

    def test_who_comes_to_reserve_where_nothing_is_left_is_led_to_the_queue(self, builder, doors):
        ask(doors, 5, at=clock.now())
        answer = builder.get(f"/aanbod/{doors.reference}/reserveren?aantal=12")
        assert (answer.status_code, answer.location) == (302, f"/aanbod/{doors.reference}/wachtrij?aantal=12")

    def test_nobody_waits_for_more_than_there_ever_is(self, builder, doors):
        answer = reserve(builder, doors, quantity="41")
        assert answer.status_code == 409
        assert "niet groter dan 40 st" in answer.text
        assert [address.rsplit("/", 1)[1] for address, _ in forms(answer.text)] == ["reserveren"]

    def test_who_waits_already_is_told(self, builder, doors):
        queue(doors, 8, at=clock.now())
        page = html.unescape(reserve(builder, doors).text)
        assert "U komt op plaats 2 in de rij. Vóór u: 8 st." in page

    def test_in_parts_of_square_metres_too(self, builder, owner):
        boards = make_listing(owner, total=Decimal("20.5"), unit=Unit.M2)
        ask(boards, "18", at=clock.now())
        page = html.unescape(reserve(builder, boards, quantity="2,75").text)
        assert [hidden["quantity"] for _, hidden in forms(page)] == ["2,5", "2,75"]


class TestWaiting:
    def test_the_page_tells_the_place_before_one_commits(self, builder, doors):
        queue(doors, 8, at=clock.now())
        queue(doors, 6, at=clock.now())
        page = html.unescape(builder.get(f"/aanbod/{doors.reference}/wachtrij?aantal=12&vanaf=5").text)
        assert "U komt op plaats 3." in page
        assert "Vóór u wachten 2 organisaties op 14 st." in page
        assert 'value="12"' in page
        assert 'value="5"' in page
        assert "48 uur" in page

    def test_an_organisation_counts_once_and_ones_own_place_is_named_as_such(self, builder, doors, buyer):
        twice = make_organisation()
        queue(doors, 8, twice, at=clock.now())
        queue(doors, 6, twice, at=clock.now())
        own = queue(doors, 9, buyer, at=clock.now())
        page = html.unescape(builder.get(f"/aanbod/{doors.reference}/wachtrij").text)
        assert "U komt op plaats 4." in page
        assert "Vóór u wacht 1 organisatie op 14 st. U wacht zelf al op 9 st." in page
        assert "Samen zijn dat 3 plaatsen in de rij." in page
        assert re.search(rf'href="/reserveringen/{own.reference}">U wacht op 9 st</a>', page)
        short = html.unescape(reserve(builder, doors).text)
        assert "Vóór u: 14 st." in short
        assert "1 wacht, op 14 st. U wacht zelf al op 9 st." in short

    def test_who_waits_twice_reads_what_others_and_oneself_wait_for(self, builder, doors, buyer):
        queue(doors, 8, at=clock.now())
        queue(doors, 9, buyer, at=clock.now())
        later = queue(doors, 10, buyer, at=clock.now())
        page = html.unescape(builder.get(f"/reserveringen/{later.reference}").text)
        assert "Vóór u: 8 st." in page
        assert "U wacht zelf al langer op 9 st." in page

    def test_the_same_again_is_refused_and_shown(self, builder, doors, buyer):
        wait(builder, doors)
        answer = wait(builder, doors, note="Graag om 8 uur")
        (own,) = made_by(buyer)
        page = html.unescape(answer.text)
        assert answer.status_code == 422
        wrong = re.search(r'id="quantity-error".*?</p>', page, re.DOTALL)
        assert f"U wacht hier al op 12 st, voor hetzelfde ({own.reference})." in wrong[0]
        assert f'href="/reserveringen/{own.reference}">U wacht op 12 st</a>' in page
        assert wait(builder, doors, quantity="13").status_code == 303
        project = make_project(buyer)
        assert wait(builder, doors, purpose=f"project:{project.id}").status_code == 303
        assert len(made_by(buyer)) == 3

    def test_the_place_is_told_after_it(self, builder, doors):
        queue(doors, 8, at=clock.now())
        page = builder.get(wait(builder, doors).location).text
        assert "plaats 2 in de rij" in page

    def test_a_part_that_is_there_is_offered_at_once(self, builder, doors, buyer):
        led = wait(builder, doors, least="3").location
        rest, part = made_by(buyer)
        assert (part.state, part.held, rest.state, rest.waiting) == (State.OFFERED, 5, State.WAITING, 7)
        assert led == f"/reserveringen/{part.reference}"
        assert "5 st is nu al van u als u het neemt" in builder.get(led).text

    @pytest.mark.parametrize(
        ("form", "field", "sentence"),
        [
            ({"quantity": ""}, "quantity", "Vul in hoeveel"),
            ({"quantity": "2,5"}, "quantity", "heel getal"),
            ({"quantity": "5"}, "quantity", "Hiervan is genoeg"),
            ({"quantity": "41"}, "quantity", "ook niet als iedereen afziet"),
            ({"least": "13"}, "least", "meer dan u vraagt"),
            ({"least": "nul"}, "least", ""),
        ],
    )
    def test_what_cannot_be_is_told_at_its_field(self, builder, doors, form, field, sentence):
        answer = wait(builder, doors, note="Graag om 8 uur", **form)
        page = html.unescape(answer.text)
        assert answer.status_code == 422
        wrong = re.search(rf'id="{field}-error".*?</p>', page, re.DOTALL)
        assert sentence in wrong[0]
        assert "Graag om 8 uur" in page

    def test_where_there_is_enough_it_leads_to_reserving(self, builder, doors):
        page = html.unescape(wait(builder, doors, quantity="4").text)
        assert f"/aanbod/{doors.reference}/reserveren?aantal=4" in page

    def test_a_site_worker_does_not_wait(self, client, doors, buyer):
        sign_in(client, make_member(buyer, Role.SITE))
        assert wait(client, doors).status_code == 403

    def test_nobody_waits_for_what_is_withdrawn(self, builder, doors):
        doors.status = ListingStatus.WITHDRAWN
        assert builder.get(f"/aanbod/{doors.reference}/wachtrij").status_code == 404
        assert wait(builder, doors).status_code == 404

    def test_who_acts_for_two_waits_for_the_one_whose_project_it_is(self, client, doors, buyer):
        person, other = make_member(buyer), make_organisation()
        session.add(Membership(user_id=person.id, organisation_id=other.id, role=Role.TRADER))
        project = make_project(other)
        wait(sign_in(client, person), doors, purpose=f"project:{project.id}")
        (made,) = made_by(other)
        assert made.project_id == project.id
        assert journal.history(made.subject)[0].organisation_id == other.id


class TestPurposes:
    @pytest.fixture
    def lintels(self, buyer):
        return make_need(make_project(buyer, name="Esdoornhof"), title="Lateien", category="steel_hea")

    @pytest.mark.parametrize("page", ["reserveren", "wachtrij"])
    def test_only_needs_that_accept_it_are_offered_and_every_project(self, builder, doors, lintels, page):
        as_substitute = make_need(
            session.get_one(Project, lintels.project_id), category="door_exterior", substitutes=["door_interior"]
        )
        choices = re.findall(r'<option[^>]* value="([^"]*)"', builder.get(f"/aanbod/{doors.reference}/{page}").text)
        assert choices == ["", f"project:{lintels.project_id}", f"need:{as_substitute.id}"]

    @pytest.mark.parametrize("send", [reserve, wait])
    def test_another_need_is_refused_at_its_field(self, builder, doors, buyer, lintels, send):
        quantity = "4" if send is reserve else "12"
        answer = send(builder, doors, quantity=quantity, purpose=f"need:{lintels.id}", note="Graag om 8 uur")
        page = html.unescape(answer.text)
        assert answer.status_code == 422
        wrong = re.search(r'id="purpose-error".*?</p>', page, re.DOTALL)
        assert "“Lateien” vraagt ander materiaal." in wrong[0]
        assert "Graag om 8 uur" in page
        assert made_by(buyer) == []

    def test_the_box_on_the_offer_offers_the_same(self, builder, doors, lintels):
        page = builder.get(f"/aanbod/{doors.reference}?voor=need:{lintels.id}").text
        assert f'value="project:{lintels.project_id}"' in page
        assert f"need:{lintels.id}" not in page.split('id="reserveer"')[1].split("</section>")[0]


class TestOwnLot:
    @pytest.mark.parametrize("page", ["reserveren", "wachtrij"])
    def test_the_owner_is_told_at_once_and_gets_no_form(self, client, doors, owner, page):
        sign_in(client, make_member(owner))
        answer = client.get(f"/aanbod/{doors.reference}/{page}")
        assert (answer.status_code, answer.location) == (303, f"/aanbod/{doors.reference}")
        assert "Dit is een partij van uw eigen organisatie" in client.get(answer.location).text

    @pytest.mark.parametrize("page", ["reserveren", "wachtrij"])
    def test_who_also_acts_for_another_may_reserve_for_that_one(self, client, doors, owner, buyer, page):
        person = make_member(owner)
        session.add(Membership(user_id=person.id, organisation_id=buyer.id, role=Role.TRADER))
        assert sign_in(client, person).get(f"/aanbod/{doors.reference}/{page}").status_code == 200


class TestTheRest:
    def test_less_than_the_least_may_be_taken_whole_and_that_is_said(self, builder, doors):
        doors.min_take = Decimal(6)
        page = html.unescape(builder.get(f"/aanbod/{doors.reference}/reserveren").text)
        assert "Er is 5 st beschikbaar, u neemt ten minste 6 st af, of alles wat er nog is." in page
        refused = html.unescape(reserve(builder, doors, quantity="4").text)
        assert "Van deze partij neemt u ten minste 6 st af, of alles wat er nog is." in refused
        assert reserve(builder, doors, quantity="5").status_code == 303

    def test_where_there_is_enough_it_is_not(self, builder, doors):
        doors.min_take = Decimal(4)
        page = html.unescape(builder.get(f"/aanbod/{doors.reference}/reserveren").text)
        assert "Er is 5 st beschikbaar, u neemt ten minste 4 st af." in page


class TestPromises:
    def reading(self, client, listing) -> str:
        return html.unescape(client.get(f"/aanbod/{listing.reference}/reserveren").text)

    def test_outside_a_circle_the_owner_answers_and_until_then_it_is_held(self, builder, doors):
        page = self.reading(builder, doors)
        assert "Sloperij Drenthe kan antwoorden tot en met" in page
        assert "Na de bevestiging ligt het 14 dagen voor u klaar." in page
        assert "U kunt dat 1 keer verlengen, met 7 dagen." in page

    def test_what_can_be_fetched_later_is_kept_from_that_day(self, builder, doors):
        doors.available_from = clock.today() + timedelta(days=60)
        page = self.reading(builder, doors)
        assert re.search(r"Na de bevestiging ligt het vanaf .* 14 dagen voor u klaar\.", page)
        doors.available_from = clock.today()
        assert "Na de bevestiging ligt het 14 dagen voor u klaar." in self.reading(builder, doors)

    def test_inside_a_circle_it_is_theirs_at_once(self, builder, doors, monkeypatch):
        for module in (promises, actions):
            monkeypatch.setattr(module, "trust_each_other", lambda *_: True)
        page = self.reading(builder, doors)
        assert "in een kring: wat u reserveert is meteen van u" in page
        assert "kan antwoorden" not in page
        assert "en meteen van u" in builder.get(reserve(builder, doors, quantity="5").location).text

    def test_the_rules_of_the_owner_speak(self, builder, doors, owner):
        terms = Terms(hold_days=3, extensions=0, most_percent=50)
        set_terms(owner, terms, by(owner))
        page = self.reading(builder, doors)
        assert "ligt het 3 dagen voor u klaar" in page
        assert "Verlengen kan bij deze aanbieder niet." in page
        assert "ten hoogste 20 st" in page

    def test_of_what_stands_in_a_building_it_is_an_option(self, builder, owner):
        page = self.reading(builder, make_listing(owner, stage=Stage.EXPECTED))
        assert "u neemt een optie" in page
        assert "loopt pas als het geoogst is" in page

    def test_the_box_on_the_offer_says_the_same(self, builder, doors):
        page = html.unescape(builder.get(f"/aanbod/{doors.reference}").text)
        assert "Sloperij Drenthe kan antwoorden tot en met" in page
