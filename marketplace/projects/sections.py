"""The sizes that a name says: of 'HEA 200' the width and the height stand in the table of steel sections. Pure."""

from collections.abc import Mapping
from typing import Final

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.measures import Window
from marketplace.materials.dimensions import Slot
from marketplace.materials.profiles import Profile, find_profile, names_in
from marketplace.materials.vocabulary import Category

_SERIES: Final = {"steel_ipe": "IPE", "steel_hea": "HEA", "steel_heb": "HEB"}


def section_in(text: str, category: Category) -> Profile | None:
    """Return the steel section that a text names, where the kind is one of sections; None where it names none.

    Raises InvalidInputError, for `sizes`, for a section that is not in the table or is of another series.
    """
    series = _SERIES.get(category.id)
    names = names_in(text) if series else []
    if not names:
        return None
    profile = find_profile(names[0])
    if profile is None or profile.series != series:
        message = N_("Het profiel “%(name)s” kennen we niet bij %(category)s. Vul de maten zelf in.")
        raise InvalidInputError(message, field="sizes", name=names[0], category=category.name())
    return profile


def without_section(text: str) -> str:
    """Return what a text says beside the sections that it names."""
    for name in names_in(text):
        text = text.replace(name, "")
    return text.strip(" ,;x")


def sizes_of(profile: Profile) -> dict[Slot, Window]:
    """Return the width and the height of a section in mm, each as the one wanted size."""
    sizes = {Slot.WIDTH: profile.b_mm, Slot.HEIGHT: profile.h_mm}
    return {slot: (round(size), None) for slot, size in sizes.items() if size is not None}


def check_section(profile: Profile, stated: Mapping[Slot, Window], category: Category) -> None:
    """Raise InvalidInputError, for the size, where a stated size is not that of the section, within its tolerance."""
    for slot, (size, _) in sizes_of(profile).items():
        rule, window = category.dimension(slot), stated.get(slot)
        ends = [end for end in window or () if end is not None]
        slack = rule.tolerance_mm if rule else 0
        if ends and size is not None and not min(ends) - slack <= size <= max(ends) + slack:
            message = N_("%(name)s is daar %(size)s mm; hier staat iets anders.")
            raise InvalidInputError(message, field=f"{slot.value}_min", name=profile.name, size=str(size))
