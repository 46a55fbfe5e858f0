"""The guided form: each step shows, keeps and refuses what belongs to it, without losing what was typed."""

import io
import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import msgspec
import pytest

from marketplace.accounts.permissions import Role
from marketplace.kit import clock, journal
from marketplace.kit.database import session
from marketplace.kit.quantities import Unit
from marketplace.listings.models import ListingStatus
from marketplace.materials.hazards import Hazard
from marketplace.passports import actions, evidence, queries
from marketplace.passports.details import (
    Component,
    Condition,
    Details,
    Donor,
    Element,
    FigureKey,
    FigureNote,
    Gwp,
    HowKnown,
    Later,
    Layer,
    LayerKind,
    Mki,
    MkiSet,
    Party,
    PartyRole,
    Quality,
    QualityBasis,
    Reclaimed,
    Scenario,
    Section,
    Work,
)
from marketplace.passports.gate import HazardStatus
from marketplace.passports.levels import EvidenceLevel, Granularity
from marketplace.passports.models import PassportStatus
from marketplace.web.passports.guide import PAGES
from tests.conftest import one_database
from tests.factories import (
    by,
    make_finding,
    make_listing,
    make_member,
    make_organisation,
    make_passport,
    sign_in,
    sign_out,
)
from tests.kit.test_documents import HTML, jpeg, pdf
from tests.passports.documents import door
from tests.web.reading import sent_back

ALL = [page.slug for page in PAGES]
TOMORROW = (clock.today() + timedelta(days=1)).isoformat()

LAYER = Layer(
    "1",
    LayerKind.SURFACE,
    "SMA-NL 11",
    35,
    Decimal(9000),
    Decimal("756.5"),
    laid_on=date(2024, 6, 3),
    bitumen="70/100",
    bitumen_percent=Decimal("6.4"),
    reclaimed_percent=Decimal(30),
    sources=(Reclaimed("N34", Decimal(10)), Reclaimed("N376", Decimal(20))),
    plant="Asfalt Centrale Assen",
    report="TT-1",
    pak10=Decimal(3),
    pak10_report="L-9",
    mki=Mki(Decimal("7.25"), MkiSet.A2, ("A1", "A2", "A3"), Unit.T, "EPD 7", 1),
)
EVERYTHING = Details(
    figures=(
        FigureNote(FigureKey.LENGTH, HowKnown.MEASURED, Decimal(1)),
        FigureNote(FigureKey.AREA, HowKnown.DRAWING, None, Decimal("1.967")),
    ),
    composition=(
        Component("vurenhout", Decimal("0.625"), reused=Decimal(1), country="SE"),
        Component("spaanplaat", Decimal("0.333333"), primary=Decimal("0.25"), recycled=Decimal("0.75")),
    ),
    donor=Donor("0106100000012345", "Brink 1, Assen", "", "Gemeente Assen", "2", "B-4", ""),
    condition=Condition(2, defects="kras bij het slot", on=date(2026, 2, 20)),
    quality=Quality(QualityBasis.TESTED, "Rapport 2026-114"),
    detachability=door().detachability,
    dismantling="Scharnieren losschroeven.\nNiet wrikken.",
    hoisting="Met twee personen tillen.",
    mki=Mki(Decimal("4.123"), MkiSet.A1, ("A1", "A2", "A3"), Unit.PIECE, "NMD 3.8", 3),
    gwp=(Gwp(Decimal("-12.4"), "A1", Unit.PIECE, "EPD 12"), Gwp(Decimal("3.3"), "C3", Unit.PIECE, "EPD 12")),
    later=Later(Scenario.REUSE, 25, "R3"),
    parties=(Party(PartyRole.SELLER, "Sloop BV", "87654321"), Party(PartyRole.REMOVER, "Sloop BV")),
    work=Work(
        (Section("1", Decimal(12), Decimal("14.5"), "N376", "rechts", "1", Decimal("3.5"), (LAYER,)),),
        (Element("E1", "door_interior", "Binnendeuren", Decimal(12), Unit.PIECE, Decimal(240), "verdieping 1"),),
    ),
)


@pytest.fixture
def owner(client):
    return make_organisation()


