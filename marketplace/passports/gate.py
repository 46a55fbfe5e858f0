"""Whether a material may be offered: what is known of its hazards against what must be known. Pure rules."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from marketplace.materials.hazards import Hazard, relevant_hazards
from marketplace.materials.vocabulary import Category


class Reason(StrEnum):
    """Say why a material may not be offered."""

    BANNED = "banned"
    PRESENT = "present"


@dataclass(frozen=True, slots=True)
class Block:
    """Hold one reason why a material may not be offered, and the hazard it concerns if there is one."""

    reason: Reason
    hazard: Hazard | None = None


def blocking(category: Category, present: Collection[Hazard]) -> list[Block]:
    """Return everything that forbids offering, given the hazards that were found present.

    A hazard of which nothing is known is shown, and forbids nothing.
    """
    banned = [Block(Reason.BANNED)] if category.banned else []
    return banned + [Block(Reason.PRESENT, hazard) for hazard in Hazard if hazard in present]


def unknown(category: Category, building_year: int | None, known: Collection[Hazard]) -> tuple[Hazard, ...]:
    """Return the relevant hazards of which nothing is known; what nobody stated is unknown, never clean."""
    return tuple(hazard for hazard in relevant_hazards(category, building_year) if hazard not in known)
