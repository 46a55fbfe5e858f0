"""Computing the plan anew: who may ask, how far it is, and how much better it could be at most."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal
from typing import Final

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from marketplace.accounts.models import Organisation
from marketplace.accounts.permissions import Permission
from marketplace.kit.database import commit
from marketplace.kit.errors import N_, NotFoundError
from marketplace.matching import planning
from marketplace.matching.board import plan_standing
from marketplace.matching.models import Occasion
from marketplace.projects.models import Project
from marketplace.projects.queries import get_programme, get_project, list_projects
from marketplace.web.access import current_actor, requires
from marketplace.web.board.blueprint import blueprint
from marketplace.web.filters import number
from marketplace.web.reservations.sides import acting_for

_PERCENT: Final = Decimal(100)
_SMALLEST: Final = Decimal("0.1")


@blueprint.post("/projecten/<slug>/voorstellen/berekenen")
@requires(Permission.TRADE)
def ask_for_project(slug: str) -> Response:
    """Ask for a new plan from the board of a project."""
    return _ask([get_project(slug)], url_for("board.project", slug=slug))


@blueprint.post("/programmas/<slug>/voorstellen/berekenen")
@requires(Permission.TRADE)
def ask_for_programme(slug: str) -> Response:
    """Ask for a new plan from the board of a programme."""
    get_programme(slug)
    return _ask(list_projects(programme_slug=slug), url_for("board.programme", slug=slug))


@blueprint.get("/voorstellen/berekening")
@requires(Permission.PUBLIC)
def run() -> str:
    """Return how far the plan is that is being computed, for a page that shows it and asks again."""
    return render_template("board/_run.html", plan=plan_standing(), is_fragment=True)


@blueprint.app_template_global("bound_text")
def bound_text(room: Decimal) -> str:
    """Return how much better a plan could be at most, of which `room` is the share: never less than is true."""
    if room * _PERCENT < _SMALLEST:
        return str(gettext("Beter kan niet: dit is het beste plan dat er is."))
    percent = room * _PERCENT
    percent = percent.quantize(Decimal(1) if percent >= 1 else _SMALLEST, ROUND_CEILING)
    return str(gettext("Hoogstens %(percent)s %% beter is mogelijk.", percent=number(percent)))


def _ask(projects: Sequence[Project], back: str) -> Response:
    by = acting_for(_asking(projects))
    if plan_standing().under_way:
        flash(gettext("Het plan wordt al berekend."))
        return redirect(back, 303)
    planning.request_run(Occasion.ASKED, by)
    commit()
    flash(gettext("Het plan wordt opnieuw berekend. U kunt deze pagina verlaten en later terugkomen."), "success")
    return redirect(back, 303)


def _asking(projects: Sequence[Project]) -> Organisation:
    """Return the organisation with needs in these projects for which one may ask. Raises NotFoundError for none."""
    trading = current_actor().organisations(Permission.TRADE)
    own = [project.organisation for project in projects if project.needs and project.organisation_id in trading]
    if not own:
        raise NotFoundError(N_("Alleen wie hier iets zoekt, kan het plan opnieuw laten berekenen."))
    return own[0]
