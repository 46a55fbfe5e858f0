"""What a match is worth as it is reserved: new counts for what is needed, and what is spent for all that is taken.

A need of 1.5 t that gets five beams of 374 kg pays for five beams and their way, and saves 1.5 t of new ones.
"""

from decimal import Decimal

from marketplace.matching.problem import Terms
from marketplace.matching.scoring import Route


def terms(route: Route, quantity: Decimal, take: Decimal) -> Terms:
    """Return the parts of the value, each in whole cents of EUR; they add up to `value`.

    `quantity` is what the need gets, in its unit, and `take` how much of the lot that is, in the unit of the lot. The
    cents that rounding leaves over go to the largest part.
    """
    exact = _exact(route, quantity, take)
    cents = [round(amount * 100) for amount in exact]
    largest = max(range(len(cents)), key=lambda at: abs(cents[at]))
    cents[largest] += round(sum(exact) * 100) - sum(cents)
    return Terms(*(amount / 100 for amount in cents))


def value(route: Route, quantity: Decimal, take: Decimal) -> float:
    """Return the EUR of it, in whole cents."""
    return round(sum(_exact(route, quantity, take)) * 100) / 100


def _exact(route: Route, quantity: Decimal, take: Decimal) -> tuple[float, ...]:
    new, mki, price, transport, storage = route.unit_terms
    given, paid = float(quantity), float(take) * route.pieces
    return given * new, given * mki, paid * price, paid * transport, paid * storage, -route.trips
