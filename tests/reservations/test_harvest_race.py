"""A count against options that are taken at the same moment, on both databases: the ledger stays exact.

Each client is a thread with a session of its own on a real connection, so that nothing is shared but the database.
"""

import threading
from decimal import Decimal
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from marketplace.accounts.models import Organisation
from marketplace.kit import journal
from marketplace.kit.clock import now
from marketplace.kit.database import begin_writing, commit, session
from marketplace.kit.errors import MarketplaceError
from marketplace.kit.journal import By
from marketplace.listings.models import Listing, Stage
from marketplace.passports.models import Passport
from marketplace.passports.taking import Act
from marketplace.reservations import actions, harvest
from marketplace.reservations.models import Reservation
from marketplace.reservations.purposes import Purpose
from tests.factories import make_listing, make_organisation
from tests.racing import at_once, done
from tests.sealing import SEAL

ROUNDS = 6
TAKERS = 7
TOTAL, COUNTED = 40, 17


@pytest.fixture
def lots(app: Flask, emptied_afterwards):
    """Committed offers that are still in a building."""
    with app.app_context():
        owner, buyer = make_organisation(), make_organisation()
        made = [
            make_listing(owner, total=TOTAL, stage=Stage.EXPECTED, short_harvest="proportional") for _ in range(ROUNDS)
        ]
        ids = [listing.id for listing in made]
        buyer_id = buyer.id
        commit()
    return ids, buyer_id


def option(listing_id: int, buyer_id: int) -> None:
    begin_writing()
    buyer = session.get_one(Organisation, buyer_id)
    actions.request(listing_id=listing_id, quantity=Decimal(5), purpose=Purpose(buyer), by=By(), at=now())
    commit()


def count(listing_id: int, _buyer_id: int) -> None:
    begin_writing()
    harvest.count(session.get_one(Listing, listing_id), Decimal(COUNTED), Act(By(), SEAL))
    commit()


def race(app: Flask, steps, listing_id: int, buyer_id: int) -> list[str]:
    """Let all steps happen at once, and return the names of those that were done."""
    came = at_once(app, [partial(step, listing_id, buyer_id) for step in steps], refused=(MarketplaceError,))
    return [steps[number].__name__ for number in done(came)]


def ledger(listing_id: int) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Return what the lot says is there and held, what is reserved of it, and what its passport says there is."""
    listing = session.get_one(Listing, listing_id)
    reserved = session.scalar(select(func.sum(Reservation.held)).where(Reservation.listing_id == listing_id))
    there = session.get_one(Passport, listing.passport_id).quantity
    return listing.available + listing.held, listing.held, reserved or Decimal(0), there


@pytest.mark.timeout(120)
def test_a_count_and_new_options_at_once_leave_the_ledger_exact(app, lots):
    made, buyer = lots
    for listing_id in made:
        done = race(app, [count, *[option] * TAKERS, count], listing_id, buyer)
        assert done.count("count") == 1, "a harvest is counted once"
        with app.app_context():
            there, held, reserved, in_passport = ledger(listing_id)
            assert (there, in_passport) == (COUNTED, COUNTED)
            assert held == reserved
            listing = session.get_one(Listing, listing_id)
            assert listing.total == TOTAL == there + listing.written_off
            told = [entry for entry in journal.history(listing.subject) if entry.action == "listing.counted"]
            assert len(told) == 1


@pytest.mark.timeout(120)
def test_without_the_guard_an_option_beside_the_count_is_promised_what_is_not_there(app, lots):
    """The control: looked at before and written after, without a lock and a condition, the same race loses options."""
    made, buyer = lots
    looked, taken = threading.Event(), threading.Event()

    def count_unguarded(listing_id: int, _buyer_id: int) -> None:
        seen = session.execute(select(Listing.available, Listing.held).where(Listing.id == listing_id)).one()
        session.rollback()
        looked.set()
        taken.wait(timeout=30)
        begin_writing()
        short = seen.available + seen.held - COUNTED
        parts = {"stage": Stage.IN_STOCK, "held": seen.held, "available": COUNTED - seen.held, "written_off": short}
        session.execute(update(Listing).where(Listing.id == listing_id).values(parts))
        commit()

    def option_between(listing_id: int, buyer_id: int) -> None:
        looked.wait(timeout=30)
        option(listing_id, buyer_id)
        taken.set()

    assert len(race(app, [count_unguarded, option_between], made[0], buyer)) == 2
    with app.app_context():
        _there, held, reserved, _in_passport = ledger(made[0])
    assert held < reserved, "the lot holds less than was promised"
