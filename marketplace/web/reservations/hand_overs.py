"""Saying what was fetched, confirming what the other side said, and the delivery note."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import force_locale, gettext
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.kit import clock
from marketplace.kit.database import commit
from marketplace.kit.errors import N_, ConflictError, InvalidInputError, NotFoundError
from marketplace.passports.taking import Act
from marketplace.reservations import hand_overs, handing_over
from marketplace.reservations.delivery_note import delivery_note_pdf
from marketplace.reservations.models import HandOver, HandOverState, Reservation
from marketplace.web.access import requires
from marketplace.web.downloads import download
from marketplace.web.errors import add_to_form, status_of
from marketplace.web.fetched import filled_in
from marketplace.web.filters import language
from marketplace.web.language import LANGUAGES
from marketplace.web.reservations.blueprint import Answer, blueprint
from marketplace.web.reservations.delivery_notes import note_of
from marketplace.web.reservations.hand_over_forms import RejectForm, ReportForm
from marketplace.web.reservations.sides import acting_for, other_side, ours, side_of
from marketplace.web.sealing import hub_seal


@blueprint.route("/reserveringen/<reference>/overdragen", methods=["GET", "POST"])
@requires(Permission.HANDLE)
def hand_over(reference: str) -> Answer:
    """Let one side say what was fetched; what the other side said before stands in the form, to be corrected."""
    reservation = ours(reference)
    if not handing_over.can_be_fetched(reservation, reservation.listing):
        raise ConflictError(N_("Hiervan is nu niets op te halen."))
    begins = filled_in(reservation, hand_overs.find_open(reservation.id))
    form = ReportForm(request.form if request.method == "POST" else None, data=begins)
    if not form.validate_on_submit():
        return _form_page(reservation, form, 422 if form.errors else 200)
    side = side_of(reservation)
    try:
        handing_over.report(reservation, form.fetched, side=side, by=acting_for(side), at=clock.now())
    except (InvalidInputError, ConflictError) as error:
        add_to_form(form, error)
        return _form_page(reservation, form, status_of(error))
    commit()
    flash(gettext("Gemeld. %(name)s bevestigt het nog.", name=other_side(reservation, side).name), "success")
    return redirect(url_for(".show", reference=reservation.reference), 303)


@blueprint.post("/reserveringen/<reference>/overdracht/<number>/bevestigen")
@requires(Permission.HANDLE)
def confirm_hand_over(reference: str, number: str) -> Response:
    """Let the other side confirm what was fetched: now it moves."""
    reservation = ours(reference)
    row = hand_overs.get(reservation.id, number)
    side = side_of(reservation, against=row.reported_by_id)
    handing_over.confirm(row, side=side, act=Act(acting_for(side), hub_seal()))
    commit()
    flash(gettext("Overgedragen. Voorraad en paspoort zijn bijgewerkt."), "success")
    return redirect(url_for(".show", reference=reservation.reference), 303)


@blueprint.post("/reserveringen/<reference>/overdracht/<number>/afwijzen")
@requires(Permission.HANDLE)
def reject_hand_over(reference: str, number: str) -> Response:
    """Let either side say that it was not so."""
    reservation, form = ours(reference), RejectForm()
    row = hand_overs.get(reservation.id, number)
    if not form.validate_on_submit():
        raise InvalidInputError(N_("Vul in wat er niet klopt, in ten hoogste 500 tekens."))
    side = side_of(reservation, against=row.reported_by_id)
    handing_over.reject(row, reason=form.reason.data or "", side=side, by=acting_for(side), at=clock.now())
    commit()
    flash(gettext("Afgewezen. Er is niets veranderd aan de voorraad."), "success")
    return redirect(url_for(".show", reference=reservation.reference), 303)


@blueprint.get("/reserveringen/<reference>/pakbon/<number>.pdf")
@requires(Permission.HANDLE)
def delivery_note(reference: str, number: str) -> Response:
    """Send the delivery note of what was handed over, in the language of `taal`."""
    reservation = ours(reference)
    row = _confirmed(reservation, number)
    wanted = request.args.get("taal")
    with force_locale(wanted if wanted in LANGUAGES else language()):
        note = note_of(reservation, row)
    return download(delivery_note_pdf(note), "application/pdf", f"pakbon-{row.reference}.pdf")


def _confirmed(reservation: Reservation, number: str) -> HandOver:
    row = hand_overs.get(reservation.id, number)
    if row.state is not HandOverState.CONFIRMED:
        raise NotFoundError(N_("Een pakbon is er zodra beide kanten de overdracht bevestigen."))
    return row


def _form_page(reservation: Reservation, form: ReportForm, status: int) -> Answer:
    side = side_of(reservation)
    page = render_template(
        "reservations/hand_over.html",
        reservation=reservation,
        form=form,
        other=other_side(reservation, side),
        said=hand_overs.find_said_to(reservation.id, side.id),
    )
    return page, status
