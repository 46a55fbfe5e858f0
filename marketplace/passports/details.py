"""The typed part of a passport beyond its columns: what PASSPORT fields hold that search and matching do not need.

Everything here is frozen and travels as JSON: into the column of a draft, into the signed document of a version.
Decimals travel as text, so that no figure changes on the way. Pure; what these values may be together is checked in
`checks`.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from marketplace.kit.quantities import Unit


class Part(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True, omit_defaults=True):
    """What every part of a document is: frozen, without unknown members, and silent on what was not stated."""


class HowKnown(StrEnum):
    """How a figure came about."""

    MEASURED = "measured"
    DRAWING = "drawing"
    ESTIMATED = "estimated"
    SUPPLIER = "supplier"


class FigureKey(StrEnum):
    """The figures of a passport. Quantity, mass and sizes stand in columns; area and volume are stated here alone."""

    QUANTITY = "quantity"
    MASS = "mass"
    LENGTH = "length"
    WIDTH = "width"
    HEIGHT = "height"
    AREA = "area"
    VOLUME = "volume"


class FigureNote(Part, frozen=True):
    """How one figure is known. `tolerance` is plus or minus, in the unit of the figure.

    `value` only for area (m2) and volume (m3).
    """

    key: FigureKey
    known: HowKnown = HowKnown.ESTIMATED
    tolerance: Decimal | None = None
    value: Decimal | None = None


class Component(Part, frozen=True):
    """One material of the composition: its share of the mass, and of that the four origins, which add up to 1.

    Reused is used again as it was, recycled was made into new material: they are kept apart. `country` is an ISO 3166
    code of where the material was made; empty says that it is not known.
    """

    material: str
    fraction: Decimal
    primary: Decimal = Decimal(0)
    reused: Decimal = Decimal(0)
    recycled: Decimal = Decimal(0)
    biobased: Decimal = Decimal(0)
    country: str = ""

    @property
    def origins(self) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        """Return the shares of primary, reused, recycled and biobased material."""
        return self.primary, self.reused, self.recycled, self.biobased


class Donor(Part, frozen=True):
    """Where it came out of, beyond its name and year: the building or road, and the place in it.

    `unknown` is an explicit "nobody knows", which is something else than an empty form.
    """

    bag_id: str = ""
    address: str = ""
    road: str = ""
    client: str = ""
    floor: str = ""
    axis: str = ""
    layer: str = ""
    unknown: bool = False


class ConditionScale(StrEnum):
    """Who scored: only the score of an inspector may be called NEN 2767."""

    OWN = "own"
    NEN_2767 = "nen2767"


class Condition(Part, frozen=True):
    """The state on a scale from 1 (as new) to 6 (very bad), with what is wrong with it."""

    score: int
    scale: ConditionScale = ConditionScale.OWN
    defects: str = ""
    inspector: str = ""
    on: date | None = None


class QualityBasis(StrEnum):
    """On what the quality rests, from nothing to a certificate."""

    UNTESTED = "untested"
    VISUAL = "visual"
    TESTED = "tested"
    CERTIFIED = "certified"


class Quality(Part, frozen=True):
    """On what the quality rests; tested and certified name their document (NTA 8713, a BRL number, a laboratory)."""

    basis: QualityBasis = QualityBasis.UNTESTED
    document: str = ""


class Detachability(Part, frozen=True):
    """How well it comes out undamaged: four factors from 0.10 to 1.00, by Circular Buildings, version 2.0."""

    connection: Decimal
    accessibility: Decimal
    crossings: Decimal
    edge: Decimal

    @property
    def index(self) -> Decimal:
        """Return the losmaakbaarheidsindex, the harmonic mean of the four, to two decimals.

        Source: Dutch Green Building Council, Circular Buildings, een meetmethodiek voor losmaakbaarheid, v2.0 (2021).
        """
        factors = (self.connection, self.accessibility, self.crossings, self.edge)
        return (4 / sum((1 / factor for factor in factors), Decimal(0))).quantize(Decimal("0.01"))


class MkiSet(StrEnum):
    """The set of environmental effects; A2 is 1.4 to 2.1 times A1, so that the two are never added or converted."""

    A1 = "A1"
    A2 = "A2"


class Mki(Part, frozen=True):
    """An environmental cost in euros, which means nothing without its set, modules, unit and source.

    `unit` is the declared unit of the figure; `nmd_category` is that of the Nationale Milieudatabase, of which 3
    already carries 30 % extra.
    """

    eur: Decimal
    set: MkiSet
    modules: tuple[str, ...]
    unit: Unit
    source: str
    nmd_category: int | None = None


class Gwp(Part, frozen=True):
    """Greenhouse gas of one module in kg CO2 equivalent per unit, with its source."""

    kg: Decimal
    module: str
    unit: Unit
    source: str


class Scenario(StrEnum):
    """What is to become of it at the end of its next use."""

    REUSE = "reuse"
    REMANUFACTURE = "remanufacture"
    RECYCLE = "recycle"
    ENERGY = "energy"
    LANDFILL = "landfill"


class Later(Part, frozen=True):
    """What comes after: the scenario, how many years it is expected to last, and its R-strategy (R0 to R9)."""

    scenario: Scenario = Scenario.REUSE
    remaining_years: int | None = None
    strategy: str = ""


class PartyRole(StrEnum):
    """What an organisation had to do with it. Owner and issuer are known to the program and stand in no list."""

    SELLER = "seller"
    REMOVER = "remover"
    INSPECTOR = "inspector"
    CERTIFIER = "certifier"


class Party(Part, frozen=True):
    """An organisation with its role; never a person, because the document is public for ever."""

    role: PartyRole
    name: str
    kvk: str = ""


class LayerKind(StrEnum):
    """The layers of a road, from the top down."""

    SURFACE = "surface"
    BINDER = "binder"
    BASE = "base"
    FOUNDATION = "foundation"
    SAND_BED = "sand_bed"


ASPHALT: Final = (LayerKind.SURFACE, LayerKind.BINDER, LayerKind.BASE)
"""The layers of which PAK10 must be known."""


class Reclaimed(Part, frozen=True):
    """A source of reclaimed material: its share of the whole layer in percent, and its passport where it has one."""

    name: str
    percent: Decimal
    code: str = ""


class Layer(Part, frozen=True):
    """One layer of one section of a road. `id` is unique within the section and never changes.

    `laid_on` where the day is known, else `laid_year`. `pak10` is in mg/kg, with the number of the laboratory's
    report; the limit for reuse is 75.
    """

    id: str
    kind: LayerKind
    mix: str
    thickness_mm: int
    area_m2: Decimal
    mass_t: Decimal
    standard: str = ""
    laid_on: date | None = None
    laid_year: int | None = None
    bitumen: str = ""
    bitumen_percent: Decimal | None = None
    polymer: str = ""
    rejuvenator: str = ""
    reclaimed_percent: Decimal = Decimal(0)
    sources: tuple[Reclaimed, ...] = ()
    plant: str = ""
    report: str = ""
    pak10: Decimal | None = None
    pak10_report: str = ""
    mki: Mki | None = None

    @property
    def year(self) -> int | None:
        """Return the year in which it was laid, or None where nobody knows."""
        return self.laid_on.year if self.laid_on else self.laid_year


class Section(Part, frozen=True):
    """One stretch of a road: side and lane, from and to in hectometres (km with one decimal, as on the posts)."""

    id: str
    from_hm: Decimal
    to_hm: Decimal
    road: str = ""
    side: str = ""
    lane: str = ""
    width_m: Decimal | None = None
    layers: tuple[Layer, ...] = ()


class Element(Part, frozen=True):
    """One kind of element in a building, which becomes harvest one day. `id` is unique within the work."""

    id: str
    category: str
    name: str
    quantity: Decimal
    unit: Unit
    mass_kg: Decimal
    place: str = ""


class Work(Part, frozen=True):
    """What a work consists of: the sections of a road with their layers, or the elements of a building."""

    sections: tuple[Section, ...] = ()
    elements: tuple[Element, ...] = ()

    def part_ids(self) -> tuple[str, ...]:
        """Return the names of everything that can be taken out: `SECTION/LAYER` or `ELEMENT`."""
        layers = tuple(f"{section.id}/{layer.id}" for section in self.sections for layer in section.layers)
        return layers + tuple(element.id for element in self.elements)

    def find_layer(self, part: str) -> tuple[Section, Layer] | None:
        """Return the section and layer called `SECTION/LAYER`, or None."""
        pairs = ((section, layer) for section in self.sections for layer in section.layers)
        return next((pair for pair in pairs if f"{pair[0].id}/{pair[1].id}" == part), None)

    def find_element(self, part: str) -> Element | None:
        """Return the element of this id, or None."""
        return next((element for element in self.elements if element.id == part), None)


class Details(Part, frozen=True):
    """Everything that is stated of a material beyond what stands in columns; what is absent was not stated."""

    figures: tuple[FigureNote, ...] = ()
    composition: tuple[Component, ...] = ()
    donor: Donor = Donor()
    condition: Condition | None = None
    quality: Quality = Quality()
    detachability: Detachability | None = None
    dismantling: str = ""
    hoisting: str = ""
    mki: Mki | None = None
    gwp: tuple[Gwp, ...] = ()
    later: Later | None = None
    parties: tuple[Party, ...] = ()
    work: Work | None = None

    def figure(self, key: FigureKey) -> FigureNote | None:
        """Return how one figure is known, or None where nothing is said of it."""
        return next((note for note in self.figures if note.key is key), None)


EMPTY: Final = Details()


def with_origin_unknown(details: Details, unknown: bool) -> Details:
    """Return the details with, or without, the statement that nobody knows where the material came from."""
    donor = msgspec.structs.replace(details.donor, unknown=unknown)
    return msgspec.structs.replace(details, donor=donor)


def changed_parts(before: Details, after: Details) -> tuple[str, ...]:
    """Return the names of the parts that differ between two details, in the order of the fields."""
    return tuple(name for name in Details.__struct_fields__ if getattr(before, name) != getattr(after, name))


def to_json(details: Details) -> str:
    """Return the details as JSON text, the same for the same details."""
    return msgspec.json.encode(details, order="deterministic").decode()


def from_json(text: str) -> Details:
    """Return the details of JSON text. Raises msgspec.ValidationError where it is not what `to_json` writes."""
    return _READER.decode(text)


_READER: Final = msgspec.json.Decoder(Details)
"""Made here, while there is one thread: two that need it for the first time at once make the library crash."""
