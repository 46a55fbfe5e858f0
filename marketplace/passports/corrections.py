"""What may still be corrected in a passport: of what was split, merged, milled or lost, the amounts are fixed."""

from decimal import Decimal

from marketplace.kit.errors import N_, ConflictError
from marketplace.kit.quantities import Quantity, Unit
from marketplace.passports.balance import check_parts
from marketplace.passports.facts import PassportFacts
from marketplace.passports.models import Passport
from marketplace.passports.queries import parents_of
from marketplace.passports.taking import gone_from, lock


def require_correctable(passport: Passport, facts: PassportFacts) -> None:
    """Lock a passport, and raise ConflictError, at the field that it concerns, where these facts would be a lie.

    A passport that is over stays as it is. Where something went out of it or it came out of another, amount and unit
    are what those steps made them; a work keeps the parts of which something came out.
    """
    if passport.status.is_over:
        raise ConflictError(N_("Dit paspoort geldt niet meer; het kan niet meer worden gewijzigd."))
    lock(passport)
    gone = gone_from(passport.id)
    if not gone and not parents_of(passport.id):
        return
    if facts.quantity != Quantity(passport.quantity, passport.unit):
        message = N_("Hiervan is gesplitst, samengevoegd of afgeschreven; alleen zo verandert de hoeveelheid nog.")
        raise ConflictError(message, field="quantity")
    if facts.details is not None:
        check_parts(passport.details.work, facts.details.work, gone)


def fixed_mass(passport: Passport, facts: PassportFacts) -> tuple[Decimal, bool] | None:
    """Return the mass in kg of one unit, and whether it is an estimate, where it is that of what it came out of.

    None for a passport that came out of no other. Raises ConflictError where the facts give another mass.
    """
    if not parents_of(passport.id):
        return None
    if facts.kg_per_unit is not None and Unit.KG.round(facts.kg_per_unit) != passport.kg_per_unit:
        message = N_("Dit kwam uit een ander paspoort; het weegt per eenheid wat het daar woog.")
        raise ConflictError(message, field="kg_per_unit")
    return passport.kg_per_unit, passport.mass_is_estimate
