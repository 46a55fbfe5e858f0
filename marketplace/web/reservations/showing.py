"""The page of one reservation, for each of its two sides: where it stands, until when, and what one can do now."""

from dataclasses import dataclass, field
from decimal import Decimal

from flask import render_template
from flask_wtf import FlaskForm

from marketplace.accounts.models import User
from marketplace.accounts.permissions import Permission
from marketplace.accounts.queries import contacts_of
from marketplace.kit import journal
from marketplace.matching.queries import reserved_for
from marketplace.reservations.actions import may_extend, may_give_back
from marketplace.reservations.desk import Queue, queue_at
from marketplace.reservations.house_rules import terms_of
from marketplace.reservations.models import Reservation
from marketplace.reservations.proposed_days import proposed_with
from marketplace.reservations.queries import find_offered_part
from marketplace.reservations.states import ACTIVE, State
from marketplace.web.access import requires
from marketplace.web.filters import quantity
from marketplace.web.history.entries import entries
from marketplace.web.reservations.blueprint import blueprint
from marketplace.web.reservations.fates import fate, freed
from marketplace.web.reservations.forms import CallOffForm, CancelForm, DeclineForm, GiveBackForm
from marketplace.web.reservations.panels import panels
from marketplace.web.reservations.sides import other_side, ours, side_of, sides_of


@dataclass(frozen=True, slots=True)
class Forms:
    """Hold the forms of the page; the one that was sent comes back with its errors."""

    decline: DeclineForm = field(default_factory=lambda: DeclineForm(formdata=None))
    call_off: CallOffForm = field(default_factory=lambda: CallOffForm(formdata=None))
    cancel: CancelForm = field(default_factory=lambda: CancelForm(formdata=None))
    give_back: GiveBackForm = field(default_factory=lambda: GiveBackForm(formdata=None))
    sent: FlaskForm | None = None


@blueprint.get("/reserveringen/<reference>")
@requires(Permission.HANDLE)
def show(reference: str) -> str:
    """Show one reservation to its two sides, with the steps that each may take."""
    return page(ours(reference))


def page(reservation: Reservation, forms: Forms | None = None, *, late: str = "") -> str:
    """Return the page; `late` says why a step could not be done any more."""
    told = journal.history(reservation.subject)
    terms = terms_of(reservation.listing.organisation_id)
    return render_template(
        "reservations/show.html",
        reservation=reservation,
        sides=sides_of(reservation),
        ahead=_ahead(reservation),
        over=_over(reservation),
        part=find_offered_part(reservation) if reservation.state is State.WAITING else None,
        terms=terms,
        may_extend=may_extend(reservation, terms),
        may_give_back=may_give_back(reservation),
        fate=fate(reservation, told),
        freed=freed(reservation, told),
        history=entries(told, public=False),
        forms=forms or Forms(),
        late=late,
        proposed=proposed_with([reservation]).get(reservation.id),
        **panels(reservation),
        contacts=_contacts(reservation),
    )


def _contacts(reservation: Reservation) -> list[User]:
    """Return whom to call or write on the other side; strangers who only ask do not learn who works where."""
    if reservation.state not in {State.CONFIRMED, State.HANDED_OVER}:
        return []
    return contacts_of(other_side(reservation, side_of(reservation)).id)


def _over(reservation: Reservation) -> str:
    """Return how much more is kept or waited for than its need asks, or nothing; that may be on purpose."""
    need = reservation.need
    if need is None or reservation.state not in ACTIVE:
        return ""
    waited_for = reservation.waiting if reservation.unit is need.unit else Decimal(0)
    over = reserved_for([need])[need.id] + waited_for - need.quantity
    return quantity(over, need.unit) if over > 0 else ""


def _ahead(reservation: Reservation) -> Queue:
    waits = reservation.state is State.WAITING
    return queue_at(reservation.listing_id, before=reservation, own=[reservation.organisation_id]) if waits else Queue()
