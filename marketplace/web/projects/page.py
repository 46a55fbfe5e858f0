"""What the pages of a project and of a programme show, put together from what is planned, on offer and matched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import url_for
from flask_babel import gettext, ngettext

from marketplace.listings import queries as listings
from marketplace.listings.models import Listing, Stage
from marketplace.matching.board import Coverage, coverage_of, sought
from marketplace.passports.gate import HazardStatus
from marketplace.projects.models import Need, Programme, Project
from marketplace.projects.queries import list_projects
from marketplace.web.cards import estimate_text, mass_text
from marketplace.web.drawings.catalogue import drawing
from marketplace.web.filters import category_name, day, language, quantity
from marketplace.web.fits import saving_of_match
from marketplace.web.projects.axis import Axis, axis_of
from marketplace.web.projects.balance import Balance, balances_of
from marketplace.web.projects.naming import has_building
from marketplace.web.projects.whereabouts import Whereabouts, whereabouts_of

_MOST_NEXT = 4


@dataclass(frozen=True, slots=True)
class NeedRow:
    """Hold a need with how far it is met."""

    need: Need
    reserved: Decimal
    proposed: Decimal
    missing: Decimal
    lots: int
    drawing: str
    is_over: bool
    is_sought: bool


@dataclass(frozen=True, slots=True)
class CrusherDay:
    """Hold a day on which what is left goes to the crusher, and what that would be."""

    on: date
    listings: list[Listing]


@dataclass(frozen=True, slots=True)
class DraftRow:
    """Hold a draft offer, and what should be known before it is offered: some hazards, and its price."""

    url: str
    name: str
    amount: str
    unknown: list[str]
    price_open: bool


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """Hold a programme's page. `co2_kg` is what all proposals would save, None where no figure is known."""

    projects: Sequence[Project]
    axis: Axis
    whereabouts: Whereabouts
    balances: list[Balance]
    lots: int
    expected: int
    co2_kg: Decimal | None

    @property
    def asked(self) -> list[Balance]:
        return [balance for balance in self.balances if balance.asked]

    @property
    def met(self) -> int:
        return sum(not balance.missing for balance in self.asked)

    @property
    def short(self) -> list[Balance]:
        """Return the kinds of which something is missing, the first to be wanted first."""
        lacking = [(need.wanted_from, balance) for balance in self.asked if (need := balance.first_short)]
        return [balance for _, balance in sorted(lacking, key=lambda pair: pair[0])]

    @property
    def next_short(self) -> list[Balance]:
        return self.short[:_MOST_NEXT]

    @property
    def surplus(self) -> list[Balance]:
        """Return the kinds of which something is left, first those that the programme itself asks for."""
        left = [balance for balance in self.balances if balance.surplus]
        return sorted(left, key=lambda balance: (not balance.asked, -len(balance.listings)))

    @property
    def next_surplus(self) -> list[Balance]:
        return self.surplus[:_MOST_NEXT]


def harvest_of(project: Project) -> Sequence[Listing]:
    """Return what is on offer out of a project and not gone."""
    return [listing for listing in listings.of_project(project.id) if listing.stage is not Stage.GONE]


def harvest_url(project: Project) -> str:
    """Return where what comes free in a project is added: of a building in several ways, of a road by hand."""
    if has_building(project):
        return url_for("projects.harvest", slug=project.slug)
    return url_for("listings.new", project=project.id)


def draft_rows(project: Project) -> list[DraftRow]:
    """Return what its own people hold ready to offer out of a project, with what is still unknown of it."""
    return [_draft_row(lot) for lot in listings.drafts_of_project(project.id, project.organisation_id)]


def _draft_row(lot: Listing) -> DraftRow:
    unknown = [row.hazard.label(language()) for row in lot.passport.hazards if row.status is HazardStatus.UNKNOWN]
    amount = estimate_text(lot) or quantity(lot.total, lot.unit)
    url = url_for("listings.show", reference=lot.reference)
    return DraftRow(url, lot.passport.name, amount, unknown, price_open=lot.price_open)


