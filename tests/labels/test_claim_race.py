"""A label hangs on one thing: of many who claim it at once one gets it, with a control that must fail."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select, update

from marketplace.kit.database import begin_writing, commit, session
from marketplace.kit.errors import ConflictError
from marketplace.kit.journal import By
from marketplace.labels import actions
from marketplace.labels.models import IssuedLabel, LabelStatus
from marketplace.passports.models import Passport
from tests.factories import by, make_organisation, make_passport
from tests.racing import at_once, done

CLIENTS = 8

Claim = Callable[[str, int, int], None]


@pytest.fixture
def things(app: Flask, emptied_afterwards):
    """A committed blank label and a passport for each client."""
    with app.app_context():
        owner = make_organisation()
        passports = [make_passport(owner).id for _ in range(CLIENTS)]
        (label,) = actions.make_blanks(organisation=owner, count=1, by=by(owner))
        made = label.code, owner.id, passports
        commit()
    return made


def claim(code: str, passport_id: int, owner_id: int) -> None:
    """Claim as the program does."""
    begin_writing()
    actions.claim(code=code, passport=session.get_one(Passport, passport_id), by=By(None, owner_id))
    commit()


def race(app: Flask, do: Claim, things) -> list[int]:
    """Let every client claim the label at once for its passport, and return the passports that got it."""
    code, owner_id, passports = things
    came = at_once(app, [partial(do, code, each, owner_id) for each in passports])
    return [passports[number] for number in done(came)]


def test_one_of_many_gets_the_label(app, things):
    won = race(app, claim, things)
    with app.app_context():
        label = session.scalars(select(IssuedLabel).where(IssuedLabel.code == things[0])).one()
        assert [label.passport_id] == won


def test_without_the_guard_more_than_one_believes_to_have_it(app, things):
    """The control: looked at before the statement instead of in it."""
    everyone_looked = threading.Barrier(CLIENTS)

    def claim_unguarded(code: str, passport_id: int, _owner_id: int) -> None:
        of_code = IssuedLabel.code == code
        seen = session.scalar(select(IssuedLabel.status).where(of_code))
        session.rollback()
        everyone_looked.wait(timeout=30)
        if seen is not LabelStatus.BLANK:
            raise ConflictError("al gekoppeld")
        taken = {"status": LabelStatus.ACTIVE, "passport_id": passport_id}
        session.execute(update(IssuedLabel).where(of_code).values(taken))
        commit()

    assert len(race(app, claim_unguarded, things)) > 1
