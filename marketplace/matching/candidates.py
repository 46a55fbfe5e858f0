"""Which listings and needs are worth judging at all: what an index can tell of kind, time and place."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import ColumnElement, String, and_, cast, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from marketplace.kit.database import session
from marketplace.kit.places import ROAD_FACTOR
from marketplace.listings.models import Listing
from marketplace.listings.queries import is_open
from marketplace.passports.models import Passport
from marketplace.projects.models import Need, Project

_LATE: Final = timedelta(weeks=8)
_FAR_KM: Final = 15
"""How far beyond a need's own limits lots are looked at, for what is nearly right."""

_MOST_NEEDS: Final = 200


def listings_for(needs: Sequence[Need], on: date, shown: Sequence[ExecutableOption] = ()) -> Sequence[Listing]:
    """Return the open listings that may suit one of these needs, with what the matcher and, by `shown`, a page ask."""
    query = (
        select(Listing)
        .join(Listing.passport)
        .where(is_open(on), or_(*(_may_suit(need) for need in needs)))
        .options(
            contains_eager(Listing.passport),
            selectinload(Listing.passport, Passport.hazards),
            joinedload(Listing.organisation),
            joinedload(Listing.hub),
            *shown,
        )
        .order_by(Listing.id)
    )
    return session.scalars(query).all()


def needs_for(listings: Sequence[Listing], on: date) -> Sequence[Need]:
    """Return the needs that one of these listings may suit: by kind, by time, and by a square around where they lie."""
    kinds = {listing.passport.category for listing in listings}
    substitutes = [cast(Need.substitutes, String).contains(f'"{kind}"', autoescape=True) for kind in sorted(kinds)]
    reach = (Need.max_km + _FAR_KM) / ROAD_FACTOR
    east, north = [listing.x_km for listing in listings], [listing.y_km for listing in listings]
    query = (
        select(Need)
        .join(Need.project)
        .where(
            Need.wanted_until >= max(on, min(listing.available_from for listing in listings) - _LATE),
            or_(Need.category.in_(kinds), *substitutes),
            and_(Project.x_km >= min(east) - reach, Project.x_km <= max(east) + reach),
            and_(Project.y_km >= min(north) - reach, Project.y_km <= max(north) + reach),
        )
        .options(contains_eager(Need.project).joinedload(Project.organisation))
        .order_by(Need.wanted_from, Need.id)
        .limit(_MOST_NEEDS * len(kinds))
    )
    return session.scalars(query).all()


def _may_suit(need: Need) -> ColumnElement[bool]:
    """Return the conditions that an index can answer: the kind, the time, and a square around the site."""
    reach = (need.max_km + _FAR_KM) / ROAD_FACTOR
    return and_(
        Passport.category.in_(need.categories),
        Listing.available_from <= need.wanted_until + _LATE,
        Listing.x_km.between(need.project.x_km - reach, need.project.x_km + reach),
        Listing.y_km.between(need.project.y_km - reach, need.project.y_km + reach),
    )
