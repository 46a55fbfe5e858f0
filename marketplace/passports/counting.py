"""Keeping a passport in step with a count: less came out than it says, or more, or an estimate came true."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from marketplace.kit import journal
from marketplace.kit.changes import differences, snapshot
from marketplace.kit.database import session
from marketplace.kit.errors import N_, ConflictError
from marketplace.kit.journal import By
from marketplace.kit.quantities import Quantity
from marketplace.passports.actions import add_claim
from marketplace.passports.balance import check_amount
from marketplace.passports.levels import EvidenceLevel
from marketplace.passports.lineage import lose, sign_what_is_left
from marketplace.passports.merging import share_of
from marketplace.passports.models import Passport
from marketplace.passports.queries import latest_claims, parents_of
from marketplace.passports.taking import Act, lock

AMOUNT: Final = "amount"
"""The key of the claim of how much there is, where that was an estimate at first."""

NOT_HARVESTED: Final = "niet geoogst"
"""Why it was lost, as the passport keeps it."""


def has_amount(passport: Passport) -> bool:
    """Tell whether the passport claims how much there is."""
    return any(claim.key == AMOUNT for claim in latest_claims(passport.id))


@dataclass(frozen=True, slots=True)
class Known:
    """Hold how, since when, and by whom or by what way an amount is known."""

    level: EvidenceLevel
    on: date
    source: str
    method: str = ""


def claim_amount(passport: Passport, value: str, known: Known, by: By) -> None:
    """Let the passport claim how much there is, as a range where it is an estimate; the latest such claim counts."""
    add_claim(
        passport,
        key=AMOUNT,
        value=value,
        level=known.level,
        source=known.source,
        method=known.method,
        known_on=known.on,
        by=by,
    )


def count_short(passport: Passport, missing: Decimal, left: Decimal, act: Act) -> None:
    """Write off what did not come out, of a lot of which `left` did.

    A passport that was corrected before to what came out stays as it is.
    """
    lost = min(missing, max(passport.quantity - left, Decimal(0)))
    if lost:
        lose(passport, lost, NOT_HARVESTED, act)


def count_extra(passport: Passport, extra: Decimal, act: Act) -> None:
    """Add what came out on top, in the same measure to all that the passport states of the whole.

    Raises ConflictError, at the field `counted`, for what came out of another passport: more than went out of that
    one it cannot be.
    """
    lock(passport)
    if parents_of(passport.id):
        message = N_(
            "Deze partij kwam uit een ander paspoort; meer dan %(most)s kan het daarom niet zijn. Neem dat in "
            "ontvangst, en bied aan wat over is als eigen partij."
        )
        raise ConflictError(message, field="counted", most=Quantity(passport.quantity, passport.unit))
    amount, before = check_amount(extra, passport.unit, field="counted").value, snapshot(passport, ("quantity",))
    passport.details = share_of(passport.details, (passport.quantity + amount) / passport.quantity)
    passport.quantity += amount
    session.flush()
    told = differences(before, snapshot(passport, ("quantity",)))
    journal.record(passport.subject, "passport.changed", by=act.by, **told)
    sign_what_is_left(passport, act)
