"""Reserving part of an offer, and waiting for it where there is not enough."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from marketplace.accounts.models import Organisation
from marketplace.accounts.permissions import Permission
from marketplace.kit import clock
from marketplace.kit.database import commit
from marketplace.kit.errors import N_, ConflictError, InvalidInputError, MarketplaceError, NotFoundError
from marketplace.kit.quantities import parse_decimal
from marketplace.listings import queries as listings
from marketplace.listings.models import Listing
from marketplace.listings.stock import NotEnoughError
from marketplace.projects import queries as projects
from marketplace.projects.models import Project
from marketplace.reservations import actions, queries
from marketplace.reservations.desk import Queue, claims_of, queue_at
from marketplace.reservations.house_rules import terms_of
from marketplace.reservations.models import Reservation
from marketplace.reservations.purposes import Purpose
from marketplace.reservations.states import State
from marketplace.reservations.terms import least_of
from marketplace.web.access import acting_organisation, current_actor, requires
from marketplace.web.errors import add_to_form, status_of
from marketplace.web.filters import quantity as with_unit
from marketplace.web.idempotency import Remade
from marketplace.web.moments import until
from marketplace.web.reservations.blueprint import Answer, blueprint
from marketplace.web.reservations.forms import QueueForm, ReserveForm
from marketplace.web.reservations.later import shown_later
from marketplace.web.reservations.promises import after_reserving, after_waiting
from marketplace.web.reservations.sides import acting_for


@dataclass(frozen=True, slots=True)
class Shortage:
    """Hold what somebody asked of which there is not enough, how much there is, and whether waiting may help."""

    asked: Decimal
    left: Decimal
    may_come: bool


@blueprint.route("/aanbod/<reference>/reserveren", methods=["GET", "POST"])
@requires(Permission.TRADE)
def reserve(reference: str) -> Answer:
    """Reserve part of a listing for the organisation of the chosen project, or else for the own one."""
    planned = _planned() if _names_purpose() else []
    form = ReserveForm(request.form if request.method == "POST" else None, **_proposed(planned))
    form.offer_purposes(planned, gettext("Nog geen project"))
    if not form.validate_on_submit():
        listing = _open_listing(reference)
        if _is_only_ours(listing):
            return _led_back(listing)
        if request.method == "GET" and not listing.available:
            return redirect(_queue_url(reference))
        return _reserve_page(form, listing), 422 if form.errors else 200
    purpose = _purpose(form, planned)
    try:
        made = actions.request(
            listing_id=listings.id_of(reference),
            quantity=form.quantity.data,
            purpose=purpose,
            by=acting_for(purpose.organisation),
            at=clock.now(),
        )
    except (InvalidInputError, ConflictError) as error:
        return _refused(form, error, lambda refusal: _reserve_page(form, _open_listing(reference), refusal))
    commit()
    return _made(made.reference, _said_of_reserved(made))


def _is_only_ours(listing: Listing) -> bool:
    """Tell whether the reader could only reserve here for the owner itself, which makes no sense."""
    return set(current_actor().organisations(Permission.TRADE)) == {listing.organisation_id}


def _led_back(listing: Listing) -> Response:
    flash(gettext("Dit is een partij van uw eigen organisatie: die hoeft u niet te reserveren."))
    return redirect(url_for("listings.show", reference=listing.reference), 303)


def _queue_url(reference: str) -> str:
    """Return the address of the queue, with what was proposed here."""
    ask = request.args.get
    return url_for(
        "reservations.queue", reference=reference, aantal=ask("aantal"), behoefte=ask("behoefte"), voor=ask("voor")
    )


def _refused(form: ReserveForm, error: MarketplaceError, page: Callable[[MarketplaceError], str]) -> Remade:
    """Show the page again with what is wrong; nobody waits until it is shown."""

    def shown() -> tuple[str, int]:
        add_to_form(form, error, otherwise="quantity")
        return page(error), status_of(error)

    return shown_later(shown)


def _reserve_page(form: ReserveForm, listing: Listing, error: MarketplaceError | None = None) -> str:
    """Show the form, or where there is not enough the ways that are open."""
    shortage = None
    if isinstance(error, NotEnoughError):
        asked = form.quantity.data
        shortage = Shortage(asked, listing.available, may_come=asked <= listing.still_there)
    can_reserve = shortage is None or shortage.left > 0
    return render_template(
        "reservations/reserve.html",
        form=form,
        listing=listing,
        shortage=shortage,
        can_reserve=can_reserve,
        queue=queue_at(listing.id, own=_ours()),
        claims=claims_of(_ours(), listing.id),
        waiting_promises=after_waiting(listing) if shortage else [],
        **(_about_reserving(form, listing) if can_reserve else {}),
    )


def _about_reserving(form: ReserveForm, listing: Listing) -> dict[str, object]:
    form.offer_purposes(_planned(), gettext("Nog geen project"), listing.passport.category)
    buyer = _buyer()
    return {
        "organisation": buyer,
        "least": _least(listing),
        "promises": after_reserving(listing, buyer.id, clock.now()),
    }


def _said_of_reserved(made: Reservation) -> str:
    amount = with_unit(made.quantity, made.unit)
    if made.state is State.CONFIRMED:
        return str(gettext("%(amount)s gereserveerd, en meteen van u.", amount=amount))
    return str(gettext("%(amount)s gereserveerd. De aanbieder krijgt uw aanvraag.", amount=amount))


@blueprint.route("/aanbod/<reference>/wachtrij", methods=["GET", "POST"])
@requires(Permission.TRADE)
def queue(reference: str) -> Answer:
    """Wait for an amount of which there is not enough now."""
    listing, planned = _open_listing(reference), _planned() if _names_purpose() else []
    form = QueueForm(request.form if request.method == "POST" else None, **_proposed(planned))
    form.offer_purposes(planned, gettext("Nog geen project"))
    if _is_only_ours(listing):
        return _led_back(listing)
    if not form.validate_on_submit():
        return _queue_page(form, listing), 422 if form.errors else 200
    purpose = _purpose(form, planned)
    try:
        made = actions.wait(
            listing_id=listing.id,
            quantity=form.quantity.data,
            least=form.least.data,
            purpose=purpose,
            by=acting_for(purpose.organisation),
            at=clock.now(),
        )
    except (InvalidInputError, ConflictError) as error:
        return _refused(form, error, lambda _: _queue_page(form, _open_listing(reference)))
    said, ahead = queries.find_offered_part(made) or made, queue_at(made.listing_id, before=made)
    commit()
    return _made(said.reference, _said_of_place(said, ahead))


def _queue_page(form: QueueForm, listing: Listing) -> str:
    form.offer_purposes(_planned(), gettext("Nog geen project"), listing.passport.category)
    asked = form.quantity.data
    return render_template(
        "reservations/queue.html",
        form=form,
        listing=listing,
        organisation=_buyer(),
        least=_least(listing),
        queue=queue_at(listing.id, own=_ours()),
        claims=claims_of(_ours(), listing.id),
        is_enough=asked is not None and bool(form.errors) and listing.available >= asked,
        promises=after_waiting(listing),
    )


def _said_of_place(made: Reservation, ahead: Queue) -> str:
    amount = with_unit(made.quantity, made.unit)
    if made.state is State.OFFERED and made.expires_at:
        return str(
            gettext(
                "%(amount)s is nu al van u als u het neemt, %(until)s.", amount=amount, until=until(made.expires_at)
            )
        )
    if ahead.count:
        return str(
            gettext(
                "U wacht op %(amount)s, op plaats %(place)s in de rij. U krijgt bericht als u aan de beurt bent.",
                amount=amount,
                place=ahead.count + 1,
            )
        )
    return str(
        gettext("U wacht op %(amount)s, vooraan in de rij. U krijgt bericht als u aan de beurt bent.", amount=amount)
    )


def _made(reference: str, said: str) -> Response:
    flash(said, "success")
    return redirect(url_for("reservations.show", reference=reference), 303)


def _purpose(form: ReserveForm, planned: list[Project]) -> Purpose:
    project_id, need_id = form.purpose_ids(planned)
    project = next((project for project in planned if project.id == project_id), None)
    return Purpose(project.organisation if project else _buyer(), project_id, need_id, note=form.note.data or "")


def _names_purpose() -> bool:
    return any(request.values.get(name) for name in ("purpose", "behoefte", "voor"))


def _planned() -> list[Project]:
    return projects.with_needs_of(current_actor().organisations(Permission.TRADE))


def _least(listing: Listing) -> Decimal:
    return least_of(terms_of(listing.organisation_id), listing.total, listing.min_take, listing.unit)


def _open_listing(reference: str) -> Listing:
    listing = listings.get_named(reference)
    if not listing.is_open:
        raise NotFoundError(N_("Deze partij is niet meer te reserveren."))
    return listing


def _ours() -> list[int]:
    return current_actor().organisations(Permission.HANDLE)


def _buyer() -> Organisation:
    organisation = acting_organisation()
    if organisation is None:
        raise NotFoundError(N_("Deze pagina bestaat niet, of niet voor u."))
    return organisation


def _proposed(planned: list[Project]) -> dict[str, object]:
    """Return what a link to this page filled in: `?aantal=42&vanaf=5&behoefte=REFERENCE`, or `&voor=need:12`."""
    wanted = request.args.get("behoefte")
    need = next((need for project in planned for need in project.needs if need.reference == wanted), None)
    purpose = f"need:{need.id}" if need else request.args.get("voor", "")
    amounts = {name: _amount(request.args.get(key, "")) for name, key in (("quantity", "aantal"), ("least", "vanaf"))}
    return {"purpose": purpose} | {name: amount for name, amount in amounts.items() if amount is not None}


def _amount(text: str) -> Decimal | None:
    try:
        return parse_decimal(text, language="en")  # as links write it in every language
    except InvalidInputError:  # nothing was proposed, or nothing that counts
        return None
