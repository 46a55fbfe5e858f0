"""Better plans: what each would change, who is asked for what, and what they answer. None is imposed on anybody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from marketplace.accounts.models import Organisation
from marketplace.accounts.permissions import Permission
from marketplace.kit import clock
from marketplace.kit.database import commit
from marketplace.kit.errors import N_, ConflictError, NotFoundError
from marketplace.matching import answering
from marketplace.matching.models import Improvement, ImprovementLine
from marketplace.matching.standing import get_improvement
from marketplace.projects.models import Project
from marketplace.projects.queries import get_project
from marketplace.web.access import current_actor, requires
from marketplace.web.board.blueprint import blueprint
from marketplace.web.errors import sentence
from marketplace.web.filters import money, quantity
from marketplace.web.reservations.sides import acting_for


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """Hold one proposal that a better plan changes, with how much it is now and how much it would be."""

    line: ImprovementLine
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class BetterPlan:
    """Hold a better plan on offer.

    `questions` are what the reader is asked, `waits_for` who has to agree beside the reader, and `is_asked_for` tells
    whether somebody wants it. `agree_url` is where the reader agrees, None for who has no need in it or has agreed
    already; `refuse_url` is where who would get less by it says no.
    """

    improvement: Improvement
    rows: list[ChangeRow]
    questions: list[str]
    waits_for: str
    is_asked_for: bool
    is_member: bool
    agree_url: str | None
    refuse_url: str | None


@blueprint.post("/projecten/<slug>/voorstellen/beter/<int:number_of>")
@requires(Permission.TRADE)
def take_over(slug: str, number_of: int) -> Response:
    """Agree to a better plan, which is done once all have who would get less by it."""
    project, improvement = _own(slug, number_of)
    try:
        done = answering.take_over(improvement, acting_for(project.organisation), clock.now())
    except ConflictError as error:
        flash(sentence(error), "danger")
    else:
        told = (
            gettext("De voorstellen zijn vervangen door die van het betere plan.")
            if done
            else gettext("Uw akkoord is genoteerd. Het plan gaat in zodra ook de anderen akkoord zijn.")
        )
        flash(told, "success")
    commit()  # also what was found to be outdated
    return redirect(url_for("board.project", slug=slug), 303)


@blueprint.post("/projecten/<slug>/voorstellen/beter/<int:number_of>/nee")
@requires(Permission.TRADE)
def refuse(slug: str, number_of: int) -> Response:
    """Say no to a better plan by which the own needs would get less."""
    project, improvement = _own(slug, number_of)
    try:
        answering.refuse(improvement, acting_for(project.organisation), clock.now())
    except ConflictError as error:
        flash(sentence(error), "danger")
    else:
        flash(gettext("De voorstellen blijven zoals ze zijn."), "success")
    commit()
    return redirect(url_for("board.project", slug=slug), 303)


def better_plans(improvements: Sequence[Improvement]) -> list[BetterPlan]:
    """Return better plans as they are shown to who asks now."""
    return [_better(each) for each in improvements]


def _own(slug: str, number_of: int) -> tuple[Project, Improvement]:
    project, improvement = get_project(slug), get_improvement(number_of)
    may = current_actor().may(Permission.TRADE, project.organisation_id)
    if not may or all(line.need.project_id != project.id for line in improvement.lines):
        raise NotFoundError(N_("Dit betere plan bestaat niet, of niet meer."))
    return project, improvement


def _better(improvement: Improvement) -> BetterPlan:
    trading = current_actor().organisations(Permission.TRADE)
    losing, asked = answering.losing(improvement), answering.asked(improvement)
    agreed = {agreement.organisation_id for agreement in improvement.agreements}
    own = [line.need.project for line in improvement.lines if line.need.project.organisation_id in trading]
    # Whoever is asked something speaks first for the organisation that is asked.
    own.sort(key=lambda project: project.organisation_id not in asked)
    mine = own[0] if own else None
    others = asked - {mine.organisation_id} if mine else asked
    address: dict[str, Any] = {"slug": mine.slug, "number_of": improvement.id} if mine else {}
    may_agree = mine and (mine.organisation_id in asked or not agreed)
    return BetterPlan(
        improvement,
        [ChangeRow(line, _told(line, line.before), _told(line, line.after)) for line in improvement.lines],
        list(_questions(improvement, mine.organisation_id)) if mine and mine.organisation_id in asked else [],
        ", ".join(_names(improvement, others)),
        is_asked_for=bool(agreed),
        is_member=mine is not None,
        agree_url=url_for("board.take_over", **address) if may_agree else None,
        refuse_url=url_for("board.refuse", **address) if mine and mine.organisation_id in losing else None,
    )


def _questions(improvement: Improvement, organisation_id: int) -> Iterator[str]:
    """Yield what an organisation is asked for: each lot of which it would get less."""
    asker: Organisation | None = next((agreement.organisation for agreement in improvement.agreements), None)
    for line in improvement.lines:
        if asker is None or line.after >= line.before or line.need.project.organisation_id != organisation_id:
            continue
        gets = [
            other.need.project.name
            for other in improvement.lines
            if other.listing_id == line.listing_id and other.after > other.before and other.need_id != line.need_id
        ]
        facts = {
            "who": asker.name,
            "amount": quantity(line.before - line.after, line.need.unit),
            "lot": line.listing.passport.name,
            "gain": money(improvement.gain_eur),
            "kept": _told(line, line.after),
        }
        message = (
            gettext(
                "%(who)s vraagt: uw %(amount)s %(lot)s naar %(where)s, + %(gain)s voor het geheel; "
                "u houdt hiervan %(kept)s."
            )
            if gets
            else gettext(
                "%(who)s vraagt: geef %(amount)s %(lot)s vrij, + %(gain)s voor het geheel; u houdt hiervan %(kept)s."
            )
        )
        yield str(message) % (facts | {"where": ", ".join(dict.fromkeys(gets))})


def _names(improvement: Improvement, ids: set[int]) -> list[str]:
    organisations = [line.need.project.organisation for line in improvement.lines]
    return sorted({each.name for each in organisations if each.id in ids})


def _told(line: ImprovementLine, amount: Decimal) -> str:
    return quantity(amount, line.need.unit) if amount else str(gettext("niets"))
