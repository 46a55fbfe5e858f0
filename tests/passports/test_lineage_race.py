"""Two people never split the same piece, on both databases; with a control that must fail."""

import threading
from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from marketplace.kit.clock import now
from marketplace.kit.database import begin_writing, commit, session
from marketplace.kit.errors import ConflictError, InvalidInputError
from marketplace.passports import lineage
from marketplace.passports.models import LineageLink, LinkKind, Passport, PassportStatus
from tests.factories import make_organisation
from tests.passports.lineages import ACT, make_clean
from tests.racing import at_once, done

CLIENTS = 8
PIECES = 5


@pytest.fixture
def passport_id(app: Flask, emptied_afterwards):
    """A committed passport of a few pieces."""
    with app.app_context():
        passport = make_clean(make_organisation(), quantity=Decimal(PIECES), status=PassportStatus.DRAFT).id
        commit()
    return passport


def race(app: Flask, take: Callable[[int], None], passport_id: int) -> int:
    """Let all clients take one piece at once, and return how many of them were told that they have it."""
    refused = (ConflictError, InvalidInputError)
    return len(done(at_once(app, [partial(take, passport_id)] * CLIENTS, refused=refused)))


def split_off(app: Flask, passport_id: int) -> Decimal:
    """Return how many pieces went into others."""
    with app.app_context():
        query = select(func.sum(LineageLink.quantity)).where(LineageLink.parent_id == passport_id)
        return session.scalar(query) or Decimal(0)


def test_exactly_what_there_is_is_split_off(app, passport_id):
    def split(passport_id: int) -> None:
        begin_writing()
        lineage.split(session.get_one(Passport, passport_id), [Decimal(1)], ACT)
        commit()

    # The last piece stays under the old label, because splitting off all there is would be no split.
    assert race(app, split, passport_id) == PIECES - 1 == split_off(app, passport_id)


def test_without_the_guard_the_same_race_splits_off_more_than_there_is(app, passport_id):
    """The control: checked in Python before the statement, instead of in it, pieces go twice."""
    looked = threading.Barrier(CLIENTS)

    def split_unguarded(passport_id: int) -> None:
        seen = session.execute(select(Passport.quantity, Passport.owner_id).where(Passport.id == passport_id)).one()
        session.rollback()
        looked.wait(timeout=30)
        begin_writing()
        left = {"quantity": seen.quantity - 1}
        session.execute(update(Passport).where(Passport.id == passport_id).values(left))
        child = make_clean(make_organisation(), quantity=Decimal(1))
        facts = {"quantity": Decimal(1), "mass_kg": Decimal(20), "at": now()}
        session.add(LineageLink(kind=LinkKind.SPLIT, parent_id=passport_id, child_id=child.id, **facts))
        commit()

    assert race(app, split_unguarded, passport_id) > PIECES
    assert split_off(app, passport_id) > PIECES
