"""The day on which something is to be fetched, proposed with the request for it.

A promise is kept for as many days as its owner grants, so what is needed months from now would lapse before. Who asks
for it then proposes the day at once, and the owner who confirms agrees to that day, which keeps it until then. Without
that agreement the rules of the owner hold, and the proposal stands as any other.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from functools import cache
from typing import Final

from sqlalchemy import select

from marketplace.accounts.models import Organisation
from marketplace.kit.clock import AMSTERDAM, day_of
from marketplace.kit.codes import new_reference
from marketplace.kit.database import session
from marketplace.kit.journal import By, Event, Fact
from marketplace.listings.models import Listing, Stage
from marketplace.projects.models import Need, Project
from marketplace.reservations import actions, pick_ups
from marketplace.reservations.house_rules import terms_of
from marketplace.reservations.models import PickUp, PickUpState, Reservation
from marketplace.reservations.pick_ups import FURTHEST, Window
from marketplace.reservations.states import State
from marketplace.reservations.terms import Terms, hold_until

_FROM: Final = time(8)
_UNTIL: Final = time(17)


def window_on(day: date) -> Window:
    """Return the working hours of a day in Amsterdam, which are proposed while nobody named a time."""
    return Window(datetime.combine(day, _FROM, AMSTERDAM), datetime.combine(day, _UNTIL, AMSTERDAM))


def day_for(listing: Listing, terms: Terms, wanted_from: date, at: datetime) -> date | None:
    """Return the day to propose for what is wanted from a day on, if it is promised at `at`.

    None where the owner keeps it until then anyhow, where no time runs yet because it is still in its building, and
    where it is further ahead than appointments go.
    """
    day = max(wanted_from, listing.available_from)
    reachable = window_on(day).starts_at - at <= FURTHEST
    return day if reachable and lapses_before(listing, terms, wanted_from, at) else None


def lapses_before(listing: Listing, terms: Terms, wanted_from: date, at: datetime) -> bool:
    """Tell whether what is promised at `at` is not kept until the end of the first day on which it is wanted.

    What is still in its building has no clock.
    """
    day = max(wanted_from, listing.available_from)
    in_stock = listing.stage is Stage.IN_STOCK
    return in_stock and window_on(day).ends_at > hold_until(terms, at, listing.available_from)


def propose_with(made: Sequence[Reservation], at: datetime) -> dict[int, PickUp]:
    """Propose with each of these reservations, which are being made, the first day on which it is wanted.

    Returns the proposals by the id of the reservation, for those that need one (`day_for`), to read from only;
    `told_with` says what to record once all is made.
    """
    terms = cache(terms_of)
    # Read at once and kept: one by one they would take a statement each.
    _needs = session.scalars(select(Need).where(Need.id.in_({row.need_id for row in made}))).all()
    found: dict[int, PickUp] = {}
    for row in made:
        listing, wanted_from = session.get_one(Listing, row.listing_id), _wanted_from(row)
        day = wanted_from and day_for(listing, terms(listing.organisation_id), wanted_from, at)
        if day:
            found[row.id] = _proposal(row, day, at)
    session.bulk_save_objects(found.values())
    return found


def told_with(reservation: Reservation, made: PickUp, side: Organisation, **together: Fact) -> list[Event]:
    """Return what to record of a day that was proposed with a reservation."""
    return pick_ups.told_of(reservation, made, "pickup.proposed", side, **together)


def confirm(reservation: Reservation, *, agrees: bool = True, by: By, at: datetime, **together: Fact) -> bool:
    """Promise what was asked as `actions.confirm` does, and agree to the day that was proposed with it, if it can be.

    Returns whether a day is agreed. Where it is not, the rules of the owner say how long it is kept, and a proposal
    stays open to both sides.
    """
    proposed = _find_open(reservation)
    agreed = proposed is not None and agrees and _can_be(proposed, reservation, at)
    actions.confirm(reservation, by=by, at=at, **together, **_facts_of(proposed, agreed=agreed))
    if proposed is None or not agreed:
        return False
    owner_id = session.get_one(Listing, reservation.listing_id).organisation_id
    owner = session.get_one(Organisation, owner_id)
    pick_ups.agree(proposed, side=owner, by=by, at=at, confirmed=reservation.reference)
    return True


def proposed_with(reservations: Collection[Reservation]) -> Mapping[int, PickUp]:
    """Return the days that were proposed with requests which still wait for an answer, by the id of the reservation."""
    asked = [row.id for row in reservations if row.state is State.REQUESTED]
    query = select(PickUp).where(PickUp.reservation_id.in_(asked), PickUp.state == PickUpState.PROPOSED)
    return {row.reservation_id: row for row in session.scalars(query)} if asked else {}


def _proposal(row: Reservation, day: date, at: datetime) -> PickUp:
    window = window_on(day)
    return PickUp(
        reference=new_reference(),
        reservation_id=row.id,
        state=PickUpState.PROPOSED,
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        proposed_by_id=row.organisation_id,
        note="",
        sequence=0,
        created_at=at,
    )


def _wanted_from(row: Reservation) -> date | None:
    if row.need_id is not None:
        return session.get_one(Need, row.need_id).wanted_from
    return session.get_one(Project, row.project_id).starts_on if row.project_id is not None else None


def _find_open(reservation: Reservation) -> PickUp | None:
    live = pick_ups.find_live(reservation.id)
    return live if live is not None and live.state is PickUpState.PROPOSED else None


def _can_be(proposed: PickUp, reservation: Reservation, at: datetime) -> bool:
    """Tell whether it can still be fetched on that day: the request may have waited long, and the lot have slipped."""
    listing = session.get_one(Listing, reservation.listing_id)
    here = listing.stage is Stage.IN_STOCK and day_of(proposed.starts_at) >= listing.available_from
    return here and proposed.ends_at > at


def _facts_of(proposed: PickUp | None, *, agreed: bool) -> dict[str, Fact]:
    if proposed is None:
        return {}
    day: dict[str, Fact] = {"proposed_on": day_of(proposed.starts_at).isoformat(), "agreed": agreed}
    if not agreed:
        return day
    times = {"starts_at": proposed.starts_at.isoformat(), "ends_at": proposed.ends_at.isoformat()}
    return {**day, "pick_up": proposed.reference, **times}
