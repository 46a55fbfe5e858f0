"""Holding several lots of several owners for one need, or for several needs of one project: all, or nothing at all.

All lots are locked first, always in the same order, so that two baskets over the same lots cannot wait for each other;
then each line passes the checks of a single reservation. The journal is told when all is held.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Final, NamedTuple

from sqlalchemy import select

from marketplace.accounts.models import Organisation
from marketplace.kit import journal
from marketplace.kit.changes import as_fact
from marketplace.kit.clock import day_of
from marketplace.kit.database import session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError, MarketplaceError, NotFoundError
from marketplace.kit.journal import By, Event, Fact
from marketplace.listings.models import Listing
from marketplace.passports.admission import blocks_of_each, refusal
from marketplace.passports.models import Passport
from marketplace.projects.models import Need, Project
from marketplace.reservations import actions
from marketplace.reservations.actions import check_reason
from marketplace.reservations.house_rules import terms_of
from marketplace.reservations.models import Basket, PickUp, Reservation
from marketplace.reservations.proposed_days import propose_with, told_with
from marketplace.reservations.purposes import Purpose
from marketplace.reservations.settling import give_up, leave_queue, move_up, settle
from marketplace.reservations.states import ACTIVE, HOLDING, State
from marketplace.reservations.telling import told

MOST: Final = 30
"""Lots in one basket for one need."""
MOST_FOR_PROJECT: Final = 200
"""Lines in one basket for a project: what is held keeps everybody else from writing for about a second."""
_MOST_TOLD: Final = 5
"""Problems that stand in the sentence of `LinesError` itself."""


class Line(NamedTuple):
    """One line of a basket for a project: the id of a listing, how much of it in its own unit, and the id of a need."""

    listing_id: int
    quantity: Decimal
    need_id: int | None


class LinesError(ConflictError):
    """Say that nothing is held, because of some of the lines; `lines` holds the error of each of those."""

    def __init__(self, lines: Mapping[Line, MarketplaceError], *, lots: str) -> None:
        super().__init__(N_("Er is niets vastgelegd. %(lots)s"), lots=lots)
        self.lines = lines

    @property
    def problems(self) -> Mapping[int, MarketplaceError]:
        """Return the same by the id of the listing, for a basket in which each stands once."""
        return {line.listing_id: problem for line, problem in self.lines.items()}


def hold_all(*, lines: Sequence[tuple[int, Decimal]], purpose: Purpose, by: By, at: datetime) -> Basket:
    """Hold every line, or nothing: each as `actions.request` would, for one purpose, in a basket of its own.

    A line is the id of a listing, and how much of it in its own unit. Raises InvalidInputError for less than one line,
    more than `MOST`, or a listing that stands there twice, and LinesError with the error of every line that cannot be
    held.
    """
    _check_number(lines, MOST)
    if len({listing_id for listing_id, _ in lines}) < len(lines):
        raise InvalidInputError(N_("Elke partij kan maar één keer in een mandje."))
    return _hold([Line(listing_id, quantity, purpose.need_id) for listing_id, quantity in lines], purpose, by, at)


def hold_for_project(*, project_id: int, lines: Sequence[Line], note: str = "", by: By, at: datetime) -> Basket:
    """Hold every line for the needs of one project, or nothing at all, in one basket, and return it.

    Lots may be of any owner, and one lot may serve several needs: these are reservations of their own, each of which
    must find its amount beside the others, and keep to the minimum take unless it takes what the others leave. All is
    held for the organisation that plans the project; whether `by` may do that is for the caller to know. The `note` is
    told to every owner. What is wanted later than its owner would keep it goes with the first day of its need as a
    proposal to fetch it (`proposed_days`).

    Raises NotFoundError where there is no such project, InvalidInputError for less than one line, more than
    `MOST_FOR_PROJECT`, or a lot that stands there twice for one need, and LinesError with the error of every line that
    cannot be held, also where its need is not of this project or does not accept the material.
    """
    _check_number(lines, MOST_FOR_PROJECT)
    if len({(line.listing_id, line.need_id) for line in lines}) < len(lines):
        raise InvalidInputError(N_("Elke partij kan voor een behoefte maar één keer in een mandje."))
    project = session.get(Project, project_id)
    if project is None:
        raise NotFoundError(N_("Dit project bestaat niet, of niet meer."))
    organisation = session.get_one(Organisation, project.organisation_id)
    return _hold(_in_order(lines), Purpose(organisation, project.id, note=note), by, at, proposes_days=True)


def cancel_all(basket: Basket, *, reason: str = "", by: By, at: datetime) -> Sequence[Reservation]:
    """Give up whatever of a basket is not fetched yet or waits in a queue, and return those reservations.

    Raises ConflictError where there is nothing of the kind, and InvalidInputError for a reason that is too long.
    """
    reason = check_reason(reason)
    listings = settle(
        session.scalars(select(Reservation.listing_id).where(Reservation.basket_id == basket.id)).all(), at
    )
    given_up = _active(basket)
    if not given_up:
        raise ConflictError(N_("Hiervan is niets meer op te geven: alles is al opgehaald of vervallen."))
    offered = [row for row in given_up if row.state is State.OFFERED]
    events = [event for row in given_up for event in _given_up(row, basket, reason, at)]
    whole: dict[str, Fact] = {"lots": len({row.listing_id for row in given_up}), "reason": reason}
    journal.record_all([*events, Event(basket.subject, "basket.cancelled", whole)], by=by)
    for row in offered:
        leave_queue(row, State.CANCELLED, at, by)
    terms = cache(terms_of)
    for listing in listings.values():
        move_up(listing, terms(listing.organisation_id), at)
    return given_up


def _check_number(lines: Sequence[object], most: int) -> None:
    if not lines:
        raise InvalidInputError(N_("Vul bij ten minste één partij in hoeveel u ervan neemt."))
    if len(lines) > most:
        raise InvalidInputError(N_("Leg ten hoogste %(most)s partijen tegelijk vast."), most=most)


def _in_order(lines: Sequence[Line]) -> list[Line]:
    """Return lines with those of one lot together, the greatest first: only the last of them may take a small rest."""
    first = {line.listing_id: position for position, line in reversed(list(enumerate(lines)))}
    return sorted(lines, key=lambda line: (first[line.listing_id], -line.quantity))


def _hold(lines: Sequence[Line], purpose: Purpose, by: By, at: datetime, *, proposes_days: bool = False) -> Basket:
    settled = settle(list(dict.fromkeys(line.listing_id for line in lines)), at)
    with session.begin_nested():
        basket = _add(purpose, at)
        purpose = replace(purpose, basket=basket)
        made = _place_all(lines, settled, purpose, at)
        if len({row.need_id for row in made}) == 1:
            basket.need_id = made[0].need_id
        proposed = propose_with(made, at) if proposes_days else {}
    facts: dict[str, Fact] = {"organisation": purpose.organisation.name, **_counted(made)}
    whole = Event(basket.subject, "basket.held", {"reference": basket.reference, **facts})
    events = [event for row in made for event in _told_of_one(row, purpose, basket, proposed.get(row.id))]
    journal.record_all([*events, whole], by=by)
    return basket


def _told_of_one(row: Reservation, purpose: Purpose, basket: Basket, proposed: PickUp | None) -> list[Event]:
    if proposed is None:
        return actions.told_placed(row, purpose)
    placed = actions.told_placed(row, purpose, proposed_on=day_of(proposed.starts_at).isoformat())
    return [*placed, *told_with(row, proposed, purpose.organisation, basket=basket.reference)]


def _place_all(
    lines: Sequence[Line], settled: Mapping[int, Listing], purpose: Purpose, at: datetime
) -> list[Reservation]:
    """Place every line. Raises LinesError after all of them were tried, which undoes those that could be."""
    # What lines ask is read at once and kept: two hundred of them would ask the same over and over.
    _needs = session.scalars(select(Need).where(Need.id.in_({line.need_id for line in lines}))).all()
    passports = select(Passport).where(Passport.id.in_({listing.passport_id for listing in settled.values()}))
    gate, footing = _gate_of(session.scalars(passports).all()), cache(actions.dealing)
    made: list[Reservation] = []
    problems: dict[Line, MarketplaceError] = {}
    for line in lines:
        try:
            _require_of_project(line.need_id, purpose.project_id)
            listing, of_line = settled.get(line.listing_id), replace(purpose, need_id=line.need_id)
            made.append(actions.place(listing, line.quantity, of_line, at, footing=footing, require_gate=gate))
        except MarketplaceError as problem:
            problems[line] = problem
    if problems:
        raise LinesError(problems, lots=_told(problems))
    return made


def _gate_of(passports: Sequence[Passport]) -> Callable[[int], None]:
    """Return what does as `require_open_gate_of`, for these passports."""
    blocks, by_id = blocks_of_each(passports), {passport.id: passport for passport in passports}

    def require(passport_id: int) -> None:
        if found := blocks[passport_id]:
            raise refusal(found, by_id[passport_id])

    return require


def _given_up(row: Reservation, basket: Basket, reason: str, at: datetime) -> list[Event]:
    """Give one up, and return what to record of it."""
    held = row.state in HOLDING
    released = give_up(row, State.CANCELLED, at, reason)
    action = "reservation.cancelled" if held else "reservation.left_queue"
    return told(row, action, released if held else None, reason=reason, side="buyer", basket=basket.reference)


def _add(purpose: Purpose, at: datetime) -> Basket:
    basket = Basket(
        organisation_id=purpose.organisation.id,
        project_id=purpose.project_id,
        need_id=purpose.need_id,
        created_at=at,
    )
    session.add(basket)
    session.flush()
    return basket


def _active(basket: Basket) -> Sequence[Reservation]:
    query = select(Reservation).where(Reservation.basket_id == basket.id, Reservation.state.in_(ACTIVE))
    return session.scalars(query.order_by(Reservation.id)).all()


def _counted(made: Sequence[Reservation]) -> dict[str, Fact]:
    """Return how many lots and needs it is about, and how much it is altogether where all lots count for one need."""
    lots = len({reservation.listing_id for reservation in made})
    needs = {reservation.need_id for reservation in made}
    units = {reservation.unit for reservation in made}
    promised = sum(row.state is State.CONFIRMED for row in made)
    counted: dict[str, Fact] = {"lots": lots, "reservations": len(made), "promised": promised}
    if len(needs) > 1:
        return {**counted, "needs": len(needs)}
    if len(units) > 1:
        return counted
    return {
        **counted,
        "quantity": as_fact(sum((each.quantity for each in made), Decimal(0))),
        "unit": units.pop().value,
    }


def _require_of_project(need_id: int | None, project_id: int | None) -> None:
    """Raise NotFoundError where a need is not one of the project; it may be anybody's, and so is not named."""
    if need_id is None or project_id is None:
        return
    need = session.get(Need, need_id)
    if need is None or need.project_id != project_id:
        raise NotFoundError(N_("Deze behoefte hoort niet bij het project waarvoor u vastlegt."), field="purpose")


def _told(problems: Mapping[Line, MarketplaceError]) -> str:
    """Return the first few problems in words, and how many more there are."""
    few = islice(problems.items(), _MOST_TOLD)
    first = [f"{_name_of(line.listing_id)}: {problem}" for line, problem in few]
    rest = len(problems) - len(first)
    return " ".join([*first, f"(+ {rest})"] if rest else first)


def _name_of(listing_id: int) -> str:
    query = select(Passport.name).join(Listing, Listing.passport_id == Passport.id).where(Listing.id == listing_id)
    return session.scalar(query) or str(listing_id)
