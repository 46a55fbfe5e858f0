"""What projects are called on a page, and which of them yield material or ask for it."""

from typing import Final

from marketplace.kit.errors import N_
from marketplace.projects.buildings import BuildingType
from marketplace.projects.models import Project, ProjectKind
from marketplace.web.filters import language

KIND_NAMES: Final = {
    ProjectKind.DEMOLITION: N_("Sloop"),
    ProjectKind.CONSTRUCTION: N_("Bouw"),
    ProjectKind.RENOVATION: N_("Renovatie"),
    ProjectKind.ROAD: N_("Weg"),
}

KIND_HINTS: Final = {
    ProjectKind.DEMOLITION: N_("er komt materiaal vrij"),
    ProjectKind.CONSTRUCTION: N_("er is materiaal nodig"),
    ProjectKind.RENOVATION: N_("er komt materiaal vrij en er is materiaal nodig"),
    ProjectKind.ROAD: N_("er komt materiaal vrij en er is materiaal nodig"),
}

KINDS_IN_ADDRESS: Final = {
    "sloop": ProjectKind.DEMOLITION,
    "bouw": ProjectKind.CONSTRUCTION,
    "renovatie": ProjectKind.RENOVATION,
    "weg": ProjectKind.ROAD,
}
"""How the address of the page names a kind."""


def yields(project: Project) -> bool:
    """Tell whether material comes free in this project."""
    return project.kind is not ProjectKind.CONSTRUCTION


def building_name(kind: BuildingType) -> str:
    """Return what a type of building is called at the beginning of a line."""
    label = kind.label(language())
    return label[:1].upper() + label[1:]


def has_building(project: Project) -> bool:
    """Tell whether material comes out of a building here, of which the type says what may be in it."""
    return project.kind in {ProjectKind.DEMOLITION, ProjectKind.RENOVATION}


def asks(project: Project) -> bool:
    """Tell whether this project needs material."""
    return project.kind is not ProjectKind.DEMOLITION
