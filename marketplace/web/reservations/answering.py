"""The steps of either side of a reservation. A button of a page that is old says what happened instead."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm

from marketplace.accounts.permissions import Permission
from marketplace.kit import clock, journal
from marketplace.kit.database import commit
from marketplace.kit.errors import N_, ConflictError, InvalidInputError, MarketplaceError, NotFoundError
from marketplace.reservations import actions, proposed_days, queries
from marketplace.reservations.models import Reservation
from marketplace.reservations.settling import overtaken
from marketplace.reservations.states import State
from marketplace.web.access import require_member, requires
from marketplace.web.errors import add_to_form, sentence, status_of
from marketplace.web.filters import quantity
from marketplace.web.moments import until
from marketplace.web.reservations.blueprint import Answer, blueprint
from marketplace.web.reservations.fates import present
from marketplace.web.reservations.forms import CallOffForm, CancelForm, DeclineForm, GiveBackForm
from marketplace.web.reservations.later import shown_later
from marketplace.web.reservations.showing import Forms, page
from marketplace.web.reservations.sides import acting_for, ours, sides_of

_BACK: Final = {"balie": "reservations.desk", "reserveringen": "reservations.index"}
"""The lists in which some of the steps can be taken, by what their forms send as `terug`."""


@blueprint.post("/reserveringen/<reference>/bevestigen")
@requires(Permission.TRADE)
def confirm(reference: str) -> Answer:
    """Let the owner promise what was asked, with the day that was proposed for it or to choose another one."""
    reservation, other_day = _asked_of_us(reference), request.form.get("dag") == "anders"
    agreed: list[bool] = []

    def promise() -> None:
        by = acting_for(reservation.listing.organisation)
        agreed.append(proposed_days.confirm(reservation, agrees=not other_day, by=by, at=clock.now()))

    def said() -> str:
        if any(agreed):
            return str(gettext("De reservering is bevestigd, en de afhaaldag is afgesproken."))
        if other_day:
            return str(gettext("De reservering is bevestigd. Stel nu een andere afhaaldag voor."))
        return str(gettext("De reservering is bevestigd."))

    return _do(reservation, promise, said, then="reservations.pick_up" if other_day else "")


@blueprint.post("/reserveringen/<reference>/afwijzen")
@requires(Permission.TRADE)
def decline(reference: str) -> Answer:
    """Let the owner refuse, with a reason."""
    reservation, form = _asked_of_us(reference), DeclineForm()
    forms = Forms(decline=form, sent=form)
    if not form.validate_on_submit():
        return page(reservation, forms), 422
    return _do(
        reservation,
        lambda: actions.decline(
            reservation, reason=form.reason.data or "", by=acting_for(reservation.listing.organisation), at=clock.now()
        ),
        lambda: gettext("De reservering is afgewezen. Wat we vasthielden, komt weer vrij."),
        forms,
    )


@blueprint.post("/reserveringen/<reference>/aannemen")
@requires(Permission.TRADE)
def accept(reference: str) -> Answer:
    """Let who waited take what came free."""
    reservation = _made_by_us(reference)
    return _do(
        reservation,
        lambda: actions.accept(reservation, by=acting_for(reservation.organisation), at=clock.now()),
        lambda: _said_of_taken(reservation),
    )


def _said_of_taken(reservation: Reservation) -> str:
    if reservation.state is State.CONFIRMED:
        return str(gettext("Het is van u."))
    return str(gettext("U hebt het genomen. De aanbieder krijgt uw aanvraag."))


@blueprint.post("/reserveringen/<reference>/verlengen")
@requires(Permission.TRADE)
def extend(reference: str) -> Answer:
    """Let who reserved keep it for longer."""
    reservation = _made_by_us(reference)
    return _do(
        reservation,
        lambda: actions.extend(reservation, by=acting_for(reservation.organisation), at=clock.now()),
        lambda: _said_of_longer(reservation),
    )


def _said_of_longer(reservation: Reservation) -> str:
    ends = reservation.expires_at
    return str(gettext("Verlengd: we houden het vast %(until)s.", until=until(ends) if ends else ""))


@blueprint.post("/reserveringen/<reference>/annuleren")
@requires(Permission.TRADE)
def cancel(reference: str) -> Answer:
    """Let either side give the reservation up: the owner with a reason."""
    reservation = ours(reference)
    sides = sides_of(reservation)
    if sides.trades_for_buyer and (not sides.trades_for_owner or request.form.get("als") != "aanbieder"):
        return _give_back(reservation) if "quantity" in request.form else _give_up(reservation)
    if not sides.trades_for_owner:
        raise NotFoundError(N_("Deze reservering bestaat niet, of niet voor u."))
    return _call_off(reservation)


def _give_up(reservation: Reservation) -> Answer:
    form, waited = CancelForm(), reservation.state is State.WAITING
    forms = Forms(cancel=form, sent=form)
    if not form.validate_on_submit():
        return page(reservation, forms), 422
    return _do(
        reservation,
        lambda: actions.cancel(
            reservation, reason=form.reason.data or "", by=acting_for(reservation.organisation), at=clock.now()
        ),
        lambda: (
            gettext("U bent uit de rij.")
            if waited
            else gettext("De reservering is geannuleerd. Wat we vasthielden, komt weer vrij.")
        ),
        forms,
    )


def _give_back(reservation: Reservation) -> Answer:
    form = GiveBackForm()
    forms = Forms(give_back=form, sent=form)
    if not form.validate_on_submit():
        return page(reservation, forms), 422
    part: Decimal = form.quantity.data
    reason, by = form.reason.data or "", acting_for(reservation.organisation)
    return _do(
        reservation,
        lambda: actions.give_back(reservation, part, reason=reason, by=by, at=clock.now()),
        lambda: gettext("U hebt %(amount)s teruggegeven.", amount=quantity(part, reservation.unit)),
        forms,
    )


def _call_off(reservation: Reservation) -> Answer:
    form = CallOffForm()
    forms = Forms(call_off=form, sent=form)
    if not form.validate_on_submit():
        return page(reservation, forms), 422
    return _do(
        reservation,
        lambda: actions.call_off(
            reservation, reason=form.reason.data or "", by=acting_for(reservation.listing.organisation), at=clock.now()
        ),
        lambda: gettext("De reservering is ingetrokken. Wat we vasthielden, komt weer vrij."),
        forms,
    )


def _do(
    reservation: Reservation,
    step: Callable[[], None],
    said: Callable[[], str],
    forms: Forms | None = None,
    *,
    then: str = "",
) -> Answer:
    """Take a step and lead on, to the page `then` of it; where it came too late, show how it stands now and why.

    What the step finds wrong with an amount or a reason stands at its field in one of the `forms`.
    """
    reference, seen = reservation.reference, reservation.state
    try:
        step()
    except ConflictError as error:
        if forms is None or forms.sent is None or error.field is None:
            return _too_late(reference, seen, error)
        return _at_field(reference, forms, forms.sent, error)
    except InvalidInputError as error:
        if forms is None or forms.sent is None:
            raise
        return _at_field(reference, forms, forms.sent, error)
    message = said()
    commit()
    flash(message, "success")
    if then:
        return redirect(url_for(then, reference=reference), 303)
    back = _BACK.get(request.form.get("terug", ""))
    return redirect(url_for(back) if back else url_for(".show", reference=reference), 303)


def _at_field(reference: str, forms: Forms, sent: FlaskForm, error: MarketplaceError) -> Answer:
    def shown() -> tuple[str, int]:
        add_to_form(sent, error, otherwise="reason")
        return page(queries.get(reference), forms), status_of(error)

    return shown_later(shown)


def _too_late(reference: str, seen: State, error: ConflictError) -> Answer:
    def shown() -> tuple[str, int]:
        reservation = queries.get(reference)
        why = sentence(error)
        if error.message == overtaken().message or reservation.state is not seen:
            changed = gettext("Dit kan niet meer: de reservering is intussen veranderd.")
            why = f"{changed} {present(reservation, journal.history(reservation.subject))}"
        return page(reservation, late=why), status_of(error)

    return shown_later(shown)


def _asked_of_us(reference: str) -> Reservation:
    reservation = queries.get(reference)
    require_member(Permission.TRADE, reservation.listing.organisation_id)
    return reservation


def _made_by_us(reference: str) -> Reservation:
    reservation = queries.get(reference)
    require_member(Permission.TRADE, reservation.organisation_id)
    return reservation
