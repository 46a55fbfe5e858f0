"""Offering material, changing the offer, and taking it back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec
from sqlalchemy import select

from marketplace.accounts.models import Organisation
from marketplace.kit import clock, journal
from marketplace.kit.changes import differences, snapshot
from marketplace.kit.database import session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError
from marketplace.kit.journal import By, Fact
from marketplace.kit.location import Located, Site
from marketplace.kit.quantities import Quantity, written_decimal
from marketplace.listings import stock
from marketplace.listings.models import Listing, ListingStatus, Stage
from marketplace.listings.offers import Estimate, Offer, check
from marketplace.listings.ownership import require_own
from marketplace.listings.search import index_listing
from marketplace.materials.hazards import Hazard
from marketplace.passports import actions as passports
from marketplace.passports import queries as known
from marketplace.passports.admission import blocks_of
from marketplace.passports.counting import Known, claim_amount, has_amount
from marketplace.passports.details import EMPTY, Condition
from marketplace.passports.facts import PassportFacts
from marketplace.passports.gate import Finding
from marketplace.passports.levels import EvidenceLevel
from marketplace.passports.models import Passport
from marketplace.passports.seal import Seal
from marketplace.projects.models import Grade, Hub, Project

_TERMS: Final = (
    "stage",
    "total",
    "unit",
    "estimate_low",
    "estimate_high",
    "min_take",
    "grade",
    "price_eur",
    "available_from",
    "available_until",
    "crusher_on",
    "short_harvest",
    "hub_id",
    "project_id",
    "place",
    "address",
    "rack",
)

_CONDITION_OF: Final = {Grade.A: 1, Grade.B: 2, Grade.C: 4, Grade.D: 5}
_NO_FINDINGS: Final[Mapping[Hazard, Finding]] = MappingProxyType({})


def post(
    *,
    organisation: Organisation,
    offer: Offer,
    facts: PassportFacts,
    photos: Sequence[bytes] = (),
    findings: Mapping[Hazard, Finding] = _NO_FINDINGS,
    by: By,
    publish: bool,
    uploads: Path,
    seal: Seal,
    at: datetime | None = None,
) -> Listing:
    """Make an offer and the passport of what is offered, in one act.

    Raises InvalidInputError where the facts, the terms or a photo cannot be right, and BlockedError where it may not
    be published.
    """
    check(offer, facts.quantity)
    project = session.get_one(Project, offer.project_id) if offer.project_id else None
    stated = _with_condition(_with_origin(facts, project), offer.grade)
    passport = passports.create(issuer=organisation, facts=stated, by=by, at=at)
    passports.set_hazards(passport, findings, by)
    for photo in photos:
        passports.add_photo(passport, photo, uploads=uploads, by=by)
    listing = _new(passport, organisation, at or clock.now())
    listing.total = listing.available = facts.quantity.value
    listing.unit = facts.quantity.unit
    _set_terms(listing, offer, organisation)
    session.add(listing)
    session.flush()
    told = {name: value for name, value in _terms(listing).items() if value not in {None, ""}}
    journal.record(listing.subject, "listing.posted", by=by, **told)
    if listing.estimated:
        _state_amount(listing, passport, offer.estimate, by)
    if publish:
        _publish(listing, passport, by, seal, at or clock.now())
    index_listing(listing)
    return listing


def change(
    listing: Listing,
    offer: Offer,
    facts: PassportFacts,
    by: By,
    *,
    seal: Seal,
    findings: Mapping[Hazard, Finding] = _NO_FINDINGS,
) -> None:
    """Replace the terms of an offer and the facts of its passport, and record what is known of some hazards.

    A published offer of what may no longer be offered leaves the market and is a draft again. Raises NotEnoughError
    where more than the new amount is held or gone, and ConflictError where it is of somebody else by now or options
    were promised otherwise.
    """
    check(offer, facts.quantity)
    passport = session.get_one(Passport, listing.passport_id)
    require_own(listing, passport)
    _hold_still(listing)
    _check_promises(listing, offer)
    before = _terms(listing)
    passports.change(passport, _stated(passport, listing, facts), by)
    passports.set_hazards(passport, _completed(passport, findings), by)
    if (facts.quantity.value, facts.quantity.unit) != (listing.total, listing.unit):
        stock.resize(listing.id, facts.quantity.value, facts.quantity.unit)
    _set_terms(listing, offer, session.get_one(Organisation, listing.organisation_id))
    if listing.status is ListingStatus.PUBLISHED:
        _check_price_known(listing)
    session.flush()
    told = differences(before, _terms(listing))
    if {"estimate_low_to", "estimate_high_to", "total_to", "unit_to"} & told.keys() and (
        listing.estimated or has_amount(passport)
    ):
        _state_amount(listing, passport, offer.estimate, by)
    if told:
        journal.record(listing.subject, "listing.changed", by=by, **told)
    passports.restate(passport, by, seal=seal)
    keep_to_the_gate(listing, passport, by)
    index_listing(listing)


def _state_amount(listing: Listing, passport: Passport, estimate: Estimate | None, by: By) -> None:
    """Let the passport claim how much there is, and who says so: as a range where it is an estimate."""
    owner = session.get_one(Organisation, listing.organisation_id).name
    source, method = (estimate.source or owner, estimate.method) if estimate else (owner, "")
    value = str(Quantity(listing.total, listing.unit))
    if listing.estimated:
        low, high = listing.estimated
        value = f"{written_decimal(low)} tot {Quantity(high, listing.unit)}"
    known = Known(EvidenceLevel.DECLARED, clock.today(), source, method)
    claim_amount(passport, value, known, by)


def _check_promises(listing: Listing, offer: Offer) -> None:
    """Raise ConflictError, at its field, for a change of rule or stage that would cross what others were promised."""
    stays = listing.stage is Stage.EXPECTED and offer.stage is Stage.EXPECTED
    if stays and listing.held and listing.short_harvest is not offer.short_harvest:
        message = N_("Op deze partij staan opties, en die zijn onder de andere regel genomen. De regel blijft zo.")
        raise ConflictError(message, field="short_harvest")
    if listing.stage is Stage.EXPECTED and listing.held and not stays:
        message = N_("Op deze partij staan opties. Tel de oogst, dan weet ieder wat hij krijgt.")
        raise ConflictError(message, field="stage")
    moved = listing.held or listing.handed_over or listing.written_off
    if listing.stage is Stage.IN_STOCK and offer.stage is Stage.EXPECTED and moved:
        message = N_("Van deze partij is al iets gereserveerd of weg. Ze kan niet meer terug het gebouw in.")
        raise ConflictError(message, field="stage")


def keep_to_the_gate(listing: Listing, passport: Passport, by: By) -> None:
    """Take a published offer off the market where its material may not be offered (any more)."""
    if listing.status is ListingStatus.PUBLISHED and (blocks := blocks_of(passport)):
        listing.status = ListingStatus.DRAFT
        journal.record(listing.subject, "listing.taken_off", by=by, hazard=blocks[0].hazard)


def publish(listing: Listing, by: By, *, seal: Seal, at: datetime | None = None) -> None:
    """Show an offer, and its passport, to everyone.

    Raises BlockedError where its material may not be offered, InvalidInputError where nobody said where it is from, or
    at the field `price_eur` for how much it is, and ConflictError where it is of somebody else by now.
    """
    passport = session.get_one(Passport, listing.passport_id)
    require_own(listing, passport)
    _publish(listing, passport, by, seal, at or clock.now())
    index_listing(listing)


def _publish(listing: Listing, passport: Passport, by: By, seal: Seal, at: datetime) -> None:
    _check_price_known(listing)
    passports.publish(passport, by, seal=seal, at=at)
    if listing.status is not ListingStatus.PUBLISHED:
        listing.status, listing.published_at = ListingStatus.PUBLISHED, at
        journal.record(listing.subject, "listing.published", by=by)


def _check_price_known(listing: Listing) -> None:
    if listing.price_open:
        raise InvalidInputError(N_("Vul een prijs in, of kies gratis."), field="price_eur")


def _terms(listing: Listing) -> dict[str, Fact]:
    """Return the terms as the journal tells them, in which a price that nobody gave is no price."""
    told = snapshot(listing, _TERMS)
    return told | {"price_eur": None} if listing.price_open else told


def withdraw(listing: Listing, by: By) -> None:
    """Take an offer back; its passport stays. Raises ConflictError while something of it is held for somebody."""
    _hold_still(listing)
    if listing.held:
        message = N_("Van deze partij is nog iets gereserveerd. Handel eerst de reserveringen af.")
        raise ConflictError(message)
    if listing.status is not ListingStatus.WITHDRAWN:
        listing.status = ListingStatus.WITHDRAWN
        journal.record(listing.subject, "listing.withdrawn", by=by)


def _hold_still(listing: Listing) -> None:
    """Let nobody reserve, split or fetch of an offer while it is changed: what is told of it would be untrue."""
    session.execute(select(Passport.id).where(Passport.id == listing.passport_id).with_for_update())
    stock.lock([listing.id])


def _with_origin(facts: PassportFacts, project: Project | None) -> PassportFacts:
    """Return the facts with what the project of origin knows and the person did not state."""
    if project is None:
        return facts
    return replace(
        facts,
        origin=facts.origin or project.name,
        origin_project_id=facts.origin_project_id or project.id,
        building_year=facts.building_year or project.building_year,
    )


def _stated(passport: Passport, listing: Listing, facts: PassportFacts) -> PassportFacts:
    """Return the facts as the passport states them, of which the offer may be a part and knows less."""
    project_id = facts.origin_project_id
    if project_id is None and listing.project_id is None:
        project_id = passport.origin_project_id
    return replace(facts, quantity=_amount_of(passport, listing, facts.quantity), origin_project_id=project_id)


def _amount_of(passport: Passport, listing: Listing, amount: Quantity) -> Quantity:
    """Return how much there is when the offer is of this amount: the same, unless the offer is only a part of it."""
    offered, own = Quantity(listing.total, listing.unit), Quantity(passport.quantity, passport.unit)
    is_part = offered != own and amount.unit is own.unit and amount.value <= own.value
    return own if amount == offered or is_part else amount


def _completed(passport: Passport, findings: Mapping[Hazard, Finding]) -> dict[Hazard, Finding]:
    """Return the findings with what is known besides: an offer shows only the status and the number of the report."""
    before = {row.hazard: row.finding for row in known.findings_of(passport.id)}
    return {hazard: _with_known(finding, before.get(hazard)) for hazard, finding in findings.items()}


def _with_known(finding: Finding, before: Finding | None) -> Finding:
    """Return all that is known where status and report are as before; of another report only the permission stays."""
    if before is None or finding != Finding(before.status, finding.report):
        return finding
    return before if finding.report == before.report else replace(finding, permission=before.permission)


def _with_condition(facts: PassportFacts, grade: Grade) -> PassportFacts:
    """Return the facts with the lister's own estimate of the condition, which the grade is."""
    details = facts.details or EMPTY
    if details.condition is not None:
        return facts
    return replace(facts, details=msgspec.structs.replace(details, condition=Condition(_CONDITION_OF[grade])))


