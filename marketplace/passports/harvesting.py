"""Getting material out again: things out of the building they were built into, elements and layers out of a work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.accounts.models import Organisation
from marketplace.kit import journal
from marketplace.kit.changes import as_fact
from marketplace.kit.database import session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError
from marketplace.kit.quantities import Quantity, Unit
from marketplace.materials.hazards import Hazard, relevant_hazards
from marketplace.materials.vocabulary import get_category
from marketplace.passports import actions
from marketplace.passports.balance import check_amount, check_part, kilograms
from marketplace.passports.checks import is_tar
from marketplace.passports.copies import copy_evidence, copy_findings, successor
from marketplace.passports.details import ASPHALT, Component, Details, Donor, Element, Layer, Section, Work
from marketplace.passports.facts import PassportFacts
from marketplace.passports.gate import PAK10_LIMIT, Finding, HazardStatus
from marketplace.passports.lineage import born, end_installation, sign_what_is_left, state_worst
from marketplace.passports.merging import share_of
from marketplace.passports.models import Installation, LinkKind, Passport, PassportStatus
from marketplace.passports.queries import findings_of
from marketplace.passports.taking import (
    Act,
    check_reason,
    find_left,
    link,
    lock,
    mass_in,
    part_mass,
    parts_left,
    settle,
    take,
    write_loss,
)

GRANULATE: Final = "asphalt_granulate"
TAR_BEARING: Final = "asphalt_tar"
_NONE: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Yield:
    """Hold what comes out whole, and what breaks on the way and why."""

    quantity: Decimal
    lost: Decimal
    reason: str

    @property
    def taken(self) -> Decimal:
        return self.quantity + self.lost


def harvest(
    passport: Passport,
    *,
    quantity: Decimal,
    act: Act,
    lost: Decimal = _NONE,
    reason: str = "",
    part: str = "",
) -> Passport:
    """Take an amount out of where it is built in, or out of an element (`part`) of a work, and return its passport.

    `quantity` comes out whole; `lost` breaks on the way and needs a reason. Raises ConflictError where it is not
    built in or less is left, and InvalidInputError at the field that cannot be.
    """
    if lost < 0:
        raise InvalidInputError(N_("Een hoeveelheid kan niet negatief zijn."), field="lost")
    out = _Yield(quantity, lost, check_reason(reason) if lost else "")
    if passport.details.work is not None:
        child = _harvest_element(passport, part, out, act)
    else:
        child = _harvest_installed(passport, out, act)
    facts = {"quantity": as_fact(quantity), "unit": child.unit.value, "code": child.code, "part": part}
    told = {"lost": as_fact(lost), "reason": out.reason}
    journal.record(passport.subject, "passport.harvested", by=act.by, **facts, **told)
    sign_what_is_left(passport, act)
    return child


def _harvest_installed(passport: Passport, out: _Yield, act: Act) -> Passport:
    installation = _open_installation(passport)
    check_amount(out.quantity, passport.unit)
    if out.lost:
        check_amount(out.lost, passport.unit, field="lost")
    details, before = passport.details, passport.quantity
    was_public = passport.status is PassportStatus.PUBLISHED
    take(passport, out.taken)
    child = successor(passport, quantity=out.quantity, details=share_of(details, out.quantity / before), act=act)
    _state_donor(child, installation)
    copy_findings(passport, child)
    copy_evidence(passport, child)
    link(LinkKind.HARVEST, passport, child, out.quantity, act, mass=mass_in(passport, out.quantity))
    if out.lost:
        write_loss(passport, out.lost, out.reason, act, mass=mass_in(passport, out.lost))
    if not passport.quantity:
        end_installation(passport, act)
    born(child, [passport], act, publish=was_public)
    return child


def _open_installation(passport: Passport) -> Installation:
    query = select(Installation).where(Installation.passport_id == passport.id, Installation.ended_on.is_(None))
    options = (joinedload(Installation.into), joinedload(Installation.project))
    installation = session.scalars(query.options(*options)).one_or_none()
    if installation is None:
        raise ConflictError(N_("Dit is nergens ingebouwd, dus er valt niets te oogsten."))
    return installation


def _state_donor(child: Passport, installation: Installation) -> None:
    """Name the building that it came out of. The oldest year counts: what was suspected before still is."""
    into, project = installation.into, installation.project
    built = (into.building_year if into else None) or (project.building_year if project else None)
    if child.building_year is not None and built is not None:
        child.building_year = min(child.building_year, built)
    child.origin, child.origin_project_id = installation.place, installation.project_id
    known = into.details.donor if into else Donor()
    address = known.address or (", ".join(filter(None, (project.address, project.place))) if project else "")
    donor = msgspec.structs.replace(known, address=address, floor=installation.where or known.floor)
    child.details = msgspec.structs.replace(child.details, donor=donor)
    session.flush()


def _harvest_element(work: Passport, part: str, out: _Yield, act: Act) -> Passport:
    lock(work)
    element, left = _require_element(work, part), find_left(work, part)
    amount = check_part(left, out.quantity)
    if out.lost:
        check_amount(out.lost, left.unit, field="lost")
        check_part(left, out.taken, field="lost")
    was_public = work.status is PassportStatus.PUBLISHED
    child = _of_element(work, element, amount, act)
    mass = mass_in(child, out.quantity)
    link(LinkKind.HARVEST, work, child, out.quantity, act, part=part, mass=mass)
    if out.lost:
        write_loss(work, out.lost, out.reason, act, part=part, mass=mass_in(child, out.lost))
    settle(work, part_mass(_work(work), part, out.taken))
    born(child, [work], act, publish=was_public)
    return child


def _work(passport: Passport) -> Work:
    if passport.details.work is None:
        raise ConflictError(N_("Dit is geen paspoort van een gebouw of weg."))
    return passport.details.work


def _require_element(work: Passport, part: str) -> Element:
    if _work(work).find_layer(part) is not None:
        raise InvalidInputError(N_("Een laag wordt gefreesd, niet geoogst."), field="part")
    element = _work(work).find_element(part)
    if element is None:
        raise InvalidInputError(N_("Kies wat er geoogst wordt."), field="part")
    return element


def _of_element(work: Passport, element: Element, amount: Quantity, act: Act) -> Passport:
    donor = msgspec.structs.replace(work.details.donor, floor=element.place or work.details.donor.floor)
    facts = PassportFacts(
        category=element.category,
        name=element.name,
        quantity=amount,
        kg_per_unit=element.mass_kg / element.quantity,
        building_year=work.building_year,
        origin=(work.origin or work.name)[:160],
        origin_project_id=work.origin_project_id,
        details=Details(donor=donor),
    )
    child = _create(work, facts, act)
    known = {row.hazard: row.finding for row in findings_of(work.id)}
    relevant = [row.hazard for row in findings_of(child.id)]
    actions.set_hazards(child, {hazard: known[hazard] for hazard in relevant if hazard in known}, act.by)
    return child


def _create(work: Passport, facts: PassportFacts, act: Act) -> Passport:
    child = actions.create(issuer=session.get_one(Organisation, work.owner_id), facts=facts, by=act.by, at=act.at)
    child.is_example = work.is_example
    return child


def mill(work: Passport, parts: Mapping[str, Decimal], act: Act) -> Passport:
    """Mill layers of a road, each for so many tonnes as the weighbridge says, and return the passport of what came out.

    It is asphalt granulate with these layers as parents. Of their PAK10 the worst counts: with tar in one of them all
    of it holds tar, and no offer ever shows it. Raises ConflictError, at the field of the part, where less is left,
    and InvalidInputError for what is no layer of asphalt.
    """
    lock(work)
    if not parts:
        raise InvalidInputError(N_("Vul in van welke laag hoeveel is gefreesd."), field="parts")
    layers = {part: _require_asphalt(work, part) for part in parts}
    left = parts_left(work)
    amounts = {part: check_part(left[part], tonnes, field=part).value for part, tonnes in parts.items()}
    was_public, total = work.status is PassportStatus.PUBLISHED, sum(amounts.values(), Decimal(0))
    child = _create(work, _granulate(work, layers, amounts), act)
    _state_pak(child, [layer for _section, layer in layers.values()])
    for part, amount in amounts.items():
        link(LinkKind.MILL, work, child, amount, act, part=part, mass=kilograms(amount))
    settle(work, kilograms(total))
    for part, amount in amounts.items():
        told = {"quantity": as_fact(amount), "unit": Unit.T.value, "part": part, "code": child.code}
        journal.record(work.subject, "passport.milled", by=act.by, **told)
    born(child, [work], act, publish=was_public)
    sign_what_is_left(work, act)
    return child


def _require_asphalt(work: Passport, part: str) -> tuple[Section, Layer]:
    found = _work(work).find_layer(part)
    if found is None:
        raise InvalidInputError(N_("Dit werk heeft geen laag “%(part)s”."), field="parts", part=part[:40])
    if found[1].kind not in ASPHALT:
        raise InvalidInputError(N_("%(part)s is geen asfalt en wordt niet gefreesd."), field=part, part=part)
    return found


def _granulate(
    work: Passport, layers: Mapping[str, tuple[Section, Layer]], amounts: Mapping[str, Decimal]
) -> PassportFacts:
    years = [layer.year for _section, layer in layers.values()]
    known = [year for year in years if year is not None]
    roads = dict.fromkeys(section.road for section, _layer in layers.values() if section.road)
    donor = msgspec.structs.replace(
        work.details.donor, road=", ".join(roads) or work.details.donor.road, layer=", ".join(layers)
    )
    composition = _composition([layer for _section, layer in layers.values()], list(amounts.values()))
    return PassportFacts(
        category=TAR_BEARING if any(is_tar(layer) for _section, layer in layers.values()) else GRANULATE,
        name="",
        quantity=Quantity(sum(amounts.values(), Decimal(0)), Unit.T),
        building_year=min(known) if len(known) == len(years) else None,
        origin=(work.origin or work.name)[:160],
        origin_project_id=work.origin_project_id,
        details=Details(donor=donor, composition=composition),
    )


def _composition(layers: Sequence[Layer], tonnes: Sequence[Decimal]) -> tuple[Component, ...]:
    """Return bitumen and stone by mass, where the bitumen of every layer is known; all of it becomes new material."""
    one = Decimal(1)
    known = [layer.bitumen_percent for layer in layers if layer.bitumen_percent]
    if len(known) < len(layers):
        return (Component("Asfaltgranulaat", one, recycled=one),)
    mass = sum((percent * amount for percent, amount in zip(known, tonnes, strict=True)), Decimal(0))
    bitumen = (mass / 100 / sum(tonnes)).quantize(Decimal("0.0001"))
    return (Component("Mineraal aggregaat", one - bitumen, recycled=one), Component("Bitumen", bitumen, recycled=one))


def _state_pak(child: Passport, layers: Sequence[Layer]) -> None:
    found = [finding for layer in layers if (finding := _pak_of(layer, child.category))]
    state_worst(child, [{Hazard.PAK: finding} for finding in found])


def _pak_of(layer: Layer, category: str) -> Finding | None:
    """Return what is known of tar in a layer, and None where nobody measured it and its year is no reason to."""
    if layer.pak10 is None:
        suspected = Hazard.PAK in relevant_hazards(get_category(category), layer.year)
        return Finding(HazardStatus.UNKNOWN) if suspected else None
    status = HazardStatus.PRESENT if layer.pak10 > PAK10_LIMIT else HazardStatus.ABSENT_TESTED
    return Finding(status, layer.pak10_report, value=layer.pak10, unit="mg/kg")
