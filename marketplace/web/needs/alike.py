"""Looking for something like what is on offer: a need that begins with what a listing is."""

from decimal import Decimal
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.kit import clock
from marketplace.kit.errors import N_, InvalidInputError, NotFoundError
from marketplace.kit.quantities import Quantity, parse_decimal
from marketplace.listings import queries as listings
from marketplace.listings.models import Listing, ListingStatus
from marketplace.materials.dimensions import Slot, window_around
from marketplace.materials.vocabulary import get_category
from marketplace.projects.facts import LONGEST_NAME
from marketplace.projects.models import Project
from marketplace.projects.queries import with_needs_of
from marketplace.web.access import current_actor, requires
from marketplace.web.filters import language
from marketplace.web.needs.blueprint import blueprint
from marketplace.web.projects.naming import asks


@blueprint.get("/aanbod/<reference>/zoiets")
@requires(Permission.TRADE)
def alike(reference: str) -> str | Response:
    """Ask for which project something like this is looked for; with one project there is nothing to ask."""
    listing = _seen(reference)
    projects = _planned()
    amount = request.args.get("hoeveel") or None
    if len(projects) == 1:
        return redirect(_form_url(projects[0], listing, amount))
    return render_template(
        "needs/alike.html",
        listing=listing,
        projects=[(project, _form_url(project, listing, amount)) for project in projects],
    )


def find_example() -> Listing | None:
    """Return the listing that the address names as an example, or None where it names none that the reader may see."""
    reference = request.args.get("zoals", "")
    if not reference:
        return None
    try:
        return _seen(reference)
    except NotFoundError:
        return None


def values_like(listing: Listing) -> dict[str, Any]:
    """Return what the form of a need begins with: what the listing is, with room around its sizes as its kind has it.

    The amount is that of the address, where it can be one; what new costs is left for the planner to say.
    """
    passport = listing.passport
    category = get_category(passport.category)
    values: dict[str, Any] = {
        "title": passport.name[:LONGEST_NAME],
        "category": category,
        "unit": listing.unit.value,
        "grade": listing.grade.value,
        "quantity": _amount(listing),
    }
    for slot, size in zip(Slot, passport.dimensions, strict=True):
        if size is not None and (rule := category.dimension(slot)):
            values[f"{slot.value}_min"], values[f"{slot.value}_max"] = window_around(rule, size)
    return values


def _form_url(project: Project, listing: Listing, amount: str | None) -> str:
    return url_for("needs.new", slug=project.slug, zoals=listing.reference, hoeveel=amount)


def _planned() -> list[Project]:
    """Return the projects that still need something and that the reader may plan for."""
    own = with_needs_of(current_actor().organisations(Permission.TRADE))
    return [project for project in own if asks(project) and project.ends_on >= clock.today()]


def _seen(reference: str) -> Listing:
    listing = listings.get(reference)
    if listing.status is ListingStatus.DRAFT and not current_actor().may(Permission.HANDLE, listing.organisation_id):
        raise NotFoundError(N_("Deze partij bestaat niet, of niet meer."))
    return listing


def _amount(listing: Listing) -> Decimal | None:
    try:
        return Quantity(parse_decimal(request.args.get("hoeveel", ""), language=language()), listing.unit).value or None
    except InvalidInputError:
        return None
