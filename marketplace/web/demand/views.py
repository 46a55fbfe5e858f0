"""Who needs this: the demand for the whole harvest of a project, before anything is taken down."""

from flask import Blueprint, render_template

from marketplace.accounts.permissions import Permission
from marketplace.kit import clock
from marketplace.kit.errors import N_, NotFoundError
from marketplace.projects.queries import get_project
from marketplace.web.access import requires
from marketplace.web.demand import page
from marketplace.web.harvests import demand_url, harvest_of

blueprint = Blueprint("demand", __name__)


@blueprint.get("/projecten/<slug>/vraag")
@requires(Permission.HANDLE)
def show(slug: str) -> str:
    """Show which needs the harvest of a project fits, and what of it nobody asks for, to who plans, pays or offers."""
    project = get_project(slug)
    harvest = harvest_of(project)
    if demand_url(project, harvest) is None:
        raise NotFoundError(N_("Deze pagina bestaat niet, of niet voor u."))
    view = page.view_of(harvest, on=clock.today())
    return render_template("demand/show.html", project=project, view=view, figures=page.figures(view))