@pytest.fixture
def trader(client, owner):
    """A client that is signed in as a trader of `owner`."""
    return sign_in(client, make_member(owner))


@pytest.fixture
def passport(owner):
    """The draft of doors of 1978, of which one hazard is unknown and hardly anything else is stated."""
    made = make_passport(owner, status=PassportStatus.DRAFT, building_year=1978, kg_per_unit=30, details=Details())
    make_finding(made, hazard=Hazard.LEAD)
    return made


def url(passport, step="hoeveel"):
    return f"/paspoort/{passport.code}/bewerken?stap={step}"


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1])).split())


def form_of(page: str) -> dict[str, str]:
    """Return what a browser would send of the step itself."""
    form = page[page.index('<form class="form editor__form"') :]
    return sent_back("<main" + form.replace("<button", "<b"))


def current(passport):
    session.flush()
    session.expire_all()
    return queries.get_by_code(passport.code)


def save(trader, passport, step, **values):
    """Fill in some fields of a step as a browser does: the others go as they were shown."""
    sent = form_of(trader.get(url(passport, step)).text)
    return trader.post(url(passport, step), data=sent | values)


class TestWhoMayComeIn:
    @pytest.mark.parametrize("step", ALL)
    def test_every_step_opens_for_a_trader_of_the_owner(self, trader, passport, step):
        answer = trader.get(url(passport, step))
        assert answer.status_code == 200
        assert "% compleet" in answer.text

    def test_others_do_not_find_it(self, client, passport):
        assert client.get(url(passport)).location.startswith("/aanmelden")
        sign_in(client, make_member())
        assert client.get(url(passport)).status_code == 404
        assert client.post(url(passport)).status_code == 404
        assert client.post(f"/paspoort/{passport.code}/publiceren").status_code == 404

    def test_who_only_handles_things_may_not_change_what_they_are(self, client, owner, passport):
        sign_in(client, make_member(owner, Role.SITE))
        assert client.get(url(passport)).status_code == 403

    def test_a_passport_that_is_over_is_not_changed(self, trader, passport):
        passport.status = PassportStatus.WITHDRAWN
        answer = trader.post(url(passport), data={"name": "Anders"})
        assert answer.status_code == 409
        assert "geldt niet meer" in answer.text

    def test_an_unknown_step_is_the_first_and_only_a_work_has_parts(self, trader, passport):
        assert "Wat en hoeveel" in text_of(trader.get(url(passport, "onzin")).text)
        page = trader.get(url(passport, "opbouw")).text
        assert "sections" not in form_of(page)
        passport.granularity = Granularity.WORK
        assert "Nog een wegvak" in trader.get(url(passport, "opbouw")).text


