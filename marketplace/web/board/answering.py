"""Answering proposals: dismissing one with a reason, letting it come back, and taking a better plan over."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.kit import clock
from marketplace.kit.database import commit, session
from marketplace.kit.errors import MarketplaceError
from marketplace.listings import queries as listings
from marketplace.listings.models import Listing
from marketplace.matching import answering
from marketplace.matching.standing import dismissals_of
from marketplace.projects.models import Need
from marketplace.web.access import requires
from marketplace.web.board.blueprint import Answer, blueprint
from marketplace.web.board.forms import DismissForm
from marketplace.web.errors import add_to_form
from marketplace.web.own import own_need
from marketplace.web.reservations.sides import acting_for


@blueprint.route("/behoeften/<reference>/voorstellen/<lot>/afwijzen", methods=["GET", "POST"])
@requires(Permission.TRADE)
def dismiss(reference: str, lot: str) -> Answer:
    """Let who plans a need say why a lot is not to be proposed for it again."""
    need, listing, form = own_need(reference), listings.get_named(lot), DismissForm()
    if not form.validate_on_submit():
        return _dismiss_page(need, listing, form)
    try:
        answering.dismiss(need, listing, form.reason.data or "", acting_for(need.project.organisation), clock.now())
    except MarketplaceError as error:
        session.rollback()
        add_to_form(form, error)
        return _dismiss_page(own_need(reference), listings.get_named(lot), form)
    slug, name = need.project.slug, listing.passport.name
    commit()
    flash(gettext("%(name)s wordt hiervoor niet meer voorgesteld.", name=name), "success")
    return _to_need(slug, reference)


@blueprint.post("/behoeften/<reference>/voorstellen/<lot>/toch")
@requires(Permission.TRADE)
def allow(reference: str, lot: str) -> Answer:
    """Let a lot that was dismissed be proposed for a need again."""
    need, listing = own_need(reference), listings.get_named(lot)
    slug, name = need.project.slug, listing.passport.name
    for dismissal in dismissals_of([need.id])[need.id]:
        if dismissal.listing_id == listing.id:
            answering.allow_again(dismissal, acting_for(need.project.organisation))
    commit()
    flash(gettext("%(name)s mag weer worden voorgesteld.", name=name), "success")
    return _to_need(slug, reference)


def _dismiss_page(need: Need, listing: Listing, form: DismissForm) -> tuple[str, int]:
    page = render_template("board/dismiss.html", need=need, listing=listing, form=form)
    return page, 422 if form.errors and request.method == "POST" else 200


def _to_need(slug: str, reference: str) -> Response:
    return redirect(url_for("board.project", slug=slug, _anchor=f"behoefte-{reference}"), 303)
