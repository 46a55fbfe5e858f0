"""The passport of a whole work: a road in its sections and layers, a building in its elements."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.kit.database import session
from marketplace.kit.quantities import Unit
from marketplace.passports.details import (
    Details,
    Element,
    Layer,
    LayerKind,
    Mki,
    MkiSet,
    Reclaimed,
    Section,
    Work,
)
from marketplace.passports.levels import EvidenceLevel, Granularity
from marketplace.passports.models import Claim
from marketplace.web.passports.elements import element_rows, elements_text
from marketplace.web.passports.work import modules_text
from tests.factories import make_passport


def mki(eur, *, of=MkiSet.A1) -> Mki:
    return Mki(Decimal(eur), of, ("A1", "A2", "A3", "C", "D"), Unit.T, "Mengselblad")


def layer(kind, **more) -> Layer:
    stated = {"id": kind.value.replace("_", "-"), "kind": kind, "mix": f"Mengsel {kind}", "thickness_mm": 35}
    return Layer(**(stated | {"area_m2": Decimal(4900), "mass_t": Decimal(400), "laid_year": 2026} | more))


def surface(**more) -> Layer:
    return layer(
        LayerKind.SURFACE,
        **{
            "reclaimed_percent": Decimal(50),
            "sources": (Reclaimed("N376, oude deklaag", Decimal(35)), Reclaimed("N34", Decimal(15))),
            "bitumen_percent": Decimal(6),
            "bitumen": "40/60",
            "pak10": Decimal(18),
            "pak10_report": "LN-1",
            "mki": mki("4.10"),
        }
        | more,
    )


def section(name, start, *layers) -> Section:
    return Section(
        id=name,
        from_hm=Decimal(start),
        to_hm=Decimal(start) + 1,
        side="beide rijstroken",
        width_m=Decimal(7),
        layers=layers,
    )


def make_work(work, **more):
    facts = {"category": "asphalt_granulate", "unit": Unit.T, "name": "N376", "building_year": 2026}
    return make_passport(granularity=Granularity.WORK, details=Details(work=work), **(facts | more))


@pytest.fixture
def shown(client):
    def read(passport, query=""):
        session.flush()
        answer = client.get(f"/paspoort/{passport.code}{query}")
        assert answer.status_code == 200, answer.text
        return " ".join(answer.text.split())

    return read


@pytest.fixture
def road(context):
    sand = layer(LayerKind.SAND_BED, laid_year=None, mass_t=Decimal(4000), thickness_mm=500)
    binder = layer(LayerKind.BINDER, pak10=None, mki=mki("3.00", of=MkiSet.A2))
    first = section("1", "12.4", surface(), binder, sand)
    return make_work(Work(sections=(first, section("2", "13.4", surface(laid_year=1998, sources=())))))


class TestRoad:
    def test_the_head_says_how_long_it_is_and_what_lies_in_it(self, shown, road):
        assert "Paspoort van het werk, 2 km, 2 wegvakken, 1.200 t asfalt" in shown(road)

    def test_the_first_section_is_shown_until_another_is_chosen(self, shown, road):
        assert "Wegvak hm 12,4–13,4" in shown(road)
        assert "Wegvak hm 13,4–14,4" in shown(road, "?vak=2")

    @pytest.mark.parametrize("query", ["?vak=9", "?vak=", "?vak=%3Cb%3E"])
    def test_a_section_that_is_not_there_is_the_first(self, shown, road, query):
        page = shown(road, query)
        assert "Wegvak hm 12,4–13,4" in page
        assert "<b>&" not in page

    def test_the_strip_links_each_section(self, shown, road):
        page = shown(road)
        for name in ("1", "2"):
            assert page.count(f'href="?vak={name}#section"') == 2  # once on the wide sheet, once on the narrow one

    def test_a_layer_is_told_with_its_mix_year_share_pak_and_mki(self, shown, road):
        page = shown(road)
        for text in ("Deklaag", "Mengsel surface", "50 %", "€ 4,10", "A1", "rapport LN-1", "35 mm", "400,0 t"):
            assert text in page, text
        assert "Grens voor hergebruik: PAK10 75 mg/kg." in page

    def test_what_is_not_known_says_so_and_what_does_not_apply_too(self, shown, road):
        page = shown(road)
        assert page.count("evidence__unknown") > 3
        sand = page[page.index("Mengsel sand_bed") :]
        assert "n.v.t." in sand[: sand.index("</dl>")]

    def test_asphalt_above_the_limit_is_called_tar(self, shown):
        tar = surface(pak10=Decimal("75.1"))
        limit = surface(pak10=Decimal(75))
        assert "road-layer__tar" in shown(make_work(Work(sections=(section("1", "1", tar),))))
        assert "road-layer__tar" not in shown(make_work(Work(sections=(section("1", "1", limit),))))

    def test_no_style_stands_in_the_page(self, shown, road):
        assert "style=" not in shown(road)

    def test_a_section_without_layers_has_a_page(self, shown):
        page = shown(make_work(Work(sections=(section("1", "1"),))))
        assert "0 lagen" in page
        assert "road-block__face" not in page

    def test_sections_beside_each_other_count_once(self, shown):
        left, right = section("L", "3", surface()), section("R", "3", surface())
        assert "Paspoort van het werk, 1 km, 2 wegvakken" in shown(make_work(Work(sections=(left, right))))


class TestComposition:
    def test_sources_what_is_new_and_bitumen_make_a_whole(self, shown, road):
        page = shown(road)
        part = page[page.index("Waar de deklaag uit bestaat") :]
        for text in ("35 %", "15 %", "44 %", "Nieuw steenslag", "6 %", "Bitumen 40/60"):
            assert text in part, text
        assert "Waar het zandbed" not in page

    def test_a_source_with_a_passport_is_linked_and_one_without_is_not(self, shown):
        donor = make_passport(name="Oude deklaag")
        sources = (Reclaimed("Oude deklaag", Decimal(40), donor.code), Reclaimed("Depot", Decimal(10)))
        page = shown(make_work(Work(sections=(section("1", "1", surface(sources=sources)),))))
        assert f'<a href="/paspoort/{donor.code}">Oude deklaag</a>' in page
        assert "<a" not in page[page.index("Depot") - 20 : page.index("Depot")]

    def test_bitumen_never_makes_it_more_than_a_whole(self, shown):
        whole = surface(reclaimed_percent=Decimal(98), sources=(Reclaimed("N34", Decimal(98)),))
        part = shown(make_work(Work(sections=(section("1", "1", whole),))))
        part = part[part.index("Waar de deklaag uit bestaat") :]
        assert "<b>2 %</b>" in part
        assert "Nieuw" not in part


class TestEnvironment:
    def test_mki_has_its_set_and_modules_and_is_not_added_across_sets(self, shown, road):
        page = shown(road)
        assert "set A1, modules A1–A3, C, D" in page
        assert "€ 1.640" in page  # 400 t at 4.10; the binder has set A2
        assert "over 1 laag, 1 met een andere set telt niet mee, van 1 onbekend" in page

    def test_it_is_compared_with_all_new_where_that_is_known(self, shown, road):
        assert "zonder hergebruik" not in shown(road)
        claim = {"passport_id": road.id, "key": "mki_new_surface", "value": "€ 6,85 per t"}
        session.add(Claim(**claim, level=EvidenceLevel.DECLARED))
        session.flush()
        session.expire(road)
        assert "nieuw, zonder hergebruik: € 6,85 per t" in shown(road)

    def test_nothing_is_said_where_nothing_is_known(self, shown):
        page = shown(make_work(Work(sections=(section("1", "1", surface(mki=None)),))))
        assert "MKI van dit wegvak" not in page

    def test_modules_are_written_as_ranges_only_where_whole(self):
        assert modules_text(("A1", "A2", "A3", "C", "D")) == "A1–A3, C, D"
        assert modules_text(("A1", "A3")) == "A1, A3"
        assert modules_text(("A1", "A2", "A3", "A4", "A5")) == "A1–A5"


def test_a_core_is_told_at_its_section(shown, road):
    core = {"passport_id": road.id, "key": "core_2", "value": "Kern K-05 bij hm 13,5", "report": "LN-0711"}
    session.add(Claim(**core, level=EvidenceLevel.TESTED, known_on=date(2026, 9, 3)))
    session.flush()
    session.expire(road)
    told = "Kern K-05 bij hm 13,5, 3 sep 2026, rapport LN-0711."
    assert told in shown(road, "?vak=2")
    assert told not in shown(road, "?vak=1")


def beam(**more) -> Element:
    stated = {"id": "B1", "category": "glulam", "name": "Ligger", "quantity": Decimal(10), "unit": Unit.PIECE}
    return Element(**(stated | {"mass_kg": Decimal(1000), "place": "speellokaal"} | more))


class TestBuilding:
    def test_its_elements_are_told_with_mass_and_place(self, shown):
        page = shown(make_work(Work(elements=(beam(),)), category="glulam", name="School"))
        assert "Paspoort van het gebouw, 1 soort bouwdelen, 1.000 kg" in page
        for text in ("Ligger", "10 st", "speellokaal", "nog niets", "0 kg van 1.000 kg geoogst"):
            assert text in page, text
        assert "road-strip" not in page

    @pytest.mark.parametrize(("taken", "told"), [("0", "nog niets"), ("4", "4 van 10 st"), ("10", "alles")])
    def test_it_is_told_how_much_was_harvested(self, app, taken, told):
        with app.test_request_context():
            (row,) = element_rows([beam()], {"B1": Decimal(taken)})
            assert row.harvested == told
            assert elements_text([beam()], {"B1": Decimal(taken)}).startswith(
                f"{Decimal(taken) * 100:,} kg".replace(",", ".")
            )


@pytest.mark.parametrize(
    ("granularity", "work"),
    [(Granularity.BATCH, Work(elements=(beam(),))), (Granularity.WORK, Work()), (Granularity.WORK, None)],
)
def test_anything_else_has_the_usual_page(shown, granularity, work):
    page = shown(make_passport(granularity=granularity, details=Details(work=work)))
    assert 'class="work"' not in page
    assert "<h1>Binnendeuren opdek</h1>" in page
