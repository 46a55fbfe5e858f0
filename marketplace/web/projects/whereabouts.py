"""One map for demolition and construction: how much comes free and is needed where, also as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import url_for
from flask_babel import gettext, ngettext

from marketplace.listings.queries import Harvest
from marketplace.projects.models import Project
from marketplace.web.maps import MapView, Spot, map_of_things
from marketplace.web.projects.naming import asks, yields


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """Hold what the projects in one place add up to: lots that come free, and needs."""

    place: str
    projects: list[Project]
    lots: int
    needs: int


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Hold the map and the same as rows; the totals are those of all rows."""

    map: MapView
    rows: list[PlaceRow]

    @property
    def projects(self) -> int:
        return sum(len(row.projects) for row in self.rows)

    @property
    def lots(self) -> int:
        return sum(row.lots for row in self.rows)

    @property
    def needs(self) -> int:
        return sum(row.needs for row in self.rows)


def whereabouts_of(projects: Sequence[Project], harvest: Mapping[int, Harvest]) -> Whereabouts:
    """Return where these projects are; their needs must be loaded.

    On the map a round, dashed marker counts lots that come free and a square one counts needs; a project that does both
    has both, side by side.
    """
    spots = [spot for project in projects for spot in _spots(project, harvest)]
    in_order = sorted(projects, key=lambda project: project.place)
    grouped = [(place, list(found)) for place, found in groupby(in_order, key=lambda project: project.place)]
    rows = [
        PlaceRow(
            place,
            found,
            sum(_lots(project, harvest) for project in found),
            sum(len(project.needs) for project in found),
        )
        for place, found in grouped
    ]
    return Whereabouts(map_of_things(spots, label_of=_label, url_of_area=_of_place), rows)


def _spots(project: Project, harvest: Mapping[int, Harvest]) -> list[Spot]:
    url = url_for("projects.show", slug=project.slug)
    lots, needs = _lots(project, harvest), len(project.needs)
    found = []
    if yields(project) or lots:
        found.append(Spot(project.point, project.place, "expected", project.name, url, lots))
    if asks(project) or needs:
        found.append(Spot(project.point, project.place, "need", project.name, url, needs))
    return found


def _lots(project: Project, harvest: Mapping[int, Harvest]) -> int:
    return harvest[project.id].lots if project.id in harvest else 0


def _of_place(place: str, _km: int) -> str:
    return url_for("projects.index", plaats=place)


def _label(spots: Sequence[Spot]) -> str:
    first, count = spots[0], sum(spot.count for spot in spots)
    if first.kind == "need":
        told = ngettext("%(num)s behoefte", "%(num)s behoeften", count)
    else:
        told = ngettext("%(num)s partij komt vrij", "%(num)s partijen komen vrij", count)
    if len(spots) == 1:
        return f"{first.name}, {first.place}: {told}"
    projects = ngettext("%(num)s project", "%(num)s projecten", len(spots))
    alone = all(spot.place == first.place for spot in spots)
    where = gettext("in %(place)s", place=first.place) if alone else gettext("in en om %(place)s", place=first.place)
    return f"{projects} {where}: {told}"
