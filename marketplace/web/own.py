"""What one's own organisations plan: for who may trade for them it exists, and for nobody else."""

from marketplace.accounts.permissions import Permission
from marketplace.projects.models import Need, Project
from marketplace.projects.queries import get_need, get_project
from marketplace.web.access import require_member


def own_project(slug: str) -> Project:
    """Return a project that the actor may change. Raises NotFoundError, also where it is somebody else's."""
    project = get_project(slug)
    require_member(Permission.TRADE, project.organisation_id)
    return project


def own_need(reference: str) -> Need:
    """Return a need that the actor may change. Raises NotFoundError, also where it is somebody else's."""
    need = get_need(reference)
    require_member(Permission.TRADE, need.project.organisation_id)
    return need
