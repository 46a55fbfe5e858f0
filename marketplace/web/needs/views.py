"""The pages about what projects look for, in the modules below by what people do there."""

from marketplace.web.needs import alike, browsing, pasting, planning, removing, showing
from marketplace.web.needs.blueprint import blueprint

__all__ = ["alike", "blueprint", "browsing", "pasting", "planning", "removing", "showing"]
