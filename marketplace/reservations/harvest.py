"""Counting what comes out of a building: options become holds on real pieces, and a short harvest is shared out.

What was promised goes before what nobody reserved. Who gets how much of too little says the rule that the listing
declared before anybody took an option.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.accounts.models import Organisation
from marketplace.kit import journal
from marketplace.kit.changes import as_fact
from marketplace.kit.clock import day_of
from marketplace.kit.database import session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError
from marketplace.kit.journal import Fact
from marketplace.kit.quantities import Quantity, amount_of
from marketplace.listings import stock
from marketplace.listings.models import Listing, ShortHarvest, Stage
from marketplace.listings.search import index_listing
from marketplace.passports.admission import blocks_of
from marketplace.passports.counting import Known, claim_amount, count_extra, count_short
from marketplace.passports.levels import EvidenceLevel
from marketplace.passports.lineage import sign_what_is_left
from marketplace.passports.models import Passport
from marketplace.passports.taking import Act, lock
from marketplace.reservations.house_rules import terms_of
from marketplace.reservations.models import Reservation
from marketplace.reservations.settling import first_end, move_up, pause, set_clock, settle, step
from marketplace.reservations.sharing import first_come, proportional
from marketplace.reservations.states import HOLDING, State
from marketplace.reservations.telling import tell
from marketplace.reservations.terms import Terms

_NOTHING: Final = Decimal(0)
_COUNTED: Final = "telling bij de oogst"
"""How an amount is known after the count, as the passport keeps it."""


@dataclass(frozen=True, slots=True)
class Share:
    """Hold what was promised to one option, and what it gets of what was counted."""

    reservation: Reservation
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold what a count comes to: what was expected and found, and what each option gets, the earliest first."""

    expected: Quantity
    counted: Quantity
    rule: ShortHarvest
    shares: Sequence[Share]

    @property
    def promised(self) -> Decimal:
        """Return how much was promised before the count."""
        return sum((share.before for share in self.shares), _NOTHING)

    @property
    def kept(self) -> Decimal:
        """Return how much of that is there."""
        return sum((share.after for share in self.shares), _NOTHING)

    @property
    def missing(self) -> Decimal:
        """Return how much less came out than was expected."""
        return max(self.expected.value - self.counted.value, _NOTHING)

    @property
    def short_available(self) -> Decimal:
        """Return how much of what is missing nobody had reserved."""
        return self.missing - (self.promised - self.kept)

    @property
    def extra(self) -> Decimal:
        """Return how much more came out than was expected."""
        return max(self.counted.value - self.expected.value, _NOTHING)

    @property
    def token(self) -> str:
        """Return what tells this outcome from any other, for who agrees with it before it is done."""
        shares = (f"{share.reservation.reference}:{as_fact(share.after)}" for share in self.shares)
        return " ".join([str(as_fact(self.expected.value)), str(as_fact(self.counted.value)), *shares])

    def is_of_same_count(self, token: str) -> bool:
        """Tell whether a token is of an outcome of the same count, whatever was expected or shared out then."""
        return token.split()[1:2] == self.token.split()[1:2]


