"""The passport as one document: everything that a published version states, and nothing that may not be public.

Never in it: a price, a telephone number, a reservation, a person. Pure; `versions` makes it of rows, `untp` writes it
as a credential.
"""

from datetime import date, datetime
from decimal import Decimal

import msgspec

from marketplace.kit.quantities import Unit
from marketplace.materials.hazards import Hazard
from marketplace.passports.details import (
    Component,
    Condition,
    Detachability,
    FigureKey,
    Gwp,
    HowKnown,
    Later,
    Mki,
    Part,
    Party,
    Quality,
    Work,
)
from marketplace.passports.gate import HazardStatus
from marketplace.passports.levels import EvidenceLevel, Granularity


class Organisation(Part, frozen=True):
    """Who issued it or whose it is: a name, the number in the trade register if it was given, and the town."""

    name: str
    kvk: str = ""
    place: str = ""


class Classification(Part, frozen=True):
    """What kind of material it is, in our own vocabulary and three public ones."""

    category: str
    name_nl: str
    name_en: str
    nlsfb: str = ""
    ifc: str = ""
    eural: str = ""


class Figure(Part, frozen=True):
    """One figure: value and unit (UN/ECE Recommendation 20), how it is known, and plus or minus how much."""

    key: FigureKey
    value: Decimal
    unit: str
    known: HowKnown
    tolerance: Decimal | None = None


class Origin(Part, frozen=True):
    """Where it came out of. With `unknown` nobody knows, which is said rather than left out."""

    name: str = ""
    building_year: int | None = None
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    project: str = ""
    client: str = ""
    bag_id: str = ""
    address: str = ""
    road: str = ""
    floor: str = ""
    axis: str = ""
    layer: str = ""
    unknown: bool = False


class HazardStatement(Part, frozen=True):
    """What is known of one hazardous substance. `document` is the SHA-256 of its report."""

    hazard: Hazard
    status: HazardStatus
    report: str = ""
    found_on: date | None = None
    laboratory: str = ""
    value: Decimal | None = None
    unit: str = ""
    permission: str = ""
    document: str = ""


class Statement(Part, frozen=True):
    """One thing that is said of the material, and how it is known. `document` is the SHA-256 of its proof."""

    key: str
    value: str
    level: EvidenceLevel
    source: str = ""
    method: str = ""
    report: str = ""
    known_on: date | None = None
    document: str = ""


class TestStatement(Part, frozen=True):
    """The latest result of one test. `document` is the SHA-256 of its report."""

    __test__ = False  # a test of material, which no runner should collect

    test: str
    passed: bool
    tested_on: date
    value: str = ""
    method: str = ""
    laboratory: str = ""
    report: str = ""
    document: str = ""


class Ancestor(Part, frozen=True):
    """A passport out of which this one came, how, and how much of it, in kg."""

    code: str
    kind: str
    mass_kg: Decimal
    part: str = ""


class PassportDocument(Part, frozen=True):
    """A passport as it is published. `number` counts its versions from 1; `uri` is its address for ever."""

    code: str
    uri: str
    number: int
    valid_from: datetime
    granularity: Granularity
    name: str
    issuer: Organisation
    owner: Organisation
    classification: Classification
    figures: tuple[Figure, ...]
    origin: Origin
    quality: Quality
    unit: Unit
    description: str = ""
    photos: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    composition: tuple[Component, ...] = ()
    condition: Condition | None = None
    hazards: tuple[HazardStatement, ...] = ()
    statements: tuple[Statement, ...] = ()
    tests: tuple[TestStatement, ...] = ()
    detachability: Detachability | None = None
    dismantling: str = ""
    hoisting: str = ""
    mki: Mki | None = None
    gwp: tuple[Gwp, ...] = ()
    later: Later | None = None
    parties: tuple[Party, ...] = ()
    work: Work | None = None
    ancestors: tuple[Ancestor, ...] = ()
    is_example: bool = False

    def figure(self, key: FigureKey) -> Figure | None:
        """Return one figure, or None where it is not stated."""
        return next((figure for figure in self.figures if figure.key is key), None)


def as_json(document: PassportDocument) -> dict[str, object]:
    """Return the document as members of JSON: decimals as text, days and moments in ISO 8601."""
    plain: dict[str, object] = msgspec.to_builtins(document)
    return plain


msgspec.json.Decoder(PassportDocument)  # for `convert`, as in `details`: while there is one thread


def read(members: object) -> PassportDocument:
    """Return the document of such members. Raises msgspec.ValidationError where they are not one."""
    return msgspec.convert(members, type=PassportDocument)
