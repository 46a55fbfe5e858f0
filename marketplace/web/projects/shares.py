"""What share of what comes free has a destination, and of what is needed can be reused, with the table behind each."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Final

from flask_babel import gettext

from marketplace.kit import clock
from marketplace.matching.destinations import Parts, freed, needed, total_of
from marketplace.web.filters import category_name, euros, number

_MOST_ROWS: Final = 40
_PERCENT: Final = Decimal(100)
_KG_PER_TONNE: Final = Decimal(1000)
_IN_TONNES_FROM_KG: Final = Decimal(10_000)
_COARSER_FROM_KG: Final = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class ShareRow:
    """Hold one line of the table behind a share: a kind of material, with its amounts as they are read."""

    name: str
    total: str
    reserved: str
    proposed: str
    percent: str


@dataclass(frozen=True, slots=True)
class ShareFigure:
    """Hold one share with what it is of, where its numbers come from, and the table behind it; the last row adds up."""

    id: str
    label: str
    percent: str
    text: str
    source: str
    rows: list[ShareRow]


def share_figures(project_ids: Collection[int] | None = None) -> list[ShareFigure]:
    """Return the shares of these projects, or of all there is; one of nothing is left out."""
    free, wanted = freed(project_ids), needed(project_ids, on=clock.today())
    figures = [
        _figure(
            "massa",
            gettext("Van wat vrijkomt heeft een bestemming"),
            free.kg,
            _mass_in(free.kg),
            gettext("Naar gewicht: de aantallen van de partijen maal de massa in hun paspoort."),
        ),
        _figure(
            "vraagprijs",
            gettext("Naar waarde heeft een bestemming"),
            free.eur,
            _euros,
            gettext("Naar waarde: de aantallen van de partijen maal hun vraagprijs."),
        ),
        _figure(
            "nodig",
            gettext("Van wat nodig is kan hergebruikt zijn"),
            wanted,
            _euros,
            gettext("Naar nieuwprijs: wat nog gevraagd wordt, maal de schatting van de planner van elk project."),
        ),
    ]
    return [figure for figure in figures if figure]


def _figure(
    name: str, label: str, by_kind: Mapping[str, Parts], told: Callable[[Decimal], str], source: str
) -> ShareFigure | None:
    total = total_of(by_kind.values())
    if not total.total:
        return None
    ordered = sorted(by_kind.items(), key=lambda item: (-item[1].total, item[0]))
    rows = [_row(category_name(kind), parts, told) for kind, parts in ordered[:_MOST_ROWS] if parts.total]
    if rest := [parts for _, parts in ordered[_MOST_ROWS:] if parts.total]:
        rows.append(_row(str(gettext("Al het andere")), total_of(rest), told))
    rows.append(_row(str(gettext("Samen")), total, told))
    text = gettext(
        "%(part)s van %(whole)s: %(reserved)s gereserveerd of opgehaald, %(proposed)s voorgesteld",
        part=told(total.reserved + total.proposed),
        whole=told(total.total),
        reserved=told(total.reserved),
        proposed=told(total.proposed),
    )
    return ShareFigure(name, label, _percent(total), str(text), source, rows)


def _mass_in(by_kind: Mapping[str, Parts]) -> Callable[[Decimal], str]:
    """Return how masses of one table are written: all in tonnes, or all in kg where there is little."""
    total = total_of(by_kind.values()).total
    if total < _IN_TONNES_FROM_KG:
        return lambda kg: f"{number(kg.quantize(Decimal(1)))} kg"
    decimals = 2 if total < _COARSER_FROM_KG else 1
    return lambda kg: f"{number(kg / _KG_PER_TONNE, decimals)} t"


def _euros(amount: Decimal) -> str:
    """Return an amount that stays on one line with its sign."""
    return euros(amount).replace(" ", "\N{NO-BREAK SPACE}")


def _row(name: str, parts: Parts, told: Callable[[Decimal], str]) -> ShareRow:
    return ShareRow(name, told(parts.total), told(parts.reserved), told(parts.proposed), _percent(parts))


def _percent(parts: Parts) -> str:
    """Return the share in whole percents, rounded down: only what is whole is a hundred."""
    return f"{number(((parts.share or Decimal(0)) * _PERCENT).quantize(Decimal(1), ROUND_FLOOR))} %"
