"""The market of one day as one problem: what is open and available, what is still lacking, and where it may wait.

It is read once and then kept up to date from the journal, row by row, so that one change costs a few rows.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from marketplace.kit import clock, journal
from marketplace.kit.database import session
from marketplace.kit.quantities import Unit
from marketplace.listings.models import Listing
from marketplace.listings.queries import is_open
from marketplace.matching import problem
from marketplace.matching.conversion import PARAMS, hub_of, in_need, lot_of, need_of
from marketplace.matching.files import write_instance
from marketplace.matching.models import Dismissal
from marketplace.matching.news import News, news_of
from marketplace.matching.rates import rates_of_all
from marketplace.matching.stores import Stay, left_beside, stay_of_kept
from marketplace.passports.models import Passport
from marketplace.projects.models import Hub, Need
from marketplace.reservations.models import Reservation

Pair = tuple[str, str]
"""The ids of a lot and a need."""


@dataclass(frozen=True, slots=True)
class Supply:
    """A lot, with what is available of it as the database counts it, and the organisation that offers it."""

    lot: problem.Lot
    unit: Unit
    available: Decimal
    organisation_id: int


@dataclass(frozen=True, slots=True)
class Demand:
    """A need, with what is still lacking of it as the database counts it, and the organisation that plans it."""

    need: problem.Need
    unit: Unit
    lacking: Decimal
    organisation_id: int


@dataclass(slots=True)
class Market:
    """Everything that is open on a day, by id, as of row `read_to` of the journal."""

    on: date
    read_to: int
    supplies: dict[str, Supply] = field(default_factory=dict)
    demands: dict[str, Demand] = field(default_factory=dict)
    all_hubs: tuple[problem.Hub, ...] = ()
    hubs: tuple[problem.Hub, ...] = ()
    """With the room that is left beside what reservations will take."""
    excluded: set[Pair] = field(default_factory=set)
    """Pairs that people have dismissed."""
    lots_of: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The lots of each category."""
    needs_of: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The needs that accept each category."""
    stays: dict[str, list[Stay]] = field(default_factory=dict)
    """Room in hubs that what is kept for a need will take, by need; of needs that are met as well."""

    def instance(self) -> problem.Instance:
        """Return all of it as one problem."""
        lots = tuple(supply.lot for supply in self.supplies.values())
        needs = tuple(demand.need for demand in self.demands.values())
        dismissed = (pair for pair in self.excluded if pair[0] in self.supplies and pair[1] in self.demands)
        return problem.Instance(
            PARAMS, lots, needs, self.hubs, excluded=frozenset(dismissed) | frozenset(self._own_pairs())
        )

    def is_excluded(self, lot: str, need: str) -> bool:
        """Tell whether this lot must not be proposed for this need: people dismissed it, or it is their own.

        Nobody can reserve of their own organisation. Both must be open.
        """
        is_own = self.supplies[lot].organisation_id == self.demands[need].organisation_id
        return is_own or (lot, need) in self.excluded

    def _own_pairs(self) -> Iterator[Pair]:
        """Yield the needs with the lots of their own organisation, of a kind that they accept."""
        offered: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
        for lot_id, supply in self.supplies.items():
            offered[supply.organisation_id, supply.lot.category].append(lot_id)
        for need_id, demand in self.demands.items():
            for category in demand.need.categories:
                for lot_id in offered.get((demand.organisation_id, category), ()):
                    yield lot_id, need_id

    def refresh_lots(self, ids: Collection[int]) -> set[int]:
        """Read these lots again, without those that are not open any more; return those that changed."""
        before = {lot_id: self._drop_lot(str(lot_id)) for lot_id in ids}
        self._read_lots(Listing.id.in_(ids))
        return {lot_id for lot_id, supply in before.items() if self.supplies.get(str(lot_id)) != supply}

    def refresh_needs(self, ids: Collection[int]) -> set[int]:
        """Read these needs again, with what is kept for them and dismissed of them; return those that changed.

        Those that are met or past go.
        """
        gone = {str(need_id) for need_id in ids}
        excluded = self.excluded
        before = {need_id: self._drop_need(str(need_id)) for need_id in ids}
        self.excluded = {pair for pair in excluded if pair[1] not in gone}
        self._read_needs(Need.id.in_(ids), Dismissal.need_id.in_(ids))
        changed = {need_id for need_id, demand in before.items() if self.demands.get(str(need_id)) != demand}
        return changed | {int(need) for _, need in excluded ^ self.excluded}

    def _drop_lot(self, lot: str) -> Supply | None:
        supply = self.supplies.pop(lot, None)
        if supply:
            self.lots_of[supply.lot.category].discard(lot)
        return supply

    def _drop_need(self, need: str) -> Demand | None:
        self.stays.pop(need, None)
        demand = self.demands.pop(need, None)
        for category in demand.need.categories if demand else ():
            self.needs_of[category].discard(need)
        return demand

    def _read_lots(self, which: ColumnElement[bool]) -> None:
        for supply in _supplies(self.on, which):
            self.supplies[supply.lot.id] = supply
            self.lots_of[supply.lot.category].add(supply.lot.id)

    def catch_up(self, at_most: int = 1000) -> News:
        """Read on in the journal, and again what it tells of; return what that was."""
        entries = journal.after(self.read_to, at_most)
        news = news_of(entries)
        if news.hubs:
            self.refresh_hubs()
        if news.lots:
            news.changed_lots |= self.refresh_lots(news.lots)
        if news.needs:
            news.changed_needs |= self.refresh_needs(news.needs)
        if entries:
            self.read_to = entries[-1].number
        return news

    def catch_up_fully(self) -> None:
        """Read all that happened since."""
        before = -1
        while before < self.read_to:
            before = self.read_to
            self.catch_up()

    def refresh_hubs(self) -> None:
        """Read all hubs again."""
        self.all_hubs = tuple(hub_of(hub) for hub in session.scalars(select(Hub).order_by(Hub.id)))
        self._leave_room()

    def _read_needs(self, which: ColumnElement[bool], dismissed: ColumnElement[bool]) -> None:
        pairs = select(Dismissal.listing_id, Dismissal.need_id).where(dismissed)
        self.excluded |= {(str(lot_id), str(need_id)) for lot_id, need_id in session.execute(pairs)}
        needs = _needs(self.on, which)
        own = rates_of_all({need.project.organisation_id for need in needs})
        kept = _kept_for(needs)
        for need in needs:
            rates, rows = own.get(need.project.organisation_id), kept[need.id]
            covered = sum((in_need(row.listing, need, row.held + row.handed_over, rates) for row in rows), Decimal(0))
            lacking = max(need.quantity - covered, Decimal(0))
            asked = need_of(need, remaining=lacking, rates=rates)
            if lacking:
                self.demands[asked.id] = Demand(asked, need.unit, lacking, need.project.organisation_id)
                for category in asked.categories:
                    self.needs_of[category].add(asked.id)
            if stays := [stay for row in rows if (stay := self._stay(row, asked))]:
                self.stays[asked.id] = stays
        self._leave_room()

    def _stay(self, row: Reservation, asked: problem.Need) -> Stay | None:
        return stay_of_kept(lot_of(row.listing), asked, float(row.held), self.all_hubs, PARAMS)

    def _leave_room(self) -> None:
        taken = [stay for stays in self.stays.values() for stay in stays]
        self.hubs = tuple(left_beside(self.all_hubs, taken))


def read(on: date | None = None) -> Market:
    """Read the market of a day, by default of today."""
    # The journal first: what happens meanwhile may be read twice, and never not at all.
    last = journal.find_last()
    market = Market(on or clock.today(), last.number if last else 0)
    market.refresh_hubs()
    market._read_lots(true())
    market._read_needs(true(), true())
    return market


def read_part(lots: Collection[int], needs: Collection[int]) -> Market:
    """Read these lots and needs as they are today, with the room that all reservations leave in the hubs."""
    last = journal.find_last()
    market = Market(clock.today(), last.number if last else 0)
    market.refresh_hubs()
    market.refresh_lots(lots)
    kept = select(Reservation.need_id).where(Reservation.held > 0, Reservation.need_id.is_not(None))
    market.refresh_needs({*needs, *(need_id for need_id in session.scalars(kept) if need_id)})
    return market


def hash_of(instance: problem.Instance) -> str:
    """Return the SHA-256 of a problem as it is written, in hexadecimal; the order of its parts does not matter."""
    ordered = problem.Instance(
        instance.params,
        tuple(sorted(instance.lots, key=lambda lot: lot.id)),
        tuple(sorted(instance.needs, key=lambda need: need.id)),
        tuple(sorted(instance.hubs, key=lambda hub: hub.id)),
        instance.fixed,
        instance.excluded,
    )
    return sha256(write_instance(ordered).encode()).hexdigest()


def _supplies(on: date, which: ColumnElement[bool]) -> Iterator[Supply]:
    query = (
        select(Listing)
        .join(Listing.passport)
        .where(is_open(on), which)
        .options(
            contains_eager(Listing.passport).defer(Passport.details),
            selectinload(Listing.passport, Passport.hazards),
        )
        .order_by(Listing.id)
        .execution_options(populate_existing=True)
    )
    for listing in session.scalars(query):
        yield Supply(lot_of(listing), listing.unit, listing.available, listing.organisation_id)


def _needs(on: date, which: ColumnElement[bool]) -> Sequence[Need]:
    query = (
        select(Need)
        .join(Need.project)
        .where(Need.wanted_until >= on, which)
        .options(contains_eager(Need.project))
        .order_by(Need.id)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def _kept_for(needs: Iterable[Need]) -> Mapping[int, list[Reservation]]:
    """Return what is kept or was handed over for each of these needs, with its listing as the matcher reads it."""
    found: dict[int, list[Reservation]] = {need.id: [] for need in needs}
    passport = joinedload(Reservation.listing).joinedload(Listing.passport)
    query = (
        select(Reservation)
        .where(Reservation.need_id.in_(found), Reservation.held + Reservation.handed_over > 0)
        .options(passport.defer(Passport.details), passport.selectinload(Passport.hazards))
        .order_by(Reservation.id)
        .execution_options(populate_existing=True)
    )
    for row in session.scalars(query) if found else ():
        if row.need_id is not None:
            found[row.need_id].append(row)
    return found
