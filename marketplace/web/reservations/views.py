"""The pages about reservations, in the modules below by what people do there."""

from marketplace.web.reservations import (
    agenda,
    answering,
    answering_together,
    baskets,
    desk,
    filling,
    hand_overs,
    overview,
    pick_ups,
    reserving,
    showing,
)
from marketplace.web.reservations.blueprint import blueprint

__all__ = [
    "agenda",
    "answering",
    "answering_together",
    "baskets",
    "blueprint",
    "desk",
    "filling",
    "hand_overs",
    "overview",
    "pick_ups",
    "reserving",
    "showing",
]
