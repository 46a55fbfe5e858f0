"""Two people who confirm the same report at once move it once, on both databases; with a control that must fail."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.accounts.models import Organisation
from marketplace.kit.clock import now
from marketplace.kit.database import begin_writing, commit, session
from marketplace.passports.models import Passport, PassportStatus
from marketplace.reservations import handing_over
from marketplace.reservations.models import HandOver, HandOverState, Reservation
from tests.factories import by, make_listing, make_organisation, make_passport
from tests.racing import at_once, done
from tests.reservations.asking import promised
from tests.reservations.fetching import act, fetched

CLIENTS = 8
FETCHED = 3


@pytest.fixture
def report_id(app: Flask, emptied_afterwards):
    """A committed report of 3 out of 30 doors."""
    with app.app_context():
        owner, buyer = make_organisation(), make_organisation()
        passport = make_passport(owner, building_year=2020, status=PassportStatus.DRAFT)
        reservation = promised(make_listing(owner, passport), 30, buyer, at=now())
        what = fetched(FETCHED)
        made = handing_over.report(reservation, what, side=buyer, by=by(buyer), at=now()).id
        commit()
    return made


def race(app: Flask, report_id: int) -> int:
    """Let all clients confirm at once, and return how many of them were told that they did."""

    def confirm() -> None:
        begin_writing()
        row = session.get_one(HandOver, report_id)
        reservation = session.get_one(Reservation, row.reservation_id)
        owner = session.scalars(select(Organisation).where(Organisation.id != reservation.organisation_id))
        handing_over.confirm(row, side=owner.one(), act=act(at=now()))
        commit()

    return len(done(at_once(app, [confirm] * CLIENTS)))


def moved(app: Flask) -> tuple[Decimal, list[Decimal]]:
    """Return how much the reservation says was handed over, and how much each passport describes."""
    with app.app_context():
        amounts = session.scalars(select(Passport.quantity).order_by(Passport.id)).all()
        return session.scalars(select(Reservation.handed_over)).one(), list(amounts)


@pytest.mark.timeout(120)
def test_what_is_confirmed_at_once_moves_once(app, report_id):
    assert race(app, report_id) == 1
    assert moved(app) == (FETCHED, [40 - FETCHED, FETCHED])


@pytest.mark.timeout(120)
def test_without_the_guard_the_same_race_moves_it_more_than_once(app, report_id, monkeypatch):
    """The control: where whoever confirms does not see that it was confirmed, everybody moves it."""

    def unguarded(hand_over: HandOver, at) -> None:
        hand_over.state, hand_over.confirmed_at = HandOverState.CONFIRMED, at
        session.flush()

    monkeypatch.setattr(handing_over, "_claim", unguarded)
    assert race(app, report_id) > 1
    assert moved(app)[0] > FETCHED
