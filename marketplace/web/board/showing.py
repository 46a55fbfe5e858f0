"""The board of a project and of a programme: each need with its proposals, why, and what else there is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from flask import render_template
from flask_babel import gettext

from marketplace.accounts.permissions import Permission
from marketplace.kit import clock
from marketplace.matching.board import Coverage, coverage_of, plan_standing
from marketplace.matching.models import Dismissal, Proposal
from marketplace.matching.nextbest import NextBest, next_best
from marketplace.matching.queries import Fits, fits_for_needs
from marketplace.matching.standing import dismissals_of, improvements
from marketplace.matching.unproposed import unproposed
from marketplace.projects.models import Need, Project
from marketplace.projects.queries import get_programme, get_project, list_projects
from marketplace.web.access import current_actor, requires
from marketplace.web.beside import BesideRow, beside_row
from marketplace.web.board.better import better_plans
from marketplace.web.board.blueprint import blueprint
from marketplace.web.board.summing import Sum, lines_of, summed
from marketplace.web.filters import day, euros, number, quantity
from marketplace.web.lots import LotRow, lettered, lot_row
from marketplace.web.needs.browsing import drawing_of
from marketplace.web.needs.showing import NearRow, near_row
from marketplace.web.sizes import asked_dims
from marketplace.web.worth import hides_rates

_MOST_BESIDE: Final = 8
_MOST_OWN: Final = 4


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """Hold one proposal: the lot as everybody reads it, what else it could serve, and where it is answered."""

    lot: LotRow
    proposal: Proposal
    otherwise: str


@dataclass(frozen=True, slots=True)
class NeedSection:
    """Hold one need of a board: what it asks, its ruler, its proposals, what else fits or nearly so, the dismissed.

    `own` are the lots that fit and are of who plans it, so that nothing is proposed or reserved of them.
    """

    need: Need
    drawing: str
    asked: str
    coverage: Coverage
    bar: list[tuple[str, Decimal]]
    covered_text: str
    rows: list[ProposalRow]
    own: list[LotRow]
    beside: list[BesideRow]
    near: list[NearRow]
    dismissed: list[Dismissal]
    sum: Sum


@dataclass(frozen=True, slots=True)
class ProjectBoard:
    """Hold the board of one project; `sum` is what all of its proposals are together."""

    project: Project
    sections: list[NeedSection]
    sum: Sum
    may_trade: bool

    @property
    def met(self) -> int:
        """Return how many needs lack nothing."""
        return sum(not section.coverage.missing for section in self.sections)


@blueprint.get("/projecten/<slug>/voorstellen")
@requires(Permission.PUBLIC)
def project(slug: str) -> str:
    """Show what is proposed for each need of a project."""
    found = get_project(slug)
    return render_template("board/project.html", project=found, boards=boards_of([found]), **_plan_of([found]))


@blueprint.get("/programmas/<slug>/voorstellen")
@requires(Permission.PUBLIC)
def programme(slug: str) -> str:
    """Show what is proposed for the projects of a programme, project by project."""
    found = get_programme(slug)
    projects = [each for each in list_projects(programme_slug=slug) if each.needs]
    return render_template("board/programme.html", programme=found, boards=boards_of(projects), **_plan_of(projects))


def boards_of(projects: Sequence[Project]) -> list[ProjectBoard]:
    """Return the boards of these projects, with their needs that are not past, in as many statements as for one."""
    today = clock.today()
    needs = [need for project in projects for need in project.needs if need.wanted_until >= today]
    coverage = coverage_of(needs, on=today)
    members = current_actor().organisations(Permission.HANDLE)
    fits = fits_for_needs(needs, budgets_of=members, on=today)
    others = next_best([each for one in coverage for each in one.proposals], on=today, organisations=members)
    dismissed = dismissals_of([need.id for need in needs])
    # Why something is not proposed would tell others what a need may cost.
    own = [one for one in coverage if one.need.project.organisation_id in members]
    beside = unproposed(own, fits, dismissed)
    sections = {
        one.need.id: _section(
            one,
            others,
            fits[one.need.id],
            [beside_row(each) for each in beside.get(one.need.id, [])[:_MOST_BESIDE]],
            dismissed[one.need.id],
        )
        for one in coverage
    }
    return [_board(each, [sections[need.id] for need in each.needs if need.id in sections]) for each in projects]


def _plan_of(projects: Sequence[Project]) -> dict[str, object]:
    """Return where the plan stands, what would make it better for these projects, and whether one may ask for that."""
    trading = current_actor().organisations(Permission.TRADE)
    return {
        "plan": plan_standing(),
        "better": better_plans(improvements(project_ids=[project.id for project in projects])),
        "may_ask": any(project.organisation_id in trading for project in projects),
    }


def _board(project: Project, sections: list[NeedSection]) -> ProjectBoard:
    proposals = [row.proposal for section in sections for row in section.rows]
    may_trade = current_actor().may(Permission.TRADE, project.organisation_id)
    return ProjectBoard(project, sections, summed(lines_of(proposals)), may_trade)


def _section(
    one: Coverage,
    others: Mapping[int, NextBest],
    fits: Fits,
    beside: list[BesideRow],
    dismissed: list[Dismissal],
) -> NeedSection:
    need, lettered_proposals = one.need, list(lettered(one.proposals))
    return NeedSection(
        need=need,
        drawing=drawing_of(need),
        asked=asked_text(need),
        coverage=one,
        bar=[(letter, proposal.quantity) for letter, proposal in lettered_proposals],
        covered_text=covered_text(one),
        rows=[
            ProposalRow(lot_row(proposal, letter), proposal, otherwise_text(others.get(proposal.id), need))
            for letter, proposal in lettered_proposals
        ],
        own=[lot_row(fit) for fit in fits.own[:_MOST_OWN]],
        beside=beside,
        near=[near_row(miss) for miss in fits.near_misses],
        dismissed=dismissed,
        sum=summed(lines_of(one.proposals)),
    )


def asked_text(need: Need) -> str:
    """Return what a need asks on one line: `5.300–5.600 mm · uiterlijk 1 mrt 2027 · binnen 60 km`."""
    until = gettext("uiterlijk %(day)s", day=day(need.wanted_until))
    return " · ".join(
        str(part) for part in (asked_dims(need), until, gettext("binnen %(km)s km", km=number(need.max_km))) if part
    )


def covered_text(one: Coverage) -> str:
    """Return how much of a need is reserved or proposed: `84 / 90 st`."""
    covered = one.need.quantity - one.missing
    return f"{number(covered)} / {quantity(one.need.quantity, one.need.unit)}"


def otherwise_text(other: NextBest | None, need: Need) -> str:
    """Return the best other use of a lot that is proposed for a need: `anders: 40 st naar School X, € 310 minder`.

    Without the difference where it would tell the rates of somebody else.
    """
    if other is None:
        return str(gettext("Anders: geen andere behoefte waar deze partij past."))
    amount, where = quantity(other.quantity, other.need.unit), other.need.project.name
    if hides_rates(need) or hides_rates(other.need):
        return str(gettext("Anders: %(amount)s naar %(project)s.", amount=amount, project=where))
    difference = abs(other.difference).quantize(Decimal(1))
    if not difference:
        return str(gettext("Anders: %(amount)s naar %(project)s, even veel waard.", amount=amount, project=where))
    message = (
        gettext("Anders: %(amount)s naar %(project)s, %(eur)s minder.")
        if other.difference > 0
        else gettext(
            "Anders: %(amount)s naar %(project)s, op zich %(eur)s meer, maar het hele plan is dan minder waard."
        )
    )
    return str(message) % {"amount": amount, "project": where, "eur": euros(difference)}
