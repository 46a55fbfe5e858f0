"""Expecting a harvest: what an estimate proposes becomes offers of what is still in its building, all at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from marketplace.accounts.models import Organisation
from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.journal import By
from marketplace.kit.quantities import Quantity, amount_of
from marketplace.listings import actions
from marketplace.listings.models import Listing, ShortHarvest, Stage
from marketplace.listings.offers import Estimate, Offer, check_estimate, check_price
from marketplace.materials.hazards import Hazard, relevant_hazards
from marketplace.materials.vocabulary import get_category
from marketplace.passports.facts import PassportFacts
from marketplace.passports.levels import Granularity
from marketplace.passports.seal import Seal
from marketplace.projects.estimating import Basis, ExpectedItem, after_another
from marketplace.projects.models import Grade, Project

_NOT_MEASURED: Final = "maten aangenomen"
"""What the claim of the amount says besides, which the count replaces; in the description it would stay for ever."""


@dataclass(frozen=True, slots=True)
class Line:
    """Hold how much of what was estimated is offered, and for how many euros per unit; None is not known yet."""

    item: ExpectedItem
    amount: Decimal
    price_eur: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """Hold what counts for all lines: how good it will be, who gets what of too little, and how it was estimated.

    Until `available_until` it can be had; None where nobody set an end.
    """

    basis: Basis
    grade: Grade = Grade.C
    short_harvest: ShortHarvest = ShortHarvest.FIRST_COME
    available_until: date | None = None


def days_of(project: Project, *, on: date) -> tuple[date, date | None]:
    """Return from when and until when there is a harvest if nobody says otherwise: as long as the work, from `on`.

    Without an end where the work has ended: what then still stands there, nobody knows.
    """
    return max(project.starts_on, on), project.ends_on if project.ends_on >= on else None


def expect(
    *,
    project: Project,
    lines: Sequence[Line],
    terms: Terms,
    publish: bool,
    by: By,
    uploads: Path,
    seal: Seal,
    at: datetime | None = None,
) -> list[Listing]:
    """Offer these lines as a harvest to come, from the day on which the work starts.

    To be published is what has a price and can hold no hazard that is still unknown; the rest is a draft. Raises
    InvalidInputError where there are no lines, and for a line as `check_line` does.
    """
    if not lines:
        raise InvalidInputError(N_("Kies ten minste één regel."))
    for line in lines:
        check_line(line)
    organisation = session.get_one(Organisation, project.organisation_id)
    return [
        actions.post(
            organisation=organisation,
            offer=_offer(line, project, terms, at or clock.now()),
            facts=_facts(line),
            by=by,
            publish=publish and may_be_published(line, project),
            uploads=uploads,
            seal=seal,
            at=at,
        )
        for line in lines
    ]


def check_line(line: Line) -> None:
    """Raise InvalidInputError where an amount or price cannot be, or an amount lies outside its range.

    That is at the field `amount_KEY` or `price_KEY`.
    """
    if line.price_eur is not None:
        check_price(line.price_eur, field=f"price_{line.item.key}")
    field = f"amount_{line.item.key}"
    check_estimate(
        Estimate(line.item.low, line.item.high), amount_of(line.amount, line.item.unit, field=field), field=field
    )


def may_be_published(line: Line, project: Project) -> bool:
    """Tell whether a line can be offered at once: it has a price, and no hazard is to be suspected in it."""
    return line.price_eur is not None and not suspected(line.item, project)


def suspected(item: ExpectedItem, project: Project) -> tuple[Hazard, ...]:
    """Return the hazards that must be ruled out before this may be offered out of this building."""
    return relevant_hazards(get_category(item.category), project.building_year)


def items_after(lots: Iterable[Listing], *, template: Project, project: Project) -> list[ExpectedItem]:
    """Return what a building may give after what another gave, by their floor areas; nothing where one is unknown."""
    if not template.floor_area_m2 or not project.floor_area_m2:
        return []
    ratio = Decimal(project.floor_area_m2) / template.floor_area_m2
    found = [after_another(_item(lot), ratio) for lot in lots if _is_harvest(lot)]
    return [item for item in found if item is not None]


def _is_harvest(lot: Listing) -> bool:
    return lot.passport.granularity is not Granularity.WORK and lot.total > lot.written_off


def _item(lot: Listing) -> ExpectedItem:
    """Return what a lot was: what was counted or stated of it, or the range that it still is."""
    counted, passport = lot.total - lot.written_off, lot.passport
    low, high = lot.estimated or (counted, counted)
    return ExpectedItem(
        key=lot.reference,
        category=passport.category,
        unit=lot.unit,
        low=low,
        high=high,
        length_mm=passport.length_mm,
        width_mm=passport.width_mm,
        height_mm=passport.height_mm,
        after=passport.name,
        kg_per_unit=None if passport.mass_is_estimate else passport.kg_per_unit,
    )


def _offer(line: Line, project: Project, terms: Terms, at: datetime) -> Offer:
    return Offer(
        grade=terms.grade,
        price_eur=line.price_eur,
        available_from=days_of(project, on=clock.day_of(at))[0],
        available_until=terms.available_until,
        stage=Stage.EXPECTED,
        short_harvest=terms.short_harvest,
        min_take=min(Decimal(1), line.amount),
        project_id=project.id,
        estimate=Estimate(line.item.low, line.item.high, _source(line.item, terms.basis), terms.basis.method),
    )


def _source(item: ExpectedItem, basis: Basis) -> str:
    has_sizes = any((item.length_mm, item.width_mm, item.height_mm))
    return f"{basis.source}, {_NOT_MEASURED}" if has_sizes else basis.source


def _facts(line: Line) -> PassportFacts:
    item = line.item
    return PassportFacts(
        category=item.category,
        name="",
        quantity=Quantity(line.amount, item.unit),
        kg_per_unit=item.kg_per_unit,
        length_mm=item.length_mm,
        width_mm=item.width_mm,
        height_mm=item.height_mm,
    )
