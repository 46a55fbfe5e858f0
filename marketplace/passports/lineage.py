"""What becomes of a passport: split, merged, installed, lost or destroyed. Harvest and milling are in `harvesting`.

Whatever leaves one passport arrives in another or is lost, to the piece and to the gram; the old code stays and leads
on to what came out of it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from marketplace.kit import journal
from marketplace.kit.changes import as_fact
from marketplace.kit.clock import day_of
from marketplace.kit.database import flush_or, session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError
from marketplace.kit.quantities import Unit
from marketplace.kit.texts import at_most
from marketplace.materials.hazards import Hazard, relevant_hazards
from marketplace.materials.vocabulary import get_category
from marketplace.passports import actions
from marketplace.passports.admission import blocks_of
from marketplace.passports.balance import check_amount
from marketplace.passports.checks import check_day
from marketplace.passports.copies import copy_evidence, copy_findings, successor
from marketplace.passports.gate import Finding, HazardStatus
from marketplace.passports.merging import common, share_of, worst
from marketplace.passports.models import (
    Claim,
    HazardFinding,
    Installation,
    LineageLink,
    LinkKind,
    Passport,
    PassportStatus,
)
from marketplace.passports.queries import findings_of, latest_claims
from marketplace.passports.taking import (
    Act,
    check_reason,
    find_left,
    link,
    lock,
    mass_in,
    part_mass,
    settle,
    take,
    write_loss,
)
from marketplace.projects.models import Project

MOST: Final = 50
"""Passports into which one is split, or that are merged, at once."""


def split(passport: Passport, quantities: Sequence[Decimal], act: Act) -> list[Passport]:
    """Give each of these amounts a passport of its own; the remainder stays under the old label.

    The new ones state everything that the old one does, and are published if it is. When nothing remains, the old one
    is replaced by them. Raises NotEnoughLeftError where there is less, InvalidInputError for what is no split, and
    ConflictError for a work and for what is built in.
    """
    _require_loose(passport)
    if not 0 < len(quantities) <= MOST:
        raise InvalidInputError(N_("Splits in 1 tot %(most)s delen."), field="quantity", most=MOST)
    total = sum((check_amount(each, passport.unit).value for each in quantities), Decimal(0))
    was_public, before = passport.status is PassportStatus.PUBLISHED, passport.quantity
    details = passport.details
    take(passport, total, leave_some=len(quantities) == 1)
    children = []
    for quantity in quantities:
        child = successor(passport, quantity=quantity, details=share_of(details, quantity / before), act=act)
        copy_findings(passport, child)
        copy_evidence(passport, child)
        link(LinkKind.SPLIT, passport, child, quantity, act, mass=mass_in(passport, quantity))
        children.append(child)
    for child in children:
        _tell(passport, child, "passport.split", child.quantity, act)
        born(child, [passport], act, publish=was_public)
    sign_what_is_left(passport, act)
    return children


def merge(passports: Sequence[Passport], act: Act) -> Passport:
    """Make one passport of all that these describe, and replace them by it.

    They are of one owner, kind, unit and size. Of hazards the worst counts; said is only what all of them say. Raises
    InvalidInputError where they cannot be one, and ConflictError where one of them is a work, built in or over.
    """
    _check_mergeable(passports)
    for passport in sorted(passports, key=lambda each: each.id):
        lock(passport)
    first, quantity = passports[0], sum((each.quantity for each in passports), Decimal(0))
    kg_per_unit = _mean_mass(passports, quantity)
    was_public = all(each.status is PassportStatus.PUBLISHED for each in passports)
    details = common([each.details for each in passports])
    child = successor(first, quantity=quantity, details=details, act=act)
    child.kg_per_unit, child.mass_is_estimate = kg_per_unit, any(each.mass_is_estimate for each in passports)
    _state_common(child, passports)
    _merge_evidence(child, passports)
    for passport in passports:
        amount = take(passport, passport.quantity).value
        link(LinkKind.MERGE, passport, child, amount, act, mass=mass_in(passport, amount))
        _tell(passport, child, "passport.merged", amount, act)
    born(child, passports, act, publish=was_public)
    return child


def install(
    passport: Passport,
    *,
    place: str,
    where: str = "",
    project: Project | None = None,
    into: Passport | None = None,
    on: date,
    quantity: Decimal | None = None,
    act: Act,
) -> Passport:
    """Record that a thing, or a part of it, is built in, and return its passport: that of the part is split off first.

    Raises InvalidInputError at the field that cannot be, and ConflictError where it is built in already.
    """
    place = " ".join(place.split()) or (project.name if project else "") or (into.name if into else "")
    _check_place(place, where, into)
    check_day(on, on=day_of(act.at), field="on")
    if quantity is not None and quantity != passport.quantity:
        (passport,) = split(passport, [quantity], act)
    lock(passport)
    _require_loose(passport)
    installation = Installation(
        passport_id=passport.id,
        into_id=into.id if into else None,
        project_id=project.id if project else None,
        place=place,
        where=" ".join(where.split()),
        installed_on=on,
    )
    session.add(installation)
    flush_or({"installation.open": _installed(), "installation.passport_id": _installed()})
    facts = {"quantity": as_fact(passport.quantity), "unit": passport.unit.value, "on": on.isoformat()}
    journal.record(passport.subject, "passport.installed", by=act.by, place=place, where=installation.where, **facts)
    return passport


def lose(passport: Passport, quantity: Decimal, reason: str, act: Act, *, part: str = "") -> None:
    """Record that an amount, of a part of a work if one is named, became nothing else: broken, lost or to waste.

    With the last of it the passport is destroyed, unless something came out of it before. Raises NotEnoughLeftError
    or ConflictError where there is less, and InvalidInputError without a reason.
    """
    reason = check_reason(reason)
    unit = passport.unit
    if part or passport.details.work is not None:
        unit = _lose_part(passport, part, quantity, reason, act)
    else:
        amount = take(passport, quantity, end=_end_of(passport)).value
        write_loss(passport, amount, reason, act, mass=mass_in(passport, amount))
        if not passport.quantity:
            end_installation(passport, act)
    told = {"quantity": as_fact(quantity), "unit": unit.value, "part": part, "reason": reason}
    journal.record(passport.subject, "passport.lost", by=act.by, **told)
    sign_what_is_left(passport, act)


def find_installation(passport_id: int) -> Installation | None:
    """Return where a thing is built in now, or None."""
    query = select(Installation).where(Installation.passport_id == passport_id, Installation.ended_on.is_(None))
    return session.scalars(query).one_or_none()


def end_installation(passport: Passport, act: Act) -> None:
    """Record that nothing of a thing is built in any longer, if it was."""
    if installation := find_installation(passport.id):
        installation.ended_on = day_of(act.at)
        session.flush()


def born(child: Passport, parents: Sequence[Passport], act: Act, *, publish: bool) -> None:
    """Tell of a new passport out of what it came, and publish it if they were and the gate lets it through."""
    facts = {"quantity": as_fact(child.quantity), "unit": child.unit.value, "code": child.code}
    parent_codes = ", ".join(parent.code for parent in parents)
    journal.record(child.subject, "passport.derived", by=act.by, parents=parent_codes, **facts)
    if publish and not blocks_of(child):
        actions.publish(child, act.by, seal=act.seal, at=act.at)


def sign_what_is_left(passport: Passport, act: Act) -> None:
    """Sign what a published passport states now that something of it went elsewhere."""
    if passport.status is PassportStatus.PUBLISHED:
        actions.restate(passport, act.by, seal=act.seal, at=act.at)


def _tell(parent: Passport, child: Passport, action: str, quantity: Decimal, act: Act) -> None:
    facts = {"quantity": as_fact(quantity), "unit": parent.unit.value, "code": child.code}
    journal.record(parent.subject, action, by=act.by, **facts)


def _require_loose(passport: Passport) -> None:
    """Raise ConflictError for a work, of which parts come out in their own way, and for what is built in."""
    if passport.details.work is not None:
        raise ConflictError(N_("Dit is een werk. Frees er lagen uit of oogst er onderdelen uit."))
    if find_installation(passport.id) is not None:
        raise _installed()


def _installed() -> ConflictError:
    return ConflictError(N_("Dit is ingebouwd. Oogst het eerst, helemaal of voor een deel."))


def _check_place(place: str, where: str, into: Passport | None) -> None:
    if not place:
        raise InvalidInputError(N_("Vul in waarin het wordt ingebouwd: het gebouw of de weg."), field="place")
    at_most(place, 160, "place")
    at_most(where, 120, "where")
    if into is not None and into.details.work is None:
        raise InvalidInputError(N_("Dit is geen paspoort van een gebouw of weg."), field="into")


def _lose_part(passport: Passport, part: str, quantity: Decimal, reason: str, act: Act) -> Unit:
    lock(passport)
    left = find_left(passport, part)
    if check_amount(quantity, left.unit).value > left.left:
        message = N_("Van %(part)s is nog maar %(left)s over.")
        raise ConflictError(message, field="quantity", part=part, left=str(check_amount(left.left, left.unit)))
    mass = Unit.KG.round(part_mass(passport.details.work, part, quantity))  # type: ignore[arg-type]  # it has a part
    write_loss(passport, quantity, reason, act, part=part, mass=mass)
    settle(passport, mass)
    return left.unit


def _end_of(passport: Passport) -> PassportStatus:
    """Return what a passport is when the last of it is lost: replaced, where something came out of it before."""
    query = select(LineageLink.id).where(LineageLink.parent_id == passport.id).limit(1)
    return PassportStatus.DESTROYED if session.scalar(query) is None else PassportStatus.REPLACED


def _check_mergeable(passports: Sequence[Passport]) -> None:
    if not 2 <= len({passport.id for passport in passports}) == len(passports) <= MOST:
        raise InvalidInputError(N_("Kies twee of meer verschillende paspoorten."), field="codes")
    first = passports[0]
    for passport in passports:
        _require_loose(passport)
    for name, message in _MUST_EQUAL.items():
        odd = next((each for each in passports if getattr(each, name) != getattr(first, name)), None)
        if odd is not None:
            raise InvalidInputError(message, field="codes", name=odd.name, code=odd.code)


_MUST_EQUAL: Final = {
    "owner_id": N_("%(name)s (%(code)s) is van iemand anders."),
    "category": N_("%(name)s (%(code)s) is een andere soort materiaal."),
    "unit": N_("%(name)s (%(code)s) wordt in een andere eenheid geteld."),
    "dimensions": N_("%(name)s (%(code)s) heeft andere maten."),
}


def _mean_mass(passports: Sequence[Passport], quantity: Decimal) -> Decimal:
    """Return the mass of one unit of all together, which must add up to the gram."""
    total = sum((each.quantity * each.kg_per_unit for each in passports), Decimal(0))
    mean = Unit.KG.round(total / quantity)
    if mean * quantity != total:
        message = N_(
            "Deze wegen niet even zwaar per %(unit)s, en samen is dat niet precies te zeggen. Geef ze eerst hetzelfde "
            "gewicht, of laat ze apart."
        )
        raise InvalidInputError(message, field="codes", unit=passports[0].unit.label())
    return mean


def _state_common(child: Passport, passports: Sequence[Passport]) -> None:
    """State what all of these share; of years the oldest, and none where one is unknown, because it may be older."""
    years = [each.building_year for each in passports]
    child.building_year = None if None in years else min(year for year in years if year is not None)
    origins = list(dict.fromkeys(each.origin for each in passports if each.origin))
    child.origin = " + ".join(origins)[:160]
    for name, otherwise in (("description", ""), ("origin_project_id", None), ("name", passports[0].name)):
        values = {getattr(each, name) for each in passports}
        setattr(child, name, values.pop() if len(values) == 1 else otherwise)
    seen = [each for each in passports if each.last_seen_at is not None]
    if not seen:
        return
    latest = max(seen, key=lambda each: each.last_seen_at or each.created_at)
    child.last_seen_at, child.last_seen_place = latest.last_seen_at, latest.last_seen_place


def _merge_evidence(child: Passport, passports: Sequence[Passport]) -> None:
    said = [{(claim.key, claim.value) for claim in latest_claims(each.id)} for each in passports]
    shared = set[tuple[str, str]].intersection(*said)
    kept = set[tuple[str, str]]()

    def is_new(claim: Claim) -> bool:
        fact = (claim.key, claim.value)
        new = fact in shared and fact not in kept
        kept.add(fact)
        return new

    for passport in passports:
        copy_evidence(passport, child, keep=is_new)
    state_worst(child, [{row.hazard: row.finding for row in findings_of(each.id)} for each in passports])


def state_worst(child: Passport, known: Sequence[Mapping[Hazard, Finding]]) -> None:
    """State of each hazard the worst of what is known in these; where one that is relevant is not known, unknown."""
    suspected = relevant_hazards(get_category(child.category), child.building_year)
    nothing = Finding(HazardStatus.UNKNOWN)
    for row in findings_of(child.id):
        session.delete(row)
    session.flush()
    for hazard in dict.fromkeys([*suspected, *(hazard for each in known for hazard in each)]):
        found = [each.get(hazard, nothing) for each in known if hazard in suspected or hazard in each]
        finding = worst(found or [nothing])
        session.add(
            HazardFinding(
                passport_id=child.id,
                hazard=hazard,
                status=finding.status,
                report=finding.report,
                found_on=finding.found_on,
                laboratory=finding.laboratory,
                value=finding.value,
                unit=finding.unit,
                permission=finding.permission,
            )
        )
    session.flush()
