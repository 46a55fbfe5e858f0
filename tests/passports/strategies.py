"""Any document of a passport at all, for tests of what holds for each of them."""

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import strategies as st

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
from tests.passports.documents import HUB

_WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
_WORD = _WORDS.filter(str.strip)
_TEXT = st.just("") | _WORDS
_AMOUNT = st.decimals(Decimal("0.001"), Decimal(1_000_000_000), places=3)
_DAY = st.dates(date(1900, 1, 1), date(2026, 3, 2))
_MAYBE_DAY = st.none() | _DAY
_SHA256 = st.binary(min_size=32, max_size=32).map(bytes.hex)
_FILE = st.just("") | _SHA256
_CODE = st.text("23456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=13, max_size=13)
_PART_ID = st.text("ABCDEFGHIJ0123456789-", min_size=1, max_size=19)
_FACTOR = st.decimals(Decimal("0.1"), Decimal(1), places=2)
_PERCENT = st.decimals(0, 100, places=2)
_HUNDREDTHS = st.integers(0, 100)


def _mkis() -> st.SearchStrategy[Mki]:
    modules = st.lists(st.sampled_from(["A1", "A2", "A3", "C", "D"]), min_size=1, unique=True).map(tuple)
    eur = st.decimals(-1_000_000, 1_000_000, places=7)
    return st.builds(
        Mki, eur, st.sampled_from(MkiSet), modules, st.sampled_from(Unit), _WORD, st.sampled_from([None, 1, 3])
    )


@st.composite
def _compositions(draw: st.DrawFn) -> tuple[Component, ...]:
    """Return lines of which the fractions stay within 1 and the origins of each are 1."""
    left, lines = 1000, []
    for _ in range(draw(st.integers(0, 4))):
        if left:
            share = draw(st.integers(1, left))
            left -= share
            cuts = sorted(draw(st.tuples(_HUNDREDTHS, _HUNDREDTHS, _HUNDREDTHS)))
            origins = [Decimal(to - since) / 100 for since, to in zip([0, *cuts], [*cuts, 100], strict=True)]
            country = draw(st.sampled_from(["", "NL", "DE", "SE"]))
            lines.append(Component(draw(_WORD), Decimal(share) / 1000, *origins, country))
    return tuple(lines)


def _works() -> st.SearchStrategy[Work]:
    layers = st.builds(
        Layer,
        _PART_ID,
        st.sampled_from(LayerKind),
        _TEXT,
        st.integers(1, 5000),
        _AMOUNT,
        _AMOUNT,
        laid_on=_MAYBE_DAY,
        bitumen_percent=st.none() | st.decimals(0, 20, places=1),
        reclaimed_percent=_PERCENT,
        sources=st.lists(st.builds(Reclaimed, _TEXT, _PERCENT, st.just("") | _CODE), max_size=2).map(tuple),
        pak10=st.none() | _AMOUNT,
        mki=st.none() | _mkis(),
    )
    many = st.lists(layers, max_size=3, unique_by=lambda layer: layer.id).map(tuple)
    sections = st.builds(Section, _PART_ID, _AMOUNT, _AMOUNT, _TEXT, _TEXT, _TEXT, st.none() | _AMOUNT, many)
    elements = st.builds(
        Element, _PART_ID, st.just("door_interior"), _TEXT, _AMOUNT, st.sampled_from(Unit), _AMOUNT, _TEXT
    )
    return st.builds(
        Work,
        st.lists(sections, max_size=2, unique_by=lambda section: section.id).map(tuple),
        st.lists(elements, max_size=2, unique_by=lambda element: element.id).map(tuple),
    )


def _figures() -> st.SearchStrategy[tuple[Figure, ...]]:
    units = {FigureKey.QUANTITY: "C62", FigureKey.MASS: "KGM", FigureKey.AREA: "MTK", FigureKey.VOLUME: "MTQ"}
    figures = st.sampled_from(FigureKey).flatmap(
        lambda key: st.builds(
            Figure,
            st.just(key),
            _AMOUNT,
            st.just(units.get(key, "MMT")),
            st.sampled_from(HowKnown),
            st.none() | _AMOUNT,
        )
    )
    return st.lists(figures, max_size=7, unique_by=lambda figure: figure.key).map(tuple)


def _hazards() -> st.SearchStrategy[tuple[HazardStatement, ...]]:
    unit = st.sampled_from(["", "mg/kg", "%", "vezels/m3"])
    statements = st.builds(
        HazardStatement,
        st.sampled_from(Hazard),
        st.sampled_from(HazardStatus),
        _TEXT,
        _MAYBE_DAY,
        _TEXT,
        st.none() | _AMOUNT,
        unit,
        _TEXT,
        _FILE,
    )
    return st.lists(statements, max_size=4, unique_by=lambda statement: statement.hazard).map(tuple)


def documents() -> st.SearchStrategy[PassportDocument]:
    """Return documents of every shape, within what the checks of a passport allow."""
    organisations = st.builds(Organisation, _WORD, st.sampled_from(["", "01234567"]), _TEXT)
    degrees = st.none() | st.floats(-90, 90).map(lambda degree: round(degree, 3))
    origins = st.builds(
        Origin, _TEXT, st.none() | st.integers(1700, 2026), _TEXT, degrees, degrees, bag_id=_TEXT, unknown=st.booleans()
    )
    moments = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 hypothesis adds the zone itself
    scores = st.builds(Condition, st.integers(1, 6), st.sampled_from(ConditionScale), _TEXT, _TEXT, _MAYBE_DAY)
    gwps = st.builds(Gwp, st.decimals(-1_000_000, 1_000_000, places=3), st.just("A1"), st.sampled_from(Unit), _WORD)
    return st.builds(
        PassportDocument,
        code=_CODE,
        uri=_CODE.map(lambda code: f"{HUB}/ID/{code}"),
        number=st.integers(1, 1000),
        valid_from=moments.map(lambda moment: moment.replace(microsecond=0)),
        granularity=st.sampled_from(Granularity),
        name=_WORD,
        issuer=organisations,
        owner=organisations,
        classification=st.builds(Classification, _WORD, _WORD, _WORD, _TEXT, _TEXT, _TEXT),
        figures=_figures(),
        origin=origins,
        quality=st.builds(Quality, st.sampled_from(QualityBasis), _TEXT),
        unit=st.sampled_from(Unit),
        description=_TEXT,
        photos=st.lists(_SHA256, max_size=2).map(tuple),
        documents=st.lists(_SHA256, max_size=2).map(tuple),
        composition=_compositions(),
        condition=st.none() | scores,
        hazards=_hazards(),
        statements=st.lists(
            st.builds(Statement, _WORD, _TEXT, st.sampled_from(EvidenceLevel), known_on=_MAYBE_DAY, document=_FILE),
            max_size=2,
        ).map(tuple),
        tests=st.lists(st.builds(TestStatement, _WORD, st.booleans(), _DAY, _TEXT, document=_FILE), max_size=2).map(
            tuple
        ),
        detachability=st.none() | st.builds(Detachability, _FACTOR, _FACTOR, _FACTOR, _FACTOR),
        mki=st.none() | _mkis(),
        gwp=st.lists(gwps, max_size=2).map(tuple),
        later=st.none() | st.builds(Later, st.sampled_from(Scenario), st.none() | st.integers(0, 500), _TEXT),
        parties=st.lists(st.builds(Party, st.sampled_from(PartyRole), _WORD), max_size=3).map(tuple),
        work=st.none() | _works(),
        ancestors=st.lists(st.builds(Ancestor, _CODE, st.sampled_from(["split", "merge"]), _AMOUNT), max_size=2).map(
            tuple
        ),
        is_example=st.booleans(),
    )
