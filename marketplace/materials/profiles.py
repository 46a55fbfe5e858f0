"""Rolled steel sections (IPE and HE) with their mass per metre and their sizes."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from marketplace.kit.tables import read_table

_HE = re.compile(r"HE(?P<before>AA|[ABCM])?(?P<size>\d+)(?P<after>AA|[ABCM]|X\d+)?")
_NAME_IN_TEXT = re.compile(
    r"\b(?:IPE|HE)(?:[\s-]*(?:AA|[ABCM]))?[\s-]*\d{2,4}(?:\s*(?:AA|[ABCMORV]|x\s*\d{2,3}))?\b", re.IGNORECASE
)
_SECTION_TOLERANCE_MM = 1


@dataclass(frozen=True, slots=True)
class Profile:
    """Hold one section: kg per metre, height, flange width, web and flange thickness in mm (None where not known)."""

    name: str
    kg_per_m: Decimal
    h_mm: Decimal
    b_mm: Decimal | None
    tw_mm: Decimal | None
    tf_mm: Decimal | None

    @property
    def series(self) -> str:
        """Return the series to which it belongs: 'IPE', 'HEA', 'HEB' and so on."""
        return _series(_key(self.name))


@cache
def profiles() -> dict[str, Profile]:
    """Return every known section by its short name without spaces ('IPE300', 'HE200A')."""
    found = {}
    for row in read_table("marketplace.materials", "steel_profiles"):
        sizes = (_decimal(row["b_mm"]), _decimal(row["tw_mm"]), _decimal(row["tf_mm"]))
        found[_key(row["profile"])] = Profile(row["profile"], Decimal(row["kg_per_m"]), Decimal(row["h_mm"]), *sizes)
    return found


def find_profile(name: str) -> Profile | None:
    """Return the section that 'HEA200', 'HE 200 A', 'he-a 200' or 'ipe 240' names, or None."""
    return profiles().get(_key(name))


def find_profile_in(text: str) -> Profile | None:
    """Return the first section named in a longer text ('stalen ligger HEA 200, 6 m'), or None."""
    named = (find_profile(name) for name in names_in(text))
    return next((profile for profile in named if profile), None)


def names_in(text: str) -> list[str]:
    """Return what reads as the name of a section in a longer text, in order, whether or not there is such a one."""
    return [match.group() for match in _NAME_IN_TEXT.finditer(text)]


def find_by_section(series: str, *, height_mm: Decimal, width_mm: Decimal) -> Profile | None:
    """Return the section of a series ('IPE', 'HEA', 'HEB') with this height and width within a millimetre, or None."""
    for key, profile in profiles().items():
        width = profile.b_mm or width_mm
        fits = max(abs(profile.h_mm - height_mm), abs(width - width_mm)) <= _SECTION_TOLERANCE_MM
        if fits and _series(key) == series:
            return profile
    return None


def _key(name: str) -> str:
    short = re.sub(r"[\s-]", "", name).upper()
    match = _HE.fullmatch(short)
    if match and not (match["before"] and match["after"]):
        return f"HE{match['size']}{match['before'] or match['after'] or ''}"
    return short


def _series(key: str) -> str:
    return "IPE" if key.startswith("IPE") else "HE" + key.lstrip("HE").lstrip("0123456789")


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None
