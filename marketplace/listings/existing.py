"""Offering what has a passport already: what was harvested, milled, split off or taken back."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from marketplace.accounts.models import Organisation
from marketplace.kit import clock, journal
from marketplace.kit.changes import as_fact
from marketplace.kit.database import session
from marketplace.kit.errors import N_, ConflictError
from marketplace.kit.journal import By
from marketplace.listings.lineage import handed_over_of, offered_of
from marketplace.listings.models import Listing, ListingStatus, Stage
from marketplace.listings.search import index_listing
from marketplace.passports.lineage import find_installation
from marketplace.passports.models import Passport
from marketplace.passports.taking import lock
from marketplace.projects.models import Grade

_GRADE_OF: Final = {1: Grade.A, 2: Grade.B, 3: Grade.B, 4: Grade.C, 5: Grade.D, 6: Grade.D}
"""The grade that a condition of NEN 2767, from 1 to 6, comes to; the owner looks at it before it is offered."""


def can_be_offered(passport: Passport) -> bool:
    """Tell whether all that there is of a passport is loose, here, and on offer to nobody."""
    return not (
        passport.status.is_over
        or passport.details.work is not None
        or find_installation(passport.id)
        or offered_of(passport.id)
        or handed_over_of(passport.id)
    )


def begin(passport: Passport, *, by: By, at: datetime | None = None) -> Listing:
    """Begin an offer of what a passport describes, as a draft at its owner's that states no price yet.

    An offer of it that is a draft, or was taken back, is returned as it is. Raises ConflictError where it cannot be
    offered: it is a work, built in, over, or (partly) on offer or fetched.
    """
    lock(passport)
    if not can_be_offered(passport):
        message = N_("Dit kan nu niet worden aangeboden: het is ingebouwd, al te koop, opgehaald of er niet meer.")
        raise ConflictError(message)
    if earlier := _find_unpublished(passport):
        return earlier
    owner = session.get_one(Organisation, passport.owner_id)
    condition = passport.details.condition
    listing = Listing(
        passport=passport,
        organisation=owner,
        status=ListingStatus.DRAFT,
        stage=Stage.IN_STOCK,
        unit=passport.unit,
        total=passport.quantity,
        available=passport.quantity,
        min_take=min(Decimal(1), passport.quantity),
        grade=_GRADE_OF[condition.score] if condition else Grade.C,
        price_eur=Decimal(0),
        price_open=True,
        available_from=clock.today(),
        project_id=passport.origin_project_id,
        created_at=at or clock.now(),
    )
    listing.put_at(place=owner.place, latitude=owner.latitude, longitude=owner.longitude, address=owner.address)
    session.add(listing)
    session.flush()
    told = {"total": as_fact(listing.total), "unit": listing.unit.value, "place": listing.place}
    journal.record(listing.subject, "listing.posted", by=by, **told)
    index_listing(listing)
    return listing


def _find_unpublished(passport: Passport) -> Listing | None:
    query = select(Listing).where(
        Listing.passport_id == passport.id,
        Listing.organisation_id == passport.owner_id,
        Listing.status != ListingStatus.PUBLISHED,
        Listing.stage != Stage.GONE,
    )
    return session.scalars(query.order_by(Listing.id.desc()).limit(1)).one_or_none()
