"""What a match is worth by the usual rates: for everybody but those whose own rates it was planned by."""

from itertools import pairwise
from typing import Final

from marketplace.matching import rules
from marketplace.matching.conversion import PARAMS, avoided_by
from marketplace.matching.models import Proposal
from marketplace.matching.problem import Terms
from marketplace.matching.queries import Fit

_KG_PER_TONNE: Final = 1000


def usual_terms(match: Fit | Proposal, known: Terms) -> Terms:
    """Return the parts of the value in signed EUR, each in cents, with transport, trips and environment as usual.

    `known` are its terms by whatever rates; those that no rate changes are kept.
    """
    places = (match.listing, match.hub, match.need.project)
    stops = [(place.point.x_km, place.point.y_km) for place in places if place]
    legs = [rules.road_km(start, end, PARAMS) for start, end in pairwise(stops)]
    tonnes = float(match.take) * float(match.listing.passport.kg_per_unit) / _KG_PER_TONNE
    return Terms(
        new=known.new,
        mki=round(float(match.quantity) * float(avoided_by(match.need).eur), 2),
        price=known.price,
        transport=-round(tonnes * sum(legs) * PARAMS.eur_per_tkm, 2),
        storage=known.storage,
        trips=-PARAMS.trip_eur * sum(leg > 0 for leg in legs),
    )
