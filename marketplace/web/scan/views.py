"""Scanning: the camera, the code that is typed instead, and the steps after it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.kit.database import commit, session
from marketplace.kit.errors import N_, ConflictError, MarketplaceError, NotFoundError
from marketplace.kit.journal import By
from marketplace.listings.models import Listing
from marketplace.passports.models import Passport
from marketplace.passports.taking import Act
from marketplace.reservations.hand_overs import find_open
from marketplace.reservations.harvest import NotAgreedError, Outcome
from marketplace.reservations.models import Reservation
from marketplace.scanning import actions, queries
from marketplace.scanning.actions import Scan
from marketplace.scanning.models import ScanEvent
from marketplace.scanning.steps import Step
from marketplace.web import lookups
from marketplace.web.access import acting, current_actor, requires
from marketplace.web.counted import preview_view
from marketplace.web.errors import add_to_form, sentence
from marketplace.web.filters import quantity
from marketplace.web.scan.page import ScanPage, StepView, page_of
from marketplace.web.sealing import hub_seal

blueprint = Blueprint("scan", __name__, url_prefix="/scan")

Answer = str | tuple[str, int] | Response


@blueprint.get("")
@requires(Permission.PUBLIC)
def index() -> str:
    """Show the camera, and the form to type a code."""
    return render_template("scan/index.html")


@blueprint.get("/open", endpoint="open")
@requires(Permission.PUBLIC)
def open_typed() -> Response:
    """Lead a code that was typed to its steps for who handles it, and to its passport for everyone else."""
    code = lookups.code_in(request.args.get("code", ""))
    return redirect(url_for(".steps", code=code) if code else url_for(".index"), 303)


@blueprint.get("/<code>")
@requires(Permission.PUBLIC)
def steps(code: str) -> Answer:
    """Show what may be done with what was scanned; who handles none of it is led to the passport."""
    if not current_actor().signed_in:
        return _to_passport(code)
    try:
        passport = lookups.get_passport(code)
    except NotFoundError:
        return _to_passport(code)
    lot = queries.find_lot(passport.id, current_actor())
    return _to_passport(code) if lot is None else _shown(page_of(passport, lot, current_actor()))


@blueprint.post("/<code>")
@requires(Permission.HANDLE)
def do(code: str) -> Answer:
    """Do one step, and show the page again with what was done."""
    page = page_of(*_handled(code), current_actor())
    view = page.find_step(request.form.get("step", ""))
    if view is None:
        gone = N_("Deze stap kan nu niet meer: er is intussen iets veranderd. Kijk hieronder wat er nog kan.")
        return _shown(page, problem=ConflictError(gone))
    if not view.form.validate_on_submit():
        return _shown(page, status=422)
    try:
        event = _DO[view.step](_scan(page), view.form, page)
        commit()
    except NotAgreedError as error:
        return _to_agree(page, view, error.outcome)
    except MarketplaceError as error:
        return _failed(code, view, error)
    flash(_said(event, page, view), "success")
    return redirect(url_for(".steps", code=page.passport.code), 303)


def _to_passport(code: str) -> Response:
    return redirect(url_for("passports.show", code=code), 303)


def _handled(code: str) -> tuple[Passport, Listing]:
    passport = lookups.get_passport(code)
    lot = queries.find_lot(passport.id, current_actor())
    if lot is None:
        raise NotFoundError(N_("Deze pagina bestaat niet, of niet voor u."))
    return passport, lot


def _shown(page: ScanPage, *, problem: MarketplaceError | None = None, status: int = 200) -> Answer:
    said = sentence(problem) if problem else None
    text = render_template("scan/steps.html", page=page, problem=said)
    return text, 409 if problem and status == 200 else status


def _to_agree(page: ScanPage, view: StepView, outcome: Outcome) -> Answer:
    """Show what a count comes to, with the token by which it is agreed to; what time brought to the options is kept."""
    count = preview_view(outcome, page.lot, agreed=view.form["agreed"].data or "")
    view.form["agreed"].process_data(outcome.token)
    shown = _shown(replace(page, count=count))
    commit()
    return shown


def _failed(code: str, view: StepView, error: MarketplaceError) -> Answer:
    """Show the page as things are now, with what was typed and what is wrong with it."""
    session.rollback()
    page = page_of(*_handled(code), current_actor())
    now = page.find_step(view.step)
    if now is None:
        return _shown(page, problem=error)
    add_to_form(now.form, error)
    return _shown(page, status=422)


def _scan(page: ScanPage) -> Scan:
    ours = current_actor().organisations(Permission.HANDLE)
    mine = [each for each in ours if each in queries.handled_by(page.lot)]
    mine = mine or [
        each.reservation.organisation_id for each in page.waiting if each.reservation.organisation_id in ours
    ]
    by = acting()
    if by.organisation_id not in mine:
        by = By(by.user_id, mine[0])
    return Scan(page.passport, page.lot, Act(by, hub_seal()))


def _see(scan: Scan, form: Any, _page: ScanPage) -> ScanEvent:  # noqa: ANN401 (the form of this step, here and below)
    return actions.seen(scan, rack=form.rack.data or "")


def _receive(scan: Scan, form: Any, page: ScanPage) -> ScanEvent:  # noqa: ANN401 (as above)
    hub = next((hub for hub in queries.hubs_for(page.lot) if str(hub.id) == form.hub.data), None)
    counted = form.counted.data
    differs = counted is not None and counted != page.lot.available + page.lot.held
    agreed = form.agreed.data or "" if differs else None
    return actions.received(scan, hub=hub, rack=form.rack.data or "", counted=counted, agreed=agreed)


def _hand_over(scan: Scan, form: Any, page: ScanPage) -> ScanEvent:  # noqa: ANN401 (as above)
    return actions.handed_over(scan, reservation=_chosen(form, page), fetched=form.fetched)


def _chosen(form: Any, page: ScanPage) -> Reservation:  # noqa: ANN401 (as above)
    offered = (each.reservation for each in page.waiting)
    return next(each for each in offered if each.reference == form.reservation.data)


def _report(scan: Scan, form: Any, _page: ScanPage) -> ScanEvent:  # noqa: ANN401 (as above)
    return actions.damaged(scan, quantity=form.quantity.data, reason=form.reason.data)


_DO: Final[Mapping[Step, Callable[[Scan, Any, ScanPage], ScanEvent]]] = {
    Step.SEEN: _see,
    Step.RECEIVED: _receive,
    Step.HANDED_OVER: _hand_over,
    Step.DAMAGED: _report,
}

_SAID: Final = {
    Step.SEEN: N_("Gezien in %(place)s."),
    Step.RECEIVED: N_("%(amount)s ontvangen in %(place)s."),
    Step.HANDED_OVER: N_("%(amount)s meegegeven."),
    Step.DAMAGED: N_("%(amount)s afgeschreven."),
}


def _said(event: ScanEvent, page: ScanPage, view: StepView) -> str:
    amount = "" if event.quantity is None else quantity(event.quantity, page.lot.unit)
    is_reported = view.step is Step.HANDED_OVER and find_open(_chosen(view.form, page).id) is not None
    said = N_("%(amount)s gemeld als opgehaald. De aanbieder bevestigt het.") if is_reported else _SAID[event.step]
    return str(gettext(said)) % {"place": event.place, "amount": amount}
