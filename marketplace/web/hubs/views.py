"""Pages about hubs: where material may wait, with room and tariffs, and what lies there."""

from flask import Blueprint, render_template, url_for

from marketplace.accounts.permissions import Permission
from marketplace.kit.quantities import Unit
from marketplace.listings.criteria import Criteria
from marketplace.listings.queries import search
from marketplace.projects import queries
from marketplace.web.access import requires
from marketplace.web.cards import cards_of
from marketplace.web.hubs.shown import map_of_hubs, offers_per_hub

blueprint = Blueprint("hubs", __name__, url_prefix="/hubs")

_SHOWN = 8


@blueprint.get("")
@requires(Permission.PUBLIC)
def index() -> str:
    """List the hubs with their room and tariffs."""
    hubs = queries.hubs()
    urls = [url_for(".show", slug=hub.slug) for hub in hubs]
    return render_template(
        "hubs/index.html",
        hubs=hubs,
        offers=offers_per_hub(),
        m3=Unit.M3,
        map=map_of_hubs(hubs, urls) if hubs else None,
    )


@blueprint.get("/<slug>")
@requires(Permission.PUBLIC)
def show(slug: str) -> str:
    """Show one hub and the newest of what lies there."""
    hub = queries.get_hub(slug)
    found = search(Criteria(hub_id=hub.id), size=_SHOWN)
    return render_template("hubs/show.html", hub=hub, m3=Unit.M3, found=found, cards=cards_of(found.items))