def crusher_days(harvest: Sequence[Listing], *, on: date) -> list[CrusherDay]:
    """Return the coming days on which something goes to the crusher, in order."""
    found: dict[date, list[Listing]] = {}
    for listing in harvest:
        if listing.crusher_on and listing.crusher_on >= on and listing.available:
            found.setdefault(listing.crusher_on, []).append(listing)
    return [CrusherDay(each, found[each]) for each in sorted(found)]


def need_rows(needs: Sequence[Need], *, on: date) -> list[NeedRow]:
    """Return how far these needs of one project are met, by the proposals that stand."""
    still = sought(needs)
    return [_need_row(one, on=on, is_sought=one.need.id in still) for one in coverage_of(needs, on=on)]


def programme_view(programme: Programme, *, on: date) -> ProgrammeView:
    """Return what a programme's page shows on the day `on`."""
    projects = list_projects(programme_slug=programme.slug)
    ids = [project.id for project in projects]
    harvest = [listing for listing in listings.of_projects(ids) if listing.stage is not Stage.GONE]
    per_project = listings.harvest_per_project(ids, on=on)
    axis = axis_of(projects, per_project, on=on)
    open_needs = [need for project in projects for need in project.needs if need.wanted_until >= on]
    coverage = coverage_of(open_needs, on=on)
    return ProgrammeView(
        projects,
        axis,
        whereabouts_of(projects, per_project),
        balances_of(harvest, coverage, axis.span),
        lots=len(harvest),
        expected=sum(listing.stage is Stage.EXPECTED for listing in harvest),
        co2_kg=_saved(coverage),
    )


def figures(view: ProgrammeView) -> list[tuple[str, str, str]]:
    """Return the key figures of a programme: label, value and what it says."""
    rows = [
        (gettext("Gedekt"), gettext("%(met)s van %(all)s", met=view.met, all=len(view.asked)), gettext("materialen")),
        (
            gettext("Komt vrij"),
            ngettext("%(num)s partij", "%(num)s partijen", view.lots),
            gettext("waarvan %(count)s nog in gebouw", count=view.expected),
        ),
    ]
    if view.co2_kg is not None and view.co2_kg > 0:
        of_what = gettext("met wat is voorgesteld, boven op wat al is vastgelegd")
        rows.append((gettext("CO2 te besparen"), mass_text(view.co2_kg), of_what))
    if short := view.short:
        need = short[0].first_short
        value = quantity(short[0].missing, short[0].unit)
        when = gettext("vóór %(day)s", day=day(need.wanted_until)) if need else ""
        rows.append((gettext("Nog te vinden"), value, f"{category_name(short[0].category)}, {when}"))
    return rows


def pictures(view: ProgrammeView) -> dict[str, str]:
    """Return the small drawing of every kind in a programme."""
    return {balance.category: small_drawing(balance.category) for balance in view.balances}


def small_drawing(category: str) -> str:
    """Return the drawing of a kind for beside its name."""
    return drawing(category, width=120, height=90, with_dimensions=False)


def _need_row(one: Coverage, *, on: date, is_sought: bool) -> NeedRow:
    need, is_over = one.need, one.need.wanted_until < on
    return NeedRow(
        need=need,
        reserved=min(one.reserved, need.quantity),
        proposed=one.proposed,
        missing=one.missing,
        lots=len(one.proposals),
        drawing=small_drawing(need.category),
        is_over=is_over,
        is_sought=is_sought and bool(one.missing) and not is_over,
    )


def _saved(coverage: Sequence[Coverage]) -> Decimal | None:
    found = [
        estimate.typical.total_kg
        for one in coverage
        for proposal in one.proposals
        if (estimate := saving_of_match(proposal))
    ]
    return sum(found, Decimal(0)) if found else None
