"""The harvest of a project, and the way to the page that says who needs it."""

from collections.abc import Sequence

from flask import url_for

from marketplace.accounts.permissions import Permission
from marketplace.listings import queries as listings
from marketplace.listings.models import Listing
from marketplace.projects.models import Project
from marketplace.web.access import current_actor


def harvest_of(project: Project) -> Sequence[Listing]:
    """Return what comes out of a project and is not gone; drafts only of the reader's own organisations."""
    return listings.harvest_of(project.id, drafts_of=current_actor().organisations(Permission.HANDLE))


def demand_url(project: Project, harvest: Sequence[Listing]) -> str | None:
    """Return the page of the demand for who plans the project, for whom it is done, and who offers out of it."""
    concerned = {project.organisation_id, project.client_id} | {listing.organisation_id for listing in harvest}
    if not any(current_actor().may(Permission.HANDLE, each) for each in concerned):
        return None
    return url_for("demand.show", slug=project.slug)
