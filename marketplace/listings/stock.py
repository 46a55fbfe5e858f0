"""Changing stock: each change is one statement that checks and changes at once, so that no two can take the same piece.

The four parts of the stock always add up to the total; what moves from one part leaves another.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import Final

from sqlalchemy import ColumnElement, ColumnExpressionArgument, and_, case, literal, select, update
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm.util import identity_key

from marketplace.kit.database import QUANTITY, session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError, NotFoundError
from marketplace.kit.quantities import Quantity, Unit
from marketplace.listings.models import Listing, Stage

Part = InstrumentedAttribute[Decimal]

_NOTHING: Final = Decimal(0)
_STOCK: Final = ("unit", "total", "available", "held", "handed_over", "written_off")
_ESTIMATE: Final = ("estimate_low", "estimate_high")
_CHANGED: Final = (*_STOCK, "stage", "status", "short_harvest", "min_take", "price_eur", *_ESTIMATE)


class NotEnoughError(ConflictError):
    """Say how much there is, where somebody wants more; `available` holds the number."""

    def __init__(self, message: str, *, available: Decimal, unit: Unit) -> None:
        super().__init__(message, field="quantity", available=Quantity(available, unit))
        self.available = available


def lock(listing_ids: Collection[int]) -> Sequence[Listing]:
    """Let nobody else change these offers until the transaction ends, and return those that exist, in order of id.

    They are always taken in that order. SQLite has the lock already, with the transaction that writes. What was read of
    them before is read again.
    """
    session.flush()
    for listing_id in listing_ids:
        _forget(listing_id)
    query = select(Listing).where(Listing.id.in_(set(listing_ids))).order_by(Listing.id)
    return session.scalars(query.with_for_update()).all()


def require_available(listing: Listing, quantity: Decimal) -> None:
    """Raise NotEnoughError where less is available, as `hold` would; what was read of the listing must be fresh."""
    if listing.available < quantity:
        raise _too_little_available(listing)


def hold(listing_id: int, quantity: Decimal) -> Decimal:
    """Keep an amount of an open offer for somebody, and return what is still available.

    Raises NotEnoughError where less is available, and ConflictError where it is no longer on offer.
    """
    return _move(listing_id, quantity, Listing.available, Listing.held, where=Listing.is_open)


def release(listing_id: int, quantity: Decimal) -> Decimal:
    """Give back what was held, and return what is available now. Raises NotEnoughError where less was held."""
    return _move(listing_id, quantity, Listing.held, Listing.available)


def hand_over(listing_id: int, quantity: Decimal) -> Decimal:
    """Let go of what was held, and return what is still available; after the last of it the offer is gone.

    Raises NotEnoughError where less was held.
    """
    return _move(listing_id, quantity, Listing.held, Listing.handed_over)


def write_off(listing_id: int, quantity: Decimal, *, from_held: bool = False) -> Decimal:
    """Write off what is broken or lost, and return what is still available; after the last of it the offer is gone.

    Raises NotEnoughError where there is less, of what is available or, with `from_held`, of what is held.
    """
    return _move(listing_id, quantity, Listing.held if from_held else Listing.available, Listing.written_off)


def receive(listing_id: int, counted: Decimal, *, held: Decimal, kept: Decimal) -> Decimal:
    """Take expected material into stock as it was counted, and return what is available.

    Of the `held` that was promised so far, `kept` stays held. What came too short is written off and what came extra
    is added; where nothing came the offer is gone. No estimate is left of what was counted. Raises ConflictError where
    it was received already, or where something else is held meanwhile.
    """
    extra = _amount(counted) - Listing.held - Listing.available
    nothing = _amount(_NOTHING)
    values: dict[str, object] = dict.fromkeys(_ESTIMATE) | {
        "stage": Stage.IN_STOCK if counted else Stage.GONE,
        "held": kept,
        "available": counted - kept,
        "total": Listing.total + case((extra > 0, extra), else_=nothing),
        "written_off": Listing.written_off + case((extra < 0, -extra), else_=nothing),
    }
    as_known = (Listing.stage == Stage.EXPECTED) & (Listing.held == _amount(held))
    return _change(listing_id, values, as_known, _received)


def resize(listing_id: int, total: Decimal, unit: Unit) -> Decimal:
    """Correct the total and return what is available; the unit changes only while nothing of it has moved.

    Raises ConflictError where more than the new total is held, handed over or written off.
    """
    _check(total)
    moved = Listing.held + Listing.handed_over + Listing.written_off
    same_unit = (Listing.unit == unit) | (moved == _amount(_NOTHING))
    values = {"total": total, "available": _amount(total) - moved, "unit": unit}
    return _change(listing_id, values, (moved <= total) & same_unit, _moved)


def split_off(listing_id: int, quantity: Decimal) -> Decimal:
    """Take an amount out of an offer altogether, to be a lot of its own, and return what is still available.

    Raises NotEnoughError where less is available, and ConflictError where it is all that there is.
    """
    _check(quantity)
    values = {"total": Listing.total - quantity, "available": Listing.available - quantity}
    is_part = (Listing.available >= quantity) & (Listing.total > quantity) & (Listing.stage != Stage.GONE)
    return _change(listing_id, values, is_part, lambda listing: _no_part(listing, quantity))


def _move(
    listing_id: int,
    quantity: Decimal,
    source: Part,
    target: Part,
    *,
    where: ColumnExpressionArgument[bool] | None = None,
) -> Decimal:
    _check(quantity)
    values: dict[str, object] = {source.key: source - quantity, target.key: target + quantity}
    if target.key in {"handed_over", "written_off"}:
        values["stage"] = case((Listing.available + Listing.held == quantity, Stage.GONE), else_=Listing.stage)
    enough = source >= quantity
    refuse = _too_little_held if source is Listing.held else _too_little_available
    return _change(listing_id, values, enough if where is None else and_(enough, where), refuse)


def _change(
    listing_id: int,
    values: Mapping[str, object],
    condition: ColumnElement[bool],
    refuse: Callable[[Listing], ConflictError],
) -> Decimal:
    session.flush()
    statement = update(Listing).where(Listing.id == listing_id, condition).values(values).returning(Listing.available)
    left = session.scalars(statement, execution_options={"synchronize_session": False}).one_or_none()
    _forget(listing_id)
    if left is None:
        raise _refusal(listing_id, refuse)
    return left


def _forget(listing_id: int) -> None:
    listing = session.identity_map.get(identity_key(Listing, listing_id))
    if listing is not None:
        session.expire(listing, _CHANGED)


def _refusal(listing_id: int, refuse: Callable[[Listing], ConflictError]) -> ConflictError | NotFoundError:
    listing = session.get(Listing, listing_id)
    return refuse(listing) if listing else NotFoundError(N_("Deze partij bestaat niet."))


def _too_little_available(listing: Listing) -> ConflictError:
    if listing.available and not listing.is_open:
        return _no_offer(listing)
    message = N_("Er is nog maar %(available)s beschikbaar.")
    return NotEnoughError(message, available=listing.available, unit=listing.unit)


def _too_little_held(listing: Listing) -> ConflictError:
    message = N_("Er is nog maar %(available)s gereserveerd.")
    return NotEnoughError(message, available=listing.held, unit=listing.unit)


def _no_part(listing: Listing, quantity: Decimal) -> ConflictError:
    if listing.total == quantity and listing.available == quantity:
        return ConflictError(N_("Dat is de hele partij. Splits minder af."), field="quantity")
    return _no_offer(listing) if listing.stage is Stage.GONE else _too_little_available(listing)


def _no_offer(_listing: Listing) -> ConflictError:
    return ConflictError(N_("Deze partij wordt niet meer aangeboden."))


def _received(listing: Listing) -> ConflictError:
    if listing.stage is Stage.EXPECTED:
        return ConflictError(N_("Deze partij is intussen veranderd. Ververs de pagina."))
    return ConflictError(N_("Deze partij is al in ontvangst genomen."))


def _moved(listing: Listing) -> ConflictError:
    moved = listing.total - listing.available
    message = N_(
        "Van deze partij is %(moved)s al gereserveerd, overgedragen of afgeschreven; de eenheid blijft dus zoals "
        "ze is, en minder dan dat kan het totaal niet worden."
    )
    return ConflictError(message, field="quantity", moved=Quantity(moved, listing.unit))


def _check(quantity: Decimal) -> None:
    if not quantity > 0:
        raise InvalidInputError(N_("Vul een hoeveelheid groter dan nul in."), field="quantity")


def _amount(value: Decimal) -> ColumnElement[Decimal]:
    return literal(value, QUANTITY)
