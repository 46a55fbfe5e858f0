"""Fetching what was reserved, as the program does, in few words."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from marketplace.accounts.models import Organisation
from marketplace.kit.database import session
from marketplace.kit.journal import By
from marketplace.listings.models import Listing
from marketplace.passports.taking import Act
from marketplace.reservations.handing_over import Fetched, by_scan
from marketplace.reservations.models import HandOver, Reservation
from tests.factories import by
from tests.reservations.asking import AT
from tests.sealing import SEAL


def owner_of(reservation: Reservation) -> Organisation:
    return session.get_one(Organisation, session.get_one(Listing, reservation.listing_id).organisation_id)


def buyer_of(reservation: Reservation) -> Organisation:
    return session.get_one(Organisation, reservation.organisation_id)


def act(organisation: Organisation | None = None, at: datetime = AT) -> Act:
    return Act(by(organisation), SEAL, at)


def fetched(quantity: Any = 0, broken: Any = 0, lost: Any = 0, **more: Any) -> Fetched:
    return Fetched(Decimal(quantity), Decimal(broken), Decimal(lost), **more)


def hand_over(
    reservation: Reservation, quantity: Any = None, *, who: By | None = None, at: datetime = AT, **more: Any
) -> HandOver:
    """Hand over an amount, by default all that is held, as a scan by the owner's people does."""
    owner = owner_of(reservation)
    what = fetched(reservation.held if quantity is None else quantity, **more)
    return by_scan(reservation, what, side=owner, act=Act(who or by(owner), SEAL, at))
