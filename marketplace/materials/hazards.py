"""The hazardous substances that must be ruled out before reuse, and when each is to be suspected."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol


class Hazard(StrEnum):
    """Name a substance, or family of substances, on which a passport must make a statement."""

    ASBESTOS = "asbestos"
    PAK = "pak"
    CHROMIUM6 = "chromium6"
    LEAD = "lead"
    PCB = "pcb"
    PRESERVATIVES = "preservatives"
    PFAS = "pfas"
    CFC = "cfc"
    MINERAL_FIBRES = "mineral_fibres"
    HBCD = "hbcd"

    def label(self, locale: str = "nl") -> str:
        """Return the name for people in Dutch, or in English where the locale starts with 'en'."""
        dutch, english = _NAMES[self]
        return english if locale.startswith("en") else dutch


_NAMES: Final = {
    Hazard.ASBESTOS: ("asbest", "asbestos"),
    Hazard.PAK: ("PAK (teer)", "PAH (tar)"),
    Hazard.CHROMIUM6: ("chroom-6", "chromium-6"),
    Hazard.LEAD: ("lood (verf of stabilisator)", "lead (paint or stabiliser)"),
    Hazard.PCB: ("PCB", "PCB"),
    Hazard.PRESERVATIVES: ("creosoot of wolmanzout", "creosote or CCA"),
    Hazard.PFAS: ("PFAS", "PFAS"),
    Hazard.CFC: ("CFK, HCFK of F-gas", "CFC, HCFC or F-gas"),
    Hazard.MINERAL_FIBRES: ("oude minerale vezels", "old mineral fibres"),
    Hazard.HBCD: ("HBCD (brandvertrager)", "HBCD (flame retardant)"),
}


@dataclass(frozen=True, slots=True)
class HazardRule:
    """Hold until when a hazard is to be suspected: built or laid before this year, or whenever if there is no year."""

    hazard: Hazard
    before_year: int | None

    def is_relevant(self, building_year: int | None) -> bool:
        """Tell whether the hazard must be ruled out. An unknown year rules out nothing."""
        return self.before_year is None or building_year is None or building_year < self.before_year


class HasHazards(Protocol):
    """Stand for a category: what has hazard rules."""

    @property
    def hazards(self) -> tuple[HazardRule, ...]: ...


def relevant_hazards(category: HasHazards, building_year: int | None) -> tuple[Hazard, ...]:
    """Return the hazards on which a passport must make a statement, given when the donor was built (a road: laid).

    An unknown year counts as any year: unknown is not clean.
    """
    return tuple(rule.hazard for rule in category.hazards if rule.is_relevant(building_year))
