"""Reserving, and what becomes of it: for who reserves and for who answers."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from marketplace.accounts.models import Organisation
from marketplace.accounts.permissions import Permission
from marketplace.kit import clock, journal
from marketplace.kit.database import commit
from marketplace.kit.errors import N_, ConflictError, InvalidInputError, NotFoundError
from marketplace.kit.quantities import parse_decimal
from marketplace.listings import queries as listings
from marketplace.listings.models import Listing
from marketplace.projects import queries as projects
from marketplace.projects.models import Project
from marketplace.reservations import actions, queries
from marketplace.reservations.actions import Purpose
from marketplace.reservations.models import Reservation
from marketplace.web.access import acting, acting_organisation, current_actor, require_member, requires
from marketplace.web.errors import add_to_form, status_of
from marketplace.web.filters import quantity as with_unit
from marketplace.web.history.entries import entries
from marketplace.web.reservations.blueprint import blueprint
from marketplace.web.reservations.forms import CancelForm, ConfirmForm, DeclineForm, ReserveForm
from marketplace.web.reservations.panels import panels

Answer = str | Response | tuple[str, int]


@blueprint.get("/reserveringen")
@requires(Permission.HANDLE)
def index() -> str:
    """Show what others reserved of us, and what we reserved."""
    ours = current_actor().organisations(Permission.HANDLE)
    return render_template(
        "reservations/index.html", received=queries.received_by(ours), per_project=_per_project(queries.made_by(ours))
    )


def _per_project(made: list[Reservation]) -> list[tuple[Project | None, list[Reservation]]]:
    """Return the reservations by project, those without one last."""
    groups: dict[int | None, list[Reservation]] = {}
    for reservation in made:
        groups.setdefault(reservation.project_id, []).append(reservation)
    ordered = sorted(groups.items(), key=lambda group: (group[0] is None, -group[1][0].id))
    return [(group[0].project, group) for _, group in ordered]


@blueprint.route("/aanbod/<reference>/reserveren", methods=["GET", "POST"])
@requires(Permission.TRADE)
def reserve(reference: str) -> Answer:
    """Reserve part of a listing for the organisation of the chosen project, or else for the own one."""
    listing = _open_listing(reference)
    planned = projects.with_needs_of(current_actor().organisations(Permission.TRADE))
    form = ReserveForm(request.form if request.method == "POST" else None, **_proposed(planned))
    form.offer_purposes(planned, gettext("Nog geen project"))
    status = 200
    if form.validate_on_submit():
        try:
            made = _request(form, listing, planned)
        except (InvalidInputError, ConflictError) as error:
            status = status_of(error)
            add_to_form(form, error, otherwise="quantity")
        else:
            commit()
            amount = with_unit(made.quantity, listing.unit)
            flash(gettext("%(amount)s gereserveerd. De aanbieder krijgt uw aanvraag.", amount=amount), "success")
            return redirect(url_for("reservations.show", reference=made.reference), 303)
    if form.errors and status == 200:
        status = 422
    return render_template("reservations/reserve.html", form=form, listing=listing, organisation=_buyer()), status


def _request(form: ReserveForm, listing: Listing, planned: list[Project]) -> Reservation:
    project_id, need_id = form.purpose_ids(planned)
    project = next((project for project in planned if project.id == project_id), None)
    purpose = Purpose(project.organisation if project else _buyer(), project_id, need_id, note=form.note.data or "")
    return actions.request(
        listing_id=listing.id, quantity=form.quantity.data, purpose=purpose, by=acting(), at=clock.now()
    )


def _open_listing(reference: str) -> Listing:
    listing = listings.get(reference)
    if not listing.is_open:
        raise NotFoundError(N_("Deze partij is niet meer te reserveren."))
    return listing


def _buyer() -> Organisation:
    organisation = acting_organisation()
    if organisation is None:
        raise NotFoundError(N_("Deze pagina bestaat niet, of niet voor u."))
    return organisation


def _proposed(planned: list[Project]) -> dict[str, object]:
    """Return what a link to this page filled in: `?aantal=42&behoefte=REFERENCE`."""
    wanted = request.args.get("behoefte")
    need = next((need for project in planned for need in project.needs if need.reference == wanted), None)
    proposed: dict[str, object] = {"purpose": f"need:{need.id}"} if need else {}
    try:
        return proposed | {"quantity": parse_decimal(request.args.get("aantal", ""))}
    except InvalidInputError:  # nothing was proposed, or nothing that counts
        return proposed


@blueprint.get("/reserveringen/<reference>")
@requires(Permission.HANDLE)
def show(reference: str) -> str:
    """Show one reservation to its two sides, with the step that each may take."""
    return _page(_ours(reference), DeclineForm(formdata=None))


def _page(reservation: Reservation, decline_form: DeclineForm) -> str:
    owner, buyer = reservation.listing.organisation_id, reservation.organisation_id
    actor = current_actor()
    return render_template(
        "reservations/show.html",
        reservation=reservation,
        may_answer=actor.may(Permission.TRADE, owner),
        may_hand_over=actor.may(Permission.HANDLE, owner),
        may_cancel=actor.may(Permission.TRADE, buyer) or actor.may(Permission.TRADE, owner),
        is_buyer=actor.may(Permission.HANDLE, buyer),
        history=entries(journal.history(reservation.subject), public=False),
        decline_form=decline_form,
        cancel_form=CancelForm(formdata=None),
        confirm_form=ConfirmForm(formdata=None),
        **panels(reservation),
    )


@blueprint.post("/reserveringen/<reference>/bevestigen")
@requires(Permission.TRADE)
def confirm(reference: str) -> Answer:
    """Let the owner promise what was asked."""
    reservation = _asked_of_us(reference, Permission.TRADE)
    actions.confirm(reservation, by=acting(), at=clock.now())
    commit()
    flash(gettext("De reservering is bevestigd."), "success")
    return redirect(url_for(".show", reference=reference), 303)


@blueprint.post("/reserveringen/<reference>/afwijzen")
@requires(Permission.TRADE)
def decline(reference: str) -> Answer:
    """Let the owner refuse, with a reason."""
    reservation, form = _asked_of_us(reference, Permission.TRADE), DeclineForm()
    if not form.validate_on_submit():
        return _page(reservation, form), 422
    actions.decline(reservation, reason=form.reason.data or "", by=acting(), at=clock.now())
    commit()
    flash(gettext("De reservering is afgewezen. De hoeveelheid is weer beschikbaar."), "success")
    return redirect(url_for(".show", reference=reference), 303)


@blueprint.post("/reserveringen/<reference>/annuleren")
@requires(Permission.TRADE)
def cancel(reference: str) -> Answer:
    """Let either side give the reservation up."""
    reservation, form = _ours(reference, Permission.TRADE), CancelForm()
    if not form.validate_on_submit():
        raise InvalidInputError(N_("Houd de reden korter dan 500 tekens."))
    actions.cancel(reservation, reason=form.reason.data or "", by=acting(), at=clock.now())
    commit()
    flash(gettext("De reservering is geannuleerd. De hoeveelheid is weer beschikbaar."), "success")
    return redirect(url_for(".show", reference=reference), 303)


def _ours(reference: str, permission: Permission = Permission.HANDLE) -> Reservation:
    """Return a reservation of which we are one of the two sides."""
    reservation = queries.get(reference)
    sides = (reservation.organisation_id, reservation.listing.organisation_id)
    if not any(current_actor().may(permission, side) for side in sides):
        raise NotFoundError(N_("Deze reservering bestaat niet, of niet voor u."))
    return reservation


def _asked_of_us(reference: str, permission: Permission) -> Reservation:
    reservation = queries.get(reference)
    require_member(permission, reservation.listing.organisation_id)
    return reservation
