"""What fits what, in the words of a page: by how much something misses, what it is worth, and who is told a budget."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask_babel import force_locale

from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.kit.quantities import Unit
from marketplace.matching.conversion import need_of
from marketplace.matching.queries import fits_for_need
from marketplace.matching.rules import NEVER_NEAR, SENTENCES, Rule
from marketplace.projects.models import Grade
from marketplace.web.fits import (
    _TOLD,
    distance_text,
    fit_rows,
    near_chart,
    near_sentence,
    value_line,
)
from marketplace.web.sizes import asked_dims
from marketplace.web.worth import value_terms
from tests import factories
from tests.factories import make_hub, make_listing, make_member, make_organisation, make_project, sign_in

pytestmark = pytest.mark.usefixtures("page")

WINDOW = {"length_min": 2110, "length_max": 2120}


@pytest.fixture
def page(context):
    """Stand where a page is made, in Dutch."""
    with context.test_request_context("/"), force_locale("nl"):
        yield context


def make_need(project=None, **overrides):
    need = factories.make_need(project, **overrides)
    session.refresh(need, ["project"])
    return need


def whole(listing):
    """Return an offer with its findings loaded, as every query of offers does."""
    session.refresh(listing.passport, ["hazards"])
    return listing


def the_miss(need, **options):
    fits = fits_for_need(need, **options)
    assert (fits.matches, len(fits.near_misses)) == ([], 1)
    return fits.near_misses[0]


def the_fit(need):
    (fit,) = fits_for_need(need).matches
    return fit


class TestNearMisses:
    @pytest.mark.parametrize(
        ("length", "sentence"),
        [(2105, "hoogte 5 mm te klein"), (2109, "hoogte 1 mm te klein"), (2125, "hoogte 5 mm te groot")],
    )
    def test_the_first_size_of_a_door_is_its_height(self, length, sentence):
        make_listing(length_mm=length)
        assert near_sentence(the_miss(make_need(**WINDOW))) == sentence

    def test_a_size_that_just_fits_is_no_miss(self):
        make_listing(length_mm=2110)
        assert the_fit(make_need(**WINDOW)).quantity == 20

    def test_a_beam_is_too_short(self):
        make_listing(category="timber_joist", length_mm=3995, width_mm=75, height_mm=200, building_year=2015)
        need = make_need(category="timber_joist", length_min=4000, length_max=4200)
        assert near_sentence(the_miss(need)) == "5 mm te kort"

    @pytest.mark.parametrize(
        ("days", "sentence"),
        [(7, "1 week te laat"), (8, "8 dagen te laat"), (14, "2 weken te laat"), (24, "3 weken te laat")],
    )
    def test_a_lot_that_comes_free_too_late(self, days, sentence):
        need = make_need()
        make_listing(available_from=need.wanted_until + timedelta(days=days))
        assert near_sentence(the_miss(need)) == sentence

    def test_a_lot_that_lies_a_little_too_far(self):
        make_listing(at="Hoogeveen")
        need = make_need(make_project(at="Assen"), max_km=200)
        km = int(distance_text(the_fit(need)).removesuffix(" km"))
        need.max_km = km - 4
        assert near_sentence(the_miss(need)) in {"4 km te ver", "5 km te ver"}

    def test_a_grade_is_told_with_what_was_asked(self):
        make_listing(grade=Grade.C)
        assert near_sentence(the_miss(make_need(grade=Grade.B))) == "kwaliteit C, gevraagd B"

    def test_a_lot_that_was_never_examined(self):
        make_listing(category="roof_corrugated_fc", building_year=1978)
        need = make_need(category="roof_corrugated_fc", accepts_untested=False)
        assert near_sentence(the_miss(need)) == "nog niet onderzocht op gevaarlijke stoffen"

    def test_a_price_is_told_to_the_cent(self):
        make_listing(price_eur=Decimal("44.50"))
        miss = the_miss(make_need(max_price=Decimal("40.00")), sees_budget=True)
        assert near_sentence(miss) == "€ 4,50 te duur"

    def test_storage_without_a_hub(self):
        need = make_need()
        make_listing(available_until=need.wanted_from - timedelta(weeks=2))
        assert near_sentence(the_miss(need)).endswith("weken opslag nodig, maar er is geen hub")
        make_hub()
        assert the_fit(need).hub is not None

    def test_english_says_the_same(self):
        make_listing(grade=Grade.C)
        miss = the_miss(make_need(grade=Grade.B))
        with force_locale("en"):
            assert near_sentence(miss)
            assert "%(" not in near_sentence(miss)


class TestCharts:
    def test_a_size_stands_beside_its_window(self):
        make_listing(length_mm=2105)
        chart = near_chart(the_miss(make_need(**WINDOW)))
        assert chart is not None
        assert (chart.asked_from, chart.asked_to, chart.offered) == (2110, 2120, 2105)
        assert (chart.shortfall_text, chart.offered_text) == ("5 mm", "2.105")

    def test_what_may_be_longer_has_no_far_end(self):
        make_listing(category="ins_pir", length_mm=1195, width_mm=600, height_mm=100, unit=Unit.M2, building_year=2010)
        need = make_need(category="ins_pir", unit=Unit.M2, length_min=1200, length_max=2400)
        chart = near_chart(the_miss(need))
        assert chart is not None
        assert (chart.asked_from, chart.asked_to) == (1200, None)

    def test_a_grade_has_no_scale(self):
        make_listing(grade=Grade.C)
        assert near_chart(the_miss(make_need(grade=Grade.B))) is None

    def test_a_least_take_is_told_by_what_it_is_too_much(self):
        make_listing(min_take=Decimal(25))
        assert near_sentence(the_miss(make_need())) == "de kleinste afname is 5 st meer dan er nodig is"

    def test_weeks_are_told_as_days(self):
        need = make_need()
        make_listing(available_from=need.wanted_until + timedelta(weeks=2))
        chart = near_chart(the_miss(need))
        assert chart is not None
        assert chart.offered - (chart.asked_to or 0) == 2
        assert chart.shortfall_text == "2 weken"


class TestValue:
    def test_the_steps_of_the_fall_end_at_the_value(self):
        make_listing()
        fit = the_fit(make_need())
        terms = value_terms(fit)
        assert terms[0].label == "Nieuw"
        assert terms[-1].label == "Waarde"
        assert sum(term.amount for term in terms[:-1]) == pytest.approx(terms[-1].amount, abs=0.03)

    def test_nothing_is_said_of_what_costs_nothing(self):
        make_listing(price_eur=Decimal(0), at="Assen")
        labels = [term.label for term in value_terms(the_fit(make_need(make_project(at="Assen"))))]
        assert "Prijs" not in labels
        assert "Opslag" not in labels

    def test_spending_is_written_with_a_minus(self):
        make_listing(price_eur=Decimal("15.00"))
        terms = {term.label: term for term in value_terms(the_fit(make_need()))}
        assert terms["Prijs"].text == "\N{MINUS SIGN}15,00"
        assert terms["Nieuw"].text == "95,00"

    def test_the_value_is_told_per_unit(self):
        make_listing()
        fit = the_fit(make_need())
        assert value_line(fit).endswith(" waarde per st")
        with force_locale("en"):
            assert value_line(fit).endswith(" piece")


@pytest.mark.parametrize(
    ("sizes", "text"),
    [
        ({}, ""),
        (WINDOW, "2.110–2.120 mm"),
        ({"length_min": 2115, "length_max": 2115}, "2.115 ± 10 mm"),
        ({"length_min": 2115, "width_max": 880}, "2.115 ± 10 × 880 ± 5 mm"),
        ({"category": "steel_hea", "length_min": 6000, "height_min": 190}, "ten minste 6.000 × 190 ± 5 mm"),
    ],
)
def test_the_sizes_that_are_asked(sizes, text):
    assert asked_dims(make_need(**sizes)) == text


def test_one_size_is_told_as_the_rules_judge_it():
    need = make_need(length_min=2115)
    (low, high), *_ = need_of(need).windows
    assert asked_dims(need) == f"2.115 ± {round(high - low) // 2} mm"


class TestTheRowsOfAListing:
    def test_a_need_that_fits_shows_its_value_and_one_that_nearly_fits_its_rule(self):
        listing = whole(make_listing(length_mm=2115))
        make_need(title="Past", **WINDOW)
        make_need(title="Net niet", length_min=2120, length_max=2130)
        make_need(title="Heel anders", category="timber_joist")
        rows = fit_rows(listing)
        assert [(row.title, row.fits) for row in rows] == [("Past", True), ("Net niet", False)]
        assert rows[0].text.endswith("waarde per st")
        assert rows[1].text == "hoogte 5 mm te klein"

    def test_a_budget_is_told_to_its_own_organisation_alone(self, client):
        owner, rival = make_organisation(), make_organisation()
        listing = make_listing(price_eur=Decimal("44.50"))
        make_need(make_project(owner), title="Deuren met een grens", max_price=Decimal("40.00"))
        reference = listing.reference
        told = [
            "te duur" in sign_in(client, make_member(member)).get(f"/aanbod/{reference}").text
            for member in (owner, rival)
        ]
        assert told == [True, False]

    def test_a_need_that_is_past_is_not_told(self):
        listing = whole(make_listing())
        today = clock.today()
        make_need(wanted_from=today - timedelta(days=9), wanted_until=today - timedelta(days=1))
        assert fit_rows(listing) == []

    def test_many_needs_take_as_many_statements_as_one(self, statements):
        listing = whole(make_listing())
        project = make_project()

        def ask():
            statements.clear()
            rows = fit_rows(listing)
            return len(rows), len(statements)

        make_need(project)
        ask()  # who has rates of their own is read once for a page
        few = ask()
        for _ in range(4):
            make_need()
        many = ask()
        assert (few[0], many[0]) == (1, 5)
        assert many[1] == few[1]


def test_every_rule_that_can_nearly_be_kept_has_words():
    silent = {rule for rule in Rule if rule not in NEVER_NEAR | set(_TOLD) and "%(" in SENTENCES[rule]}
    assert silent == set()
