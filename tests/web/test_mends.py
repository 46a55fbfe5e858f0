"""What would mend a near miss, on the pages: the words, who gets which step, and that the step does what was told."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest

from marketplace.accounts.models import OrganisationKind
from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.matching.mending import OF_PLANNER, Means
from marketplace.matching.queries import NearMiss, fits_for_need
from marketplace.projects.models import Grade, Need
from marketplace.web.mends import _TEXTS, value_text
from tests.factories import make_listing, make_member, make_need, make_organisation, make_project, sign_in
from tests.web.reading import sent_back

BEAM = {"category": "timber_joist", "width_mm": 75, "height_mm": 200, "building_year": 2015}
LATE = clock.today() + timedelta(days=40)


@pytest.fixture
def builder(context):
    return make_organisation(name="Bouwbedrijf Es", kind=OrganisationKind.BUILDER)


@pytest.fixture
def contractor(context):
    return make_organisation(name="Sloper Zuid")


@pytest.fixture
def project(builder):
    return make_project(builder, at="Assen")


@pytest.fixture
def planner(client, builder):
    return sign_in(client, make_member(builder))


def mend_lines(client, address):
    """Return what a page tells of mends, as (words, address of the step or None)."""
    page = client.get(address).text
    lines = re.findall(
        r"<li><span>([^<]*: <b>[^<]*</b>)</span>(?: <a class=\"mends__step[^\"]*\" href=\"([^\"]*)\">)?", page
    )
    return [(unescape(re.sub("<[^>]+>", "", text)), unescape(step) or None) for text, step in lines]


# What is offered, what is asked, and the words of the mend that the planner has in their own hands.
IN_OWN_HANDS = {
    Means.LATER: ({"available_from": LATE + timedelta(weeks=2)}, {"wanted_from": LATE, "wanted_until": LATE},
                  "als het 2 weken later mag komen"),
    Means.SOONER: ({"available_until": LATE}, {"wanted_from": LATE + timedelta(weeks=3)},
                   "als het 3 weken eerder mag komen"),
    Means.SMALLER: ({**BEAM, "length_mm": 5295}, {"category": "timber_joist", "length_min": 5300, "length_max": 5600},
                    "als 5 mm korter mag"),
    Means.LARGER: ({"length_mm": 2130}, {"length_min": 2115, "length_max": 2120},
                   "als 10 mm meer hoogte ook goed is"),
    Means.FURTHER: ({}, {"max_km": 38}, None),
    Means.LOWER_GRADE: ({"grade": Grade.C}, {"grade": Grade.B}, "als kwaliteit C ook goed is"),
    Means.DEARER: ({"price_eur": Decimal("30.00")}, {"max_price": Decimal("25.00")},
                   "als uw grens € 5,00 per st hoger ligt"),
    Means.ORDER_MORE: ({"min_take": Decimal(25)}, {}, "als 5 st meer gevraagd wordt"),
    Means.SMALLER_BATCH: ({"total": 8}, {"min_batch": Decimal(10)}, "als 8 st per levering genoeg is"),
}  # fmt: skip


@pytest.mark.parametrize("means", IN_OWN_HANDS)
def test_what_the_planner_allows_is_filled_in_and_saved_by_nobody_else_and_then_fits_for_what_was_told(
    planner, project, means
):
    offered, asked, words = IN_OWN_HANDS[means]
    make_listing(**offered)
    need = make_need(project, **asked)
    session.refresh(need, ["project"])
    (miss,) = fits_for_need(need, sees_budget=True).near_misses
    told = next(mend for mend in miss.mends if mend.means is means)
    text, step = next(line for line in mend_lines(planner, f"/behoeften/{need.reference}") if line[1])
    assert text.endswith(value_text(told.value))
    assert words is None or text.startswith(words)
    before = facts_of(need)
    form = planner.get(step).text
    assert "Ingevuld, nog niet bewaard." in form
    session.expire_all()
    assert facts_of(session.get_one(Need, need.id)) == before
    answer = planner.post(step, data=sent_back(form))
    assert answer.status_code == 303
    session.expire_all()
    need = session.get_one(Need, need.id)
    session.refresh(need, ["project"])
    fits = fits_for_need(need, sees_budget=True)
    assert (len(fits.matches), fits.near_misses) == (1, [])
    # Other sizes avoid a little more or less of what is new.
    assert fits.matches[0].value == pytest.approx(told.value, rel=0.02 if told.means in SIZES else 1e-9)


SIZES = {Means.SMALLER, Means.LARGER}


def facts_of(need):
    return {column.key: getattr(need, column.key) for column in Need.__table__.columns}


def test_every_means_has_words_and_of_a_cut_the_form_takes_the_longer_size():
    assert set(_TEXTS) == set(Means)
    assert set(IN_OWN_HANDS) == OF_PLANNER - {Means.CUT}


@pytest.mark.parametrize("values", ["length_min=x&max_km=&grade=E&max_price=NaN", "quantity=-1&wanted_until=morgen"])
def test_a_link_with_nonsense_fills_in_nothing(planner, project, values):
    need = make_need(project)
    given, plain = (planner.get(f"/behoeften/{need.reference}/wijzigen{query}").text for query in (f"?{values}", ""))
    assert "Ingevuld" not in given
    assert sent_back(given) | {"request_key": ""} == sent_back(plain) | {"request_key": ""}


def test_a_visitor_reads_what_would_help_without_a_step(client, project):
    make_listing(available_from=project.ends_on + timedelta(weeks=2))
    need = make_need(project)
    lines = mend_lines(client, f"/behoeften/{need.reference}")
    assert [text.split(":")[0] for text, _ in lines] == [
        "als het 2 weken eerder vrijkomt",
        "als het 2 weken later mag komen",
    ]
    assert [step for _, step in lines] == [None, None]


def test_who_offers_gets_the_way_to_their_own_lot_first(client, contractor, project):
    sign_in(client, make_member(contractor))
    listing = make_listing(contractor, available_from=project.ends_on + timedelta(weeks=2))
    make_need(project)
    (first, _) = mend_lines(client, f"/aanbod/{listing.reference}")
    assert first[0].startswith("als het 2 weken eerder vrijkomt: + € ")
    assert first[1] == f"/aanbod/{listing.reference}/wijzigen#available_from"


def test_who_offers_may_have_thought_too_little_of_the_own_lot(client, contractor, project):
    sign_in(client, make_member(contractor))
    listing = make_listing(contractor, grade=Grade.C)
    make_need(project, grade=Grade.B)
    (first,) = mend_lines(client, f"/aanbod/{listing.reference}")
    assert first[0].startswith("als uw partij kwaliteit B blijkt te zijn: + € ")
    assert first[1] == f"/aanbod/{listing.reference}/wijzigen#grade"


def test_a_hub_that_does_not_exist_is_called_an_assumption(client, project):
    make_listing(available_until=project.starts_on - timedelta(weeks=2))
    texts = [text for text, _ in mend_lines(client, f"/behoeften/{make_need(project).reference}")]
    assert any(text.startswith("met een hub bij de partij, tegen een gewoon tarief (aanname): + €") for text in texts)


def test_what_is_only_too_dear_has_no_mend_for_anybody_else(client, contractor, project):
    sign_in(client, make_member(contractor))
    listing = make_listing(contractor, price_eur=Decimal("30.00"))
    need = make_need(project, max_price=Decimal("25.00"))
    assert mend_lines(client, f"/aanbod/{listing.reference}") == []
    assert mend_lines(client, f"/behoeften/{need.reference}") == []


def test_a_need_that_is_past_is_not_mended(client, project):
    make_listing(grade=Grade.D)
    yesterday = clock.today() - timedelta(days=1)
    need = make_need(project, wanted_from=yesterday, wanted_until=yesterday)
    session.refresh(need, ["project"])
    misses = fits_for_need(need).near_misses
    assert [isinstance(miss, NearMiss) for miss in misses] == [True]
    assert mend_lines(client, f"/behoeften/{need.reference}") == []


@pytest.mark.parametrize(("amount", "text"), [(12, "+ € 12,00"), (99.99, "+ € 99,99"), (1340.5, "+ € 1.341")])
@pytest.mark.usefixtures("context")
def test_values_are_as_exact_as_they_are_large(context, amount, text):
    with context.test_request_context("/"):
        assert value_text(amount) == text
