"""Reserving on the pages: for who reserves, for who answers, and for nobody else."""

import pytest
from sqlalchemy import func, select

from marketplace.accounts.models import Membership
from marketplace.accounts.permissions import Role
from marketplace.kit.database import session
from marketplace.listings.models import Stage
from marketplace.reservations.models import Reservation
from marketplace.reservations.states import State
from tests.factories import make_listing, make_member, make_need, make_organisation, make_project, sign_in


@pytest.fixture
def owner(context):
    return make_organisation(name="Sloperij Drenthe")


@pytest.fixture
def listing(owner):
    return make_listing(owner, total=40, address="Geheimeweg 12", min_take=2)


@pytest.fixture
def buyer(context):
    return make_organisation(name="Bouwbedrijf Es")


def reserve(client, listing, **form):
    return client.post(f"/aanbod/{listing.reference}/reserveren", data={"quantity": "15", "purpose": ""} | form)


def only() -> Reservation:
    return session.scalars(select(Reservation)).one()


def test_a_builder_reserves_a_part_and_sees_it(client, listing, owner, buyer):
    sign_in(client, make_member(buyer))
    answer = reserve(client, listing)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "15 st" in page
    assert "Aangevraagd" in page
    assert "15 st" in client.get("/reserveringen").text


def test_the_form_takes_over_what_a_link_proposes(client, listing, owner, buyer):
    need = make_need(make_project(buyer))
    sign_in(client, make_member(buyer))
    page = client.get(f"/aanbod/{listing.reference}/reserveren?aantal=12&behoefte={need.reference}").text
    assert 'value="12"' in page
    assert f'<option selected value="need:{need.id}">' in page


def test_a_reservation_may_be_for_a_need(client, listing, owner, buyer):
    need = make_need(make_project(buyer))
    sign_in(client, make_member(buyer))
    reserve(client, listing, purpose=f"need:{need.id}")
    assert (only().need_id, only().project_id) == (need.id, need.project_id)


def test_a_need_of_another_organisation_cannot_be_chosen(client, listing, owner, buyer):
    foreign = make_need()
    sign_in(client, make_member(buyer))
    assert reserve(client, listing, purpose=f"need:{foreign.id}").status_code == 422
    assert session.scalar(select(func.count()).select_from(Reservation)) == 0


@pytest.mark.parametrize(
    ("quantity", "sentence"),
    [("", "Vul in hoeveel"), ("veel", ""), ("1", "2 st"), ("2,5", "heel getal"), ("-3", "")],
)
def test_a_quantity_that_cannot_be_is_told_at_the_field_and_nothing_is_lost(client, listing, buyer, quantity, sentence):
    sign_in(client, make_member(buyer))
    answer = reserve(client, listing, quantity=quantity, note="Graag met de heftruck")
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert sentence in answer.text
    assert "Graag met de heftruck" in answer.text
    assert session.scalar(select(func.count()).select_from(Reservation)) == 0


def test_the_owner_confirms_and_then_the_builder_sees_the_address(client, listing, owner, buyer):
    builder, trader = make_member(buyer), make_member(owner)
    sign_in(client, builder)
    where = reserve(client, listing).location
    assert "Geheimeweg 12" not in client.get(where).text
    sign_in(client, trader)
    assert "Bouwbedrijf Es" in client.get("/balie").text
    assert client.post(where + "/bevestigen").status_code == 303
    sign_in(client, builder)
    page = client.get(where).text
    assert "Bevestigd" in page
    assert "Geheimeweg 12" in page


def test_who_to_talk_to_on_the_other_side_shows_once_it_is_promised(client, listing, owner, buyer):
    trader, site_worker = make_member(owner, name="Henk Timmerman"), make_member(owner, Role.SITE)
    builder = make_member(buyer)
    page = f"/reserveringen/{reserve(sign_in(client, builder), listing).location.rpartition('/')[2]}"
    assert trader.email not in client.get(page).text
    sign_in(client, trader).post(f"{page}/bevestigen")
    assert f'Henk Timmerman, <a href="mailto:{trader.email}">' in sign_in(client, builder).get(page).text
    shown = sign_in(client, trader).get(page).text
    assert builder.email in shown
    assert site_worker.email not in shown


