"""Every step is told to the right people, once, and a mail that fails is tried again."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts.models import Membership
from marketplace.accounts.permissions import Role
from marketplace.kit import journal
from marketplace.kit.clock import now
from marketplace.kit.database import session
from marketplace.kit.journal import By
from marketplace.notifications import actions, queries, retries
from marketplace.notifications.models import Notice, NoticeCursor
from marketplace.reservations.states import State
from tests.factories import make_member, make_organisation, make_passport, make_reservation
from tests.notifications.telling import Deal, gather_all, make_deal, told, told_of

pytestmark = pytest.mark.usefixtures("context")

TO_OWNER = ("requested", "accepted", "extended", "released", "waiting")
TO_BUYER = ("confirmed", "declined", "offered", "shortened", "counted", "written_off")


@pytest.fixture
def deal(context) -> Deal:
    return make_deal()


@pytest.mark.parametrize("step", TO_OWNER)
def test_the_owner_is_told_what_the_buyer_does(deal, step):
    assert told_of(deal, f"reservation.{step}", by=deal.by_buyer) == [deal.seller.id]


@pytest.mark.parametrize("step", TO_BUYER)
def test_the_buyer_is_told_what_the_owner_does(deal, step):
    assert told_of(deal, f"reservation.{step}", by=deal.by_owner) == [deal.builder.id]


@pytest.mark.parametrize("action", ["reservation.expired", "pickup.agreed", "pickup.cancelled"])
def test_both_are_told_what_concerns_both(deal, action):
    assert told_of(deal, action) == [deal.seller.id, deal.builder.id]


def test_who_did_it_is_not_told_and_a_colleague_is(deal):
    colleague = make_member(deal.owner)
    assert told_of(deal, "reservation.handed_over", by=deal.by_owner) == [deal.builder.id, colleague.id]


@pytest.mark.parametrize(
    "action", ["reservation.cancelled", "hand_over.reported", "hand_over.rejected", "pickup.proposed"]
)
def test_what_one_side_does_is_told_to_the_other(deal, action):
    assert told_of(deal, action, by=By(None, deal.owner.id)) == [deal.builder.id]
    assert told_of(deal, action, by=By(None, deal.buyer.id)) == [deal.seller.id]


@pytest.mark.parametrize("key", ["from", "side"])
def test_which_side_did_it_is_what_the_facts_say_whoever_wrote_it_down(deal, key):
    of_buyer, of_owner = ("buyer", "owner") if key == "side" else (deal.buyer.name, deal.owner.name)
    for by in (By(), By(None, deal.owner.id), By(None, deal.buyer.id)):
        assert told_of(deal, "pickup.proposed", by=by, **{key: of_buyer}) == [deal.seller.id]
        assert told_of(deal, "pickup.proposed", by=by, **{key: of_owner}) == [deal.builder.id]


@pytest.mark.parametrize(("side", "fetched"), [("owner", "0"), ("buyer", "0"), ("owner", "3"), ("buyer", "3")])
def test_what_is_freed_is_told_to_the_side_that_did_not_unless_the_hand_over_tells_it(deal, side, fetched):
    told_of_it = told_of(deal, "reservation.released", side=side, hand_over="RAB23CD4", fetched=fetched)
    other_side = deal.builder if side == "owner" else deal.seller
    assert told_of_it == ([other_side.id] if fetched == "0" else [])


def test_who_is_put_out_of_the_queue_is_told_and_who_leaves_it_is_not(deal):
    assert told_of(deal, "reservation.left_queue") == [deal.builder.id]
    assert told_of(deal, "reservation.left_queue", side="owner") == [deal.builder.id]
    assert told_of(deal, "reservation.left_queue", side="buyer") == []


def test_inside_a_circle_the_owner_is_told_once_that_it_was_promised(deal):
    deal.reservation.state = State.CONFIRMED
    assert told_of(deal, "reservation.requested", by=deal.by_buyer) == []
    assert told_of(deal, "reservation.confirmed", by=deal.by_buyer, automatic=True) == [deal.seller.id]
    deal.reservation.decided_at = now()
    assert told_of(deal, "reservation.requested", by=deal.by_buyer) == [deal.seller.id], "answered by hand, and soon"


def test_what_the_program_cancels_is_told_to_both(deal):
    assert told_of(deal, "reservation.cancelled") == [deal.seller.id, deal.builder.id]


def test_the_warning_goes_to_who_has_to_act(deal):
    assert told_of(deal, "reservation.expiring") == [deal.seller.id]
    deal.reservation.state = State.CONFIRMED
    assert told_of(deal, "reservation.expiring") == [deal.builder.id]


def test_a_warning_about_a_clock_that_was_set_anew_is_told_to_nobody(deal):
    until = deal.reservation.expires_at = now() + timedelta(hours=4)
    assert told_of(deal, "reservation.expiring", until=until.isoformat()) == [deal.seller.id]
    deal.reservation.expires_at += timedelta(days=3)
    assert told_of(deal, "reservation.expiring", until=until.isoformat()) == []
    deal.reservation.expires_at = None
    assert told_of(deal, "reservation.expiring", until=until.isoformat()) == []


@pytest.mark.parametrize("action", ["pickup.unheard_of", "scan.damaged", "listing.posted", "reservation.unheard_of"])
def test_of_other_steps_nobody_is_told(deal, action):
    assert told_of(deal, action) == []


def test_who_trades_for_both_sides_is_told_once(deal):
    both = make_member(deal.owner)
    session.add(Membership(user_id=both.id, organisation_id=deal.buyer.id, role=Role.TRADER))
    assert told_of(deal, "reservation.expired") == [deal.seller.id, deal.builder.id, both.id]
    assert session.scalars(select(Notice.organisation_id).where(Notice.user_id == both.id)).one() == deal.owner.id


def of_listing(deal, action, **facts):
    actions.begin()
    entry = journal.record(deal.listing.subject, action, by=deal.by_owner, **facts)
    gather_all()
    return told(entry)


def test_a_window_that_slips_is_told_to_everyone_who_holds_something(deal):
    other = make_member(make_organisation())
    gone = make_member(make_organisation())
    make_reservation(deal.listing, other.memberships[0].organisation_id, 2)
    make_reservation(deal.listing, other.memberships[0].organisation_id, 3, state=State.WAITING)
    make_reservation(deal.listing, gone.memberships[0].organisation_id, 2, state=State.DECLINED)
    window = {"available_from_from": "2026-12-01", "available_from_to": "2026-12-05"}
    assert of_listing(deal, "listing.changed", **window) == [deal.builder.id, other.id]
    assert of_listing(deal, "listing.changed", price_eur_from="15", price_eur_to="12") == []


@pytest.mark.parametrize("field", ["place", "address", "hub_id"])
def test_another_place_to_fetch_it_is_told_to_who_holds_and_to_who_waits(deal, field):
    waiter = make_member(make_organisation())
    make_reservation(deal.listing, waiter.memberships[0].organisation_id, 3, state=State.WAITING)
    moved = {f"{field}_from": None, f"{field}_to": "7"}
    assert of_listing(deal, "listing.changed", **moved) == [deal.builder.id, waiter.id]
    assert of_listing(deal, "listing.changed", rack_from="A-01", rack_to="B-04") == []


@pytest.mark.parametrize("action", ["listing.withdrawn", "listing.taken_off"])
def test_an_offer_that_goes_is_told_to_who_holds_something(deal, action):
    assert of_listing(deal, action, hazard="asbestos") == [deal.builder.id]


def test_what_was_lost_in_a_hand_over_is_told_with_it(deal):
    assert told_of(deal, "reservation.written_off", by=deal.by_owner, hand_over="AB23CD45") == []
    assert told_of(deal, "reservation.handed_over", by=deal.by_owner, hand_over="AB23CD45") == [deal.builder.id]


def test_of_a_passport_that_changes_hands_nobody_is_told_once_more(deal):
    actions.begin()
    passport = make_passport(deal.owner, owner_id=deal.buyer.id)
    entry = journal.record(f"passport:{passport.id}", "passport.transferred", by=deal.by_owner)
    gather_all()
    assert told(entry) == []


def test_a_notice_about_something_that_is_told_no_more_has_nothing_to_tell(deal, notice):
    entry = journal.record(f"passport:{deal.listing.id}", "passport.transferred", by=deal.by_owner)
    notice.journal_number = entry.number
    session.flush()
    assert queries.find_news(notice.id) is None


def test_nobody_is_told_what_happened_before_the_first_reading(deal):
    earlier = deal.record("reservation.requested", by=deal.by_buyer)
    gather_all()
    later = deal.record("reservation.confirmed", by=deal.by_owner)
    gather_all()
    assert (told(earlier), told(later)) == ([], [deal.builder.id])


def test_reading_again_tells_nobody_twice(deal, monkeypatch):
    monkeypatch.setattr(actions, "_BATCH", 3)
    actions.begin()
    for _ in range(4):
        deal.record("reservation.confirmed")
    assert queries.is_unread()
    gather_all()
    gather_all()
    assert not queries.is_unread()
    assert session.scalar(select(func.count(Notice.id))) == 4
    assert session.scalar(select(NoticeCursor.read_to)) == journal.find_last().number


def test_what_happened_days_ago_is_no_news(deal):
    actions.begin()
    entry = deal.record("reservation.requested")
    assert actions.gather(now() + retries.OLDEST + timedelta(minutes=1)) == 2
    assert told(entry) == []


@pytest.fixture
def notice(deal) -> Notice:
    """One notice that is to be sent."""
    told_of(deal, "reservation.confirmed")
    return session.scalars(select(Notice)).one()


def test_what_one_worker_took_no_other_gets(notice):
    at = now() + timedelta(seconds=2)
    assert actions.claim(5, at) == [notice.id]
    assert actions.claim(5, at) == []
    assert actions.claim(5, at + retries.LEASE - timedelta(seconds=1)) == []
    assert actions.claim(5, at + retries.LEASE) == [notice.id], "the first worker died"


def test_what_was_sent_is_not_sent_again(notice):
    at = now() + timedelta(seconds=2)
    actions.claim(5, at)
    actions.sent(notice.id, at)
    assert not queries.is_due(at + timedelta(days=1))
    assert (notice.sent_at, notice.attempts) == (at, 1)


def test_a_mail_that_fails_is_tried_again_ever_later_for_a_day(notice):
    began = at = now() + timedelta(seconds=2)
    pauses = []
    while actions.claim(5, at):
        again = actions.failed(notice.id, at, "weg")
        session.refresh(notice)
        if not again:
            break
        pauses.append(notice.next_try_at - at)
        at = notice.next_try_at
    assert pauses == list(retries.PAUSES) == sorted(pauses)
    assert timedelta(hours=23) < at - began <= timedelta(days=1)
    assert notice.next_try_at is None
    assert notice.last_error == "weg"
    assert not queries.is_due(at + timedelta(hours=5))


def test_a_mail_that_waited_for_days_is_not_sent(notice):
    at = now()
    assert actions.claim(5, at + retries.OLDEST + timedelta(minutes=1)) == []


def test_the_oldest_news_goes_first(deal):
    actions.begin()
    first = deal.record("reservation.confirmed")
    deal.record("reservation.counted")
    gather_all()
    (taken,) = actions.claim(1, now() + timedelta(seconds=2))
    assert session.get_one(Notice, taken).journal_number == first.number


def test_who_left_is_told_nothing_any_more(deal, notice):
    assert queries.find_news(notice.id)
    deal.builder.memberships[0].role = Role.SITE
    session.flush()
    assert queries.find_news(notice.id) is None


def test_old_notices_are_forgotten(notice):
    actions.forget(now() + timedelta(days=80))
    assert session.scalar(select(func.count(Notice.id))) == 1
    actions.forget(now() + timedelta(days=91))
    assert session.scalar(select(func.count(Notice.id))) == 0
