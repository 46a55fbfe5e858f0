"""Settling what is due before a page is read: whatever goes wrong with it closes no page."""

from datetime import timedelta

from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.reservations.states import State
from marketplace.web import timekeeping
from tests.factories import make_listing
from tests.reservations.asking import ask


def test_a_lot_that_cannot_be_settled_keeps_no_page_shut_and_no_other_lot_waiting(client, context, monkeypatch, caplog):
    long_ago = clock.now() - timedelta(days=30)
    broken, sound = (ask(make_listing(), 5, at=long_ago) for _ in range(2))
    session.commit()
    real = timekeeping.settle

    def settle(listing_ids, at):
        real(listing_ids, at)
        if broken.listing_id in listing_ids:
            raise ArithmeticError("a broken row")

    monkeypatch.setattr(timekeeping, "settle", settle)
    assert client.get("/aanbod").status_code == 200
    session.refresh(broken)
    session.refresh(sound)
    assert (broken.state, sound.state) == (State.REQUESTED, State.EXPIRED)
    assert f"listing {broken.listing_id} could not be settled" in caplog.text
    monkeypatch.undo()
    client.get("/aanbod")
    session.refresh(broken)
    assert broken.state is State.EXPIRED
