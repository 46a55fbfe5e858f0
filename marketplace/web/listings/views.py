"""The pages about what is on offer, in the modules below by what people do there."""

from marketplace.web.listings import catalogue, harvesting, posting, showing
from marketplace.web.listings.blueprint import blueprint

__all__ = ["blueprint", "catalogue", "harvesting", "posting", "showing"]
