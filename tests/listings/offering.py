"""Offers made through the real actions, for tests of what becomes of them."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from marketplace.accounts.models import Organisation
from marketplace.kit import clock
from marketplace.kit.journal import By
from marketplace.kit.quantities import Quantity, Unit
from marketplace.listings import actions
from marketplace.listings.models import Listing
from marketplace.listings.offers import Offer
from marketplace.passports.facts import PassportFacts
from marketplace.projects.models import Grade
from tests.factories import make_organisation
from tests.sealing import SEAL

NOWHERE = Path("/nonexistent")


def facts(category: str = "door_interior", name: str = "", **more: Any) -> PassportFacts:
    """Return the facts of 40 pieces without sizes out of an office of 2020, in which no hazard is to be suspected."""
    quantity = more.pop("quantity", Quantity(Decimal(40), more.pop("unit", Unit.PIECE)))
    usual = {"building_year": 2020, "origin": "Kantoor Beilen"}
    return PassportFacts(category=category, name=name, quantity=quantity, **usual | more)


def offer(**more: Any) -> Offer:
    """Return terms: grade B, 15 euros, from today."""
    return Offer(**{"grade": Grade.B, "price_eur": Decimal(15), "available_from": clock.today()} | more)


def post(
    organisation: Organisation | None = None,
    *,
    terms: Offer | None = None,
    publish: bool = True,
    photos: tuple[bytes, ...] = (),
    uploads: Path = NOWHERE,
    **of_facts: Any,
) -> Listing:
    """Post an offer of what `facts` gives."""
    owner = organisation or make_organisation()
    return actions.post(
        organisation=owner,
        offer=terms or offer(),
        facts=facts(**of_facts),
        photos=photos,
        by=By(None, owner.id),
        publish=publish,
        uploads=uploads,
        seal=SEAL,
    )


def in_days(days: int) -> date:
    return date.fromordinal(clock.today().toordinal() + days)
