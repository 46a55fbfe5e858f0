"""Rules per organisation: the usual ones until it sets its own, and a record of every change."""

import json
from dataclasses import asdict, replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.kit.errors import InvalidInputError
from marketplace.reservations.house_rules import HouseRules, set_terms, terms_of
from marketplace.reservations.terms import BOUNDS, Terms
from tests.factories import by, make_organisation

STRICT = Terms(3, 10, 24, 0, 3, 12, 50, 10)


@pytest.fixture
def bork(context):
    return make_organisation()


def changes(organisation):
    entries = reversed(journal.history(f"organisation:{organisation.id}"))
    return [json.loads(entry.facts) for entry in entries if entry.action == "organisation.rules_changed"]


def test_who_sets_no_rules_has_the_usual_ones(bork):
    assert terms_of(bork.id) == Terms()
    assert session.get(HouseRules, bork.id) is None


def test_rules_hold_for_the_organisation_that_set_them(bork):
    other = make_organisation()
    set_terms(bork, STRICT, by(bork))
    session.expire_all()
    assert terms_of(bork.id) == STRICT
    assert terms_of(other.id) == Terms()


def test_a_change_tells_from_what_to_what(bork):
    set_terms(bork, Terms(hold_days=10), by(bork))
    set_terms(bork, Terms(hold_days=10, extensions=2), by(bork))
    set_terms(bork, Terms(), by(bork))
    assert changes(bork) == [
        {"hold_days_from": 14, "hold_days_to": 10},
        {"extensions_from": 1, "extensions_to": 2},
        {"hold_days_from": 10, "hold_days_to": 14, "extensions_from": 2, "extensions_to": 1},
    ]


def test_what_changes_nothing_is_no_change(bork):
    set_terms(bork, Terms(), by(bork))
    assert changes(bork) == []
    assert session.get(HouseRules, bork.id) is None


def test_rules_that_cannot_be_are_refused_and_the_old_ones_stay(bork):
    set_terms(bork, STRICT, by(bork))
    with pytest.raises(InvalidInputError) as refused:
        set_terms(bork, replace(STRICT, hold_days=0), by(bork))
    assert refused.value.field == "hold_days"
    assert terms_of(bork.id) == STRICT
    assert len(changes(bork)) == 1


def test_reading_costs_one_statement(bork, statements):
    set_terms(bork, STRICT, by(bork))
    number = bork.id
    session.expunge_all()
    statements.clear()
    terms_of(number)
    assert len(statements) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [(field, end) for field, (least, most) in BOUNDS.items() for end in (least - 1, most + 1)]
    + [("least_percent", 51)],
)
def test_the_database_refuses_what_the_rules_refuse(bork, field, value):
    set_terms(bork, STRICT, by(bork))
    session.execute(text("UPDATE house_rules SET hold_days = 11"))
    with pytest.raises(IntegrityError, match="ck_house_rules"):
        session.execute(text(f"UPDATE house_rules SET {field} = :value"), {"value": value})  # noqa: S608 (our own names)


def test_every_term_has_a_column(bork):
    assert {column.name for column in HouseRules.__table__.columns} == {"organisation_id", *asdict(STRICT)}
