"""Every action moves what it stands for, and what does not fit is named and moves nothing."""

from decimal import Decimal

import pytest

from marketplace.reservations.ledger import Account, Claim, Misfit, Told
from marketplace.reservations.states import State


def account(*entries: tuple, unit: str = "piece") -> Account:
    """Enter actions with their facts into the account of a lot of 40, numbered from 2."""
    made = Account()
    made.enter(Told(1, "listing.posted", {"total": "40", "unit": unit}))
    for number, (action, facts) in enumerate(entries, 2):
        made.enter(Told(number, action, facts))
    return made


def claim(*entries: tuple) -> Claim:
    made = Claim()
    for number, (action, quantity) in enumerate(entries, 1):
        facts = {"quantity": quantity, "unit": "piece", "listing": "ABCDEFGH"}
        made.enter(Told(number, f"reservation.{action}", facts))
    return made


def moved(action, quantity, **facts):
    return action, {"quantity": quantity, "unit": "piece", **facts}


def figures(account):
    return tuple(int(figure) for figure in account.figures.values())


HELD = moved("reservation.requested", "10")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (HELD, (40, 20, 20, 0, 0)),
        (moved("reservation.offered", "4"), (40, 26, 14, 0, 0)),
        (moved("reservation.declined", "10"), (40, 40, 0, 0, 0)),
        (moved("reservation.cancelled", "10"), (40, 40, 0, 0, 0)),
        (moved("reservation.expired", "10"), (40, 40, 0, 0, 0)),
        (moved("reservation.released", "3"), (40, 33, 7, 0, 0)),
        (moved("reservation.handed_over", "4"), (40, 30, 6, 4, 0)),
        (moved("reservation.written_off", "1"), (40, 30, 9, 0, 1)),
        (moved("reservation.shortened", "2", before="10", after="8"), (40, 30, 8, 0, 2)),
        (moved("scan.damaged", "5.000"), (40, 25, 10, 0, 5)),
        (moved("listing.split", "15"), (25, 15, 10, 0, 0)),
        (("listing.changed", {"total_from": "40", "total_to": "12"}), (12, 2, 10, 0, 0)),
        (("listing.changed", {"price_eur_from": "1", "price_eur_to": "2"}), (40, 30, 10, 0, 0)),
        (("listing.counted", {"short_available": "6", "extra": "0", "unit": "piece"}), (40, 24, 10, 0, 6)),
        (("listing.counted", {"short_available": "0", "extra": "5", "unit": "piece"}), (45, 35, 10, 0, 0)),
        *[
            (moved(action, "10"), (40, 30, 10, 0, 0))
            for action in (
                *("reservation.waiting", "reservation.left_queue", "reservation.confirmed", "reservation.accepted"),
                *("reservation.extended", "reservation.expiring", "reservation.counted", "scan.received"),
                *("pickup.proposed", "hand_over.reported", "listing.published"),
            )
        ],
    ],
)
def test_each_action_moves_what_it_stands_for(entry, expected):
    made = account(HELD, entry)
    assert (figures(made), made.misfits) == (expected, [])


def test_what_was_told_before_there_were_parts_still_counts():
    old = [moved(f"reservation.{action}", "10", organisation="Bouwer") for action in ("requested", "confirmed")]
    made = account(*old, moved("reservation.handed_over", "10"))
    assert figures(made) == (40, 30, 0, 10, 0)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (moved("reservation.requested", "31"), "takes 31 of 30 available"),
        (moved("reservation.expired", "10.001"), "takes 10.001 of 10 held"),
        (moved("scan.damaged", "-1"), "tells no quantity that can be"),
        (moved("scan.damaged", "NaN"), "tells no quantity that can be"),
        (("scan.damaged", {}), "tells no quantity"),
        (("scan.damaged", {"quantity": "1", "unit": "m2"}), "counts in m2 what is kept in piece"),
        (("listing.posted", {"total": "1", "unit": "piece"}), "begins a lot that began before"),
        (("listing.changed", {"total_from": "39", "total_to": "50"}), "changes a total of 39, which was 40"),
        (("listing.changed", {"total_from": "40", "total_to": "9"}), "takes 31 of 30 available"),
        (("listing.changed", {"unit_from": "piece", "unit_to": "m2"}), "changes the unit of what has moved"),
        (("listing.counted", {"short_available": "31", "extra": "0"}), "takes 31 of 30 available"),
    ],
)
def test_what_does_not_fit_is_named_and_moves_nothing(entry, why):
    made = account(HELD, entry)
    assert made.misfits == [Misfit(3, why)]
    assert (figures(made), made.unit, made.last) == ((40, 30, 10, 0, 0), "piece", 2)


def test_a_unit_can_be_put_right_before_anything_moved():
    made = account(("listing.changed", {"unit_from": "piece", "unit_to": "m2", "total_from": "40", "total_to": "12.5"}))
    assert (made.unit, made.figures["available"], made.misfits) == ("m2", Decimal("12.5"), [])


def test_nothing_is_worked_out_of_a_lot_that_never_began():
    made = Account()
    made.enter(Told(7, *HELD))
    assert (made.begun, figures(made), made.misfits) == (False, (0, 0, 0, 0, 0), [])


@pytest.mark.parametrize(
    ("steps", "states", "parts"),
    [
        ([("requested", "9")], {State.REQUESTED}, {"held": 9}),
        ([("requested", "9"), ("confirmed", "9")], {State.CONFIRMED}, {"held": 9}),
        ([("requested", "9"), ("declined", "9")], {State.DECLINED}, {"released": 9}),
        ([("waiting", "9")], {State.WAITING}, {"waiting": 9}),
        ([("waiting", "9"), ("offered", "9"), ("accepted", "9")], {State.REQUESTED}, {"held": 9}),
        ([("waiting", "9"), ("waits_on", "5"), ("offered", "5")], {State.OFFERED}, {"held": 5}),
        ([("offered", "4"), ("expired", "4")], {State.EXPIRED}, {"released": 4}),
        (
            [("requested", "9"), ("confirmed", "9"), ("handed_over", "4")],
            {State.CONFIRMED},
            {"held": 5, "handed_over": 4},
        ),
        (
            [("requested", "9"), ("confirmed", "9"), ("written_off", "2"), ("handed_over", "4"), ("released", "3")],
            {State.HANDED_OVER},
            {"written_off": 2, "handed_over": 4, "released": 3},
        ),
        ([("requested", "9"), ("confirmed", "9"), ("shortened", "9")], {State.WRITTEN_OFF}, {"written_off": 9}),
        ([("waiting", "9"), ("left_queue", "9")], {State.DECLINED, State.CANCELLED, State.EXPIRED}, {"released": 9}),
    ],
)
def test_a_reservation_stands_where_its_steps_lead(steps, states, parts):
    made = claim(*steps)
    assert made.misfits == []
    assert (made.states, {part: int(value) for part, value in made.parts.items() if value}) == (states, parts)


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ([("confirmed", "9")], "goes on with a reservation that never began"),
        ([("requested", "9"), ("requested", "9")], "begins a reservation that began before"),
        ([("requested", "9"), ("offered", "9")], "offers what does not wait"),
        ([("waiting", "9"), ("offered", "8")], "offers another amount than the 9 that wait"),
        ([("requested", "9"), ("expired", "10")], "takes 10 of 9 held"),
    ],
)
def test_a_step_that_does_not_fit_is_named(steps, why):
    assert claim(*steps).misfits == [Misfit(len(steps), why)]
