"""Taking a need away: asked on a page of its own, and what is possible instead where something was reserved for it."""

from datetime import timedelta
from decimal import Decimal

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.kit import clock
from marketplace.kit.database import commit
from marketplace.kit.errors import ConflictError
from marketplace.matching import answering
from marketplace.matching.board import coverage_of
from marketplace.projects.models import Need
from marketplace.reservations.queries import of_need
from marketplace.web.access import acting, requires
from marketplace.web.filters import plain
from marketplace.web.needs.blueprint import blueprint
from marketplace.web.own import own_need

Answer = str | tuple[str, int] | Response


@blueprint.route("/behoeften/<reference>/verwijderen", methods=["GET", "POST"])
@requires(Permission.TRADE)
def remove(reference: str) -> Answer:
    """Ask whether to stop looking for something, and do so unless something was reserved for it."""
    need = own_need(reference)
    if request.method == "GET":
        return _page(need)
    slug = need.project.slug
    try:
        answering.remove_need(need, acting(), clock.now())
    except ConflictError:
        return _page(own_need(reference)), 409
    commit()
    flash(gettext("De behoefte is weggehaald."), "success")
    return redirect(url_for("projects.show", slug=slug), 303)


def _page(need: Need) -> str:
    (coverage,) = coverage_of([need])
    reservations = of_need(need.id)
    return render_template(
        "needs/remove.html",
        need=need,
        coverage=coverage,
        reservations=reservations,
        less_url=_less_url(need, coverage.reserved),
        ending_url=_ending_url(need) if need.wanted_until >= clock.today() else "",
    )


def _less_url(need: Need, reserved: Decimal) -> str:
    """Return the form with no more than what is reserved, or nothing where no less can be asked."""
    if not 0 < reserved < need.quantity:
        return ""
    least = min(need.min_batch, reserved)
    return url_for("needs.edit", reference=need.reference, quantity=plain(reserved), min_batch=plain(least))


def _ending_url(need: Need) -> str:
    """Return the form with days that are over, so that nothing is looked for any more."""
    last = clock.today() - timedelta(days=1)
    first = min(need.wanted_from, last)
    return url_for("needs.edit", reference=need.reference, wanted_from=first.isoformat(), wanted_until=last.isoformat())
