"""Confirming at the desk what one organisation asked together, in one step and with one mail."""

from collections.abc import Mapping

from flask import flash, redirect, request, url_for
from flask_babel import gettext, ngettext

from marketplace.accounts.permissions import Permission
from marketplace.kit import clock
from marketplace.kit.database import commit
from marketplace.kit.errors import MarketplaceError
from marketplace.reservations import answering, queries
from marketplace.reservations.answering import AnswersError
from marketplace.web.access import require_member, requires
from marketplace.web.errors import sentence, status_of
from marketplace.web.reservations.blueprint import Answer, blueprint
from marketplace.web.reservations.desk import desk_page
from marketplace.web.reservations.later import shown_later
from marketplace.web.reservations.sides import acting_for


@blueprint.post("/balie/bevestigen")
@requires(Permission.TRADE)
def confirm_together() -> Answer:
    """Promise all that was ticked, or nothing; the desk then says at each line what is wrong with it."""
    chosen = list(dict.fromkeys(text.upper() for text in request.form.getlist("kies")))
    if not chosen:
        flash(gettext("Vink ten minste één aanvraag aan."))
        return redirect(url_for("reservations.desk"), 303)
    owner = queries.get(chosen[0]).listing.organisation
    require_member(Permission.TRADE, owner.id)
    try:
        count = len(answering.confirm_all(chosen, owner=owner, by=acting_for(owner), at=clock.now()))
    except AnswersError as error:
        return _again(chosen, error.problems)
    commit()
    flash(ngettext("%(num)s reservering bevestigd.", "%(num)s reserveringen bevestigd.", count), "success")
    return redirect(url_for("reservations.desk"), 303)


def _again(chosen: list[str], problems: Mapping[str, MarketplaceError]) -> Answer:
    """Show the desk with what was ticked, and at each line what keeps it from being confirmed."""
    left_out = set(request.form.getlist("regel")) - set(chosen)
    status = max(status_of(problem) for problem in problems.values())

    def shown() -> tuple[str, int]:
        told = {reference: sentence(problem) for reference, problem in problems.items()}
        return desk_page(told, left_out), status

    return shown_later(shown)
