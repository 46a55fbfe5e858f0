"""Withdrawing a passport with what is on offer of it."""

from decimal import Decimal

import pytest

from marketplace.kit import journal
from marketplace.kit.errors import ConflictError, InvalidInputError
from marketplace.listings.models import ListingStatus
from marketplace.listings.withdrawing import withdraw_passport
from marketplace.passports.models import PassportStatus
from marketplace.passports.queries import find_withdrawal
from tests.factories import make_listing, make_organisation
from tests.passports.lineages import ACT, make_clean


@pytest.fixture
def owner(context):
    return make_organisation()


def test_what_is_on_offer_of_it_is_taken_back_and_nothing_else(owner):
    passport, other = make_clean(owner), make_clean(owner)
    lot, beside = make_listing(owner, passport=passport), make_listing(owner, passport=other)
    withdraw_passport(passport, reason=" verkeerd geteld ", act=ACT)
    assert (lot.status, beside.status) == (ListingStatus.WITHDRAWN, ListingStatus.PUBLISHED)
    assert (passport.status, other.status) == (PassportStatus.WITHDRAWN, PassportStatus.PUBLISHED)
    assert find_withdrawal(passport.id).reason == "verkeerd geteld"
    told = [entry.told for entry in journal.history(passport.subject) if entry.action == "passport.withdrawn"]
    assert told == [{"reason": "verkeerd geteld"}]


def test_nothing_happens_while_some_of_it_is_held_for_somebody(owner):
    passport = make_clean(owner)
    lot = make_listing(owner, passport=passport, held=Decimal(1))
    with pytest.raises(ConflictError, match="nog iets gereserveerd"):
        withdraw_passport(passport, reason="verkeerd geteld", act=ACT)
    assert (lot.status, passport.status) == (ListingStatus.PUBLISHED, PassportStatus.PUBLISHED)
    assert find_withdrawal(passport.id) is None


def test_it_needs_a_reason_and_happens_once(owner):
    passport = make_clean(owner)
    with pytest.raises(InvalidInputError, match="waarom"):
        withdraw_passport(passport, reason="  ", act=ACT)
    withdraw_passport(passport, reason="verkeerd geteld", act=ACT)
    with pytest.raises(ConflictError):
        withdraw_passport(passport, reason="nog eens", act=ACT)