class TestSaving:
    @pytest.mark.parametrize("step", [step for step in ALL if step != "bewijs"])
    def test_a_step_that_nobody_touched_changes_nothing(self, trader, passport, step):
        passport.details, passport.granularity = EVERYTHING, Granularity.WORK
        before = len(journal.history(passport.subject))
        answer = save(trader, passport, step)
        assert answer.status_code == 303, text_of(answer.text)
        kept = current(passport)
        assert kept.details == EVERYTHING
        assert len(journal.history(passport.subject)) == before

    def test_figures_say_how_they_are_known(self, trader, passport):
        values = {"figures-2-known": "measured", "figures-2-tolerance": "2", "figures-6-value": "0,079"}
        assert save(trader, passport, "hoeveel", kg_per_unit="23,5", quantity="41", **values).status_code == 303
        kept = current(passport)
        assert (kept.quantity, kept.kg_per_unit, kept.mass_is_estimate) == (41, Decimal("23.5"), False)
        assert kept.details.figures == (
            FigureNote(FigureKey.LENGTH, HowKnown.MEASURED, Decimal(2)),
            FigureNote(FigureKey.VOLUME, HowKnown.ESTIMATED, None, Decimal("0.079")),
        )

    def test_a_material_of_which_the_origin_is_not_split_is_all_reused(self, trader, passport):
        line = {"composition-0-line": "1", "composition-0-material": " vuren  hout", "composition-0-fraction": "62,5"}
        answer = save(trader, passport, "samenstelling", **line)
        assert answer.location.endswith("stap=herkomst")
        assert current(passport).details.composition == (Component("vuren hout", Decimal("0.625"), reused=Decimal(1)),)

    def test_lines_in_which_nothing_was_typed_are_no_lines(self, trader, passport):
        lines = {f"composition-{number}-line": "1" for number in range(4)}
        filled = {"composition-2-material": "glas", "composition-2-fraction": "5"}
        assert save(trader, passport, "samenstelling", **lines, **filled).status_code == 303
        assert [part.material for part in current(passport).details.composition] == ["glas"]

    def test_sections_and_layers_get_numbers_that_never_change(self, trader, passport):
        passport.details, passport.granularity = EVERYTHING, Granularity.WORK
        more = {
            "sections-0-layers-1-line": "1",
            "sections-0-layers-1-kind": "base",
            "sections-0-layers-1-mki_set": "A2",
            "sections-0-layers-1-mix": "AC 22 base",
            "sections-0-layers-1-thickness_mm": "8 cm",
            "sections-0-layers-1-area_m2": "9.000",
            "sections-0-layers-1-mass_t": "1.750",
        }
        assert save(trader, passport, "opbouw", **more).status_code == 303
        assert current(passport).details.work.part_ids() == ("1/1", "1/2", "E1")
        without_first = form_of(
            trader.post(
                url(passport, "opbouw"),
                data=form_of(trader.get(url(passport, "opbouw")).text) | {"remove": "sections-0-layers-0"},
            ).text
        )
        assert trader.post(url(passport, "opbouw"), data=without_first).status_code == 303
        (section,) = current(passport).details.work.sections
        assert [(layer.id, layer.mix, layer.thickness_mm) for layer in section.layers] == [("2", "AC 22 base", 80)]

    def test_the_history_tells_which_group_changed(self, trader, passport):
        save(trader, passport, "losmaken", dismantling="Los schroeven.")
        (entry,) = [one for one in journal.history(passport.subject) if one.action == "passport.changed"]
        assert entry.told == {"parts": "dismantling"}

    def test_that_nobody_knows_the_origin_is_stated(self, trader, passport):
        assert save(trader, passport, "herkomst", origin="", unknown="y").status_code == 303
        kept = current(passport)
        assert (kept.origin, kept.details.donor.unknown) == ("", True)


class TestLines:
    def test_a_line_comes_and_goes_without_script_and_what_was_typed_stays(self, trader, passport):
        typed = {"composition-0-line": "1", "composition-0-material": "hout", "composition-0-fraction": "veel"}
        more = trader.post(url(passport, "samenstelling"), data=typed | {"add": "composition"})
        assert more.status_code == 200
        sent = form_of(more.text)
        assert (sent["composition-0-fraction"], sent["composition-1-material"]) == ("veel", "")
        sent |= {"composition-1-material": "glas", "composition-1-fraction": "10"}
        fewer = trader.post(url(passport, "samenstelling"), data=sent | {"remove": "composition-0"})
        sent = form_of(fewer.text)
        assert (sent["composition-0-material"], sent["composition-0-fraction"]) == ("glas", "10")
        assert "composition-1-material" not in sent
        assert current(passport).details.composition == ()

    def test_lines_within_lines_come_and_go(self, trader, passport):
        passport.details, passport.granularity = EVERYTHING, Granularity.WORK
        sent = form_of(trader.get(url(passport, "opbouw")).text)
        more = form_of(trader.post(url(passport, "opbouw"), data=sent | {"add": "sections-0-layers-0-sources"}).text)
        assert more["sections-0-layers-0-sources-2-name"] == ""
        removed = {"remove": "sections-0-layers-0-sources-0"}
        fewer = form_of(trader.post(url(passport, "opbouw"), data=more | removed).text)
        assert fewer["sections-0-layers-0-sources-0-name"] == "N376"
        assert fewer["sections-0-layers-0-mix"] == "SMA-NL 11"

    @pytest.mark.parametrize("what", ["add", "remove"])
    def test_odd_lines_harm_nothing(self, trader, passport, what):
        for name in ("", "csrf_token", "name", "composition-0-material", "../x", "x" * 500, "figures"):
            assert trader.post(url(passport, "samenstelling"), data={what: name}).status_code == 200, name

    def test_a_list_does_not_grow_without_end(self, trader, passport):
        lines = {f"composition-{number}-line": "1" for number in range(60)}
        page = trader.post(url(passport, "samenstelling"), data=lines | {"add": "composition"}).text
        assert "composition-60-material" not in form_of(page)


