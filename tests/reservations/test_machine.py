"""Whatever people do in whatever order, the program does what its simple model does, and the ledger is exact."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from marketplace.reservations import actions, handing_over, settling
from tests.reservations import machine

EXAMPLES = {"sqlite": 46, "postgresql": 6}
LEAST = {"sqlite": 2_000, "postgresql": 250}
STEPS = 50


@pytest.mark.timeout(180)
def test_program_and_model_do_the_same(context, database):
    before = machine.steps_taken.total()
    machine.drive(EXAMPLES[database], STEPS, shrink=False)
    assert machine.steps_taken.total() - before >= LEAST[database]


def everywhere(monkeypatch: pytest.MonkeyPatch, name: str, planted: Callable) -> None:
    """Put a mistake in the place of a function, wherever it is used."""
    for module in (settling, actions, handing_over):
        if hasattr(module, name):
            monkeypatch.setattr(module, name, planted)


def a_moment_late(settle):
    return lambda listing_ids, at: settle(listing_ids, at - timedelta(microseconds=1))


def whatever_the_least(allot):
    return lambda available, queue: allot(
        available, [settling.Wish(wish.wanted, wish.wanted * 0 + 1) for wish in queue]
    )


def the_last_first(queue):
    return lambda listing_id: queue(listing_id)[::-1]


def told_twice(tell):
    def tell_again(reservation, action, *arguments, **facts):
        tell(reservation, action, *arguments, **facts)
        if action == "reservation.expired":
            tell(reservation, action, *arguments, **facts)

    return tell_again


MISTAKES = {
    "_queue": the_last_first,
    "allot": whatever_the_least,
    "leave_queue": lambda _: lambda *_, **__: None,
    "pause": lambda _: lambda *_: None,
    "move_up": lambda _: lambda *_: None,
    "settle": a_moment_late,
    "tell": told_twice,
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_that_is_planted_is_found(context, monkeypatch, name):
    """The control: with one mistake in the program, the same people come to where program and model part."""
    everywhere(monkeypatch, name, MISTAKES[name](getattr(settling, name)))
    with pytest.raises(AssertionError):
        machine.drive(EXAMPLES["sqlite"], STEPS, shrink=False)
