"""Pages about the hubs, where material waits between demolition and construction."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.kit.database import commit
from marketplace.kit.errors import MarketplaceError
from marketplace.kit.journal import By
from marketplace.listings import catalogue
from marketplace.listings import queries as listings
from marketplace.listings.criteria import Criteria
from marketplace.projects import actions, queries
from marketplace.web import errors
from marketplace.web.access import acting, current_actor, require_member, requires
from marketplace.web.cards import cards_of
from marketplace.web.hubs.forms import HubForm
from marketplace.web.maps import Spot, area_of, map_of

blueprint = Blueprint("hubs", __name__, url_prefix="/hubs")

_FIRST = 8


@blueprint.get("")
@requires(Permission.PUBLIC)
def index() -> str:
    """Show every hub with its room and tariffs, and where they are."""
    hubs = queries.hubs()
    spots = [Spot(hub.point, hub.place, "stock", hub.name, url_for("hubs.show", slug=hub.slug)) for hub in hubs]
    return render_template("hubs/index.html", hubs=hubs, lots=listings.lots_per_hub(), map=map_of(spots))


@blueprint.get("/<slug>")
@requires(Permission.PUBLIC)
def show(slug: str) -> str:
    """Show one hub, what it costs to store there, and what lies there."""
    hub = queries.get_hub(slug)
    lies_there = catalogue.search(Criteria(hub_id=hub.id), size=_FIRST)
    return render_template(
        "hubs/show.html",
        hub=hub,
        may_edit=current_actor().may(Permission.TRADE, hub.organisation_id),
        total=lies_there.total,
        cards=cards_of(lies_there.items),
        map=area_of(hub.point, exact=True),
    )


@blueprint.route("/<slug>/wijzigen", methods=["GET", "POST"])
@requires(Permission.TRADE)
def edit(slug: str) -> str | tuple[str, int] | Response:
    """Let the organisation of a hub set its room and tariffs, by which the plan counts."""
    hub = queries.get_hub(slug)
    require_member(Permission.TRADE, hub.organisation_id)
    form = HubForm(obj=hub)
    if form.validate_on_submit():
        try:
            actions.change_hub(
                hub=hub,
                capacity_m3=form.capacity_m3.data,
                handle_eur_per_m3=form.handle_eur_per_m3.data,
                store_eur=form.store_eur_per_m3_week.data,
                by=By(acting().user_id, hub.organisation_id),
            )
        except MarketplaceError as error:
            errors.add_to_form(form, error)
        else:
            commit()
            flash(gettext("De hub is gewijzigd. Een nieuw plan rekent ermee."), "success")
            return redirect(url_for(".show", slug=slug), 303)
    return render_template("hubs/form.html", form=form, hub=hub), 422 if form.errors else 200
