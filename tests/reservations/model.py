"""What reservations must do, said once more and as simply as can be: a dictionary of lots, and a list of claims.

It knows nothing of the program but the values of `Terms`, so that a mistake in the one is not made in the other.
"""

import copy
import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from marketplace.reservations.terms import Terms

HELD = {"offered", "requested", "confirmed"}
ACTIVE = HELD | {"waiting"}


class RefusedError(Exception):
    """Say that the program must refuse this as well."""


def midnight_after(at: datetime, days: int) -> datetime:
    """Return the midnight in Amsterdam after the day that is `days` later, in UTC."""
    day = at.astimezone(ZoneInfo("Europe/Amsterdam")).date() + timedelta(days=days + 1)
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("Europe/Amsterdam")).astimezone(UTC)


@dataclass
class Lot:
    """One offer and its stock."""

    total: Decimal
    stage: str
    min_take: Decimal = Decimal(1)
    fetched_from: date = date.min
    status: str = "published"
    unit: str = "piece"
    available: Decimal = Decimal(0)
    held: Decimal = Decimal(0)
    handed_over: Decimal = Decimal(0)
    written_off: Decimal = Decimal(0)
    hazardous: bool = False
    """Whether something was found in it that lets nobody have it."""

    @property
    def open(self) -> bool:
        return self.status == "published" and self.stage != "gone"


@dataclass
class Claim:
    """One reservation; its place in the queue is when it was asked for, and then its place in the list."""

    lot: int
    who: int
    asked: datetime
    unit: str
    quantity: Decimal
    least: Decimal
    state: str = "new"
    waiting: Decimal = Decimal(0)
    held: Decimal = Decimal(0)
    handed_over: Decimal = Decimal(0)
    written_off: Decimal = Decimal(0)
    released: Decimal = Decimal(0)
    expires: datetime | None = None
    warn: datetime | None = None
    extensions: int = 0
    left: int | None = None
    """Days that were left when its clock was stopped."""


