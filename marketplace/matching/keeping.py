"""Keeping what stands: proposals as rows, as allotments, and as rows again; all writers of them take turns."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import ColumnElement, or_, select, text, true, update

from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.matching.allotting import Allotment, Allotted, Key, deal_out
from marketplace.matching.market import Market
from marketplace.matching.models import Improvement, ImprovementLine, ImprovementState, MarketCursor, Proposal
from marketplace.matching.problem import Terms

_COLUMNS: Final = tuple(f"{name}_eur" for name in Terms.__slots__)
_BEGIN: Final = text("INSERT INTO market_cursor (id, journal_number) VALUES (1, :number) ON CONFLICT DO NOTHING")
_OFFERED: Final = select(Improvement.id).where(Improvement.state == ImprovementState.OFFERED)


def take_turn() -> int:
    """Wait until nobody else changes proposals, until the end of the transaction; return where live reading stands.

    Where it never began, that is the end of the journal.
    """
    mine = update(MarketCursor).values(journal_number=MarketCursor.journal_number)
    returned = mine.returning(MarketCursor.journal_number)
    if (number := session.execute(returned).scalar()) is None:
        last = journal.find_last()
        session.execute(_BEGIN, {"number": last.number if last else 0})
        number = session.execute(returned).scalar_one()
    return number


def move_on(number: int) -> None:
    """Keep up to which row of the journal the proposals are up to date."""
    session.execute(update(MarketCursor).values(journal_number=number))


def rows_of(
    lots: Collection[str] | None = None, needs: Collection[str] = (), hubs: Collection[str] = ()
) -> dict[Key, Proposal]:
    """Return what stands as rows, by key: all of it, or that of these lots, needs and hubs."""
    which: ColumnElement[bool] = true()
    if lots is not None:
        of_pairs = Proposal.listing_id.in_(map(int, lots)), Proposal.need_id.in_(map(int, needs))
        which = or_(*of_pairs, Proposal.hub_id.in_(map(int, hubs)))
    query = select(Proposal).where(which).order_by(Proposal.id).execution_options(populate_existing=True)
    return {key_of(row): row for row in session.scalars(query)}


def key_of(row: Proposal | ImprovementLine) -> Key:
    """Return the key of what a row stands for."""
    return str(row.listing_id), str(row.need_id), None if row.hub_id is None else str(row.hub_id)


def standing(rows: Mapping[Key, Proposal], market: Market) -> Allotted:
    """Return what stands as far as the market still allows it, by today's account; the most valuable stay first."""
    ordered = sorted(rows.items(), key=lambda item: (-item[1].value_eur, item[1].id))
    return deal_out([(key, row.quantity) for key, row in ordered], market)


def keep(rows: Mapping[Key, Proposal], now: Mapping[Key, Allotment], at: datetime) -> set[Key]:
    """Let these rows become exactly these allotments, and return the keys that came, changed or went.

    What does not change keeps its row. Better plans that counted on what changed are outdated by it.
    """
    changed = {key for key in rows.keys() | now.keys() if not _is_same(rows.get(key), now.get(key))}
    for key in sorted(changed, key=_sorting):
        row, allotment = rows.get(key), now.get(key)
        if row is None:
            session.add(_stated(Proposal(proposed_at=at), now[key]))
        elif allotment is None:
            session.delete(row)
        else:
            _stated(row, allotment)
    session.flush()
    return changed


def outdate(keys: Iterable[Key], at: datetime) -> None:
    """Withdraw the better plans on offer that would change one of these proposals."""
    lots = {int(lot) for lot, _, _ in keys}
    lines = select(ImprovementLine).where(
        ImprovementLine.listing_id.in_(lots), ImprovementLine.improvement_id.in_(_OFFERED)
    )
    touched = {line.improvement_id for line in session.scalars(lines) if key_of(line) in keys}
    if touched:
        outdated = update(Improvement).where(Improvement.id.in_(touched))
        session.execute(outdated.values(state=ImprovementState.OUTDATED, decided_at=at))


def _is_same(row: Proposal | None, allotment: Allotment | None) -> bool:
    if row is None or allotment is None:
        return row is None and allotment is None
    return (row.quantity, row.take, row.value_eur, _terms(row)) == (
        allotment.quantity,
        allotment.take,
        allotment.value,
        allotment.terms,
    )


def _terms(row: Proposal) -> tuple[Decimal, ...]:
    return tuple(getattr(row, name) for name in _COLUMNS)


def _sorting(key: Key) -> tuple[int, int, int]:
    lot, need, hub = key
    return int(need), int(lot), int(hub or 0)


def _stated(row: Proposal, allotment: Allotment) -> Proposal:
    lot, need, hub = allotment.key
    row.listing_id, row.need_id, row.hub_id = int(lot), int(need), None if hub is None else int(hub)
    row.quantity, row.take, row.value_eur = allotment.quantity, allotment.take, allotment.value
    for name, amount in zip(_COLUMNS, allotment.terms, strict=True):
        setattr(row, name, amount)
    stay = allotment.stay
    row.stored_from, row.stored_until = (stay.start, stay.end) if stay else (None, None)
    return row
