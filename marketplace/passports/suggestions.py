"""Which tests tell most of a kind of material, so that nobody has to invent their names. Pure.

They follow from what the vocabulary says must be checked before reuse; hazards, which have their own place, are left
out.
"""

from typing import Final

from marketplace.kit.errors import N_
from marketplace.materials.vocabulary import Category

_TESTS: Final = {
    "mortar type": N_("Soort mortel"),
    "frost class": N_("Vorstbestendigheid"),
    "frost damage": N_("Vorstbestendigheid"),
    "salt": N_("Zoutgehalte"),
    "strand corrosion": N_("Corrosie van de strengen"),
    "load rating": N_("Draagkracht"),
    "kwaaitaal": N_("Carbonatatie en chloride"),
    "chloride": N_("Chloridegehalte"),
    "prestress": N_("Voorspanning"),
    "inspection cur": N_("Keuring volgens CUR-Aanbeveling"),
    "cracks": N_("Scheuren"),
    "corrosion of cantilever rebar": N_("Corrosie van de wapening"),
    "corrosion loss": N_("Verlies door corrosie"),
    "rebar content": N_("Gehalte aan wapening"),
    "steel grade": N_("Staalsoort (NTA 8713)"),
    "woodworm": N_("Houtworm"),
    "marine borer": N_("Paalworm en boorders"),
    "delamination": N_("Onthechting"),
    "wear": N_("Slijtage"),
    "certificate": N_("Certificaat"),
    "pressure test": N_("Drukproef"),
    "measured wp": N_("Gemeten vermogen"),
    "insulation test": N_("Isolatieweerstand"),
    "fire class": N_("Brandklasse"),
    "pe core fire risk": N_("Brandklasse"),
    "blowing agent": N_("Blaasmiddel"),
    "penetration bitumen": N_("Penetratie van het bitumen"),
    "tar: pak10": N_("PAK10"),
    "besluit bodemkwaliteit": N_("Partijkeuring"),
    "ap04": N_("Partijkeuring"),
    "partijkeuring": N_("Partijkeuring"),
    "brl 2506": N_("BRL 2506"),
    "soil class": N_("Bodemklasse"),
    "en 1317": N_("EN 1317"),
    "reflection class": N_("Reflectieklasse"),
    "formaldehyde": N_("Formaldehyde"),
    "lock class": N_("Slotklasse (SKG)"),
}
"""By how an entry of the vocabulary begins."""


def suggested_tests(category: Category) -> tuple[str, ...]:
    """Return the names of the tests that suit this kind, as sentences of the catalogue, in the vocabulary's order."""
    entries = (" ".join(entry.lower().split()) for entry in category.checks)
    found = (name for entry in entries for start, name in _TESTS.items() if entry.startswith(start))
    return tuple(dict.fromkeys(found))