class NotAgreedError(ConflictError):
    """Say that a count comes to something that nobody agreed to yet; `outcome` holds what."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(N_("De opties zijn intussen veranderd. Kijk opnieuw wat ieder krijgt."), field="counted")
        self.outcome = outcome


def foresee(listing: Listing, counted: Decimal | None, act: Act, *, agreed: str | None = None) -> Outcome:
    """Return what a count comes to, and hold the lot until the transaction ends; only what time brought changes.

    Without a count all is there. Raises NotAgreedError where that is not what was `agreed`, the token of an earlier
    outcome; InvalidInputError, at the field `counted`, for what is no amount, or where an estimate was not counted; and
    ConflictError where the lot came out of its building already.
    """
    lock(session.get_one(Passport, listing.passport_id))
    settle([listing.id], act.at)
    if listing.stage is not Stage.EXPECTED:
        raise ConflictError(N_("Deze partij is al in ontvangst genomen."))
    if counted is None and listing.estimated:
        message = N_("Hoeveel dit is, was een schatting. Tel wat er uit het gebouw kwam en vul het in.")
        raise InvalidInputError(message, field="counted")
    expected = listing.still_there
    found = amount_of(expected if counted is None else counted, listing.unit, field="counted")
    outcome = _outcome(listing, found)
    if agreed is not None and agreed != outcome.token:
        raise NotAgreedError(outcome)
    return outcome


def shared_out(rule: ShortHarvest, counted: Quantity, promised: Sequence[Decimal]) -> list[Decimal]:
    """Return what each option, the earliest first, gets of what was counted."""
    if rule is ShortHarvest.FIRST_COME:
        return first_come(counted.value, promised)
    return proportional(counted.value, promised, counted.unit)


def count(listing: Listing, counted: Decimal | None, act: Act, *, agreed: str | None = None) -> Outcome:
    """Take what came out of a building into stock as it was counted; 0 where nothing could be harvested.

    Options become holds on real pieces, whose clocks run from now on, unless nobody may fetch it; so they can be
    fetched from now on, also where the harvest was planned for later. Of a short harvest each gets what the rule of the
    listing gives; what is extra is available, first to who waits. The passport follows. Raises as `foresee` does, and
    ConflictError, at the field `counted`, where the passport cannot be of so much.
    """
    outcome = foresee(listing, counted, act, agreed=agreed)
    was_estimate = listing.estimated is not None
    stock.receive(listing.id, outcome.counted.value, held=outcome.promised, kept=outcome.kept)
    _tell_listing(listing, outcome, act)
    listing.available_from = min(listing.available_from, day_of(act.at))
    terms = terms_of(listing.organisation_id)
    for share in outcome.shares:
        _settle_share(share, outcome, terms, act)
    _keep_passport_in_step(listing, outcome, act, was_estimate=was_estimate)
    _serve_the_queue(listing, terms, act.at)
    index_listing(listing)
    return outcome


def _outcome(listing: Listing, counted: Quantity) -> Outcome:
    options = _options(listing.id)
    promised = [option.held for option in options]
    shares = shared_out(listing.short_harvest, counted, promised)
    return Outcome(
        expected=Quantity(listing.still_there, listing.unit),
        counted=counted,
        rule=listing.short_harvest,
        shares=[Share(*share) for share in zip(options, promised, shares, strict=True)],
    )


def _options(listing_id: int) -> Sequence[Reservation]:
    query = select(Reservation).where(Reservation.listing_id == listing_id, Reservation.state.in_(HOLDING))
    query = query.options(joinedload(Reservation.organisation))
    return session.scalars(query.order_by(Reservation.created_at, Reservation.id)).all()


def _tell_listing(listing: Listing, outcome: Outcome, act: Act) -> None:
    facts: dict[str, Fact] = {
        "expected": as_fact(outcome.expected.value),
        "counted": as_fact(outcome.counted.value),
        "rule": outcome.rule.value,
        "unit": outcome.counted.unit.value,
        "short_available": as_fact(outcome.short_available),
        "extra": as_fact(outcome.extra),
    }
    journal.record(listing.subject, "listing.counted", by=act.by, **facts)


def _settle_share(share: Share, outcome: Outcome, terms: Terms, act: Act) -> None:
    """Let one option hold what it gets, from now on with a clock, and tell it."""
    option, lost = share.reservation, share.before - share.after
    facts: dict[str, Fact] = {
        "before": as_fact(share.before),
        "after": as_fact(share.after),
        "expected": as_fact(outcome.expected.value),
        "counted": as_fact(outcome.counted.value),
        "state": option.state.value,
    }
    if share.after:
        option.held, option.written_off = share.after, option.written_off + lost
        if until := _start_clock(option, terms, act.at):
            facts["until"] = until.isoformat()
    else:
        step(option, State.WRITTEN_OFF, act.at, held=_NOTHING, written_off=option.written_off + lost)
    if lost:
        tell(option, "reservation.shortened", act.by, lost, **facts)
    else:
        tell(option, "reservation.counted", act.by, share.after, **facts)


def _start_clock(option: Reservation, terms: Terms, at: datetime) -> datetime | None:
    """Return when the step of an option lapses; one that has no clock yet, such as a promise, gets it now.

    Or not yet, and None is returned, where a hazard was found meanwhile that lets nobody fetch it.
    """
    if option.expires_at is None:
        listing = session.get_one(Listing, option.listing_id)
        if blocks_of(session.get_one(Passport, listing.passport_id)):
            pause(option, at)
        else:
            set_clock(option, first_end(option, listing, terms, at), terms, at)
    session.flush()
    return option.expires_at


def _keep_passport_in_step(listing: Listing, outcome: Outcome, act: Act, *, was_estimate: bool) -> None:
    """Let the passport say what was counted; a work is what its parts are, which are counted as they come out."""
    passport = session.get_one(Passport, listing.passport_id)
    if passport.details.work is not None:
        return
    if was_estimate and outcome.counted.value:
        owner = session.get_one(Organisation, listing.organisation_id)
        known = Known(EvidenceLevel.MEASURED, day_of(act.at), owner.name, _COUNTED)
        claim_amount(passport, str(outcome.counted), known, act.by)
    if outcome.missing:
        count_short(passport, outcome.missing, outcome.counted.value, act)
    elif outcome.extra:
        count_extra(passport, outcome.extra, act)
    elif was_estimate:
        sign_what_is_left(passport, act)


def _serve_the_queue(listing: Listing, terms: Terms, at: datetime) -> None:
    """Offer what is available to who waits, or turn them away where nothing came."""
    if listing.stage is Stage.GONE:
        settle([listing.id], at)
    else:
        move_up(listing, terms, at)
