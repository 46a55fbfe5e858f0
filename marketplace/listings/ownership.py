"""Offers of what is no longer of who offered it: nothing more is done with them."""

from sqlalchemy import select

from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.kit.errors import N_, ConflictError
from marketplace.kit.journal import By
from marketplace.listings.models import Listing, ListingStatus, Stage
from marketplace.passports.models import Passport


def require_own(listing: Listing, passport: Passport) -> None:
    """Raise ConflictError where the passport of an offer went to another organisation."""
    if passport.owner_id != listing.organisation_id:
        raise ConflictError(N_("Dit is overgedragen: het paspoort is nu van een andere organisatie."))


def withdraw_left_over(passport: Passport, by: By) -> None:
    """Take back what former owners still had of a passport, such as a draft offer."""
    left_over = (
        Listing.passport_id == passport.id,
        Listing.organisation_id != passport.owner_id,
        Listing.status != ListingStatus.WITHDRAWN,
        Listing.stage != Stage.GONE,
        Listing.held == 0,
    )
    for listing in session.scalars(select(Listing).where(*left_over).order_by(Listing.id)):
        listing.status = ListingStatus.WITHDRAWN
        journal.record(listing.subject, "listing.withdrawn", by=by)
