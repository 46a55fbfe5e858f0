"""The pages of needs: for who has material, for who plans, and nothing of a budget for anybody else."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from sqlalchemy import func, select

from marketplace.accounts.models import OrganisationKind
from marketplace.accounts.permissions import Role
from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.kit.quantities import Unit
from marketplace.materials.vocabulary import get_category
from marketplace.projects.models import Grade, Need
from tests.factories import (
    make_hub,
    make_listing,
    make_member,
    make_need,
    make_organisation,
    make_project,
    sign_in,
)
from tests.planned import plan_all
from tests.web.reading import sent_back


@pytest.fixture
def builder(context):
    return make_organisation(name="Bouwbedrijf Es", kind=OrganisationKind.BUILDER)


@pytest.fixture
def project(builder):
    return make_project(builder, name="Twaalf woningen", at="Assen")


@pytest.fixture
def planner(client, builder):
    """A client signed in as a trader of the builder."""
    return sign_in(client, make_member(builder))


def text_of(client, url):
    """Return what people read on a page, without its marks."""
    answer = client.get(url)
    assert answer.status_code == 200
    main = re.sub(r"<(svg|script)\b.*?</\1>", " ", answer.text.split("<main", 1)[1], flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def show(client, need):
    return text_of(client, f"/behoeften/{need.reference}")


FORM = {
    "title": "Balken verdieping",
    "category_text": "vloerbalk",
    "category": "timber_joist",
    "quantity": "120",
    "unit": "piece",
    "length_min": "3900",
    "length_max": "4200",
    "wanted_from": "2027-03-01",
    "wanted_until": "2027-05-01",
    "max_km": "60",
    "grade": "B",
    "new_eur": "46,50",
    "max_price": "24",
    "min_batch": "20",
    "note": "Rechte balken",
}


class TestList:
    def test_it_shows_what_is_asked_how_far_it_is_met_and_where_to_offer(self, client, project):
        make_listing(total=12)
        need = make_need(project, title="Deuren begane grond", quantity=Decimal(20), length_min=2110, length_max=2120)
        plan_all()
        page = text_of(client, "/behoeften")
        assert "1 behoefte" in page
        assert "Deuren begane grond Twaalf woningen , Assen 2.110–2.120 mm" in page
        assert "12 st voorgesteld" in page
        assert "8 st te kort" in page
        links = client.get("/behoeften").text
        assert f'href="/behoeften/{need.reference}"' in links
        assert 'href="/aanbieden?categorie=door_interior"' in links

    def test_what_is_past_is_left_out(self, client, project):
        gone = clock.today() - timedelta(days=1)
        make_need(project, title="Te laat", wanted_from=gone, wanted_until=gone)
        assert "Te laat" not in text_of(client, "/behoeften")

    @pytest.mark.parametrize(
        ("address", "found"),
        [
            ("?groep=openings", {"Deuren", "Deuren ver weg"}),
            ("?groep=timber", {"Balken"}),
            ("?plaats=Zwolle", {"Deuren ver weg"}),
            ("?wanneer=maand", {"Balken"}),
            ("?wanneer=halfjaar", {"Deuren", "Balken", "Deuren ver weg"}),
            ("?groep=openings&plaats=Assen", {"Deuren"}),
            ("?groep=timber&plaats=Zwolle", set()),
            ("?groep=onzin&plaats=Nergens&wanneer=ooit", {"Deuren", "Balken", "Deuren ver weg"}),
        ],
    )
    def test_every_filter_stands_in_the_address(self, client, project, address, found):
        later = clock.today() + timedelta(days=100)
        make_need(project, title="Deuren", wanted_from=later, wanted_until=later)
        make_need(make_project(at="Zwolle"), title="Deuren ver weg", wanted_from=later, wanted_until=later)
        soon = clock.today() + timedelta(days=5)
        make_need(project, title="Balken", category="timber_joist", wanted_from=soon, wanted_until=soon)
        page = client.get("/behoeften" + address).text
        assert set(re.findall(r'<h3><a href="/behoeften/\w+">([^<]+)<', page)) == found

    def test_an_empty_filter_shows_the_way_back(self, client, project):
        later = clock.today() + timedelta(days=100)
        make_need(project, wanted_from=later, wanted_until=later)
        assert "Geen project zoekt dit nu" in text_of(client, "/behoeften?groep=openings&wanneer=maand")

    def test_more_needs_take_no_more_statements(self, client, project, statements):
        make_hub()
        make_listing()
        counts = []
        for _ in range(2):
            for _ in range(4):
                make_need(project)
            session.expunge_all()
            statements.clear()
            assert client.get("/behoeften").status_code == 200
            counts.append(len(statements))
        assert counts[0] == counts[1] <= 8

    def test_pages_beyond_the_last_are_the_last(self, client, project):
        for number in range(25):
            make_need(project, title=f"Behoefte {number:02}")
        assert "Behoefte 24" in text_of(client, "/behoeften?bladzijde=2")
        assert "Behoefte 24" in text_of(client, "/behoeften?bladzijde=99")
        assert "Behoefte 24" not in text_of(client, "/behoeften?bladzijde=x")


class TestPage:
    def test_it_says_what_is_asked(self, client, project):
        need = make_need(project, quantity=Decimal(20), min_batch=Decimal(4), substitutes=["door_fire"], grade=Grade.B)
        page = show(client, need)
        for part in (
            "20 st",
            "minstens 4 st",
            "Assen, binnen 50 km",
            "B of beter",
            "€ 95,00 per st",
            get_category("door_fire").name_nl,
        ):
            assert part in page

    def test_a_lot_that_fits_has_its_value_and_the_terms_that_add_up_to_it(self, client, project):
        make_listing(at="Hoogeveen", total=64, price_eur=Decimal("15.33"), name="Opdekdeuren")
        need = make_need(project, quantity=Decimal(20))
        page = client.get(f"/behoeften/{need.reference}").text
        rows = re.findall(r'<tr><th scope="row">([^<]+)</th><td>([^<]+)</td></tr>', page)
        amounts = [Decimal(re.sub(r"[^\d,−]", "", amount).replace(",", ".").replace("−", "-")) for _, amount in rows]
        assert [name for name, _ in rows][-1] == "Waarde"
        assert sum(amounts[:-1]) == amounts[-1] > 0
        assert len(amounts) >= 4
        text = show(client, need)
        assert "Opdekdeuren" in text
        assert "van 64 st vrij" in text
        assert "rechtstreeks" in text

    def test_a_plan_divides_the_need_and_the_rest_fits_as_well(self, client, project):
        make_listing(total=12, price_eur=Decimal(5), name="Goedkoop")
        make_listing(total=18, price_eur=Decimal(6), name="Duurder")
        make_listing(total=30, price_eur=Decimal(70), name="Duurst")
        need = make_need(project, quantity=Decimal(30))
        assert "Er is nog geen plan berekend" in show(client, need)
        plan_all()
        text = show(client, need)
        assert "Er is nog geen plan" not in text
        assert "18 st voorgesteld" in text
        assert "12 st voorgesteld" in text
        assert "Past ook, als er een afvalt" in text
        assert text.index("Goedkoop") < text.index("Duurst")

    def test_a_longer_beam_is_cut(self, client, project):
        make_listing(category="timber_joist", length_mm=5400, width_mm=75, height_mm=200, building_year=2010)
        need = make_need(project, category="timber_joist", quantity=Decimal(20), length_min=5100, length_max=5200)
        assert "200 mm inkorten" in show(client, need)

    def test_a_beam_that_yields_two_is_sawn_and_half_as_many_are_reserved(self, planner, project):
        listing = make_listing(category="timber_joist", length_mm=5400, width_mm=75, height_mm=200, building_year=2010)
        need = make_need(project, category="timber_joist", quantity=Decimal(15), length_min=2600)
        page = planner.get(f"/behoeften/{need.reference}").text
        assert f'href="/aanbod/{listing.reference}/reserveren?aantal=8&amp;behoefte={need.reference}"' in page
        text = show(planner, need)
        assert "elk in 2 stukken zagen" in text
        assert "Reserveer 8 st" in text

    def test_boards_for_square_metres_are_reserved_in_boards(self, planner, project):
        make_listing(
            category="plywood", total=10, length_mm=2440, width_mm=1220, height_mm=18, building_year=2015,
            kg_per_unit=Decimal("28.5"),
        )  # fmt: skip
        text = show(planner, make_need(project, category="plywood", unit=Unit.M2, quantity=Decimal(20)))
        assert "20 m²" in text
        assert "Reserveer 7 st" in text

    def test_a_lot_that_must_wait_goes_through_a_hub(self, client, project):
        make_hub(name="Hub Noord")
        leaves = clock.today() + timedelta(days=10)
        make_listing(available_until=leaves)
        need = make_need(project, wanted_from=leaves + timedelta(weeks=4), wanted_until=leaves + timedelta(weeks=9))
        text = show(client, need)
        assert "via Hub Noord, 4 weken opslag" in text
        assert "Opslag in de hub" in text

    def test_the_figures_have_their_sources(self, client, project):
        text = show(client, make_need(project, category="hollowcore_slab", unit=Unit.M2, height_min=200))
        assert "MKI van “Kanaalplaat 200”, set A1" in text
        assert "€ 120,00 per ton over 1.000 km en € 95,00 per rit" in text

    def test_an_unknown_reference_does_not_exist(self, client):
        assert client.get("/behoeften/NERGENS0").status_code == 404

    def test_a_reference_may_be_typed_in_lower_case(self, client, project):
        assert client.get(f"/behoeften/{make_need(project).reference.lower()}").status_code == 200


class TestNearMisses:
    @pytest.mark.parametrize(
        ("listing", "need", "sentence"),
        [
            ({"length_mm": 2105}, {"length_min": 2110, "length_max": 2120}, "hoogte 5 mm te klein"),
            ({"length_mm": 2130}, {"length_min": 2110, "length_max": 2120}, "hoogte 10 mm te groot"),
            ({"grade": Grade.C}, {"grade": Grade.B}, "kwaliteit C, gevraagd B"),
            ({"building_year": 1978}, {"accepts_untested": False}, "nog niet onderzocht op gevaarlijke stoffen"),
            ({"width_mm": None}, {"width_min": 930}, "breedte onbekend"),
            (
                {"length_mm": None, "width_mm": None, "height_mm": None},
                {"length_min": 2115, "width_min": 930},
                "hoogte, breedte onbekend",
            ),
        ],
    )
    def test_the_one_rule_is_told_with_by_how_much(self, client, project, listing, need, sentence):
        make_listing(name="Bijna goed", **listing)
        text = show(client, make_need(project, **need))
        assert "Nu past er niets" in text
        assert "1 partij, op één regel" in text
        assert sentence in text

    def test_a_beam_is_told_by_its_length(self, client, project):
        make_listing(category="timber_joist", length_mm=5295, width_mm=75, height_mm=200, building_year=2010)
        need = make_need(project, category="timber_joist", length_min=5300, length_max=5600)
        assert "5 mm te kort" in show(client, need)
        assert 'aria-label="5 mm te kort"' in client.get(f"/behoeften/{need.reference}").text

    def test_weeks_too_late(self, client, project):
        last = clock.today() + timedelta(days=40)
        make_listing(available_from=last + timedelta(weeks=2))
        assert "2 weken te laat" in show(client, make_need(project, wanted_from=last, wanted_until=last))

    def test_kilometres_too_far_are_rounded_up(self, client, project):
        listing = make_listing(at="Hoogeveen")
        far = listing.point.road_km_to(project.point)
        need = make_need(project, max_km=int(far))
        assert "1 km te ver" in show(client, need)


class TestBudget:
    @pytest.fixture
    def need(self, project):
        make_listing(price_eur=Decimal("30.00"), name="Dure deuren")
        return make_need(project, max_price=Decimal("25.00"))

    def test_the_own_organisation_reads_it(self, planner, need):
        text = show(planner, need)
        assert "€ 25,00 per st" in text
        assert "€ 5,00 te duur" in text

    @pytest.mark.parametrize("visitor", ["nobody", "another organisation"])
    def test_nobody_else_can_tell(self, client, need, visitor):
        if visitor != "nobody":
            sign_in(client, make_member())
        page = show(client, need)
        assert "Dure deuren" in page
        assert "te duur" not in page
        assert "25,00" not in page
        session.get_one(Need, need.id).max_price = None
        assert show(client, need) == page, "as if there were no budget"


class TestReserving:
    def test_who_may_not_reserve_for_it_sees_no_button(self, client, project):
        make_listing()
        need = make_need(project)
        assert "Reserveer 20 st" in show(client, need)
        sign_in(client, make_member())
        assert "Reserveer" not in show(client, need)

    def test_the_own_lot_cannot_be_reserved(self, planner, builder, project):
        make_listing(builder)
        text = show(planner, make_need(project))
        assert "Uw eigen partij" in text
        assert "Reserveer" not in text


class TestForm:
    def new(self, client, project, **changes):
        return client.post(f"/projecten/{project.slug}/behoeften/nieuw", data=FORM | changes)

    def test_a_need_is_added_and_shown_with_what_fits(self, planner, project):
        answer = self.new(planner, project, substitutes=["glulam"])
        assert answer.status_code == 303
        need = session.scalars(select(Need)).one()
        assert answer.location.endswith(f"/behoeften/{need.reference}")
        assert (need.category, need.substitutes, need.quantity, need.unit) == (
            "timber_joist",
            ["glulam"],
            120,
            Unit.PIECE,
        )
        assert (need.length_min, need.length_max, need.width_min) == (3900, 4200, None)
        assert (need.new_eur, need.max_price, need.min_batch) == (Decimal("46.50"), 24, 20)
        assert (need.max_km, need.grade, need.accepts_untested, need.note) == (60, Grade.B, False, "Rechte balken")

    def test_the_empty_form_begins_with_the_time_of_the_project(self, planner, project):
        page = planner.get(f"/projecten/{project.slug}/behoeften/nieuw").text
        assert f'value="{project.starts_on.isoformat()}"' in page
        assert 'aria-invalid="true"' not in page

    @pytest.mark.parametrize(
        ("changes", "field", "sentence"),
        [
            ({"title": ""}, "title", "Vul in hoe u deze behoefte noemt."),
            ({"category_text": "boomklomp", "category": ""}, "category", "Niets gevonden voor “boomklomp”."),
            ({"quantity": "1,5"}, "quantity", "heel getal"),
            ({"quantity": "veel"}, "quantity", "geen getal"),
            ({"length_min": "4300"}, "length_max", "De grootste maat is kleiner dan de kleinste."),
            ({"wanted_until": "2027-02-01"}, "wanted_until", "De laatste dag ligt vóór de eerste dag"),
            ({"max_km": "0"}, "max_km", "van 1 tot en met 1.000"),
            ({"new_eur": ""}, "new_eur", "Vul in wat nieuw kost."),
            ({"min_batch": "121"}, "min_batch", "groter dan wat u nodig hebt"),
            ({"substitutes": "asphalt_tar"}, "substitutes", "mag niet opnieuw worden gebruikt"),
        ],
    )
    def test_a_mistake_is_told_at_its_field_and_nothing_is_lost(self, planner, project, changes, field, sentence):
        answer = self.new(planner, project, **changes)
        assert answer.status_code == 422
        error = re.search(rf'<p class="field__error" id="{field}-error">(.*?)</p>', answer.text, re.DOTALL)
        assert error, field
        assert sentence in unescape(error[1])
        kept = sent_back(answer.text)
        expected = {name: value for name, value in (FORM | changes).items() if name not in {"category", "substitutes"}}
        assert {name: kept.get(name) for name in expected} == expected
        assert session.scalar(select(func.count()).select_from(Need)) == 0

    def test_the_form_of_a_need_sends_back_what_it_says(self, planner, project):
        need = make_need(project, length_min=2110, length_max=2120, max_price=Decimal("40.00"), note="Links draaiend")
        before = {name: getattr(need, name) for name in ("title", "quantity", "length_max", "max_price", "note")}
        form = sent_back(planner.get(f"/behoeften/{need.reference}/wijzigen").text)
        assert form["category_text"]
        answer = planner.post(f"/behoeften/{need.reference}/wijzigen", data=form | {"max_km": "75"})
        assert answer.status_code == 303
        session.expire_all()
        assert {name: getattr(need, name) for name in before} == before
        assert need.max_km == 75

    def test_it_can_be_taken_away(self, planner, project):
        need = make_need(project)
        answer = planner.post(f"/behoeften/{need.reference}/verwijderen")
        assert answer.location.endswith(f"/projecten/{project.slug}")
        assert session.scalar(select(func.count()).select_from(Need)) == 0

    @pytest.mark.parametrize("path", ["/projecten/{slug}/behoeften/nieuw", "/behoeften/{reference}/wijzigen"])
    def test_for_another_organisation_it_does_not_exist(self, client, project, path):
        need = make_need(project)
        sign_in(client, make_member())
        address = path.format(slug=project.slug, reference=need.reference)
        assert client.get(address).status_code == 404
        assert client.post(address, data=FORM).status_code == 404

    def test_another_organisation_cannot_take_it_away(self, client, project):
        need = make_need(project)
        sign_in(client, make_member())
        assert client.post(f"/behoeften/{need.reference}/verwijderen").status_code == 404
        assert session.scalar(select(func.count()).select_from(Need)) == 1

    def test_who_works_on_site_may_not_plan(self, client, builder, project):
        sign_in(client, make_member(builder, role=Role.SITE))
        assert client.get(f"/projecten/{project.slug}/behoeften/nieuw").status_code == 403

    def test_a_word_for_several_kinds_is_asked_about(self, client):
        page = client.get("/behoeften/soorten?category_text=deur").text
        assert page.count('type="radio"') > 2
        assert "category-fields" not in page.split("<fieldset")[0]

    def test_a_chosen_kind_names_its_sizes(self, client):
        page = client.get("/behoeften/soorten?fields=1&category_text=binnendeur&category=door_interior").text
        assert "Hoogte" in page
        assert "Dikte" in page
        assert "Lengte" not in page
