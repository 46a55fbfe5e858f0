"""Whether the ledger is exact: rows of lots, reservations and baskets against each other, and against the journal.

It reads the journal once, and every table once, so that it can be asked of a database of any size.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row, Select, select

from marketplace.kit import journal
from marketplace.kit.changes import as_fact
from marketplace.kit.database import session
from marketplace.kit.errors import N_, NotFoundError
from marketplace.kit.journal import JournalEntry
from marketplace.listings.models import Listing
from marketplace.passports.models import Passport
from marketplace.reservations.basket_audit import flaws_of_baskets
from marketplace.reservations.ledger import FIGURES, PARTS, Account, Claim, Told
from marketplace.reservations.models import Reservation
from marketplace.reservations.states import HOLDING

_NOTHING: Final = Decimal(0)
_AT_ONCE: Final = 2000
"""Rows that are read at a time."""
_SHARED: Final = ("held", "handed_over", "written_off")
"""Parts that lots and reservations both have."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Hold one thing that is not as it must be, and where: lot, reservation, basket and entry as far as known."""

    what: str
    lot: str = ""
    reservation: str = ""
    number: int | None = None
    basket: str = ""

    def __str__(self) -> str:
        named = (("lot", self.lot), ("basket", self.basket), ("reservation", self.reservation))
        where = ", ".join(f"{kind} {name}" for kind, name in named if name) or "journal"
        return f"{where}: {self.what}" + (f" (journal {self.number})" if self.number else "")


@dataclass(slots=True)
class Report:
    """Hold what was looked at, what was found, and how many reservations lapsed that nobody settled yet."""

    lots: int = 0
    reservations: int = 0
    entries: int = 0
    due: int = 0
    differences: list[Difference] = field(default_factory=list)


@dataclass(slots=True)
class _Books:
    """Collect what the journal tells of every lot and every reservation."""

    codes: dict[int, str]
    """The code of the passport of each lot, by which the entry of a split names the part."""
    accounts: defaultdict[int, Account] = field(default_factory=lambda: defaultdict(Account))
    claims: defaultdict[int, Claim] = field(default_factory=lambda: defaultdict(Claim))
    parts: dict[str, Told] = field(default_factory=dict)
    """What was split off, by the code of its passport."""
    baskets: dict[int, Told] = field(default_factory=dict)
    """What was held together, by the id of its basket."""

    def enter(self, entry: JournalEntry) -> None:
        """Enter one row of the journal where it belongs; one about anything else is passed over."""
        kind, number = entry.about
        if not number:
            return
        if kind == "listing":
            told = Told(entry.number, entry.action, entry.told)
            if told.action == "listing.split":
                self.parts[str(told.facts.get("code"))] = told
            self.account_of(number, begins=told.action == "listing.posted").enter(told)
        elif kind == "reservation":
            self.claims[number].enter(Told(entry.number, entry.action, entry.told))
        elif entry.action == "basket.held":
            self.baskets[number] = Told(entry.number, entry.action, entry.told)

    def account_of(self, listing_id: int, *, begins: bool = False) -> Account:
        """Return the account of a lot; a part that was split off began there, if the journal tells nothing else."""
        account = self.accounts[listing_id]
        if not account.begun and not begins and (split := self.parts.get(self.codes.get(listing_id, ""))):
            told = {"total": split.facts.get("quantity"), "unit": split.facts.get("unit")}
            account.enter(Told(split.number, "listing.posted", told))
        return account


def audit(at: datetime, *, listing: str | None = None) -> Report:
    """Compare all there is, or one lot by its reference. Raises NotFoundError where there is no such lot.

    Of one lot the chain of the journal is not walked, nor are baskets looked at: those are of the whole, or nothing.
    """
    found = Report()
    listing_id = None if listing is None else _id_of(listing)
    codes = _codes(listing_id)
    books = _Books(codes)
    entries = _entered(
        found, books, journal.in_order() if listing_id is None else _entries_of(listing_id, *codes.values())
    )
    if listing_id is None and (broken := journal.first_broken(entries)) is not None:
        found.differences.append(Difference("the journal is broken here", number=broken))
    for _ in entries:  # what was not read yet
        pass
    sums = _check_reservations(found, books, at, listing_id)
    _check_lots(found, books, sums, listing_id)
    if listing_id is None:
        _check_gone(found, books)
        found.differences += (
            Difference(flaw.what, reservation=flaw.reservation, number=flaw.number, basket=flaw.basket)
            for flaw in flaws_of_baskets(books.baskets)
        )
    return found


def _id_of(reference: str) -> int:
    found = session.scalar(select(Listing.id).where(Listing.reference == reference.upper()))
    if found is None:
        raise NotFoundError(N_("Deze partij bestaat niet."))
    return found


def _codes(listing_id: int | None) -> dict[int, str]:
    query = select(Listing.id, Passport.code).join(Listing.passport)
    rows = session.execute(query if listing_id is None else query.where(Listing.id == listing_id))
    return {row.id: row.code for row in rows}


def _entries_of(listing_id: int, code: str) -> Iterator[JournalEntry]:
    """Return what the journal tells of one lot and its reservations, and where the lot was split off another."""
    ids = session.scalars(select(Reservation.id).where(Reservation.listing_id == listing_id))
    subjects = [f"listing:{listing_id}", *(f"reservation:{number}" for number in ids)]
    split_off = (JournalEntry.action == "listing.split") & JournalEntry.facts.contains(code)
    query = select(JournalEntry).where(JournalEntry.subject.in_(subjects) | split_off)
    return iter(session.scalars(query.order_by(JournalEntry.number)))


