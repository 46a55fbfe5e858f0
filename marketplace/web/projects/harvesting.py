"""Adding what comes out of a building: by hand, estimated from what it is, or after another building."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.kit import clock
from marketplace.kit.database import commit, session
from marketplace.kit.errors import N_, MarketplaceError, NotFoundError
from marketplace.kit.journal import By
from marketplace.listings import queries as listings
from marketplace.listings.expecting import Terms, days_of, expect, items_after, suspected
from marketplace.listings.models import Listing, ListingStatus, ShortHarvest
from marketplace.projects import queries
from marketplace.projects.estimating import Basis, ExpectedItem, basis_after, basis_of, estimate
from marketplace.projects.models import Grade, Project
from marketplace.web import errors
from marketplace.web.access import acting, requires
from marketplace.web.cards import range_text
from marketplace.web.filters import category_name, dimensions, language, number
from marketplace.web.own import own_project
from marketplace.web.projects.blueprint import blueprint
from marketplace.web.projects.naming import building_name, has_building
from marketplace.web.projects.page import small_drawing
from marketplace.web.projects.review import ReviewForm, review_form
from marketplace.web.sealing import hub_seal
from marketplace.web.uploads import uploads_path

Answer = str | tuple[str, int] | Response


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """Hold one line to look through, as it is read: its range, and what stands in its way."""

    item: ExpectedItem
    name: str
    after: str
    """What it is called in the building that it is modelled on; empty where there is none."""
    sizes: str
    range: str
    only_if: str
    hazards: list[str]
    is_there: bool
    """Whether something of this kind was added to the project before."""
    drawing: str


@blueprint.get("/projecten/<slug>/oogst")
@requires(Permission.TRADE)
def harvest(slug: str) -> str:
    """Let people choose how to add a harvest."""
    project = _own(slug)
    return render_template("projects/harvest.html", project=project, templates=listings.templates_for(project))


@blueprint.route("/projecten/<slug>/oogst/schatten", methods=["GET", "POST"])
@requires(Permission.TRADE)
def estimated(slug: str) -> Answer:
    """Estimate a harvest from what the building is, and offer what people choose of it."""
    project = _own(slug)
    building = project.building
    if building is None:
        return _ask_for_building(project)
    how = gettext(
        "%(kind)s, %(area)s m² bvo. Dit zijn vuistregels: niemand heeft in dit gebouw gekeken.",
        kind=building_name(building.type),
        area=number(building.floor_area_m2),
    )
    return _review(project, estimate(building), title=gettext("Oogst schatten"), how=how, basis=basis_of(building))


@blueprint.route("/projecten/<slug>/oogst/overnemen", methods=["GET", "POST"])
@requires(Permission.TRADE)
def copied(slug: str) -> Answer:
    """Take over the harvest of the building `?van=SLUG`, scaled by floor area, and offer what people choose of it."""
    project = _own(slug)
    if project.floor_area_m2 is None:
        return _ask_for_building(project)
    wanted = request.args.get("van", "")
    template = next((one for one in listings.templates_for(project) if one.slug == wanted), None)
    if template is None:
        raise NotFoundError(N_("Van dit gebouw kunt u geen oogst overnemen. Kies een ander."))
    items = items_after(listings.lots_to_copy(template.id, project.organisation_id), template=template, project=project)
    there, here = template.floor_area_m2 or 0, project.floor_area_m2
    basis = basis_after(template.name, there, here)
    how = gettext(
        "Naar wat uit “%(name)s” kwam of komt, omgerekend van %(there)s naar %(here)s m² bvo, met 20 %% speling.",
        name=template.name,
        there=number(there),
        here=number(here),
    )
    return _review(project, items, title=gettext("Oogst overnemen"), how=how, basis=basis)


def _own(slug: str) -> Project:
    """Return a project of one's own in which a building is taken down or rebuilt."""
    project = own_project(slug)
    if not has_building(project):
        raise NotFoundError(N_("Hier komt geen gebouw vrij."))
    return project


def _ask_for_building(project: Project) -> Response:
    flash(gettext("Vul eerst in wat voor gebouw het is en hoe groot, dan kunnen we schatten."))
    return redirect(url_for("projects.edit", slug=project.slug), 303)


def _review(project: Project, items: Sequence[ExpectedItem], *, title: str, how: str, basis: Basis) -> Answer:
    there = {lot.passport.category for lot in _offered_already(project)}
    rows = [_row(item, project, there) for item in items]
    chosen = frozenset(row.item.key for row in rows if not row.only_if and not row.is_there)
    _, until = days_of(project, on=clock.today())
    form = review_form(items, names={row.item.key: row.name for row in rows}, chosen=chosen, until=until)
    form.unseen = frozenset(
        row.item.key for row in rows if row.is_there and f"known_{row.item.key}" not in request.form
    )
    if not form.validate_on_submit():
        return _review_page(project, form, rows, title, how)
    try:
        added = _expect(project, form, basis)
    except MarketplaceError as error:
        session.rollback()
        errors.add_to_form(form, error)
        return _review_page(queries.get_project(project.slug), form, rows, title, how)
    slug = project.slug
    commit()
    flash(_said(added), "success")
    return redirect(url_for("projects.show", slug=slug, _anchor="harvest"), 303)


def _expect(project: Project, form: ReviewForm, basis: Basis) -> list[Listing]:
    return expect(
        project=project,
        lines=form.lines(),
        terms=Terms(basis, Grade(form.grade.data), ShortHarvest(form.short_harvest.data), form.available_until.data),
        publish=request.form.get("publish") == "1",
        by=By(acting().user_id, project.organisation_id),
        uploads=uploads_path(),
        seal=hub_seal(),
    )


def _said(added: Sequence[Listing]) -> str:
    drafts = sum(listing.status is ListingStatus.DRAFT for listing in added)
    told = ngettext("%(num)s partij toegevoegd.", "%(num)s partijen toegevoegd.", len(added))
    if not drafts:
        return str(told)
    kept = ngettext("%(num)s daarvan is nog concept.", "%(num)s daarvan zijn nog concept.", drafts)
    return f"{told} {kept}"


def _review_page(
    project: Project, form: ReviewForm, rows: Sequence[ReviewRow], title: str, how: str
) -> tuple[str, int]:
    first, _ = days_of(project, on=clock.today())
    page = render_template(
        "projects/review.html", project=project, form=form, rows=rows, title=title, how=how, first=first
    )
    return page, 422 if form.errors else 200


def _offered_already(project: Project) -> list[Listing]:
    drafts = listings.drafts_of_project(project.id, project.organisation_id)
    return [*listings.of_project(project.id), *drafts]


def _row(item: ExpectedItem, project: Project, there: set[str]) -> ReviewRow:
    dutch, english = item.only_if
    return ReviewRow(
        item=item,
        name=category_name(item.category),
        after=item.after,
        sizes=dimensions((item.length_mm, item.width_mm, item.height_mm)),
        range=range_text(item.low, item.high, item.unit),
        only_if=english if language() == "en" else dutch,
        hazards=[hazard.label(language()) for hazard in suspected(item, project)],
        is_there=item.category in there,
        drawing=small_drawing(item.category),
    )
