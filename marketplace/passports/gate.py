"""Whether a material may be offered: what is known of its hazards against what must be known. Pure rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from marketplace.materials.hazards import Hazard, relevant_hazards
from marketplace.materials.vocabulary import Category
from marketplace.passports.models import HazardStatus


class Reason(StrEnum):
    """Say why a material may not be offered."""

    BANNED = "banned"
    PRESENT = "present"


@dataclass(frozen=True, slots=True)
class Block:
    """Hold one reason why a material may not be offered, and the hazard it concerns if there is one."""

    reason: Reason
    hazard: Hazard | None = None


def blocking(category: Category, statuses: Mapping[Hazard, HazardStatus]) -> list[Block]:
    """Return everything that forbids offering; a hazard that is merely unknown is shown, and forbids nothing."""
    banned = [Block(Reason.BANNED)] if category.banned else []
    present = [hazard for hazard in Hazard if statuses.get(hazard) is HazardStatus.PRESENT]
    return banned + [Block(Reason.PRESENT, hazard) for hazard in present]


def unknown(
    category: Category, building_year: int | None, statuses: Mapping[Hazard, HazardStatus]
) -> tuple[Hazard, ...]:
    """Return the relevant hazards of which nothing is known; what nobody stated is unknown, never clean."""
    relevant = relevant_hazards(category, building_year)
    return tuple(hazard for hazard in relevant if statuses.get(hazard, HazardStatus.UNKNOWN) is HazardStatus.UNKNOWN)
