"""Random people on random days, who do things to the program and to its model at once; after each the two are equal.

Hypothesis chooses what they do. Everything happens in the one transaction of its caller, and is undone at the end.
"""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from marketplace.accounts import circles
from marketplace.accounts.models import Organisation
from marketplace.kit import journal
from marketplace.kit.changes import differences, snapshot
from marketplace.kit.database import session
from marketplace.kit.errors import MarketplaceError
from marketplace.kit.journal import JournalEntry
from marketplace.kit.quantities import Unit
from marketplace.listings import actions as offers
from marketplace.listings import stock
from marketplace.listings.lineage import split_lot
from marketplace.listings.models import Listing, ListingStatus, Stage
from marketplace.materials.hazards import Hazard
from marketplace.passports.actions import set_hazards
from marketplace.passports.admission import require_open_gate_of
from marketplace.passports.gate import Finding, HazardStatus
from marketplace.passports.models import Passport
from marketplace.passports.taking import Act
from marketplace.reservations import actions, settling
from marketplace.reservations.audit import audit
from marketplace.reservations.gate import followed
from marketplace.reservations.house_rules import set_terms
from marketplace.reservations.models import Reservation
from marketplace.reservations.purposes import Purpose
from marketplace.reservations.terms import Terms
from tests.factories import by, make_organisation
from tests.reservations.asking import posted
from tests.reservations.fetching import hand_over
from tests.reservations.model import ACTIVE, Lot, Model, RefusedError
from tests.sealing import SEAL

INSTANT = timedelta(microseconds=1)
STARTS = [
    datetime(2026, 3, 20, 9, tzinfo=UTC),
    datetime(2026, 10, 16, 9, tzinfo=UTC),
    datetime(2026, 3, 28, 22, 59, 59, 999999, tzinfo=UTC),
    datetime(2026, 10, 24, 22, tzinfo=UTC),
]
"""Moments from which the clocks run over a change of daylight saving, and one moment on each of its two days."""
RULES = [
    Terms(),
    Terms(answer_days=1, hold_days=2, offer_hours=5, extensions=2, extension_days=1, warn_hours=3),
    Terms(answer_days=3, hold_days=1, offer_hours=24, extensions=0, warn_hours=40, most_percent=60, least_percent=10),
]
BUYERS = 4
TRUSTED = 0
"""The buyer that is in a circle with the owner."""
steps_taken = Counter[str]()
"""How often each step was taken, and how often it was refused, since the start of the process."""


@dataclass(frozen=True)
class Chance:
    """Whatever was drawn for one thing that happens; it takes of it what it needs."""

    lot: int
    who: int
    which: int
    quantity: Decimal
    least: Decimal | None


amounts = st.integers(1, 12).map(Decimal)
some = st.integers(0, 59)
chances = st.builds(
    Chance, lot=some, who=st.integers(0, BUYERS - 1), which=some, quantity=amounts, least=st.none() | amounts
)
_OFTEN = ("take_the_rest", "queue", "queue", "accept", "confirm", "cancel", "come_to_a_deadline", "let_the_worker_work")
_AT_TIMES = (
    "request",
    "wait",
    "decline",
    "give_back",
    "call_off",
    "hand_over",
    "extend",
    "extend",
    "let_time_pass",
    "look_at_a_page",
)
_RARELY = (
    *("hand_over", "hand_over", "withdraw", "publish", "harvest", "resize", "split", "damage"),
    *("find_hazard", "find_hazard", "permit_hazard", "permit_hazard", "permit_hazard"),
)
WHAT_HAPPENS = [*_OFTEN * 4, *_AT_TIMES * 2, *_RARELY]
MOST_LOTS = 4


