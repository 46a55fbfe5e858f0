"""The needs of one's own organisation."""

from marketplace.accounts.permissions import Permission
from marketplace.projects.models import Need
from marketplace.projects.queries import get_need
from marketplace.web.access import require_member


def own_need(reference: str) -> Need:
    """Return a need that the reader may plan. Raises NotFoundError, for a stranger as for what does not exist."""
    need = get_need(reference)
    require_member(Permission.TRADE, need.project.organisation_id)
    return need