WORK = {
    "sections-0-line": "1",
    "sections-0-from_hm": "12",
    "sections-0-to_hm": "14",
    "sections-0-layers-0-line": "1",
    "sections-0-layers-0-kind": "surface",
    "sections-0-layers-0-mki_set": "A2",
    "sections-0-layers-0-mix": "SMA-NL 11",
    "sections-0-layers-0-thickness_mm": "35",
    "sections-0-layers-0-area_m2": "900",
    "sections-0-layers-0-mass_t": "75",
}
MATERIAL = {"composition-0-line": "1", "composition-0-material": "hout", "composition-0-fraction": "60"}
OTHER = {"composition-1-line": "1", "composition-1-material": "glas", "composition-1-fraction": "50"}
MKI = {"mki_eur": "4,1", "mki_modules": "A1, A2", "mki_source": "NMD 3.8"}


@one_database
@pytest.mark.parametrize(
    ("step", "typed", "field", "sentence"),
    [
        ("hoeveel", {"quantity": "-3"}, "quantity", "Vul een hoeveelheid groter dan nul in."),
        ("hoeveel", {"quantity": "2,5"}, "quantity", "Een aantal stuks is een heel getal."),
        ("hoeveel", {"quantity": "NaN"}, "quantity", "“NaN” is geen getal."),
        ("hoeveel", {"kg_per_unit": "0"}, "kg_per_unit", "groter dan nul"),
        ("hoeveel", {"height_mm": "-40"}, "height_mm", "Een maat ligt tussen 1 en 200.000 mm."),
        ("hoeveel", {"figures-1-tolerance": "-1"}, "figures-1-tolerance", "Een marge is nul of meer."),
        ("hoeveel", {"figures-5-value": "0"}, "figures-5-value", "groter dan nul"),
        ("samenstelling", MATERIAL | {"composition-0-fraction": "100,1"}, "composition-0-fraction", "ten hoogste 100"),
        ("samenstelling", MATERIAL | {"composition-0-fraction": ""}, "composition-0-fraction", "meer dan 0"),
        ("samenstelling", MATERIAL | OTHER, "composition", "De aandelen zijn samen 110 %."),
        (
            "samenstelling",
            MATERIAL | {"composition-0-primary": "60", "composition-0-recycled": "30"},
            "composition-0-fraction",
            "samen 90 %; dat moet 100 % zijn",
        ),
        ("samenstelling", MATERIAL | {"composition-0-country": "N1"}, "composition-0-country", "twee hoofdletters"),
        ("samenstelling", MATERIAL | {"composition-0-material": ""}, "composition-0-material", "welk materiaal"),
        ("herkomst", {"building_year": "3020"}, "building_year", "Vul een heel getal in"),
        ("herkomst", {"building_year": "2100"}, "building_year", "jaar"),
        ("toestand", {"condition": "2", "condition_on": TOMORROW}, "condition_on", "Deze dag moet nog komen"),
        ("toestand", {"condition": "2", "scale": "nen2767"}, "inspector", "Vul in welk bureau"),
        ("toestand", {"condition": "9"}, "condition", ""),
        ("toestand", {"defects": "kras"}, "condition", "Kies eerst het cijfer"),
        ("toestand", {"quality_basis": "tested"}, "quality_document", "Vul in welk document dit bewijst"),
        ("gevaarlijke-stoffen", {"hazard_lead": "absent_tested"}, "report_lead", "nummer van het onderzoeksrapport"),
        ("gevaarlijke-stoffen", {"found_on_lead": TOMORROW}, "found_on_lead", "Deze dag moet nog komen"),
        ("gevaarlijke-stoffen", {"value_lead": "-1"}, "value_lead", "Een gehalte is nul of meer."),
        ("gevaarlijke-stoffen", {"hazard_pfas": "absent_tested"}, "report_pfas", "nummer van het onderzoeksrapport"),
        ("bewijs", {"value": "C24"}, "key", "Vul in welke eigenschap het is"),
        ("bewijs", {"key": "Sterkte"}, "value", "Vul de waarde in."),
        ("bewijs", {"key": "Sterkte", "value": "C24", "known_on": TOMORROW}, "known_on", "Deze dag moet nog komen"),
        ("bewijs", {"key": "Sterkte", "value": "C24", "level": "tested"}, "report", "rapportnummer of een document"),
        ("bewijs", {"test": "Vorst", "tested_on": "2026-03-02"}, "passed", "Kies of het voldoet."),
        ("bewijs", {"test": "Vorst", "passed": "yes"}, "tested_on", "Vul in wanneer het is getest."),
        ("bewijs", {"test": "Vorst", "passed": "yes", "tested_on": TOMORROW}, "tested_on", "Deze dag moet nog komen"),
        ("bewijs", {"test": "Vorst", "key": "Sterkte", "value": "C24"}, "test", "een voor een"),
        ("bewijs", {"passed": "no", "tested_on": "2026-03-02"}, "test", "Vul in wat er is getest"),
        ("losmaken", {"connection": "1"}, "accessibility", "Vul alle vier de factoren in"),
        (
            "losmaken",
            {"connection": "1,1", "accessibility": "1", "crossings": "1", "edge": "1"},
            "connection",
            "tussen 0,10 en 1,00",
        ),
        ("milieu", MKI | {"mki_source": ""}, "mki_source", "alleen met haar bron"),
        ("milieu", MKI | {"mki_eur": ""}, "mki_eur", "Vul het bedrag van de MKI in"),
        ("milieu", MKI | {"mki_modules": "A1, Z9"}, "mki_modules", "Noem de modules"),
        ("milieu", MKI | {"mki_nmd_category": "4"}, "mki_nmd_category", "Vul een heel getal in"),
        ("milieu", {"gwp-0-unit": "m2", "gwp-0-module": "A1", "gwp-0-source": "EPD"}, "gwp-0-kg", "hoeveel kg CO2"),
        ("later", {"remaining_years": "501"}, "remaining_years", "Vul een heel getal in"),
        (
            "later",
            {"scenario": "reuse", "parties-0-role": "seller", "parties-0-kvk": "123"},
            "parties-0-name",
            "naam van de organisatie",
        ),
        (
            "later",
            {"scenario": "reuse", "parties-0-name": "Sloop BV", "parties-0-role": "seller", "parties-0-kvk": "123"},
            "parties-0-kvk",
            "acht cijfers",
        ),
        ("opbouw", WORK | {"sections-0-to_hm": "12"}, "sections-0-to_hm", "niet voorbij het begin"),
        (
            "opbouw",
            WORK | {"sections-0-layers-0-thickness_mm": "-40"},
            "sections-0-layers-0-thickness_mm",
            "Een maat ligt tussen 1 en 200.000 mm.",
        ),
        (
            "opbouw",
            WORK | {"sections-0-layers-0-thickness_mm": "5001"},
            "sections-0-layers-0-thickness_mm",
            "ten hoogste 5.000 mm",
        ),
        ("opbouw", WORK | {"sections-0-layers-0-mix": ""}, "sections-0-layers-0-mix", "Vul het mengsel in"),
        ("opbouw", WORK | {"sections-0-layers-0-laid_on": TOMORROW}, "sections-0-layers-0-laid_on", "moet nog komen"),
        (
            "opbouw",
            WORK | {"sections-0-layers-0-pak10": "20"},
            "sections-0-layers-0-pak10_report",
            "nummer van het laboratoriumrapport",
        ),
        (
            "opbouw",
            WORK | {"sections-0-layers-0-sources-0-name": "N34", "sections-0-layers-0-sources-0-percent": "20"},
            "sections-0-layers-0-reclaimed_percent",
            "De bronnen zijn samen 20 %",
        ),
        (
            "opbouw",
            {"elements-0-category": "door_interior", "elements-0-unit": "piece", "elements-0-name": "Deuren"},
            "elements-0-quantity",
            "groter dan nul",
        ),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(trader, passport, step, typed, field, sentence):  # noqa: PLR0917 (fixtures and one case)
    if step == "opbouw":
        passport.granularity = Granularity.WORK
    before = current(passport).details
    answer = save(trader, passport, step, **typed)
    assert answer.status_code == 422
    page = answer.text
    assert f'href="#{field}"' in page
    assert f'id="{field}-error"' in page
    assert sentence in unescape(page[page.index(f'id="{field}-error"') :][:600])
    again = form_of(page)
    for name, value in typed.items():
        if value != "9":  # no choice of the list
            assert again.get(name) == value, name
    assert current(passport).details == before


class TestDocuments:
    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (HTML, "Dit is een webpagina, geen PDF."),
            (jpeg(), "Dit is een foto, geen PDF."),
            (b"", "Dit bestand is leeg."),
            (pdf(pages=30)[:-300], "niet compleet"),
            (pdf() + bytes(40_000_000 - len(pdf())), "Deze PDF is 40 MB."),
        ],
        ids=["web page", "photo", "empty", "cut off", "40 MB"],
    )
    @pytest.mark.parametrize(
        ("step", "field", "typed"),
        [
            ("gevaarlijke-stoffen", "document_lead", {"hazard_lead": "absent_tested", "report_lead": "L-1"}),
            ("bewijs", "document", {"key": "Sterkte", "value": "C24", "level": "tested"}),
            ("bewijs", "test_document", {"test": "Vorst", "passed": "yes", "tested_on": "2026-03-02"}),
        ],
    )
    def test_a_bad_document_is_refused_at_its_field_and_nothing_typed_is_lost(  # noqa: PLR0917 (fixtures and one case)
        self, trader, passport, content, sentence, step, field, typed
    ):
        answer = save(trader, passport, step, **typed, **{field: (io.BytesIO(content), "rapport.pdf")})
        answer.request.environ["wsgi.input"].close()  # a large form stood in a file of the client
        assert answer.status_code == 422
        assert sentence in unescape(answer.text[answer.text.index(f'id="{field}-error"') :][:400])
        assert "Kies uw bestand opnieuw" in answer.text
        again = form_of(answer.text)
        assert all(again[name] == value for name, value in typed.items())
        kept = current(passport)
        assert (kept.documents, kept.claims, kept.tests) == ([], [], [])
        assert kept.hazards[0].status is HazardStatus.UNKNOWN

    def test_a_finding_is_kept_with_its_report(self, trader, passport):
        typed = {
            "hazard_lead": "present",
            "report_lead": "L-1",
            "laboratory_lead": "SGS",
            "found_on_lead": "2026-02-20",
            "value_lead": "840",
            "permission_lead": "OD 2026-4",
            "document_lead": (io.BytesIO(pdf()), "Rapport lood.pdf"),
        }
        assert save(trader, passport, "gevaarlijke-stoffen", **typed).status_code == 303
        kept = current(passport)
        (finding,) = kept.hazards
        assert (finding.status, finding.value, finding.unit) == (HazardStatus.PRESENT, 840, "mg/kg")
        assert finding.document is kept.documents[0]
        assert "Rapport lood.pdf" in trader.get(url(passport, "gevaarlijke-stoffen")).text

    def test_a_claim_and_a_test_share_a_document(self, trader, passport):
        claim = {"key": "sterkte", "value": "C24", "level": "tested", "method": "NEN-EN 14081"}
        answer = save(trader, passport, "bewijs", **claim, document=(io.BytesIO(pdf()), "keuring.pdf"))
        assert answer.location.endswith("stap=bewijs")
        (paper,) = current(passport).documents
        test = {"test": "Vorst", "passed": "no", "tested_on": "2026-03-02", "test_document_known": paper.sha256}
        assert save(trader, passport, "bewijs", **test).status_code == 303
        kept = current(passport)
        assert [(one.key, one.level, one.document_id) for one in kept.claims] == [
            ("strength", EvidenceLevel.TESTED, paper.id)
        ]
        assert [(one.test, one.passed, one.document_id) for one in kept.tests] == [("Vorst", False, paper.id)]

    def test_members_read_who_recorded_something_and_strangers_do_not(self, client, owner, passport):
        trader = sign_in(client, make_member(owner, name="Jansje Recht"))
        save(trader, passport, "bewijs", key="sterkte", value="C24", level="measured")
        assert "vastgelegd door Jansje Recht" in trader.get(url(passport, "bewijs")).text
        passport.status = PassportStatus.PUBLISHED
        assert "Jansje" not in sign_out(client).get(f"/paspoort/{passport.code}").text