def _new(passport: Passport, organisation: Organisation, at: datetime) -> Listing:
    return Listing(
        passport=passport,
        organisation=organisation,
        status=ListingStatus.DRAFT,
        created_at=at,
    )


def _set_terms(listing: Listing, offer: Offer, organisation: Organisation) -> None:
    listing.stage, listing.grade = offer.stage, offer.grade
    listing.price_eur, listing.price_open = offer.price_eur or Decimal(0), offer.price_eur is None
    listing.min_take, listing.rack = offer.min_take, offer.rack.strip()
    listing.available_from, listing.available_until = offer.available_from, offer.available_until
    listing.crusher_on = offer.crusher_on
    estimate = offer.estimate if offer.stage is Stage.EXPECTED else None
    listing.estimate_low, listing.estimate_high = (estimate.low, estimate.high) if estimate else (None, None)
    if offer.stage is Stage.EXPECTED:
        listing.short_harvest = offer.short_harvest
    listing.hub_id, listing.project_id = offer.hub_id, offer.project_id
    where = _where(offer, organisation)
    listing.put_at(place=where.place, latitude=where.latitude, longitude=where.longitude, address=where.address)


def _where(offer: Offer, organisation: Organisation) -> Site | Located:
    if offer.hub_id is not None:
        return session.get_one(Hub, offer.hub_id)
    if offer.site is not None:
        return offer.site
    return session.get_one(Project, offer.project_id) if offer.project_id is not None else organisation
