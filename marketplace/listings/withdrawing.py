"""Withdrawing a passport, and with it every offer of what it describes."""

from sqlalchemy import select

from marketplace.kit.database import session
from marketplace.kit.errors import N_, InvalidInputError
from marketplace.listings.actions import withdraw
from marketplace.listings.models import Listing
from marketplace.passports import actions as passports
from marketplace.passports.models import Passport
from marketplace.passports.taking import Act, lock


def withdraw_passport(passport: Passport, *, reason: str, act: Act) -> None:
    """Withdraw a passport for ever, and take back what is on offer of it.

    Raises InvalidInputError without a reason, and ConflictError while something of it is held for somebody or where it
    has come to its end already.
    """
    if not reason.strip():
        raise InvalidInputError(N_("Vul in waarom u dit paspoort intrekt."), field="reason")
    lock(passport)
    of_it = select(Listing).where(Listing.passport_id == passport.id).order_by(Listing.id).with_for_update()
    for listing in session.scalars(of_it.execution_options(populate_existing=True)):
        withdraw(listing, act.by)
    passports.withdraw(passport, act.by, reason=reason, at=act.at)
    session.flush()
