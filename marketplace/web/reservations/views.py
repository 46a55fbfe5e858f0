"""The pages about reservations, in the modules below by what people do there."""

from marketplace.web.reservations import baskets, filling, hand_overs, handling, pick_ups
from marketplace.web.reservations.blueprint import blueprint

__all__ = ["baskets", "blueprint", "filling", "hand_overs", "handling", "pick_ups"]
