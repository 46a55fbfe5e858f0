"""Splitting a lot that is on offer, and keeping what is on offer from going elsewhere."""

from decimal import Decimal
from typing import Final

from sqlalchemy import ColumnElement, SQLColumnExpression, func, select

from marketplace.kit import journal
from marketplace.kit.changes import as_fact
from marketplace.kit.database import session
from marketplace.kit.errors import N_, ConflictError
from marketplace.kit.quantities import Quantity
from marketplace.listings import stock
from marketplace.listings.models import Listing, ListingStatus
from marketplace.listings.ownership import require_own
from marketplace.listings.search import index_listing
from marketplace.passports import lineage
from marketplace.passports.models import Passport
from marketplace.passports.taking import Act, lock, refusal

_SAME: Final = (
    "organisation_id",
    "stage",
    "unit",
    "grade",
    "price_eur",
    "price_open",
    "available_from",
    "available_until",
    "crusher_on",
    "short_harvest",
    "hub_id",
    "project_id",
    "rack",
    "place",
    "address",
    "latitude",
    "longitude",
    "x_km",
    "y_km",
)
"""What the offer of a part takes over from the offer of the whole."""


def split_lot(listing: Listing, quantity: Decimal, act: Act) -> Listing:
    """Split an amount off a lot and return it as a draft offer of its own, with a passport of its own.

    Both keep the terms. Raises NotEnoughError where less is available, and ConflictError where it is all there is, or
    of somebody else by now, or an estimate so far.
    """
    passport = session.get_one(Passport, listing.passport_id)
    lock(passport)
    require_own(listing, passport)
    if listing.estimated:
        raise ConflictError(N_("Hoeveel dit is, is nog een schatting. Tel eerst de oogst, en splits dan."))
    stock.split_off(listing.id, quantity)
    (child,) = lineage.split(passport, [quantity], act)
    part = Listing(
        **{name: getattr(listing, name) for name in _SAME},
        passport=child,
        status=ListingStatus.DRAFT,
        total=quantity,
        available=quantity,
        min_take=min(listing.min_take, quantity),
        created_at=act.at,
    )
    listing.min_take = min(listing.min_take, listing.total)
    session.add(part)
    session.flush()
    told = {"quantity": as_fact(quantity), "unit": listing.unit.value, "code": child.code}
    journal.record(listing.subject, "listing.split", by=act.by, **told)
    begun = {"total": as_fact(quantity), "unit": part.unit.value, "place": part.place, "split_off": listing.reference}
    journal.record(part.subject, "listing.posted", by=act.by, **begun)
    index_listing(listing)
    index_listing(part)
    return part


def offered_of(passport_id: int) -> Decimal:
    """Return how much of a passport is on offer or held for somebody now."""
    return _sum_of(passport_id, Listing.available + Listing.held, Listing.is_open | (Listing.held > 0))


def handed_over_of(passport_id: int) -> Decimal:
    """Return how much of what a passport still counts was fetched by others, before passports went along."""
    left = Listing.handed_over_without_passport
    return _sum_of(passport_id, left, left > 0)


def _sum_of(passport_id: int, amount: SQLColumnExpression[Decimal], where: ColumnElement[bool]) -> Decimal:
    query = select(func.sum(amount)).where(Listing.passport_id == passport_id, where)
    return session.scalar(query) or Decimal(0)


def free_of(passport: Passport) -> Decimal:
    """Return how much of a passport is here, and neither on offer nor held for somebody."""
    elsewhere = offered_of(passport.id) + handed_over_of(passport.id)
    return max(passport.quantity - elsewhere, Decimal(0))


def require_free(passport: Passport, quantity: Decimal | None = None) -> None:
    """Raise ConflictError where so much of a passport, or without an amount any of it, is not here or not free."""
    offered, handed_over = offered_of(passport.id), handed_over_of(passport.id)
    if quantity is not None and quantity > passport.quantity:
        raise refusal(passport)
    if not offered + handed_over or (quantity is not None and quantity <= free_of(passport)):
        return
    if not offered:
        message = N_("Hiervan is %(amount)s al overgedragen. Dat is niet meer hier.")
        raise ConflictError(message, field="quantity", amount=Quantity(handed_over, passport.unit))
    message = N_("Hiervan is %(offered)s te koop of gereserveerd. Haal dat aanbod eerst terug, of splits de partij.")
    raise ConflictError(message, field="quantity", offered=Quantity(offered, passport.unit))
