"""Offering material, changing the offer, and taking it back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec
from sqlalchemy import select

from marketplace.accounts.models import Organisation
from marketplace.kit import clock, journal
from marketplace.kit.changes import differences, snapshot
from marketplace.kit.database import flush_or, session
from marketplace.kit.errors import N_, ConflictError
from marketplace.kit.journal import By
from marketplace.kit.location import Located, Site
from marketplace.kit.quantities import Quantity
from marketplace.listings import stock
from marketplace.listings.models import Listing, ListingStatus
from marketplace.listings.offers import Offer, check
from marketplace.listings.search import index_listing
from marketplace.materials.hazards import Hazard
from marketplace.passports import actions as passports
from marketplace.passports import queries as known
from marketplace.passports.admission import blocks_of
from marketplace.passports.details import EMPTY, Condition
from marketplace.passports.facts import PassportFacts
from marketplace.passports.gate import Finding
from marketplace.passports.models import Passport
from marketplace.passports.seal import Seal
from marketplace.projects.models import Grade, Hub, Project

_TERMS: Final = (
    "stage",
    "total",
    "unit",
    "min_take",
    "grade",
    "price_eur",
    "available_from",
    "available_until",
    "crusher_on",
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
    request_key: str | None = None,
    uploads: Path,
    seal: Seal,
    at: datetime | None = None,
) -> Listing:
    """Make an offer and the passport of what is offered, in one act.

    The same `request_key` sent twice gives the same offer. Raises InvalidInputError where the facts, the terms or a
    photo cannot be right, BlockedError where it may not be published, and ConflictError where the key came before
    with something else.
    """
    if earlier := _sent_before(organisation, request_key):
        _require_the_same(earlier, offer, facts)
        return earlier
    check(offer, facts.quantity)
    project = session.get_one(Project, offer.project_id) if offer.project_id else None
    stated = _with_condition(_with_origin(facts, project), offer.grade)
    passport = passports.create(issuer=organisation, facts=stated, by=by, at=at)
    passports.set_hazards(passport, findings, by)
    for photo in photos:
        passports.add_photo(passport, photo, uploads=uploads, by=by)
    listing = _new(passport, organisation, request_key, at or clock.now())
    listing.total = listing.available = facts.quantity.value
    listing.unit = facts.quantity.unit
    _set_terms(listing, offer, organisation)
    session.add(listing)
    flush_or({"listing.request_key": ConflictError(N_("Dit formulier is al verstuurd."))})
    told = {name: value for name, value in snapshot(listing, _TERMS).items() if value not in {None, ""}}
    journal.record(listing.subject, "listing.posted", by=by, **told)
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
    where more than the new amount is held or gone.
    """
    check(offer, facts.quantity)
    passport = session.get_one(Passport, listing.passport_id)
    _hold_still(listing)
    before = snapshot(listing, _TERMS)
    passports.change(passport, _stated(passport, listing, facts), by)
    passports.set_hazards(passport, _completed(passport, findings), by)
    if (facts.quantity.value, facts.quantity.unit) != (listing.total, listing.unit):
        stock.resize(listing.id, facts.quantity.value, facts.quantity.unit)
    _set_terms(listing, offer, session.get_one(Organisation, listing.organisation_id))
    session.flush()
    if told := differences(before, snapshot(listing, _TERMS)):
        journal.record(listing.subject, "listing.changed", by=by, **told)
    passports.restate(passport, by, seal=seal)
    keep_to_the_gate(listing, passport, by)
    index_listing(listing)


def keep_to_the_gate(listing: Listing, passport: Passport, by: By) -> None:
    """Take a published offer off the market where its material may not be offered (any more)."""
    if listing.status is ListingStatus.PUBLISHED and (blocks := blocks_of(passport)):
        listing.status = ListingStatus.DRAFT
        journal.record(listing.subject, "listing.taken_off", by=by, hazard=blocks[0].hazard)


def publish(listing: Listing, by: By, *, seal: Seal, at: datetime | None = None) -> None:
    """Show an offer, and its passport, to everyone.

    Raises BlockedError where its material may not be offered, and InvalidInputError where nobody said where it is from.
    """
    _publish(listing, session.get_one(Passport, listing.passport_id), by, seal, at or clock.now())
    index_listing(listing)


def _publish(listing: Listing, passport: Passport, by: By, seal: Seal, at: datetime) -> None:
    passports.publish(passport, by, seal=seal, at=at)
    if listing.status is not ListingStatus.PUBLISHED:
        listing.status, listing.published_at = ListingStatus.PUBLISHED, at
        journal.record(listing.subject, "listing.published", by=by)


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


def _sent_before(organisation: Organisation, request_key: str | None) -> Listing | None:
    if not request_key:
        return None
    query = select(Listing).where(Listing.request_key == request_key, Listing.organisation_id == organisation.id)
    return session.scalars(query).one_or_none()


def _require_the_same(earlier: Listing, offer: Offer, facts: PassportFacts) -> None:
    category = session.get_one(Passport, earlier.passport_id).category
    then = (category, earlier.total, earlier.unit, earlier.price_eur, earlier.grade)
    if then != (facts.category, facts.quantity.value, facts.quantity.unit, offer.price_eur, offer.grade):
        message = N_("Dit formulier is al eerder verstuurd, met andere gegevens. Wijzig de partij die er nu staat.")
        raise ConflictError(message)


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


def _new(passport: Passport, organisation: Organisation, request_key: str | None, at: datetime) -> Listing:
    return Listing(
        passport=passport,
        organisation=organisation,
        request_key=request_key or None,
        status=ListingStatus.DRAFT,
        created_at=at,
    )


def _set_terms(listing: Listing, offer: Offer, organisation: Organisation) -> None:
    listing.stage, listing.grade, listing.price_eur = offer.stage, offer.grade, offer.price_eur
    listing.min_take, listing.rack = offer.min_take, offer.rack.strip()
    listing.available_from, listing.available_until = offer.available_from, offer.available_until
    listing.crusher_on = offer.crusher_on
    listing.hub_id, listing.project_id = offer.hub_id, offer.project_id
    where = _where(offer, organisation)
    listing.put_at(place=where.place, latitude=where.latitude, longitude=where.longitude, address=where.address)


def _where(offer: Offer, organisation: Organisation) -> Site | Located:
    if offer.hub_id is not None:
        return session.get_one(Hub, offer.hub_id)
    if offer.site is not None:
        return offer.site
    return session.get_one(Project, offer.project_id) if offer.project_id is not None else organisation
