"""The area of organisations: /organisaties; and what of it only an owner reaches."""

from flask import Blueprint
from werkzeug.wrappers import Response

from marketplace.accounts import queries
from marketplace.accounts.models import Organisation
from marketplace.accounts.permissions import Permission
from marketplace.kit.journal import By
from marketplace.web.access import acting, require_member

blueprint = Blueprint("organisations", __name__, url_prefix="/organisaties")

Answer = str | tuple[str, int] | Response


def own(slug: str) -> Organisation:
    """Return the organisation of this slug where the visitor is an owner of it, or raise NotFoundError."""
    organisation = queries.get_organisation(slug)
    require_member(Permission.ADMINISTER, organisation.id)
    return organisation


def by_owner(organisation: Organisation) -> By:
    """Return who is named in the journal for what an owner does."""
    return By(acting().user_id, organisation.id)
