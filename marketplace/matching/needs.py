"""Changing a need for which something may be reserved already."""

from decimal import Decimal

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.journal import By
from marketplace.kit.quantities import Quantity
from marketplace.matching.queries import reserved_for
from marketplace.projects import actions
from marketplace.projects.facts import NeedFacts
from marketplace.projects.models import Need


def change_need(*, need: Need, facts: NeedFacts, by: By) -> None:
    """Replace what is looked for, but not by less than what is reserved for it or was handed over.

    What was reserved beyond the need, because the last piece is taken whole, is in the way of no other change. Raises
    InvalidInputError where the facts contradict each other or the reservations.
    """
    before, unit = need.quantity, need.unit
    actions.change_need(need=need, facts=facts, by=by)
    if need.quantity >= before and need.unit is unit:
        return
    reserved: Decimal = reserved_for([need])[need.id]
    if need.quantity < reserved:
        message = N_("Voor deze behoefte is al %(amount)s gereserveerd of opgehaald. Minder kan niet.")
        raise InvalidInputError(message, field="quantity", amount=Quantity(reserved, need.unit))
