"""Pages about the hubs, where material waits between demolition and construction."""

from flask import Blueprint, render_template, url_for

from marketplace.accounts.permissions import Permission
from marketplace.listings import catalogue
from marketplace.listings import queries as listings
from marketplace.listings.criteria import Criteria
from marketplace.projects import queries
from marketplace.web.access import requires
from marketplace.web.cards import cards_of
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
        total=lies_there.total,
        cards=cards_of(lies_there.items),
        map=area_of(hub.point, exact=True),
    )