class TestPublishing:
    @pytest.fixture
    def publish(self, trader, passport):
        return lambda: trader.post(f"/paspoort/{passport.code}/publiceren")

    def test_what_is_needed_is_listed_with_a_link_to_its_field(self, trader, passport):
        page = trader.get(url(passport)).text
        assert f'href="{url(passport, "gevaarlijke-stoffen")}#hazard_lead"' in page
        assert f'href="{url(passport, "samenstelling")}#composition-0-material"' in page
        assert "Publiceer versie" not in page

    def test_it_is_not_published_while_something_is_needed(self, publish, passport):
        answer = publish()
        assert (answer.status_code, "#" in answer.location) == (303, True)
        assert current(passport).status is PassportStatus.DRAFT

    def test_a_complete_draft_becomes_a_signed_version_and_every_save_after_it_another(self, trader, publish, passport):
        later, composition = Later(), (Component("hout", Decimal(1), reused=Decimal(1)),)
        passport.details = msgspec.structs.replace(Details(), later=later, composition=composition)
        save(trader, passport, "gevaarlijke-stoffen", hazard_lead="absent_tested", report_lead="L-1")
        assert "Publiceer versie 1" in trader.get(url(passport)).text
        assert publish().location == f"/paspoort/{passport.code}"
        assert current(passport).status is PassportStatus.PUBLISHED
        assert "Bewaar als versie 2" in trader.get(url(passport, "losmaken")).text
        save(trader, passport, "losmaken", dismantling="Los schroeven.")
        save(trader, passport, "losmaken")
        assert [version.number for version in queries.versions_of(passport.id)] == [2, 1]

    def test_a_hazard_that_is_found_takes_the_offer_off_the_market(self, trader, owner):
        listing = make_listing(owner, building_year=2001)
        passport = queries.get_by_code(listing.passport.code)
        assert save(trader, passport, "gevaarlijke-stoffen", hazard_pcb="present").status_code == 303
        session.refresh(listing)
        assert listing.status is ListingStatus.DRAFT
        assert current(passport).status is PassportStatus.PUBLISHED

    def test_what_is_on_offer_keeps_the_amount_of_its_offer(self, trader, owner):
        listing = make_listing(owner)
        passport = queries.get_by_code(listing.passport.code)
        page = trader.get(url(passport)).text
        assert "quantity" not in form_of(page)
        assert save(trader, passport, "hoeveel", quantity="7", name="Deuren").status_code == 303
        kept = current(passport)
        assert (kept.quantity, kept.name) == (40, "Deuren")


