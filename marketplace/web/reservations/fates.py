"""What became of a reservation, in words for both of its sides, told from its journal."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from flask_babel import gettext

from marketplace.kit.journal import Fact, JournalEntry
from marketplace.reservations.models import Reservation
from marketplace.reservations.states import ACTIVE, State
from marketplace.web.filters import quantity
from marketplace.web.history.told import amount
from marketplace.web.moments import until

_ENDS: Final = {
    "reservation.declined",
    "reservation.cancelled",
    "reservation.expired",
    "reservation.left_queue",
    "reservation.written_off",
    "reservation.shortened",
    "reservation.handed_over",
}


def fate(reservation: Reservation, history: Sequence[JournalEntry]) -> str:
    """Return what happened, or nothing while something may still come of it; `history` is the newest first."""
    if reservation.state in ACTIVE:
        return ""
    ended = _end_in(history)
    told = ended.told if ended else {}
    if ended and ended.action == "reservation.left_queue" and told.get("part"):
        return _left_with(told)
    if ended and ended.action == "reservation.left_queue" and told.get("left") is not None:
        return _too_little(reservation, told)
    if reservation.state is State.DECLINED:
        return _declined(reservation, history)
    if reservation.state is State.CANCELLED:
        return _cancelled(reservation, told)
    return _expired(reservation, told) if reservation.state is State.EXPIRED else _gone(reservation)


def freed(reservation: Reservation, history: Sequence[JournalEntry]) -> Decimal:
    """Return how much of what was kept is free again; who only waited kept nothing from anybody."""
    ended = _end_in(history)
    waited = ended is not None and ended.action == "reservation.left_queue"
    return Decimal(0) if waited else reservation.released


def present(reservation: Reservation, history: Sequence[JournalEntry]) -> str:
    """Return where a reservation stands now, for who pressed a button of a page that was old."""
    if reservation.state not in ACTIVE:
        return " ".join(part for part in (fate(reservation, history), _still_there(reservation)) if part)
    sentence = {
        State.WAITING: gettext("Er is nog niets aan de beurt: u wacht in de rij."),
        State.OFFERED: gettext("Het is aangeboden en moet nog worden aangenomen."),
        State.REQUESTED: gettext("Het is aangevraagd, en de aanbieder moet nog antwoorden."),
        State.CONFIRMED: gettext("Het is bevestigd."),
    }[reservation.state]
    return str(sentence)


def _end_in(history: Sequence[JournalEntry]) -> JournalEntry | None:
    return next((entry for entry in history if entry.action in _ENDS), None)


def _declined(reservation: Reservation, history: Sequence[JournalEntry]) -> str:
    owner = reservation.listing.organisation.name
    waited = any(entry.action == "reservation.left_queue" for entry in history)
    if waited and not reservation.reason:
        return str(gettext("Hier komt niets meer van vrij: de partij wordt niet meer zo aangeboden."))
    return _with_reason(gettext("%(owner)s wees dit af.", owner=owner), reservation)


def _cancelled(reservation: Reservation, told: Mapping[str, Fact]) -> str:
    owner, buyer = reservation.listing.organisation.name, reservation.organisation.name
    if told.get("side") == "owner":
        return _with_reason(gettext("%(owner)s trok deze toezegging in.", owner=owner), reservation)
    return _with_reason(gettext("%(buyer)s zag hiervan af.", buyer=buyer), reservation)


def _left_with(told: Mapping[str, Fact]) -> str:
    """Return why the rest of a wish waits no longer: what came free of it went elsewhere."""
    part = str(told["part"])
    return str(gettext("Hierop wordt niet meer gewacht: wat er al van vrijkwam (%(part)s) ging niet door.", part=part))


def _too_little(reservation: Reservation, told: Mapping[str, Fact]) -> str:
    """Return why nobody need wait any longer: the least that is of use can never come free."""
    return str(
        gettext(
            "Hier komt niet meer genoeg van vrij: er is nog %(left)s, ook als iedereen afziet, en gewacht werd op ten "
            "minste %(least)s.",
            left=amount(told, "left"),
            least=quantity(reservation.least, reservation.unit),
        )
    )


def _expired(reservation: Reservation, told: Mapping[str, Fact]) -> str:
    owner, was = reservation.listing.organisation.name, str(told.get("was") or "")
    last = until(reservation.decided_at) if reservation.decided_at else ""
    if was == State.OFFERED.value:
        return str(gettext("Dit is niet op tijd aangenomen: dat kon %(until)s.", until=last))
    if was == State.REQUESTED.value:
        return str(gettext("%(owner)s antwoordde niet op tijd: dat kon %(until)s.", owner=owner, until=last))
    return str(gettext("Dit is niet op tijd opgehaald: het lag klaar %(until)s.", until=last))


def _gone(reservation: Reservation) -> str:
    if reservation.state is State.WRITTEN_OFF:
        return str(gettext("Alles wat gereserveerd was, bleek kapot, zoek of er niet uit te komen."))
    return str(gettext("%(amount)s is overgedragen.", amount=quantity(reservation.handed_over, reservation.unit)))


def _still_there(reservation: Reservation) -> str:
    """Return whether what ended is free again, or went to another."""
    listing = reservation.listing
    if reservation.state not in {State.EXPIRED, State.CANCELLED, State.DECLINED} or not reservation.released:
        return ""
    if listing.is_open and listing.available >= reservation.quantity:
        return str(gettext("Het is weer vrij: u kunt het opnieuw reserveren."))
    return str(gettext("Het is naar de volgende in de rij gegaan, of naar een ander."))


def _with_reason(sentence: str, reservation: Reservation) -> str:
    return f"{sentence} “{reservation.reason}”" if reservation.reason else str(sentence)
