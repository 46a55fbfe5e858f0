"""Accepting proposals: one, those for a need, or all of a project, in one basket of holds: all of it or nothing."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from marketplace.accounts.permissions import Permission
from marketplace.kit import clock
from marketplace.kit.database import commit
from marketplace.kit.errors import InvalidInputError, MarketplaceError
from marketplace.listings import queries as listings
from marketplace.listings.models import ListingStatus
from marketplace.matching.board import standing_for
from marketplace.matching.filling import share_of
from marketplace.matching.rates import rates_for
from marketplace.projects.models import Need, Project
from marketplace.reservations import baskets
from marketplace.reservations.baskets import LinesError
from marketplace.reservations.queries import refusals_of
from marketplace.web.access import requires
from marketplace.web.board.blueprint import Answer, blueprint
from marketplace.web.board.forms import AcceptForm, accept_form, sent_lines
from marketplace.web.board.summing import Line, lines_of, summed
from marketplace.web.errors import add_to_form, sentence, status_of
from marketplace.web.idempotency import Remade
from marketplace.web.own import own_project
from marketplace.web.reservations.later import shown_later
from marketplace.web.reservations.sides import acting_for


@blueprint.route("/projecten/<slug>/voorstellen/reserveren", methods=["GET", "POST"])
@requires(Permission.TRADE)
def accept(slug: str) -> Answer:
    """Show what accepting comes to, and hold all that is ticked, or nothing.

    The address may narrow it to one need (`behoefte`) or one proposal (`voorstel`). What was shown is sent along, so
    that one gets what one read, whatever the plan has become since.
    """
    project = own_project(slug)
    if request.method != "POST":
        return _page(project, _proposed(project))
    needs = {need.reference: need for need in project.needs}
    sent = [(lot, needs[need], take) for lot, need, take in sent_lines() if need in needs]
    ids = listings.ids_of([lot for lot, _, _ in sent])
    form = accept_form([])
    if request.form.get("step") != "hold" or not form.validate():
        return _again(slug)
    chosen = [
        baskets.Line(ids[lot], take, need.id)
        for lot, need, take in sent
        if lot in ids and f"neem_{lot}_{need.reference}" in request.form
    ]
    try:
        basket = baskets.hold_for_project(
            project_id=project.id,
            lines=chosen,
            note=form.note.data or "",
            by=acting_for(project.organisation),
            at=clock.now(),
        )
    except MarketplaceError as error:
        return _again(slug, error)
    commit()
    flash(gettext("Alles is vastgelegd. De aanbieders krijgen uw aanvraag."), "success")
    return redirect(url_for("reservations.basket", reference=basket.reference), 303)


def _again(slug: str, error: MarketplaceError | None = None) -> Remade:
    """Show the page with what was sent, worked out anew, and with what is wrong with it at its line."""

    def shown() -> tuple[str, int]:
        project = own_project(slug)
        return _page(project, _sent(project), error)

    return shown_later(shown)


def _proposed(project: Project) -> list[Line]:
    """Return what stands and is asked for by the address, without what the project has already."""
    need, one = request.args.get("behoefte", ""), request.args.get("voorstel", "")
    proposals = standing_for([each.id for each in project.needs])
    return lines_of(
        each for each in proposals if (not need or each.need.reference == need) and (not one or str(each.id) == one)
    )


def _sent(project: Project) -> list[Line]:
    """Return the lines that were sent, with the way of those that stand as they were."""
    standing = {line.key: line for line in lines_of(standing_for([need.id for need in project.needs]))}
    needs = {need.reference: need for need in project.needs}
    own = rates_for(project.needs)
    found: dict[tuple[int, int], Line] = {}
    for reference, need_reference, take in sent_lines():
        listing, need = listings.find(reference), needs.get(need_reference)
        if listing is None or need is None or listing.status is ListingStatus.DRAFT:
            continue
        same = standing.get((listing.id, need.id))
        if same and same.take == take:
            found[same.key] = same
        else:
            line = Line(listing, need, take, share_of(listing, need, take, None, own[need.id]), is_known=False)
            found[line.key] = line
    return list(found.values())


def _page(project: Project, lines: Sequence[Line], error: MarketplaceError | None = None) -> tuple[str, int]:
    """Return the form with the sum of what is ticked; of a line that cannot be held the box is cleared."""
    groups = _by_need(lines)
    refused = {(lot, need.id): reason for need, _ in groups for lot, reason in refusals_of(need.id).items()}
    form = accept_form(lines, refused)
    status = 422 if request.method == "POST" and not form.validate() else 200
    if error is not None:
        status = _tell(form, error, lines)
    return (
        render_template(
            "board/accept.html",
            project=project,
            form=form,
            groups=groups,
            refused=refused,
            sum=summed(form.chosen(lines)),
        ),
        status,
    )


def _tell(form: AcceptForm, error: MarketplaceError, lines: Sequence[Line]) -> int:
    if not isinstance(error, LinesError):
        add_to_form(form, error)
        return status_of(error)
    problems = {(line.listing_id, line.need_id): problem for line, problem in error.lines.items()}
    for line in lines:
        if problem := problems.get(line.key):
            field = form.box(line)
            field.errors, field.data = [*field.errors, sentence(problem)], False
    return 422 if all(isinstance(problem, InvalidInputError) for problem in error.lines.values()) else 409


def _by_need(lines: Sequence[Line]) -> list[tuple[Need, list[Line]]]:
    found: dict[int, tuple[Need, list[Line]]] = {}
    for line in lines:
        found.setdefault(line.need.id, (line.need, []))[1].append(line)
    return list(found.values())