def test_everything_of_the_facts_survives_a_step_of_something_else(trader, passport):
    before = {name: getattr(passport, name) for name in ("name", "quantity", "unit", "length_mm", "origin", "category")}
    save(trader, passport, "later", scenario="recycle")
    kept = current(passport)
    assert {name: getattr(kept, name) for name in before} == before
    assert kept.details.later == Later(Scenario.RECYCLE)


class TestWhatTheWorldSees:
    """The page of the passport, and the documents behind it."""

    @pytest.fixture
    def keep(self, owner, settings):
        def keep(passport, content=None, name="Rapport lood.pdf"):
            uploads = settings.uploads_path
            return evidence.add_document(passport, content or pdf(), name=name, uploads=uploads, by=by(owner))

        return keep

    @pytest.fixture
    def shown(self, owner):
        return make_passport(owner)

    def path(self, passport, document):
        return f"/paspoort/{passport.code}/documenten/{document.sha256}"

    def test_a_document_is_served_byte_for_byte_to_be_saved_and_runs_nothing(self, client, shown, keep):
        answer = client.get(self.path(shown, keep(shown)), buffered=True)
        assert answer.data == pdf()
        assert answer.mimetype == "application/pdf"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="Rapport lood.pdf"'
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "public" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers

    def test_a_photo_is_saved_as_what_it_is_whatever_it_was_called(self, client, shown, keep):
        answer = client.get(self.path(shown, keep(shown, jpeg(), "boor.heic")), buffered=True)
        assert (answer.mimetype, answer.headers["Content-Disposition"]) == (
            "image/jpeg",
            "attachment; filename=boor.jpg",
        )

    def test_a_document_of_a_draft_is_for_members_of_its_owner(self, client, owner, passport, keep):
        path = self.path(passport, keep(passport))
        assert client.get(path).status_code == 404
        sign_in(client, make_member())
        assert client.get(path).status_code == 404
        sign_in(client, make_member(owner))
        answer = client.get(path, buffered=True)
        assert (answer.status_code, "private" in answer.headers["Cache-Control"]) == (200, True)

    def test_a_document_of_another_passport_is_not_found_here(self, client, shown, owner, keep):
        other = make_passport(owner)
        document = keep(other)
        assert client.get(self.path(shown, document)).status_code == 404
        for odd in ("x", "../../secret_key", "0" * 64):
            assert client.get(f"/paspoort/{shown.code}/documenten/{odd}").status_code == 404

    def test_claims_hazards_and_tests_name_method_laboratory_and_document(self, client, shown, owner, keep):
        report = keep(shown)
        actions.add_claim(
            shown,
            key="strength",
            value="C24",
            level=EvidenceLevel.TESTED,
            method="NEN-EN 14081",
            document=report,
            by=by(owner),
        )
        make_finding(
            shown,
            hazard=Hazard.LEAD,
            status=HazardStatus.PRESENT,
            laboratory="SGS",
            value=Decimal(840),
            unit="mg/kg",
            permission="OD 2026-4",
            report="L-1",
            document_id=report.id,
        )
        page = client.get(f"/paspoort/{shown.code}").text
        link = f'<a href="{self.path(shown, report)}" download>Rapport lood.pdf</a>'
        assert f"NEN-EN 14081, {link}" in page
        assert f"SGS, 840 mg/kg, mag op grond van OD 2026-4, rapport L-1, {link}" in page
        assert f"SHA-256 {report.sha256}" in page

    def test_of_tests_and_claims_the_latest_count_and_earlier_ones_are_folded_away(self, client, shown, owner):
        for value, passed in (("18 N/mm2", False), ("32 N/mm2", True)):
            evidence.record_test(
                shown, test="Druksterkte", passed=passed, value=value, tested_on=date(2026, 3, 2), by=by(owner)
            )
            actions.add_claim(shown, key="density", value=value, level=EvidenceLevel.MEASURED, by=by(owner))
        page = client.get(f"/paspoort/{shown.code}").text
        text = text_of(page)
        assert "1 van 1 tests voldoet" in text
        assert "voldoet, 32 N/mm2" in text
        assert "1 eerdere uitslag voldoet niet, 18 N/mm2" in text
        assert "1 eerdere opgave, die niet meer telt Dichtheid: 18 N/mm2" in text
        assert page.count(">Dichtheid<") == 1

    def test_a_name_with_markup_stays_a_name(self, client, shown, owner, keep):
        report = keep(shown, name='<b onclick="x">.pdf')
        actions.add_claim(
            shown, key="x<i>", value="y", level=EvidenceLevel.TESTED, source="<u>", document=report, by=by(owner)
        )
        page = client.get(f"/paspoort/{shown.code}").text
        assert "<b onclick" not in page
        assert "<u>" not in page
        assert "&lt;u&gt;" in page

    def test_only_traders_of_the_owner_are_asked_to_complete_it(self, client, shown, owner):
        assert "Vul dit paspoort aan" not in client.get(f"/paspoort/{shown.code}").text
        sign_in(client, make_member(owner))
        assert "Vul dit paspoort aan" in client.get(f"/paspoort/{shown.code}").text
        shown.status = PassportStatus.WITHDRAWN
        assert "Vul dit paspoort aan" not in client.get(f"/paspoort/{shown.code}").text
