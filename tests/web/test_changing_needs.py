"""Taking a need away and asking for less: never by accident, and never below what is reserved for it."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from sqlalchemy import func, select

from marketplace.accounts.models import OrganisationKind
from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.projects.models import Need
from tests.factories import (
    make_listing,
    make_member,
    make_need,
    make_organisation,
    make_project,
    make_reservation,
    sign_in,
)
from tests.planned import plan_all
from tests.web.reading import get, post, sent_back


@pytest.fixture
def builder(context):
    return make_organisation(name="Bouwbedrijf Es", kind=OrganisationKind.BUILDER)


@pytest.fixture
def need(client, builder):
    """A need of thirty doors, with the client signed in as its planner."""
    sign_in(client, make_member(builder))
    need = make_need(make_project(builder, at="Assen"), title="Deuren", quantity=Decimal(30), min_batch=Decimal(20))
    session.commit()
    return need


def reserve(need, builder, quantity=18):
    listing = make_listing(name="Opdekdeuren", total=64)
    found = make_reservation(listing, builder.id, quantity, need_id=need.id, project_id=need.project_id)
    session.commit()
    return found


def path(need, page=""):
    return f"/behoeften/{need.reference}{page}"


def read(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text.split("<main", 1)[1])).split())


class TestTakingAway:
    def test_it_is_asked_first_with_what_is_lost(self, client, need):
        make_listing(total=20)
        plan_all()
        session.commit()
        form = get(client, path(need, "/wijzigen")).text
        assert f'href="{path(need, "/verwijderen")}"' in form
        assert f'action="{path(need, "/verwijderen")}"' not in form
        asked = get(client, path(need, "/verwijderen"))
        assert "1 voorstel vervalt." in read(asked)
        assert session.scalar(select(func.count()).select_from(Need)) == 1
        answer = post(client, path(need, "/verwijderen"), **sent_back(asked.text))
        assert answer.status_code == 303
        assert session.scalar(select(func.count()).select_from(Need)) == 0

    def test_what_is_reserved_for_leads_to_the_reservations_and_to_what_is_possible(self, client, need, builder):
        reservation = reserve(need, builder)
        asked = get(client, path(need, "/verwijderen"))
        refused = post(client, path(need, "/verwijderen"))
        assert (asked.status_code, refused.status_code) == (200, 409)
        for page in (asked, refused):
            assert f'href="/reserveringen/{reservation.reference}"' in page.text
            assert "<form" not in page.text.split("<main", 1)[1]
            links = [unescape(link) for link in re.findall(r'href="([^"]*/wijzigen[^"]*)"', page.text)]
            less, ending = links
        form = get(client, less)
        assert post(client, path(need, "/wijzigen"), **sent_back(form.text)).status_code == 303
        assert (session.get_one(Need, need.id).quantity, need.min_batch) == (18, 18)
        form = get(client, ending)
        answer = post(client, path(need, "/wijzigen"), **sent_back(form.text))
        assert "de laatste dag is al voorbij" in get(client, answer.location).text
        assert session.get_one(Need, need.id).wanted_until < clock.today()


class TestAskingForLess:
    def change(self, client, need, **changes):
        form = sent_back(get(client, path(need, "/wijzigen")).text)
        return post(client, path(need, "/wijzigen"), **(form | changes))

    def test_no_less_than_is_reserved(self, client, need, builder):
        reserve(need, builder)
        refused = self.change(client, need, quantity="17", min_batch="1")
        assert refused.status_code == 422
        assert "al 18 st gereserveerd of opgehaald" in read(refused)
        assert session.get_one(Need, need.id).quantity == 30
        assert self.change(client, need, quantity="18", min_batch="1").status_code == 303

    def test_what_was_reserved_beyond_it_is_in_the_way_of_nothing_else(self, client, need, builder):
        reserve(need, builder, 31)
        assert self.change(client, need, title="Binnendeuren").status_code == 303

    def test_days_that_are_past_are_kept_with_a_warning(self, client, need):
        gone = (clock.today() - timedelta(days=2)).isoformat()
        answer = self.change(client, need, wanted_from=gone, wanted_until=gone)
        assert answer.status_code == 303
        assert "de laatste dag is al voorbij" in get(client, answer.location).text


def test_every_mistake_is_told_in_one_round(client, need):
    form = sent_back(get(client, path(need, "/wijzigen")).text)
    wrong = {
        "category_text": "boomklomp",
        "category": "",
        "quantity": "5",
        "min_batch": "6",
        "length_min": "900",
        "length_max": "800",
        "wanted_from": "2027-03-01",
        "wanted_until": "2027-02-01",
        "new_eur": "99000000",
    }
    page = post(client, path(need, "/wijzigen"), **(form | wrong)).text
    fields = set(re.findall(r'id="(\w+)-error"', page))
    assert fields == {"category", "min_batch", "length_max", "wanted_until", "new_eur"}


def test_a_project_that_ends_before_it_begins_is_told_with_the_rest(client, need):
    page = post(client, "/projecten/nieuw", name="", starts_on="2027-03-01", ends_on="2027-02-01").text
    assert "Het einde ligt vóór het begin van het werk." in page
    assert "Vul een naam in." in page


@pytest.mark.parametrize(
    ("typed", "sizes"),
    [
        ({}, (200, 190)),
        ({"width_min": "210"}, (210, None)),
        ({"category_text": "HEA 210"}, "“HEA 210” kennen we niet"),
    ],
)
def test_a_steel_section_that_is_typed_as_the_kind_says_its_sizes(client, need, typed, sizes):
    form = sent_back(get(client, path(need, "/wijzigen")).text)
    beam = {"category_text": "HEA 200", "category": "steel_hea", "unit": "m", "substitutes": []}
    answer = post(client, path(need, "/wijzigen"), **(form | beam | typed))
    if isinstance(sizes, str):
        assert answer.status_code == 422
        assert sizes in read(answer)
        return
    session.expire_all()
    found = session.get_one(Need, need.id)
    assert (found.category, found.width_min, found.height_min) == ("steel_hea", *sizes)
