"""Documents of passports to test with: a door, a batch of beams, a road and a building."""

from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec

from marketplace.kit.quantities import Unit
from marketplace.materials.hazards import Hazard
from marketplace.passports.details import (
    Component,
    Condition,
    ConditionScale,
    Detachability,
    Element,
    FigureKey,
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
from marketplace.passports.document import (
    Ancestor,
    Classification,
    Figure,
    HazardStatement,
    Organisation,
    Origin,
    PassportDocument,
    Statement,
    TestStatement,
)
from marketplace.passports.gate import HazardStatus
from marketplace.passports.levels import EvidenceLevel, Granularity

HUB = "https://hub.example"
_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_PHOTO, _REPORT = "0a" * 32, "f3" * 32
_HUB = Organisation("Hub Assen", "01234567", "Assen")
_OWNER = Organisation("Gemeente Assen", "", "Assen")


def door() -> PassportDocument:
    """Return one inner door of which everything is stated that can be stated of an item."""
    return PassportDocument(
        code="7K3M9PQRSTVWX",
        uri=f"{HUB}/ID/7K3M9PQRSTVWX",
        number=3,
        valid_from=_AT,
        granularity=Granularity.ITEM,
        name="Binnendeur 2115 × 930 × 40 mm",
        description="Vlakke deur, wit geschilderd.",
        issuer=_HUB,
        owner=_OWNER,
        classification=Classification("door_interior", "Binnendeur", "Interior door", "32.31", "IfcDoor", "17 02 01"),
        unit=Unit.PIECE,
        figures=(
            Figure(FigureKey.QUANTITY, Decimal(1), "C62", HowKnown.MEASURED),
            Figure(FigureKey.MASS, Decimal("28.5"), "KGM", HowKnown.MEASURED, Decimal("0.5")),
            Figure(FigureKey.LENGTH, Decimal(2115), "MMT", HowKnown.MEASURED, Decimal(1)),
            Figure(FigureKey.WIDTH, Decimal(930), "MMT", HowKnown.MEASURED),
            Figure(FigureKey.HEIGHT, Decimal(40), "MMT", HowKnown.DRAWING),
            Figure(FigureKey.AREA, Decimal("1.967"), "MTK", HowKnown.ESTIMATED),
            Figure(FigureKey.VOLUME, Decimal("0.0787"), "MTQ", HowKnown.ESTIMATED),
        ),
        origin=Origin(
            name="Gemeentehuis",
            building_year=1978,
            place="Assen",
            latitude=52.996,
            longitude=6.562,
            project="Sloop gemeentehuis",
            client="Gemeente Assen",
            bag_id="0106100000012345",
            address="Noordersingel 33, Assen",
            floor="2",
            axis="B-4",
        ),
        quality=Quality(QualityBasis.TESTED, "Rapport 2026-114"),
        photos=(_PHOTO, "1b" * 32),
        documents=(_REPORT,),
        composition=(
            Component("vurenhout", Decimal("0.6"), reused=Decimal(1), country="SE"),
            Component("spaanplaat", Decimal("0.3"), primary=Decimal("0.25"), recycled=Decimal("0.75")),
        ),
        condition=Condition(2, ConditionScale.NEN_2767, "kras bij het slot", "Bureau Keur", date(2026, 2, 20)),
        hazards=(
            HazardStatement(
                Hazard.LEAD,
                HazardStatus.PRESENT,
                "L-2026-7",
                date(2026, 2, 18),
                "Lab Noord",
                Decimal(840),
                "mg/kg",
                "hergebruik als deur",
                _REPORT,
            ),
            HazardStatement(Hazard.ASBESTOS, HazardStatus.ABSENT_TESTED, "A-1", date(2026, 2, 18), "Lab Noord"),
            HazardStatement(Hazard.PFAS, HazardStatus.UNKNOWN),
        ),
        statements=(
            Statement("brandwerendheid", "30 minuten", EvidenceLevel.DECLARED, "fabrikant", "NEN-EN 1634-1"),
            Statement("u-waarde", "2,1 W/m2K", EvidenceLevel.TESTED, report="U-9", document=_REPORT),
        ),
        tests=(
            TestStatement(
                "rechtheid",
                passed=True,
                tested_on=date(2026, 2, 21),
                value="1 mm",
                method="eigen",
                laboratory="Lab Noord",
                report="T-1",
                document=_REPORT,
            ),
            TestStatement("sluiting", passed=False, tested_on=date(2026, 2, 21)),
        ),
        detachability=Detachability(Decimal(1), Decimal("0.8"), Decimal("0.4"), Decimal("0.1")),
        dismantling="Scharnieren losschroeven.",
        hoisting="Met twee personen tillen.",
        mki=Mki(Decimal("4.1234567"), MkiSet.A2, ("A1", "A2", "A3"), Unit.PIECE, "NMD 3.8", 3),
        gwp=(Gwp(Decimal("-12.4"), "A1", Unit.PIECE, "EPD 12"), Gwp(Decimal("3.3"), "C3", Unit.PIECE, "EPD 12")),
        later=Later(Scenario.REUSE, 25, "R3"),
        parties=(
            Party(PartyRole.SELLER, "Sloop BV", "87654321"),
            Party(PartyRole.REMOVER, "Sloop BV"),
            Party(PartyRole.INSPECTOR, "Bureau Keur"),
            Party(PartyRole.CERTIFIER, "SKH"),
        ),
        ancestors=(Ancestor("9ABCDEFGHJKMN", "split", Decimal("28.5"), "E1"),),
        is_example=True,
    )


def beams() -> PassportDocument:
    """Return a batch of beams of which the least is stated: where they come from nobody knows."""
    return PassportDocument(
        code="5QWXYZ2345678",
        uri=f"{HUB}/ID/5QWXYZ2345678",
        number=1,
        valid_from=_AT,
        granularity=Granularity.BATCH,
        name="Houten balken",
        issuer=_OWNER,
        owner=_OWNER,
        classification=Classification("timber_beam", "Houten balk", "Timber beam"),
        unit=Unit.PIECE,
        figures=(
            Figure(FigureKey.QUANTITY, Decimal(48), "C62", HowKnown.SUPPLIER),
            Figure(FigureKey.MASS, Decimal("1843.2"), "KGM", HowKnown.ESTIMATED),
        ),
        origin=Origin(unknown=True),
        quality=Quality(),
    )


def road() -> PassportDocument:
    """Return the resurfacing of a road: two sections, one of three layers of asphalt and one on a foundation."""
    return PassportDocument(
        code="2RSTVWXYZ3456",
        uri=f"{HUB}/ID/2RSTVWXYZ3456",
        number=2,
        valid_from=_AT,
        granularity=Granularity.WORK,
        name="N376, groot onderhoud 2025",
        issuer=_HUB,
        owner=Organisation("Provincie Drenthe", "01179514", "Assen"),
        classification=Classification("asphalt_granulate", "Asfalt", "Asphalt", "", "IfcPavement", "17 03 02"),
        unit=Unit.T,
        figures=(
            Figure(FigureKey.QUANTITY, Decimal("1712.5"), "TNE", HowKnown.DRAWING, Decimal(20)),
            Figure(FigureKey.MASS, Decimal(1712500), "KGM", HowKnown.DRAWING),
        ),
        origin=Origin(name="N376", road="N376 hm 12,0-13,4", building_year=2025, client="Provincie Drenthe"),
        quality=Quality(QualityBasis.CERTIFIED, "BRL 9320"),
        composition=(
            Component("steenslag", Decimal("0.945"), primary=Decimal("0.5"), recycled=Decimal("0.5"), country="NO"),
            Component("bitumen", Decimal("0.055"), primary=Decimal("0.9"), biobased=Decimal("0.1")),
        ),
        hazards=(
            HazardStatement(
                Hazard.PAK, HazardStatus.ABSENT_TESTED, "P-88", date(2025, 9, 1), "Lab", Decimal(3), "mg/kg"
            ),
        ),
        work=Work(sections=(_section_of_asphalt(), _section_on_foundation())),
    )


def _section_of_asphalt() -> Section:
    mki = Mki(Decimal("7.43"), MkiSet.A1, ("A1", "A2", "A3", "A4", "A5"), Unit.T, "EPD mengsel")
    return Section(
        "V1",
        Decimal("12.0"),
        Decimal("12.7"),
        "N376",
        "R",
        "1",
        Decimal("3.25"),
        (
            Layer(
                "L1",
                LayerKind.SURFACE,
                "SMA-NL 11",
                35,
                Decimal(2275),
                Decimal("191.1"),
                standard="NEN-EN 13108-5",
                laid_on=date(2025, 9, 14),
                bitumen="70/100",
                bitumen_percent=Decimal("6.4"),
                polymer="SBS",
                rejuvenator="plantaardig",
                reclaimed_percent=Decimal(30),
                sources=(Reclaimed("N34", Decimal(20), "9ABCDEFGHJKMN"), Reclaimed("depot", Decimal(10))),
                plant="Centrale Hoogersmilde",
                report="DoP 11",
                pak10=Decimal("4.2"),
                pak10_report="P-88",
                mki=mki,
            ),
            Layer("L2", LayerKind.BINDER, "AC 16 bind", 60, Decimal(2275), Decimal("327.6"), laid_year=2025),
            Layer(
                "L3", LayerKind.BASE, "AC 22 base", 80, Decimal(2275), Decimal("436.8"), reclaimed_percent=Decimal(65)
            ),
        ),
    )


def _section_on_foundation() -> Section:
    layers = (
        Layer(
            "L1", LayerKind.SURFACE, "ZOAB 16", 50, Decimal(2275), Decimal("238.9"), pak10=Decimal(0), pak10_report="P"
        ),
        Layer("L2", LayerKind.FOUNDATION, "menggranulaat", 250, Decimal(2300), Decimal("518.1")),
    )
    return Section("V2", Decimal("12.7"), Decimal("13.4"), layers=layers)


def building() -> PassportDocument:
    """Return a building with two kinds of elements, which become harvest one day."""
    elements = (
        Element("E1", "door_interior", "Binnendeuren", Decimal(84), Unit.PIECE, Decimal(2394), "alle verdiepingen"),
        Element("E2", "timber_beam", "Dakbalken", Decimal("412.5"), Unit.M, Decimal("3300.75")),
    )
    return msgspec.structs.replace(
        beams(),
        code="3HJKMNPQRSTVW",
        uri=f"{HUB}/ID/3HJKMNPQRSTVW",
        granularity=Granularity.WORK,
        name="Gemeentehuis, als gebouwd",
        origin=Origin(name="Gemeentehuis", bag_id="0106100000012345", building_year=1978),
        work=Work(elements=elements),
    )
