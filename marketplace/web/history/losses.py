"""What was broken or lost stands twice in the journal: where that was noticed, and at the passport that it left."""

from collections.abc import Collection, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from marketplace.kit.journal import JournalEntry

OF_SCANS: Final = frozenset({"scan.damaged"})
OF_SCANS_AND_RESERVATIONS: Final = OF_SCANS | {"reservation.written_off"}

_Loss = tuple[Decimal | None, str]


def told_once(happened: Sequence[JournalEntry], by: Collection[str]) -> list[JournalEntry]:
    """Leave out each `passport.lost` of which an action in `by`, just after it, tells the same."""
    at_passport: dict[_Loss, int] = {}
    twice: set[int] = set()
    for entry in sorted(happened, key=lambda each: each.number):
        if entry.action == "passport.lost":
            at_passport[_loss(entry)] = entry.number
        elif entry.action in by and (number := at_passport.pop(_loss(entry), None)):
            twice.add(number)
    return [entry for entry in happened if entry.number not in twice]


def _loss(entry: JournalEntry) -> _Loss:
    reason = " ".join(str(entry.told.get("reason") or "").split())
    try:
        return Decimal(str(entry.told.get("quantity"))), reason
    except InvalidOperation:
        return None, reason
