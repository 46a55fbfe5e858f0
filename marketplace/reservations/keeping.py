"""Keeping what is promised for longer than the rules alone would, because both sides are busy with it."""

from datetime import datetime

from marketplace.kit.database import session
from marketplace.listings.models import Listing
from marketplace.reservations.house_rules import terms_of
from marketplace.reservations.models import Reservation
from marketplace.reservations.settling import set_clock


def keep_until(reservation: Reservation, until: datetime) -> None:
    """Let a reservation lapse no sooner than this; one without a clock, or with a later end, stays as it is."""
    if reservation.expires_at is None or reservation.expires_at >= until:
        return
    listing = session.get_one(Listing, reservation.listing_id)
    set_clock(reservation, until, terms_of(listing.organisation_id))
