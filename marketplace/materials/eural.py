"""The Eural (European waste) codes for construction, as the Dutch list names them."""

from dataclasses import dataclass
from functools import cache

from marketplace.kit.tables import read_table


@dataclass(frozen=True, slots=True)
class EuralCode:
    """Hold one code, '17 02 01', with its name; a hazardous code is printed with a star."""

    code: str
    hazardous: bool
    name_nl: str
    name_en: str

    def __str__(self) -> str:
        return f"{self.code}*" if self.hazardous else self.code

    def name(self, locale: str = "nl") -> str:
        """Return the name in Dutch, or in English where the locale starts with 'en'."""
        return self.name_en if locale.startswith("en") else self.name_nl


@cache
def eural_codes() -> dict[str, EuralCode]:
    """Return the codes in the order of the list, by their digits ('17 02 01')."""
    rows = read_table("marketplace.materials", "eural")
    return {
        row["code"]: EuralCode(row["code"], row["hazardous"] == "yes", row["name_nl"], row["name_en"]) for row in rows
    }


def find_eural(code: str) -> EuralCode | None:
    """Return the code written as '17 02 01', '170201' or with a star, or None."""
    digits = "".join(filter(str.isdecimal, code))
    return eural_codes().get(f"{digits[:2]} {digits[2:4]} {digits[4:]}")
