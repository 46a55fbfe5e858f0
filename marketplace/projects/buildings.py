"""What kind of building it is, as far as that tells what may come out of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class BuildingType(StrEnum):
    """Name a kind of building whose make-up is usual enough to estimate from."""

    TERRACED_HOUSE = "terraced_house"
    DETACHED_HOUSE = "detached_house"
    FLAT = "flat"
    SCHOOL = "school"
    OFFICE = "office"
    HALL = "hall"
    FARM = "farm"

    def label(self, locale: str = "nl") -> str:
        """Return the name for people in Dutch, or in English where the locale starts with 'en'."""
        dutch, english = _NAMES[self]
        return english if locale.startswith("en") else dutch


_NAMES: Final = {
    BuildingType.TERRACED_HOUSE: ("rijwoningen", "terraced houses"),
    BuildingType.DETACHED_HOUSE: ("vrijstaande of halfvrijstaande woningen", "detached or semi-detached houses"),
    BuildingType.FLAT: ("flat of portiekwoningen", "block of flats"),
    BuildingType.SCHOOL: ("school", "school"),
    BuildingType.OFFICE: ("kantoor", "office"),
    BuildingType.HALL: ("hal voor bedrijf, opslag of sport", "hall for industry, storage or sports"),
    BuildingType.FARM: ("boerderij of schuur", "farm or barn"),
}


@dataclass(frozen=True, slots=True)
class Building:
    """Hold what a harvest is estimated from: the gross floor area (bvo) is in m2; None is not known."""

    type: BuildingType
    floor_area_m2: int
    dwellings: int | None = None
    year: int | None = None