class Reserving(RuleBasedStateMachine):
    """People at work; `at` is the present moment."""

    @initialize(start=st.sampled_from(STARTS), terms=st.sampled_from(RULES), stages=st.tuples(*[st.booleans()] * 2))
    def open_up(self, start: datetime, terms: Terms, stages: tuple[bool, bool]) -> None:
        self.at, self.lots = start, list[int]()
        self.owner = make_organisation()
        self.buyers = [make_organisation().id for _ in range(BUYERS)]
        if terms != Terms():
            set_terms(self.owner, terms, by())
        friend = session.get_one(Organisation, self.buyers[TRUSTED])
        circle = circles.found(name="Kring", founder=self.owner, by=by(), at=start)
        circles.invite(circle=circle, organisation=friend, inviter=self.owner, by=by(), at=start)
        circles.join(circle=circle, organisation=friend, by=by(), at=start)
        self.model = Model(terms, {TRUSTED})
        for expected, (total, least, ahead) in zip(stages, ((10, 1, -7), (20, 4, 3)), strict=True):
            stage = Stage.EXPECTED if expected else Stage.IN_STOCK
            day = start.date() + timedelta(days=ahead)
            lot = posted(self.owner, total=total, min_take=Decimal(least), stage=stage, available_from=day)
            self.lots.append(lot.id)
            self.model.add_lot(Lot(Decimal(total), stage.value, Decimal(least), day))

    @rule(what=st.sampled_from(WHAT_HAPPENS), chance=chances)
    def something_happens(self, what: str, chance: Chance) -> None:
        """Let one thing happen. (Of rules of its own for each, Hypothesis leaves many out at a time.)"""
        getattr(self, f"_{what}")(chance)

    # What people do.

    def _request(self, it: Chance) -> None:
        self._ask_for(it, it.quantity)

    def _take_the_rest(self, it: Chance) -> None:
        lot = self.model.lots[self._lot_of(it)]
        most = math.floor(lot.total * self.model.terms.most_percent / 100)
        if lot.available:
            self._ask_for(
                it, lot.available if it.which % 4 == 0 else min(lot.available, Decimal(most) or lot.available)
            )
        elif lot.held:
            self._queue(it)

    def _ask_for(self, it: Chance, quantity: Decimal) -> None:
        lot, purpose = self._lot_of(it), Purpose(session.get_one(Organisation, self.buyers[it.who]))
        self._both(
            "request",
            lambda: actions.request(listing_id=self.lots[lot], quantity=quantity, purpose=purpose, by=by(), at=self.at),
            lambda model: model.request(self.at, lot, it.who, quantity),
        )

    def _wait(self, it: Chance) -> None:
        self._wait_for(it, it.quantity, it.least)

    def _queue(self, it: Chance) -> None:
        """Wait for more than there is, and less than there could be, as the pages propose."""
        lot = self.model.lots[self._lot_of(it)]
        if not lot.held:
            self._take_the_rest(it)
        else:
            quantity = lot.available + it.quantity
            self._wait_for(it, quantity, it.least and min(it.least, quantity))

    def _wait_for(self, it: Chance, quantity: Decimal, least: Decimal | None) -> None:
        lot, purpose = self._lot_of(it), Purpose(session.get_one(Organisation, self.buyers[it.who]))
        asked = {"listing_id": self.lots[lot], "quantity": quantity, "least": least, "purpose": purpose}
        self._both(
            "wait",
            lambda: actions.wait(**asked, by=by(), at=self.at),
            lambda model: model.wait(self.at, lot, it.who, quantity, quantity if least is None else least),
        )

    def _accept(self, it: Chance) -> None:
        self._step("accept", it, lambda row: actions.accept(row, by=by(), at=self.at), {"offered"})

    def _confirm(self, it: Chance) -> None:
        self._step("confirm", it, lambda row: actions.confirm(row, by=by(), at=self.at), {"requested"})

    def _decline(self, it: Chance) -> None:
        self._step("decline", it, lambda row: actions.decline(row, reason="Vol", by=by(), at=self.at), {"requested"})

    def _cancel(self, it: Chance) -> None:
        self._step("cancel", it, lambda row: actions.cancel(row, by=by(), at=self.at), ACTIVE)

    def _give_back(self, it: Chance) -> None:
        at = self._claim(it, {"requested", "confirmed"})
        if at is None:
            return
        held = self.model.claims[at].held
        quantity = it.quantity if it.lot % 5 == 0 else min(it.quantity, max(held - 1, Decimal(1)))
        self._both(
            "give_back",
            lambda: actions.give_back(self._row(at), quantity, by=by(), at=self.at),
            lambda model: model.give_back(self.at, at, quantity),
        )

    def _call_off(self, it: Chance) -> None:
        self._step("cancel", it, lambda row: actions.call_off(row, reason="Stuk", by=by(), at=self.at), ACTIVE)

    def _extend(self, it: Chance) -> None:
        self._step("extend", it, lambda row: actions.extend(row, by=by(), at=self.at), {"confirmed"})

    def _hand_over(self, it: Chance) -> None:
        at = self._claim(it, {"confirmed"})
        if at is None:
            return
        held = self.model.claims[at].held
        broken = min(held, Decimal(1)) if it.who == 0 else Decimal(0)
        quantity = min(it.quantity, held - broken) if it.lot % 2 else held - broken
        what, release = f"{'partly ' if quantity < held else ''}hand_over", it.quantity % 2 == 0
        because = {"broken": broken, "reason": "Gevallen" if broken else "", "releases_rest": release}
        self._both(
            what,
            lambda: hand_over(self._row(at), quantity, at=self.at, **because),
            lambda model: model.hand_over(self.at, at, quantity, broken, release=release),
        )

    # What the owner does to a lot.

    def _withdraw(self, it: Chance) -> None:
        lot = self._lot_of(it)
        self._both("withdraw", lambda: offers.withdraw(self._lot(lot), by()), lambda model: model.withdraw(lot))

    def _set(self, it: Chance, what: str, **columns: object) -> None:
        lot = self._lot_of(it)

        def change() -> None:
            for name, value in columns.items():
                setattr(self._lot(lot), name, value)

        self._both(what, change, lambda model: getattr(model, what)(lot))

    def _publish(self, it: Chance) -> None:
        lot = self._lot_of(it)

        def publish() -> None:
            listing = self._lot(lot)
            require_open_gate_of(listing.passport_id)
            listing.status = ListingStatus.PUBLISHED

        self._both("publish", publish, lambda model: model.publish(lot))

    def _find_hazard(self, it: Chance) -> None:
        """Find asbestos, mostly where something waits to be fetched."""
        promised = [claim.lot for claim in self.model.claims if claim.state == "confirmed" and claim.expires]
        if promised or it.which % 10 == 0:
            lot = promised[it.lot % len(promised)] if promised else self._lot_of(it)
            self._both("find_hazard", lambda: self._say(lot), lambda model: model.find_hazard(self.at, lot))

    def _permit_hazard(self, it: Chance) -> None:
        found = [at for at, lot in self.model.lots.items() if lot.hazardous]
        if not found:
            self._confirm(it)
            return
        lot, again = found[it.lot % len(found)], it.which % 3 > 0
        self._both(
            "permit_hazard",
            lambda: self._say(lot, "Ontheffing 12", offer=again),
            lambda model: model.permit_hazard(self.at, lot, offer=again),
        )

    def _say(self, lot: int, permission: str = "", *, offer: bool = False) -> None:
        """Say that there is asbestos in a lot, and what permits it, as the pages do; and offer it again."""
        listing = self._lot(lot)
        passport = session.get_one(Passport, listing.passport_id)
        with followed(passport, self.at):
            set_hazards(passport, {Hazard.ASBESTOS: Finding(HazardStatus.PRESENT, permission=permission)}, by())
            offers.keep_to_the_gate(listing, passport, by())
            if offer:
                listing.status = ListingStatus.PUBLISHED

    def _harvest(self, it: Chance) -> None:
        if self.model.lots[self._lot_of(it)].stage == "expected":
            self._set(it, "harvest", stage=Stage.IN_STOCK)

    def _resize(self, it: Chance) -> None:
        lot, total = self._lot_of(it), it.quantity + it.which % 20
        unit = "m2" if it.which % 4 == 0 else "piece"
        if self.model.lots[lot].stage == "gone":
            return

        def resize() -> None:
            listing = self._lot(lot)
            before = snapshot(listing, ("total", "unit"))
            stock.resize(listing.id, total, Unit(unit))
            session.get_one(Passport, listing.passport_id).quantity = listing.available + listing.held
            if told := differences(before, snapshot(listing, ("total", "unit"))):
                journal.record(listing.subject, "listing.changed", by=by(), **told)

        self._both("resize", resize, lambda model: model.resize(lot, total, unit))

    def _split(self, it: Chance) -> None:
        lot = self._lot_of(it)
        if self.model.lots[lot].unit != "piece" or len(self.lots) == MOST_LOTS:
            return  # the passport counts pieces, here
        made = list[int]()

        def split() -> None:
            made.append(split_lot(self._lot(lot), it.quantity, Act(by(), SEAL, self.at)).id)

        self._both("split", split, lambda model: model.split(lot, it.quantity))
        self.lots += made

    def _damage(self, it: Chance) -> None:
        lot, quantity = self._lot_of(it), Decimal(1 + it.which % 2)

        def damage() -> None:
            stock.write_off(self.lots[lot], quantity)
            told = {"quantity": str(quantity), "unit": self.model.lots[lot].unit}
            journal.record(f"listing:{self.lots[lot]}", "scan.damaged", by=by(), **told)

        self._both("damage", damage, lambda model: model.damage(lot, quantity))

    # What time does.

    def _come_to_a_deadline(self, it: Chance) -> None:
        """Go to the very moment at which something ends or is warned of, or to just before or after it."""
        active = [claim for claim in self.model.claims if claim.state in ACTIVE]
        moments = [claim.warn if it.which % 5 == 0 else claim.expires for claim in active]
        late = INSTANT * (it.which % 3 - 1)
        if ahead := sorted({moment + late for moment in moments if moment and moment + late > self.at}):
            self._pass_to(ahead[it.lot % len(ahead)] if it.which % 2 else ahead[0])
        else:
            self._queue(it)

    def _let_time_pass(self, it: Chance) -> None:
        self._pass_to(self.at + timedelta(hours=it.which, seconds=7))

    def _look_at_a_page(self, _it: Chance) -> None:
        for listing_id in settling.due(self.at):
            self._settle(listing_id)
        assert settling.due(self.at) == []
        late = select(Reservation.id).where(Reservation.state.in_(settling.HOLDING), Reservation.expires_at <= self.at)
        assert session.scalars(late).all() == []
        steps_taken["look"] += 1

    def _let_the_worker_work(self, _it: Chance) -> None:
        for listing_id in settling.due_for_worker(self.at):
            self._settle(listing_id)
        assert settling.due_for_worker(self.at) == []
        assert settling.due(self.at) == []
        steps_taken["work"] += 1

    # What holds after every step.

    @invariant()
    def rows_and_model_are_equal(self) -> None:
        if not hasattr(self, "model"):
            return
        session.flush()
        assert [tuple(row) for row in session.execute(_LOTS.where(Listing.id.in_(self.lots)))] == [
            (lot.status, lot.stage, lot.unit, lot.total, lot.available, lot.held, lot.handed_over, lot.written_off)
            for lot in self.model.lots.values()
        ]
        rows = session.execute(_CLAIMS.where(Reservation.listing_id.in_(self.lots))).all()
        assert [tuple(row[1:]) for row in rows] == [
            (
                *(self.lots[own.lot], own.state, own.quantity, own.least),
                *(own.waiting, own.held, own.handed_over, own.written_off, own.released),
                *(own.expires, own.warn, own.extensions, own.left),
            )
            for own in self.model.claims
        ]
        places = {f"reservation:{row.id}": place for place, row in enumerate(rows)}
        told = session.execute(_TOLD.where(JournalEntry.subject.in_(places))).all()
        assert (
            Counter((places[row.subject], row.action.removeprefix("reservation.")) for row in told) == self.model.told
        )

    @invariant()
    def the_ledger_is_exact(self) -> None:
        if hasattr(self, "model"):
            found = audit(self.at)
            assert [str(difference) for difference in found.differences] == []

    @invariant()
    def what_is_due_is_what_time_would_change(self) -> None:
        if hasattr(self, "model"):
            due = {own: self.model.due(self.at, at) for at, own in enumerate(self.lots)}
            assert settling.due(self.at) == [own for own, (shown, _) in due.items() if shown]
            assert settling.due_for_worker(self.at) == [own for own, (_, any_work) in due.items() if any_work]

    def teardown(self) -> None:
        session.rollback()
        session.expunge_all()

    def _pass_to(self, moment: datetime) -> None:
        self.at = moment
        steps_taken["time passes"] += 1
        note(f"it is {moment}")

    def _lot_of(self, it: Chance) -> int:
        """Choose a lot: mostly one that is on offer."""
        on_offer = [at for at, lot in self.model.lots.items() if lot.open]
        places = on_offer if on_offer and it.lot % 10 else range(len(self.lots))
        return places[it.lot % len(places)]

    def _lot(self, at: int) -> Listing:
        return session.get_one(Listing, self.lots[at])

    def _settle(self, listing_id: int) -> None:
        lot = self.lots.index(listing_id)
        self._both("settle", lambda: settling.settle([listing_id], self.at), lambda model: model.settle(self.at, lot))

    def _step(self, what: str, it: Chance, step: Callable[[Reservation], None], fit: set[str]) -> None:
        at = self._claim(it, fit)
        if at is None:
            self._queue(it)
        else:
            self._both(what, lambda: step(self._row(at)), lambda model: getattr(model, what)(self.at, at))

    def _claim(self, it: Chance, fit: set[str]) -> int | None:
        """Choose a claim, if there is any: mostly one with which it can be done."""
        fitting = [at for at, claim in enumerate(self.model.claims) if claim.state in fit]
        places = fitting if it.which % 10 else range(len(self.model.claims))
        return places[it.which % len(places)] if places else None

    def _row(self, at: int) -> Reservation:
        query = select(Reservation).where(Reservation.listing_id.in_(self.lots)).order_by(Reservation.id).offset(at)
        return session.scalars(query.limit(1)).one()

    def _both(self, name: str, step: Callable[[], object], of_model: Callable[[Model], None]) -> None:
        """Let program and model do the same; both do it, or both refuse and nothing has changed."""
        then = self.model.copy()
        try:
            of_model(then)
            refused = False
        except RefusedError:
            refused = True
        try:
            with session.begin_nested():
                step()
            was_refused = False
        except MarketplaceError as error:
            note(f"refused: {error}")
            was_refused = True
        assert was_refused == refused, f"{name}: {'refused' if was_refused else 'done'}, and the model did otherwise"
        if not refused:
            self.model = then
        steps_taken[f"{name}, refused" if refused else name] += 1


_LOTS = select(
    *(Listing.status, Listing.stage, Listing.unit, Listing.total),
    *(Listing.available, Listing.held, Listing.handed_over, Listing.written_off),
).order_by(Listing.id)
_CLAIMS = select(
    *(Reservation.id, Reservation.listing_id, Reservation.state, Reservation.quantity, Reservation.least),
    *(Reservation.waiting, Reservation.held, Reservation.handed_over, Reservation.written_off, Reservation.released),
    *(Reservation.expires_at, Reservation.warn_at, Reservation.extensions, Reservation.days_left),
).order_by(Reservation.id)
_TOLD = select(JournalEntry.subject, JournalEntry.action)


def drive(
    examples: int,
    steps: int,
    *,
    shrink: bool = True,
    repeatable: bool = True,
    people: type[Reserving] = Reserving,
) -> None:
    """Let people be at work `examples` times, of so many `steps` each, in the present transaction.

    Raises whatever shows where program and model part; with `repeatable` people do the same every time.
    """
    phases = [Phase.generate, *([Phase.shrink] if shrink else [])]
    run_state_machine_as_test(
        people,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            derandomize=repeatable,
            database=None,
            deadline=None,
            phases=phases,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
