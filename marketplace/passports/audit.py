"""Whether the lineages add up: what went into each passport against what is left of it, came out of it and was lost."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import select

from marketplace.kit.database import session
from marketplace.passports.balance import Gone, adds_up, left_of
from marketplace.passports.models import Installation, LineageLink, Loss, Passport, PassportStatus


class Problem(StrEnum):
    """What does not add up, in the words of the command."""

    QUANTITY = "quantity does not add up"
    MASS = "mass (kg) does not add up"
    PART = "more came out of a part than it held"
    NO_SUCCESSOR = "replaced, but nothing came out of it"
    NO_LOSS = "destroyed, but nothing was lost of it"
    STILL_INSTALLED = "built in, although nothing is left of it"


@dataclass(frozen=True, slots=True)
class Imbalance:
    """Hold one passport whose lineage does not add up: what went in, and what is accounted for."""

    code: str
    problem: Problem
    went_in: Decimal
    found: Decimal
    part: str = ""

    def __str__(self) -> str:
        where = f"{self.code} {self.part}".strip()
        return f"{where}: {self.problem.value} ({self.went_in.normalize():f} in, {self.found.normalize():f} found)"


@dataclass(slots=True)
class _Account:
    """Collect what went in and out of one passport."""

    came: list[LineageLink] = field(default_factory=list)
    went: list[LineageLink] = field(default_factory=list)
    lost: list[Loss] = field(default_factory=list)

    @property
    def out(self) -> Sequence[LineageLink | Loss]:
        return [*self.went, *self.lost]


def lineage_imbalances() -> list[Imbalance]:
    """Return every passport whose lineage does not add up, in order of id; four statements.

    What was first put down for a thing is taken as true: only what came out of another passport can be compared.
    """
    accounts: defaultdict[int, _Account] = defaultdict(_Account)
    for link in session.scalars(select(LineageLink)):
        accounts[link.child_id].came.append(link)
        accounts[link.parent_id].went.append(link)
    for loss in session.scalars(select(Loss)):
        accounts[loss.passport_id].lost.append(loss)
    installed = set(session.scalars(select(Installation.passport_id).where(Installation.ended_on.is_(None))))
    concerned = Passport.id.in_(accounts) | Passport.status.in_([PassportStatus.REPLACED, PassportStatus.DESTROYED])
    passports = session.scalars(select(Passport).where(concerned).order_by(Passport.id))
    return [found for passport in passports for found in _of(passport, accounts[passport.id], passport.id in installed)]


def _of(passport: Passport, account: _Account, installed: bool) -> Iterator[Imbalance]:
    yield from _states(passport, account, installed)
    if passport.details.work is not None:
        yield from _parts(passport, account)
    elif account.came:
        yield from _sums(passport, account)


def _states(passport: Passport, account: _Account, installed: bool) -> Iterator[Imbalance]:
    nothing = Decimal(0)
    if passport.status is PassportStatus.REPLACED and not account.went:
        yield Imbalance(passport.code, Problem.NO_SUCCESSOR, nothing, nothing)
    if passport.status is PassportStatus.DESTROYED and not account.lost:
        yield Imbalance(passport.code, Problem.NO_LOSS, nothing, nothing)
    if installed and not passport.quantity:
        yield Imbalance(passport.code, Problem.STILL_INSTALLED, nothing, nothing)


def _parts(passport: Passport, account: _Account) -> Iterator[Imbalance]:
    work = passport.details.work
    if work is not None:
        for left in left_of(work, [Gone(each.part, each.quantity) for each in account.out]).values():
            if left.is_out_of_balance:
                yield Imbalance(passport.code, Problem.PART, left.stated, left.gone, left.part)


def _sums(passport: Passport, account: _Account) -> Iterator[Imbalance]:
    went_in = sum((link.quantity for link in account.came), Decimal(0))
    found = passport.quantity + sum((each.quantity for each in account.out), Decimal(0))
    if went_in != found:
        yield Imbalance(passport.code, Problem.QUANTITY, went_in, found)
        return
    kg_in = sum((link.mass_kg for link in account.came), Decimal(0))
    kg_found = passport.mass_kg + sum((each.mass_kg for each in account.out), Decimal(0))
    if not adds_up(kg_in, kg_found, roundings=len(account.came) + len(account.out) + 1):
        yield Imbalance(passport.code, Problem.MASS, kg_in, kg_found)
