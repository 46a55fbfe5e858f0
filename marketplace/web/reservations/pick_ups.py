"""Agreeing when something is fetched, and the calendars that know of it."""

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.kit import clock
from marketplace.kit.clock import AMSTERDAM
from marketplace.kit.database import commit
from marketplace.kit.errors import N_, ConflictError, InvalidInputError, NotFoundError
from marketplace.kit.wall_time import comes_twice
from marketplace.reservations import handing_over, pick_ups
from marketplace.reservations.calendar import MEDIA_TYPE
from marketplace.reservations.models import PickUp, Reservation
from marketplace.reservations.pick_ups import Window
from marketplace.web.access import requires
from marketplace.web.downloads import download
from marketplace.web.errors import add_to_form, status_of
from marketplace.web.moments import ahead
from marketplace.web.reservations.appointments import calendar_of, find_subscriber
from marketplace.web.reservations.blueprint import Answer, blueprint
from marketplace.web.reservations.hand_over_forms import StepForm
from marketplace.web.reservations.pick_up_forms import PickUpForm
from marketplace.web.reservations.sides import acting_for, other_side, ours, side_of


@blueprint.route("/reserveringen/<reference>/afspraak", methods=["GET", "POST"])
@requires(Permission.HANDLE)
def pick_up(reference: str) -> Answer:
    """Let one side propose when it is fetched, or another time than was proposed or agreed."""
    reservation = ours(reference)
    if not handing_over.can_be_fetched(reservation, reservation.listing):
        if request.method == "GET":
            flash(gettext("Een afspraak maken kan nu niet: hiervan is nu niets op te halen."))
            return redirect(url_for(".show", reference=reservation.reference), 303)
        raise ConflictError(N_("Hiervan is nu niets op te halen."))
    live = pick_ups.find_live(reservation.id)
    form = PickUpForm(request.form if request.method == "POST" else None, data=_proposed(live))
    if not form.validate_on_submit():
        return _form_page(reservation, form, live, 422 if form.errors else 200)
    try:
        starts_at = _propose(reservation, form, live)
    except (InvalidInputError, ConflictError) as error:
        add_to_form(form, error)
        return _form_page(reservation, form, live, status_of(error))
    commit()
    name = other_side(reservation, side_of(reservation)).name
    flash(gettext("Voorgesteld. %(name)s stemt er nog mee in.", name=name), "success")
    if comes_twice(starts_at):
        flash(gettext("Die tijd komt die nacht twee keer: bedoeld is de eerste, nog in zomertijd."))
    return redirect(url_for(".show", reference=reservation.reference), 303)


def _propose(reservation: Reservation, form: PickUpForm, live: PickUp | None) -> datetime:
    side = side_of(reservation)
    starts_at, ends_at = form.window
    window = Window(starts_at, ends_at, form.note.data or "")
    if live is None:
        pick_ups.propose(reservation, window, side=side, by=acting_for(side), at=clock.now())
    else:
        pick_ups.move(live, window, side=side, by=acting_for(side), at=clock.now())
    return starts_at


@blueprint.post("/reserveringen/<reference>/afspraak/akkoord")
@requires(Permission.HANDLE)
def agree_pick_up(reference: str) -> Response:
    """Let the other side agree to the time that they saw."""
    reservation, form = ours(reference), StepForm()
    row = _live(reservation)
    side = side_of(reservation, against=row.proposed_by_id)
    seen = request.form.get("sequence", type=int)
    if form.validate_on_submit():
        pick_ups.agree(row, side=side, by=acting_for(side), at=clock.now(), seen=seen)
        commit()
        flash(gettext("Afgesproken. Tot en met die dag blijft het gereserveerd."), "success")
    return redirect(url_for(".show", reference=reservation.reference), 303)


@blueprint.post("/reserveringen/<reference>/afspraak/afzeggen")
@requires(Permission.HANDLE)
def cancel_pick_up(reference: str) -> Response:
    """Let either side call the appointment off."""
    reservation, form = ours(reference), StepForm()
    row, side = _live(reservation), side_of(reservation)
    if form.validate_on_submit():
        pick_ups.cancel(row, side=side, by=acting_for(side), at=clock.now())
        commit()
        flash(gettext("De afspraak is afgezegd. Wat is gereserveerd, blijft dat."), "success")
    return redirect(url_for(".show", reference=reservation.reference), 303)


@blueprint.get("/reserveringen/<reference>/afspraak.ics")
@requires(Permission.HANDLE)
def pick_up_calendar(reference: str) -> Response:
    """Send the newest appointment of a reservation, called off or not, for one's own calendar."""
    reservation = ours(reference)
    row = pick_ups.find_last(reservation.id)
    if row is None:
        raise NotFoundError(N_("Er is nog geen afspraak."))
    content = calendar_of([(row, reservation)], name=str(gettext("Afspraak")), at=clock.now())
    return download(content, MEDIA_TYPE, f"afspraak-{row.reference}.ics")


@blueprint.get("/agenda/<token>.ics")
@requires(Permission.PUBLIC)
def feed(token: str) -> Response:
    """Send the calendar of an organisation, of where something is left to fetch, to whatever subscribed to it."""
    organisation = find_subscriber(token)
    if organisation is None:
        raise NotFoundError(N_("Deze agenda bestaat niet, of niet meer. Abonneer u opnieuw."))
    rows = [(row, row.reservation) for row in pick_ups.of_organisation(organisation.id)]
    name = str(gettext("Afspraken van %(name)s", name=organisation.name))
    return download(calendar_of(rows, name=name, at=clock.now()), MEDIA_TYPE, "afspraken.ics")


def _live(reservation: Reservation) -> PickUp:
    row = pick_ups.find_live(reservation.id)
    if row is None:
        raise ConflictError(N_("Er is geen afspraak (meer)."))
    return row


def _proposed(live: PickUp | None) -> dict[str, object]:
    if live is None:
        return {}
    starts, ends = live.starts_at.astimezone(AMSTERDAM), live.ends_at.astimezone(AMSTERDAM)
    return {"day": starts.date(), "starts": starts.time(), "ends": ends.time(), "note": live.note}


def _form_page(reservation: Reservation, form: PickUpForm, live: PickUp | None, status: int) -> Answer:
    other = other_side(reservation, side_of(reservation))
    page = render_template(
        "reservations/pick_up.html",
        reservation=reservation,
        form=form,
        live=live,
        other=other,
        first_day=ahead(reservation.listing.available_from),
    )
    return page, status
