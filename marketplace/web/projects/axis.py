"""One time axis for demolition and construction. Positions are percent of its width, so that text keeps its size."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from flask_babel import format_date, gettext

from marketplace.listings.queries import Harvest
from marketplace.projects.models import Project
from marketplace.web.filters import day
from marketplace.web.projects.naming import KIND_NAMES, asks, yields

_EARLIEST: Final = timedelta(days=366)
_LATEST: Final = timedelta(days=5 * 366)
"""How far before and after today the axis goes, whatever the projects say."""

_QUARTERS_NAMED: Final = 10
_WIDE_ENOUGH: Final = 11.0
"""The share of the axis in which a word fits."""


class Tick(NamedTuple):
    """Hold the beginning of a quarter; `text` is empty where there is no room for it, `major` begins a year."""

    x: float
    text: str
    major: bool


@dataclass(frozen=True, slots=True)
class Span:
    """Hold the days from the first of a quarter to the first of another."""

    start: date
    end: date

    def at(self, on: date) -> float:
        """Return where a day lies, in percent, at the edge where it lies outside."""
        share = (on - self.start).days / (self.end - self.start).days
        return round(min(max(share, 0.0), 1.0) * 100, 2)

    def has(self, on: date) -> bool:
        return self.start <= on < self.end

    def quarter_of(self, on: date) -> date:
        """Return the first day of the quarter of a day, or of the first or last quarter where it lies outside."""
        return _quarter(min(max(on, self.start), self.end - timedelta(days=1)))

    def quarters(self) -> list[date]:
        """Return the first days of its quarters."""
        found = [self.start]
        while (following := next_quarter(found[-1])) < self.end:
            found.append(following)
        return found

    def ticks(self) -> list[Tick]:
        """Return its quarters with their names, the first and each January with the year."""
        quarters = self.quarters()
        return [
            Tick(self.at(first), _name_of(first, index, named=len(quarters) <= _QUARTERS_NAMED), first.month == 1)
            for index, first in enumerate(quarters)
        ]


@dataclass(frozen=True, slots=True)
class Bar:
    """Hold when something is done: `free` is dashed, `needed` is solid."""

    x: float
    width: float
    kind: Literal["free", "needed"]
    text: str


@dataclass(frozen=True, slots=True)
class Flag:
    """Hold the day on which what is left goes to the crusher; without text where the bar would hide it."""

    x: float
    day: str
    has_text: bool
    to_the_left: bool


@dataclass(frozen=True, slots=True)
class Row:
    """Hold a project on the axis; with two bars the upper one is what comes free."""

    project: Project
    kind: str
    harvest: Harvest | None
    bars: tuple[Bar, ...]
    flag: Flag | None


@dataclass(frozen=True, slots=True)
class Axis:
    """Hold the axis as the templates draw it; `today` is None outside it."""

    span: Span
    ticks: list[Tick]
    today: float | None
    rows: list[Row]


def axis_of(projects: Sequence[Project], harvest: Mapping[int, Harvest], *, on: date) -> Axis:
    """Return these projects on one axis: first where material comes free, then where it is needed."""
    crushers = [found.crusher_on for found in harvest.values() if found.crusher_on]
    days = [on, *crushers, *(each for project in projects for each in (project.starts_on, project.ends_on))]
    span = span_of(days, on=on)
    first_free = sorted(projects, key=lambda project: (not yields(project), project.starts_on, project.id))
    rows = [_row(project, harvest.get(project.id), span) for project in first_free]
    return Axis(span, span.ticks(), span.at(on) if span.has(on) else None, rows)


def span_of(days: Iterable[date], *, on: date) -> Span:
    """Return the whole quarters that hold these days, as far as they are near the day `on`."""
    near = [min(max(each, on - _EARLIEST), on + _LATEST) for each in days]
    return Span(_quarter(min(near)), next_quarter(max(near)))


def next_quarter(on: date) -> date:
    """Return the first day of the quarter after the one of this day."""
    month = (on.month - 1) // 3 * 3 + 4
    return date(on.year + month // 12, month % 12, 1)


def _quarter(on: date) -> date:
    return date(on.year, (on.month - 1) // 3 * 3 + 1, 1)


def _name_of(first: date, index: int, *, named: bool) -> str:
    if index == 0 or first.month == 1:
        return _written(first, "MMM yyyy")
    return _written(first, "MMM") if named else ""


def _written(first: date, pattern: str) -> str:
    return str(format_date(first, pattern)).replace(".", "")


def _row(project: Project, harvest: Harvest | None, span: Span) -> Row:
    x, end = span.at(project.starts_on), span.at(project.ends_on + timedelta(days=1))
    kind = gettext(KIND_NAMES[project.kind])
    width = round(max(end - x, 0.6), 2)
    text = kind.lower() if width >= _WIDE_ENOUGH else ""
    inside = project.ends_on >= span.start and project.starts_on < span.end
    free = [Bar(x, width, "free", text)] if yields(project) and inside else []
    needed = [Bar(x, width, "needed", "" if free else text)] if asks(project) and inside else []
    return Row(project, kind, harvest, (*free, *needed), _flag(harvest, span, (x, end)))


def _flag(harvest: Harvest | None, span: Span, bar: tuple[float, float]) -> Flag | None:
    if harvest is None or harvest.crusher_on is None or not span.has(harvest.crusher_on):
        return None
    x = span.at(harvest.crusher_on)
    to_the_left = x > 72
    clear = x < bar[0] if to_the_left else x >= bar[1]
    return Flag(x, day(harvest.crusher_on), clear, to_the_left)
