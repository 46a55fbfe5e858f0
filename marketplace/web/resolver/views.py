"""Everything that the resolver answers, found together by the door."""

from marketplace.web.resolver import addresses, description, gs1_addresses, problems, reading
from marketplace.web.resolver.blueprint import blueprint

__all__ = ["addresses", "blueprint", "description", "gs1_addresses", "problems", "reading"]