@dataclass
class Model:
    """All lots of one owner and all claims on them. Every method is one thing that somebody does at a moment."""

    terms: Terms
    trusted: set[int]
    lots: dict[int, Lot] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    told: Counter[tuple[int, str]] = field(default_factory=Counter)
    """How often each claim was told what."""

    def copy(self) -> "Model":
        lots = {at: copy.copy(lot) for at, lot in self.lots.items()}
        return Model(self.terms, self.trusted, lots, [copy.copy(claim) for claim in self.claims], self.told.copy())

    def add_lot(self, lot: Lot) -> int:
        lot.available = lot.total
        self.lots[len(self.lots)] = lot
        return len(self.lots) - 1

    # What people do.

    def request(self, at: datetime, lot_at: int, who: int, quantity: Decimal) -> None:
        lot = self._asked(at, lot_at, who, quantity, rest_counts=True)
        if lot.available < quantity:
            raise RefusedError
        lot.available -= quantity
        lot.held += quantity
        claim = Claim(lot_at, who, at, lot.unit, quantity, quantity, held=quantity)
        self.claims.append(claim)
        self._tell(claim, "requested")
        self._go_on(claim, at)

    def wait(self, at: datetime, lot_at: int, who: int, quantity: Decimal, least: Decimal) -> None:
        lot = self._asked(at, lot_at, who, quantity, rest_counts=False)
        could_be = lot.available + lot.held
        if least > quantity or lot.available >= quantity or could_be < least:
            raise RefusedError
        if any((claim.who, claim.waiting) == (who, quantity) for claim in self._of(lot_at, {"waiting"})):
            raise RefusedError
        claim = Claim(lot_at, who, at, lot.unit, quantity, least, state="waiting", waiting=quantity)
        self.claims.append(claim)
        self._tell(claim, "waiting")
        self._serve(lot_at, at)

    def accept(self, at: datetime, claim_at: int) -> None:
        claim = self._in(at, claim_at, {"offered"}, clean=True)
        self._tell(claim, "accepted")
        self._go_on(claim, at)

    def confirm(self, at: datetime, claim_at: int) -> None:
        claim = self._in(at, claim_at, {"requested"}, clean=True)
        self._promise(claim, at)

    def decline(self, at: datetime, claim_at: int) -> None:
        self._stop(self._in(at, claim_at, {"requested"}), "declined", at)

    def cancel(self, at: datetime, claim_at: int) -> None:
        self._stop(self._in(at, claim_at, ACTIVE), "cancelled", at)

    def give_back(self, at: datetime, claim_at: int, quantity: Decimal) -> None:
        claim = self._in(at, claim_at, {"requested", "confirmed"})
        lot = self.lots[claim.lot]
        left = claim.held - quantity
        if left <= 0 or left + claim.handed_over < self._least(lot):
            raise RefusedError
        claim.held, claim.released = left, claim.released + quantity
        lot.held -= quantity
        lot.available += quantity
        self._tell(claim, "released")
        self._serve(claim.lot, at)

    def extend(self, at: datetime, claim_at: int) -> None:
        claim = self._in(at, claim_at, {"confirmed"})
        if claim.expires is None or claim.extensions >= self.terms.extensions:
            raise RefusedError
        last_day = claim.expires - timedelta(microseconds=1)
        self._set_clock(claim, midnight_after(last_day, self.terms.extension_days), at)
        claim.extensions += 1
        self._tell(claim, "extended")

    def hand_over(self, at: datetime, claim_at: int, fetched: Decimal, broken: Decimal, *, release: bool) -> None:
        claim = self._in(at, claim_at, {"confirmed"}, clean=True)
        lot = self.lots[claim.lot]
        rest = claim.held - fetched - broken
        if lot.stage == "expected" or rest < 0 or fetched + broken == 0:
            raise RefusedError
        released = rest if release else Decimal(0)
        claim.held -= fetched + broken + released
        claim.handed_over += fetched
        claim.written_off += broken
        claim.released += released
        lot.held -= fetched + broken + released
        lot.handed_over += fetched
        lot.written_off += broken
        lot.available += released
        self._gone_if_empty(lot)
        for amount, what in ((broken, "written_off"), (fetched, "handed_over"), (released, "released")):
            if amount:
                self._tell(claim, what)
        if not claim.held:
            claim.state = "handed_over" if claim.handed_over else "written_off"
            self._set_clock(claim, None, at)
        if released:
            self._serve(claim.lot, at)

    def withdraw(self, lot_at: int) -> None:
        if self.lots[lot_at].held:
            raise RefusedError
        self.lots[lot_at].status = "withdrawn"

    def publish(self, lot_at: int) -> None:
        if self.lots[lot_at].hazardous:
            raise RefusedError
        self.lots[lot_at].status = "published"

    def find_hazard(self, at: datetime, lot_at: int) -> None:
        self.settle(at, lot_at)
        lot = self.lots[lot_at]
        lot.hazardous = True
        if lot.status == "published":
            lot.status = "draft"
        self.settle(at, lot_at)

    def permit_hazard(self, at: datetime, lot_at: int, *, offer: bool) -> None:
        self.settle(at, lot_at)
        self.lots[lot_at].hazardous = False
        if offer:
            self.publish(lot_at)
        self.settle(at, lot_at)

    def harvest(self, lot_at: int) -> None:
        self.lots[lot_at].stage = "in_stock"

    def resize(self, lot_at: int, total: Decimal, unit: str) -> None:
        lot = self.lots[lot_at]
        moved = lot.total - lot.available
        if moved > total or (moved and unit != lot.unit):
            raise RefusedError
        lot.total, lot.available, lot.unit = total, total - moved, unit

    def split(self, lot_at: int, quantity: Decimal) -> None:
        lot = self.lots[lot_at]
        if lot.stage == "gone" or lot.available < quantity or lot.total == quantity:
            raise RefusedError
        lot.total -= quantity
        lot.available -= quantity
        made = Lot(quantity, lot.stage, min(lot.min_take, quantity), lot.fetched_from, "draft", lot.unit)
        made.hazardous = lot.hazardous
        self.add_lot(made)
        lot.min_take = min(lot.min_take, lot.total)

    def damage(self, lot_at: int, quantity: Decimal) -> None:
        lot = self.lots[lot_at]
        if lot.available < quantity:
            raise RefusedError
        lot.available -= quantity
        lot.written_off += quantity
        self._gone_if_empty(lot)

    # What time does.

    def settle(self, at: datetime, lot_at: int) -> None:
        lot = self.lots[lot_at]
        if lot.hazardous and lot.stage == "in_stock":
            for claim in self._of(lot_at, {"confirmed"}):
                self._pause(claim, at)
        for claim in self._of(lot_at, HELD):
            if claim.expires is not None and claim.expires <= at:
                self._lapse(claim, claim.expires)
        for claim in self._of(lot_at, {"waiting"}):
            never = lot.available + lot.held < claim.least
            if never or lot.status == "withdrawn" or lot.stage == "gone" or lot.unit != claim.unit:
                self._leave(claim, "declined", at)
        for claim in self._of(lot_at, HELD):
            if claim.expires is None and lot.stage == "in_stock" and not lot.hazardous:
                self._start(claim, at)
            elif claim.warn is not None and claim.warn <= at:
                claim.warn = None
                self._tell(claim, "expiring")
        self._serve(lot_at, at)

    def due(self, at: datetime, lot_at: int) -> tuple[bool, bool]:
        """Tell whether time would change what a page shows of a lot, and whether it would do anything at all."""
        later = self.copy()
        later.settle(at, lot_at)
        return later._visible() != self._visible(), later != self

    def _visible(self) -> list[tuple]:
        return [(claim.state, claim.waiting, claim.held, claim.released) for claim in self.claims]

    def _pause(self, claim: Claim, at: datetime) -> None:
        if claim.left is not None:
            return
        claim.left = 0
        while claim.expires is not None and midnight_after(at, claim.left) < claim.expires:
            claim.left += 1
        self._set_clock(claim, None, at)
        self._tell(claim, "paused")

    def _start(self, claim: Claim, at: datetime) -> None:
        until = self._kept(self.lots[claim.lot], at)
        if claim.left is None:
            self._set_clock(claim, until, at)
            return
        self._set_clock(claim, max(until, midnight_after(at, claim.left)), at)
        claim.left = None
        self._tell(claim, "resumed")

    def _lapse(self, claim: Claim, at: datetime) -> None:
        was = claim.state
        self._free(claim, "expired", at)
        if was == "offered":
            self._leave_with(claim, "expired", at)

    def _stop(self, claim: Claim, state: str, at: datetime) -> None:
        was = claim.state
        if was == "waiting":
            self._leave(claim, state, at)
        else:
            self._free(claim, state, at)
        if was == "offered":
            self._leave_with(claim, state, at)
        self._serve(claim.lot, at)

    def _free(self, claim: Claim, state: str, at: datetime) -> None:
        lot = self.lots[claim.lot]
        lot.held -= claim.held
        lot.available += claim.held
        claim.released, claim.held, claim.state = claim.released + claim.held, Decimal(0), state
        self._set_clock(claim, None, at)
        self._tell(claim, state)

    def _leave(self, claim: Claim, state: str, at: datetime) -> None:
        claim.released, claim.waiting, claim.state = claim.released + claim.waiting, Decimal(0), state
        self._set_clock(claim, None, at)
        self._tell(claim, "left_queue")

    def _leave_with(self, offered: Claim, state: str, at: datetime) -> None:
        """Who does not take a part waits no longer for the rest of the same wish."""
        for claim in self._of(offered.lot, {"waiting"}):
            if (claim.who, claim.asked) == (offered.who, offered.asked):
                self._leave(claim, state, at)

    def _serve(self, lot_at: int, at: datetime) -> None:
        lot = self.lots[lot_at]
        if not lot.open:
            return
        places = {id(claim): number for number, claim in enumerate(self.claims)}
        for claim in sorted(self._of(lot_at, {"waiting"}), key=lambda claim: (claim.asked, places[id(claim)])):
            share = min(lot.available, claim.waiting)
            if share == 0 or share < claim.least:
                continue
            lot.available -= share
            lot.held += share
            if share < claim.waiting:
                claim.waiting -= share
                claim.quantity -= share
                claim.least = min(claim.least, claim.waiting)
                self._tell(claim, "waits_on")
                claim = Claim(lot_at, claim.who, claim.asked, claim.unit, share, share)  # noqa: PLW2901 (the part)
                self.claims.append(claim)
            claim.state, claim.waiting, claim.held = "offered", Decimal(0), share
            self._set_clock(claim, at + timedelta(hours=self.terms.offer_hours), at)
            self._tell(claim, "offered")

    # How it is said.

    def _asked(self, at: datetime, lot_at: int, who: int, quantity: Decimal, *, rest_counts: bool) -> Lot:
        self.settle(at, lot_at)
        lot = self.lots[lot_at]
        if not lot.open or quantity <= 0:
            raise RefusedError
        least = self._least(lot)
        if quantity < least and not (rest_counts and quantity == lot.available):
            raise RefusedError
        most = max(self._percent(lot, self.terms.most_percent, math.floor), least, min(self._step(lot), lot.total))
        mine = sum(
            claim.waiting + claim.held + claim.handed_over
            for claim in self.claims
            if (claim.lot, claim.who) == (lot_at, who)
        )
        if self.terms.most_percent < 100 and mine + quantity > most:
            raise RefusedError
        return lot

    def _least(self, lot: Lot) -> Decimal:
        return min(lot.total, max(lot.min_take, self._percent(lot, self.terms.least_percent, math.ceil)))

    def _step(self, lot: Lot) -> Decimal:
        return Decimal(1) if lot.unit == "piece" else Decimal("0.001")

    def _percent(self, lot: Lot, percent: int, rounded) -> Decimal:
        step = self._step(lot)
        return rounded(lot.total * percent / 100 / step) * step

    def _in(self, at: datetime, claim_at: int, states: set[str], *, clean: bool = False) -> Claim:
        claim = self.claims[claim_at]
        self.settle(at, claim.lot)
        if claim.state not in states or (clean and self.lots[claim.lot].hazardous):
            raise RefusedError
        return claim

    def _go_on(self, claim: Claim, at: datetime) -> None:
        if claim.who in self.trusted:
            self._promise(claim, at)
        else:
            claim.state = "requested"
            self._set_clock(claim, midnight_after(at, self.terms.answer_days), at)

    def _promise(self, claim: Claim, at: datetime) -> None:
        claim.state = "confirmed"
        lot = self.lots[claim.lot]
        self._set_clock(claim, None if lot.stage == "expected" else self._kept(lot, at), at)
        self._tell(claim, "confirmed")

    def _kept(self, lot: Lot, at: datetime) -> datetime:
        """The days to fetch it begin when it can be fetched."""
        early = (lot.fetched_from - at.astimezone(ZoneInfo("Europe/Amsterdam")).date()).days
        return midnight_after(at, max(early, 0) + self.terms.hold_days)

    def _set_clock(self, claim: Claim, until: datetime | None, at: datetime) -> None:
        claim.expires = claim.warn = until
        if until is not None:
            claim.warn = max(until - timedelta(hours=self.terms.warn_hours), until - (until - at) / 2)

    def _gone_if_empty(self, lot: Lot) -> None:
        if lot.available + lot.held == 0:
            lot.stage = "gone"

    def _of(self, lot_at: int, states: set[str]) -> list[Claim]:
        return [claim for claim in self.claims if claim.lot == lot_at and claim.state in states]

    def _tell(self, claim: Claim, what: str) -> None:
        self.told[next(at for at, own in enumerate(self.claims) if own is claim), what] += 1