def _entered(found: Report, books: _Books, entries: Iterable[JournalEntry]) -> Iterator[JournalEntry]:
    for entry in entries:
        found.entries += 1
        books.enter(entry)
        yield entry


def _check_reservations(
    found: Report, books: _Books, at: datetime, listing_id: int | None
) -> dict[int, dict[str, Decimal]]:
    """Check every reservation, and return per lot what they hold together of each part."""
    sums: defaultdict[int, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(_SHARED, _NOTHING))
    query = select(*_columns(Reservation, "listing_id", "state", "expires_at", "quantity", *PARTS), Listing.reference)
    query = query.add_columns(Reservation.reference.label("own")).join(Reservation.listing)
    if listing_id is not None:
        query = query.where(Reservation.listing_id == listing_id)
    for row in _rows(query.order_by(Reservation.id)):
        found.reservations += 1
        found.due += row.state in HOLDING and row.expires_at is not None and row.expires_at <= at
        for part in _SHARED:
            sums[row.listing_id][part] += getattr(row, part)
        found.differences += (
            Difference(what, row.reference, row.own, number)
            for what, number in _of_reservation(row, books.claims.pop(row.id, Claim()))
        )
    return sums


def _of_reservation(row: Row[Any], claim: Claim) -> Iterator[tuple[str, int | None]]:
    parts = {part: getattr(row, part) for part in PARTS}
    yield from _adds_up("quantity", row.quantity, parts)
    if not claim.states:
        yield "the journal does not tell how it began", None
        return
    for misfit in claim.misfits:
        yield misfit.why, misfit.number
    for part, kept in parts.items():
        if kept != claim.parts[part]:
            yield _differs(part, kept, claim.parts[part]), claim.last
    if row.state not in claim.states:
        told = " or ".join(sorted(claim.states))
        yield f"state is {row.state.value}, and {told} by the journal", claim.last
    for what, kept, told in (("unit", row.unit.value, claim.unit), ("lot", row.reference, claim.listing)):
        if told not in {"", kept}:
            yield f"{what} is {kept}, and {told} by the journal", claim.last


def _check_lots(found: Report, books: _Books, sums: dict[int, dict[str, Decimal]], listing_id: int | None) -> None:
    query = select(*_columns(Listing, "reference", *FIGURES))
    if listing_id is not None:
        query = query.where(Listing.id == listing_id)
    for row in _rows(query.order_by(Listing.id)):
        found.lots += 1
        account = books.account_of(row.id)
        del books.accounts[row.id]
        of_lot = (*_of_lot(row, account), *_of_its_reservations(row, sums.get(row.id)))
        found.differences += (Difference(what, row.reference, number=number) for what, number in of_lot)


def _of_lot(row: Row[Any], account: Account) -> Iterator[tuple[str, int | None]]:
    figures = {figure: getattr(row, figure) for figure in FIGURES}
    yield from _adds_up("total", row.total, {name: value for name, value in figures.items() if name != "total"})
    if not account.begun:
        yield "the journal does not tell how it began", None
        return
    for misfit in account.misfits:
        yield misfit.why, misfit.number
    for figure, kept in figures.items():
        if kept != account.figures[figure]:
            yield _differs(figure, kept, account.figures[figure]), account.last
    if row.unit.value != account.unit:
        yield f"unit is {row.unit.value}, and {account.unit} by the journal", account.last


def _of_its_reservations(row: Row[Any], sums: dict[str, Decimal] | None) -> Iterator[tuple[str, None]]:
    of_them = sums or dict.fromkeys(_SHARED, _NOTHING)
    for part in _SHARED:
        kept, together = getattr(row, part), of_them[part]
        # What is broken or short may have been promised to nobody.
        if together > kept or (part != "written_off" and together != kept):
            yield f"{part} is {as_fact(kept)}, and {as_fact(together)} by its reservations together", None


def _check_gone(found: Report, books: _Books) -> None:
    kinds: tuple[tuple[str, Iterable[tuple[int, Account | Claim]]], ...] = (
        ("listing", books.accounts.items()),
        ("reservation", books.claims.items()),
    )
    for kind, left in kinds:
        for number, account in left:
            what = f"{kind}:{number} is gone, and the journal tells of it"
            found.differences.append(Difference(what, number=account.last or None))


def _adds_up(whole: str, stated: Decimal, parts: dict[str, Decimal]) -> Iterator[tuple[str, None]]:
    if stated != (together := sum(parts.values(), _NOTHING)):
        yield f"{whole} is {as_fact(stated)}, and its parts are {as_fact(together)} together", None
    for part, value in parts.items():
        if value < 0:
            yield f"{part} is {as_fact(value)}, less than nothing", None


def _differs(part: str, kept: Decimal, told: Decimal) -> str:
    return f"{part} is {as_fact(kept)}, and {as_fact(told)} by the journal"


def _columns(model: type[Listing] | type[Reservation], *names: str) -> list[Any]:
    return [getattr(model, name) for name in ("id", "unit", *names)]


def _rows(query: Select[Any]) -> Iterable[Row[Any]]:
    return session.execute(query, execution_options={"yield_per": _AT_ONCE})
