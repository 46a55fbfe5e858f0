"""Live: what stands follows what happens, in the neighbourhood of each change and nowhere else.

The market is kept in memory, and read on from the journal; the cursor in the database is moved on in the transaction
that writes what became of the proposals. A process that dies between the two loses nothing: the rows are read again.
"""

import gc
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import select

from marketplace.kit import clock, journal
from marketplace.kit.database import session
from marketplace.matching import market as markets
from marketplace.matching.allotting import Allotment, Allotted, Key, route_of
from marketplace.matching.keeping import keep, move_on, outdate, rows_of, standing, take_turn
from marketplace.matching.market import Market
from marketplace.matching.models import MarketCursor, PlanRun, Proposal, RunState
from marketplace.matching.neighbourhood import Search
from marketplace.matching.news import News
from marketplace.matching.stores import ROOM_SLACK, most_taken

AT_ONCE: Final = 20
"""Rows of the journal in one transaction, so that nobody waits for long."""


class LivePlan:
    """The market and what stands in it, in the memory of one process."""

    def __init__(self) -> None:
        self._market: Market | None = None
        self._stands: Allotted | None = None
        self._read_anew_to = 0
        self._has_begun = False

    def is_behind(self) -> bool:
        """Tell whether something happened since; not before a first plan stands."""
        last, cursor = journal.find_last(), session.scalar(select(MarketCursor.journal_number))
        if last is None or cursor is None or last.number <= cursor:
            return False
        if not self._has_begun:
            done = select(PlanRun.id).where(PlanRun.state == RunState.DONE)
            self._has_begun = session.scalar(done.limit(1)) is not None
        return self._has_begun

    def prepare(self) -> None:
        """Read the market where it is not in memory yet, or is that of another day. Nothing is written."""
        if self._market is None or self._market.on != clock.today():
            self._market = markets.read()
            self._stands = None
            self._read_anew_to = self._market.read_to
            # All of it stays; looking through it for what can go would hold up a change every now and then.
            gc.collect()
            gc.freeze()

    def forget(self) -> None:
        """Forget the market, because what was done in memory did not come into the database."""
        self._market = self._stands = None

    def keep_up(self, at: datetime) -> int:
        """Read some rows on in the journal, let proposals follow, and return how many keys came, changed or went.

        Needs `prepare`. The caller commits, and forgets where that fails.
        """
        self.prepare()
        number = take_turn()
        market = self._market_at(number)
        news = market.catch_up(AT_ONCE)
        if number < self._read_anew_to:
            # Memory has read further than the cursor: what these rows tell is in it already, but not looked at.
            news.changed_lots, news.changed_needs = news.lots, news.needs
        known: dict[Key, Proposal] = {}
        if news.proposals or self._stands is None:
            known = rows_of()
            self._stands = standing(known, market)
        rows, dirty = _follow(self._stands, news)
        rows, dirty = known | rows, known.keys() | dirty
        changed = keep({key: rows[key] for key in dirty & rows.keys()}, _now(self._stands, dirty), at)
        outdate(changed, at)
        move_on(market.read_to)
        return len(changed)

    def _market_at(self, number: int) -> Market:
        """Return the market in memory, to be read on from the row where the cursor is: perhaps others moved it."""
        if self._market is None:
            raise RuntimeError("the market was not prepared")
        if self._market.read_to != number:
            self._market.catch_up_fully()
            self._read_anew_to, self._market.read_to = self._market.read_to, number
            self._stands = None
        return self._market


def _follow(stands: Allotted, news: News) -> tuple[dict[Key, Proposal], set[Key]]:
    """Let what stands follow the news; return the rows that were looked at, and the keys that may have changed."""
    lots, needs = set(map(str, news.lots)), set(map(str, news.needs))
    rows = rows_of(lots, needs, _overfull(stands, everything=news.hubs))
    search = Search(stands)
    _look_again(stands, rows, lots, needs, search)
    for need in sorted(map(str, news.changed_needs)):
        search.around_need(need)
    for lot in sorted(map(str, news.changed_lots)):
        search.around_lot(lot)
    search.fill_up()
    unread = {key for key in search.dirty if key not in rows}
    rows |= {key: row for key, row in rows_of({lot for lot, _, _ in unread}).items() if key in unread}
    return rows, search.dirty | rows.keys()


def _overfull(stands: Allotted, *, everything: bool) -> set[str]:
    """Return the hubs in which more waits than there is room for; or all, where hubs themselves changed."""
    return {
        hub.id
        for hub in stands.market.hubs
        if everything
        or most_taken(stay for key in stands.of_hub[hub.id] if (stay := stands.by_key[key].stay))
        > hub.capacity_m3 + ROOM_SLACK
    }


def _look_again(stands: Allotted, rows: dict[Key, Proposal], lots: set[str], needs: set[str], search: Search) -> None:
    """Deal out again what stands of these lots and needs, the most valuable first, as far as it is allowed still."""
    known = {key for lot in lots for key in stands.of_lot[lot]} | {
        key for need in needs for key in stands.of_need[need]
    }
    for key in known | (rows.keys() & stands.by_key.keys()):
        stands.drop(key)
    for key in known - rows.keys():
        search.loosen(key)
    for key, row in sorted(rows.items(), key=lambda item: (-item[1].value_eur, item[1].id)):
        route = route_of(stands.market, key)
        allotment = stands.greatest(route, row.quantity) if route else None
        if allotment:
            stands.put(allotment)
        if allotment is None or allotment.quantity < row.quantity:
            search.loosen(key)


def _now(stands: Allotted, keys: Iterable[Key]) -> dict[Key, Allotment]:
    return {key: stands.by_key[key] for key in keys if key in stands.by_key}
