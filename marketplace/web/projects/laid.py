"""What a road project laid of reclaimed asphalt, as the passport of its work states it, layer by layer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from flask import url_for
from flask_babel import gettext

from marketplace.kit.quantities import Unit
from marketplace.passports.details import Layer, LayerKind, Reclaimed
from marketplace.passports.models import Passport
from marketplace.projects.models import Project
from marketplace.web.filters import number, quantity
from marketplace.web.passports.words import LAYERS, called

_Mixture = tuple[LayerKind, Decimal, tuple[Reclaimed, ...]]


@dataclass(frozen=True, slots=True)
class LaidLayer:
    """Hold one kind of layer with reclaimed asphalt: how much of it, and out of what, each with its passport if any."""

    text: str
    sources: list[tuple[str, str | None]]
    work_name: str
    work_url: str


def laid_layers(works: Sequence[Passport], project: Project) -> list[LaidLayer]:
    """Return the layers that hold something reclaimed and were laid since the project began, the upper ones first."""
    return [row for work in works for row in _of(work, project.starts_on.year)]


def _of(work: Passport, since: int) -> Iterator[LaidLayer]:
    sections = work.details.work.sections if work.details.work else ()
    layers = [layer for section in sections for layer in section.layers if _is_new(layer, since)]
    order = list(LayerKind)
    ordered = sorted(layers, key=lambda layer: (order.index(layer.kind), -layer.reclaimed_percent, str(layer.sources)))
    for (kind, percent, sources), same in groupby(ordered, key=_mixture):
        mass = sum((layer.mass_t for layer in same), Decimal(0))
        yield LaidLayer(
            text=gettext(
                "%(layer)s: %(percent)s %% hergebruikt, %(mass)s gelegd",
                layer=called(kind, LAYERS),
                percent=number(percent),
                mass=quantity(mass, Unit.T),
            ),
            sources=[(f"{number(one.percent)} % {one.name}", _url(one.code)) for one in sources],
            work_name=work.name,
            work_url=url_for("passports.show", code=work.code),
        )


def _is_new(layer: Layer, since: int) -> bool:
    return layer.reclaimed_percent > 0 and layer.year is not None and layer.year >= since


def _mixture(layer: Layer) -> _Mixture:
    return layer.kind, layer.reclaimed_percent, layer.sources


def _url(code: str) -> str | None:
    return url_for("passports.show", code=code) if code else None
