"""What the page of a reservation shows of fetching it: the appointment, and what was handed over."""

from typing import Any

from marketplace.kit import clock
from marketplace.reservations import hand_overs, handing_over, pick_ups
from marketplace.reservations.models import HandOverState, Reservation
from marketplace.web.reservations.appointments import feed_url
from marketplace.web.reservations.hand_over_forms import RejectForm, StepForm
from marketplace.web.reservations.sides import other_side, side_of


def panels(reservation: Reservation) -> dict[str, Any]:
    """Return the values of `_hand_over.html` and `_pick_up.html` for one of the sides."""
    rows = hand_overs.of_reservation(reservation.id)
    side, live = side_of(reservation), pick_ups.find_live(reservation.id)
    waiting = next((row for row in rows if row.state is HandOverState.REPORTED), None)
    return {
        "fetching": {
            "can": handing_over.can_be_fetched(reservation, reservation.listing),
            "other": other_side(reservation, side),
            "waiting": waiting,
            "said_before": hand_overs.find_said_before(waiting) if waiting else None,
            "may_confirm": waiting is not None and _is_theirs(reservation, waiting.reported_by_id),
            "done": [row for row in rows if row.state is HandOverState.CONFIRMED],
            "live": live,
            "may_agree": live is not None and _is_theirs(reservation, live.proposed_by_id),
            "comes_late": live is not None and pick_ups.comes_late(live, reservation),
            "is_past": live is not None and live.ends_at <= clock.now(),
            "feed": feed_url(side),
            "side": side,
            "reject_form": RejectForm(formdata=None),
            "step_form": StepForm(formdata=None),
        }
    }


def _is_theirs(reservation: Reservation, said_by: int) -> bool:
    """Tell whether the person may answer for the side across from the one that said it."""
    return side_of(reservation, against=said_by).id != said_by
