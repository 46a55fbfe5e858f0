"""What is promised of a material while nobody may fetch it: its clock stands still."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select

from marketplace.kit.database import session
from marketplace.listings.models import Listing
from marketplace.passports.models import Passport
from marketplace.reservations.settling import settle


@contextmanager
def followed(passport: Passport, at: datetime) -> Iterator[None]:
    """Let the clocks of what is promised of a material follow what is said of its hazards in the meantime.

    What had lapsed before that does so first. Afterwards they stand still where the gate is closed, and run (again)
    where it is open. Passport and offers are held until the transaction ends.
    """
    session.execute(select(Passport.id).where(Passport.id == passport.id).with_for_update())
    of_it = session.scalars(select(Listing.id).where(Listing.passport_id == passport.id)).all()
    settle(of_it, at)
    yield
    settle(of_it, at)