def test_the_owner_declines_with_a_reason_and_the_stock_is_back(client, listing, owner, buyer):
    builder, trader = make_member(buyer), make_member(owner)
    sign_in(client, builder)
    where = reserve(client, listing).location
    sign_in(client, trader)
    assert client.post(where + "/afwijzen", data={"reason": ""}).status_code == 422
    assert client.post(where + "/afwijzen", data={"reason": "Al beloofd"}).status_code == 303
    session.expire_all()
    assert (listing.available, only().state) == (40, State.DECLINED)
    sign_in(client, builder)
    assert "Al beloofd" in client.get(where).text


@pytest.mark.parametrize(("side", "reason"), [("builder", ""), ("owner", "Toch zelf nodig")])
def test_either_side_may_cancel(client, listing, buyer, side, reason):
    people = {"builder": make_member(buyer), "owner": make_member(listing.organisation)}
    sign_in(client, people["builder"])
    where = reserve(client, listing).location
    sign_in(client, people[side])
    assert client.post(where + "/annuleren", data={"reason": reason}).status_code == 303
    session.expire_all()
    assert listing.available == 40


def test_the_owner_does_not_cancel_without_saying_why(client, listing, owner, buyer):
    builder, trader = make_member(buyer), make_member(owner)
    sign_in(client, builder)
    where = reserve(client, listing).location
    sign_in(client, trader)
    client.post(where + "/bevestigen")
    answer = client.post(where + "/annuleren", data={"reason": " "})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    session.expire_all()
    assert listing.available == 25


@pytest.mark.parametrize("step", ["bevestigen", "afwijzen", "aannemen", "verlengen", "annuleren", "overdragen"])
def test_a_stranger_finds_nothing(client, listing, buyer, step):
    builder, stranger = make_member(buyer), make_member()
    sign_in(client, builder)
    where = reserve(client, listing).location
    sign_in(client, stranger)
    assert client.get(where).status_code == 404
    assert client.post(f"{where}/{step}", data={"reason": "x"}).status_code == 404
    session.expire_all()
    assert only().state is State.REQUESTED


@pytest.mark.parametrize("step", ["bevestigen", "afwijzen"])
def test_the_builder_does_not_answer_for_the_owner(client, listing, buyer, step):
    sign_in(client, make_member(buyer))
    where = reserve(client, listing).location
    assert client.post(f"{where}/{step}", data={"reason": "x"}).status_code == 404


def test_a_site_worker_does_not_reserve(client, listing, owner, buyer):
    sign_in(client, make_member(buyer, Role.SITE))
    assert reserve(client, listing).status_code == 403


def test_a_step_that_came_too_late_says_so(client, listing, owner, buyer):
    builder, trader = make_member(buyer), make_member(owner)
    sign_in(client, builder)
    where = reserve(client, listing).location
    client.post(where + "/annuleren")
    sign_in(client, trader)
    answer = client.post(where + "/bevestigen")
    assert answer.status_code == 409
    assert "intussen veranderd" in answer.text


def test_on_material_in_a_building_it_is_an_option(client, buyer):
    listing = make_listing(stage=Stage.EXPECTED)
    sign_in(client, make_member(buyer))
    assert "Neem optie" in client.get(f"/aanbod/{listing.reference}/reserveren").text
    assert "Optie aangevraagd" in client.get(reserve(client, listing).location).text


def test_the_list_takes_the_same_few_statements_for_many_reservations(client, buyer, statements):
    member = make_member(buyer)
    sign_in(client, member)
    counts = []
    for _ in range(2):
        for _ in range(4):
            reserve(client, make_listing(total=40))
        statements.clear()
        assert client.get("/reserveringen").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8


def test_who_acts_for_two_organisations_reserves_for_the_one_whose_project_it_is(client, listing, buyer):
    person, other = make_member(buyer), make_organisation()
    session.add(Membership(user_id=person.id, organisation_id=other.id, role=Role.TRADER))
    project = make_project(other)
    sign_in(client, person)
    reserve(client, listing, purpose=f"project:{project.id}")
    assert only().organisation_id == other.id
