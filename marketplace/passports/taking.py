"""Taking something out of a passport: one statement that checks and changes at once, so that no piece goes twice.

Whoever takes leaves a row behind, a link to what it became or a loss with its reason; both stay for ever.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import case, literal, select, update

from marketplace.kit import clock
from marketplace.kit.database import QUANTITY, session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError
from marketplace.kit.journal import By
from marketplace.kit.quantities import Quantity, Unit
from marketplace.kit.texts import one_line
from marketplace.passports.balance import Gone, Left, check_amount, left_of, mass_of
from marketplace.passports.details import Work
from marketplace.passports.merging import share_of
from marketplace.passports.models import LineageLink, LinkKind, Loss, Passport, PassportStatus
from marketplace.passports.seal import Seal

LONGEST_REASON: Final = 500
_OVER: Final = [status for status in PassportStatus if status.is_over]
_CHANGED: Final = ("quantity", "status", "details")


@dataclass(frozen=True, slots=True)
class Act:
    """Hold who does something, with which seal what they publish is signed, and when: the same for every step."""

    by: By
    seal: Seal
    at: datetime = field(default_factory=clock.now)


class NotEnoughLeftError(ConflictError):
    """Say how much is left, where somebody wants more."""


def take(
    passport: Passport, quantity: Decimal, *, end: PassportStatus = PassportStatus.REPLACED, leave_some: bool = False
) -> Quantity:
    """Take an amount out of a passport and return it; after the last of it the passport comes to this `end`.

    With `leave_some` all there is, is too much. What it states of all that there is becomes less in the same measure.
    Raises InvalidInputError for what is no amount, and NotEnoughLeftError where less is left.
    """
    amount = check_amount(quantity, passport.unit)
    session.flush()
    rest = Passport.quantity - literal(amount.value, QUANTITY)
    enough = Passport.quantity > amount.value if leave_some else Passport.quantity >= amount.value
    statement = (
        update(Passport)
        .where(Passport.id == passport.id, enough, Passport.status.not_in(_OVER))
        .values(quantity=rest, status=case((Passport.quantity == amount.value, end), else_=Passport.status))
        .returning(Passport.quantity)
    )
    left = session.scalars(statement, execution_options={"synchronize_session": False}).one_or_none()
    session.expire(passport, _CHANGED)
    if left is None and leave_some and passport.quantity == amount.value:
        raise InvalidInputError(N_("Dat is alles wat er is. Splits minder af, of verdeel het."), field="quantity")
    if left is None:
        raise refusal(passport)
    if left:
        passport.details = share_of(passport.details, left / (left + amount.value))
    return amount


def refusal(passport: Passport) -> ConflictError:
    """Return the error that says why not so much can be taken."""
    if passport.status.is_over:
        return ConflictError(N_("Van dit paspoort is niets meer over: kijk op zijn pagina wat ervan werd."))
    left = Quantity(passport.quantity, passport.unit)
    return NotEnoughLeftError(N_("Er is nog maar %(left)s over."), field="quantity", left=left)


def lock(passport: Passport) -> None:
    """Let nobody else take from a passport until the transaction ends, and read it again.

    SQLite has the lock already, with the transaction that writes.
    """
    session.flush()
    session.execute(select(Passport.id).where(Passport.id == passport.id).with_for_update())
    session.expire(passport, _CHANGED)
    if passport.status.is_over:
        raise refusal(passport)


def parts_left(passport: Passport) -> dict[str, Left]:
    """Return what is left of every part of a work, by part; nothing for what is no work."""
    work = passport.details.work
    return {} if work is None else left_of(work, gone_from(passport.id))


def gone_from(passport_id: int) -> list[Gone]:
    """Return everything that went out of a passport: into others, and lost."""
    links = select(LineageLink.part, LineageLink.quantity).where(LineageLink.parent_id == passport_id)
    losses = select(Loss.part, Loss.quantity).where(Loss.passport_id == passport_id)
    return [Gone(part, quantity) for query in (links, losses) for part, quantity in session.execute(query)]


def find_left(passport: Passport, part: str) -> Left:
    """Return what is left of one part of a work. Raises InvalidInputError, at the field `part`, where it has none."""
    left = parts_left(passport).get(part)
    if left is None:
        raise InvalidInputError(N_("Dit werk heeft geen onderdeel “%(part)s”."), field="part", part=part[:40])
    return left


def settle(work: Passport, mass_kg: Decimal) -> None:
    """Account in a locked work for what just came out of a part of it, of this mass.

    A work that is counted by mass becomes less, but never less than its parts still hold. When nothing is left of any
    part, it was replaced by what came out of it.
    """
    left = parts_left(work)
    if not any(each.left for each in left.values()):
        work.quantity, work.status = Decimal(0), PassportStatus.REPLACED
    elif work.unit in {Unit.KG, Unit.T}:
        now, kept = work.quantity * work.kg_per_unit, _mass_left(work.details.work, left.values())
        work.quantity = work.unit.round(min(max(now - mass_kg, kept), now) / work.kg_per_unit)
    session.flush()


def _mass_left(work: Work | None, left: Iterable[Left]) -> Decimal:
    return sum((part_mass(work, each.part, each.left) for each in left), Decimal(0)) if work else Decimal(0)


def part_mass(work: Work, part: str, quantity: Decimal) -> Decimal:
    """Return the mass in kg of an amount of a part of a work: layers are counted in t, elements by their own mass."""
    element = work.find_element(part)
    return quantity * (element.mass_kg / element.quantity if element else Decimal(1000))


def link(
    kind: LinkKind, parent: Passport, child: Passport, quantity: Decimal, act: Act, *, part: str = "", mass: Decimal
) -> LineageLink:
    """Write down for ever that an amount of one passport went into another."""
    row = LineageLink(
        kind=kind, parent_id=parent.id, child_id=child.id, part=part, quantity=quantity, mass_kg=mass, at=act.at
    )
    session.add(row)
    session.flush()
    return row


def write_loss(passport: Passport, quantity: Decimal, reason: str, act: Act, *, part: str = "", mass: Decimal) -> Loss:
    """Write down for ever that an amount became nothing else."""
    row = Loss(passport_id=passport.id, part=part, quantity=quantity, mass_kg=mass, reason=reason, at=act.at)
    session.add(row)
    session.flush()
    return row


def check_reason(reason: str) -> str:
    """Return a reason in one line. Raises InvalidInputError, at the field `reason`, without one or for a long one."""
    text = one_line(reason, LONGEST_REASON, "reason")
    if not text:
        raise InvalidInputError(N_("Vul in wat er gebeurd is."), field="reason")
    return text


def mass_in(passport: Passport, quantity: Decimal) -> Decimal:
    """Return the mass in kg of an amount of a passport."""
    return mass_of(quantity, passport.kg_per_unit)
