"""What is planned, stated as people do, for tests of what becomes of it."""

from datetime import date
from decimal import Decimal
from typing import Any

from marketplace.kit.location import Site
from marketplace.kit.quantities import Quantity, Unit
from marketplace.projects.facts import HubFacts, NeedFacts, ProjectFacts
from marketplace.projects.models import Grade, ProjectKind
from tests.factories import place


def site(name: str = "Sleen", address: str = "Kerkstraat 1") -> Site:
    """Return an address in a place that the product knows."""
    found = place(name)
    return Site(found.name, found.latitude, found.longitude, address)


def hub_facts(**more: Any) -> HubFacts:
    """Return the facts of a hub of 500 m3 in Hoogeveen."""
    facts = {
        "name": "Hub Hoogeveen",
        "site": site("Hoogeveen"),
        "capacity_m3": Decimal(500),
        "handle_eur_per_m3": Decimal("7.50"),
        "store_eur_per_m3_week": Decimal("0.85"),
    }
    return HubFacts(**facts | more)


def project_facts(client_id: int, **more: Any) -> ProjectFacts:
    """Return the facts of a demolition in Sleen in the spring of 2027."""
    facts = {
        "name": "Sleen, Kerkstraat",
        "kind": ProjectKind.DEMOLITION,
        "client_id": client_id,
        "site": site(),
        "starts_on": date(2027, 1, 15),
        "ends_on": date(2027, 4, 15),
        "building_year": 1958,
        "summary": "Twaalf woningen",
    }
    return ProjectFacts(**facts | more)


def need_facts(**more: Any) -> NeedFacts:
    """Return the facts of 20 interior doors in June 2027."""
    facts = {
        "title": "20 binnendeuren",
        "category": "door_interior",
        "quantity": Quantity(Decimal(20), Unit.PIECE),
        "wanted_from": date(2027, 6, 1),
        "wanted_until": date(2027, 6, 30),
        "new_eur": Decimal("95.00"),
        "length": (2010, 2020),
        "grade": Grade.B,
        "max_price": Decimal("40.00"),
        "min_batch": Decimal(5),
    }
    return NeedFacts(**facts | more)
