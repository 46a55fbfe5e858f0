"""What the pages of hubs show of what lies there."""

from collections.abc import Sequence

from sqlalchemy import func, select

from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.listings.models import Listing
from marketplace.listings.queries import is_open
from marketplace.projects.models import Hub
from marketplace.web.maps import MapView, Spot, map_of


def offers_per_hub() -> dict[int, int]:
    """Return how many offers lie at each hub and can be reserved today; hubs without any are left out."""
    query = select(Listing.hub_id, func.count()).where(is_open(clock.today()), Listing.hub_id.is_not(None))
    counts = session.execute(query.group_by(Listing.hub_id)).tuples()
    return {hub_id: count for hub_id, count in counts if hub_id is not None}


def map_of_hubs(hubs: Sequence[Hub], urls: Sequence[str]) -> MapView:
    """Return a map on which every hub leads to its page."""
    spots = [Spot(hub.point, hub.place, "stock", hub.name, url) for hub, url in zip(hubs, urls, strict=True)]
    return map_of(spots, width=640, height=420)
