"""Pages about planned work: every project on one time axis, one project, one programme, and the form to plan one."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from marketplace.accounts.models import Organisation
from marketplace.accounts.permissions import Permission
from marketplace.accounts.queries import get_organisation, organisations_in_order
from marketplace.kit import clock
from marketplace.kit.database import commit
from marketplace.kit.errors import N_, MarketplaceError, NotAllowedError
from marketplace.kit.journal import By
from marketplace.kit.places import find_place
from marketplace.listings.moving import moves_of
from marketplace.listings.queries import harvest_per_project
from marketplace.matching.board import plan_standing
from marketplace.passports.queries import works_of
from marketplace.projects import actions, queries
from marketplace.projects.models import Project
from marketplace.reservations import queries as reservations
from marketplace.web import errors
from marketplace.web.access import acting, acting_organisation, current_actor, requires
from marketplace.web.cards import cards_of
from marketplace.web.harvests import demand_url
from marketplace.web.maps import area_of
from marketplace.web.own import own_project
from marketplace.web.projects import harvesting, moving, page
from marketplace.web.projects.axis import axis_of
from marketplace.web.projects.blueprint import blueprint
from marketplace.web.projects.forms import ProjectForm, values_of
from marketplace.web.projects.laid import laid_layers
from marketplace.web.projects.naming import KIND_NAMES, KINDS_IN_ADDRESS, asks, building_name, yields
from marketplace.web.projects.shares import share_figures
from marketplace.web.projects.stories import stories_of
from marketplace.web.projects.whereabouts import whereabouts_of

__all__ = ["blueprint", "harvesting", "moving"]

Answer = str | tuple[str, int] | Response


@blueprint.get("/projecten")
@requires(Permission.PUBLIC)
def index() -> str:
    """Show all planned work, or what the address asks for, on one time axis, as cards and on a map."""
    chosen = {name: request.args.get(name, "").strip() for name in ("soort", "programma", "plaats")}
    projects = queries.list_projects(
        kind=KINDS_IN_ADDRESS.get(chosen["soort"]),
        programme_slug=chosen["programma"] or None,
        place=chosen["plaats"] or None,
    )
    harvest = harvest_per_project([project.id for project in projects])
    programmes = queries.programmes()
    return render_template(
        "projects/index.html",
        projects=projects,
        axis=axis_of(projects, harvest, on=clock.today()) if projects else None,
        harvest=harvest,
        whereabouts=whereabouts_of(projects, harvest) if projects else None,
        chosen=chosen,
        is_filtered=any(chosen.values()),
        kinds_shown=[(name, gettext(KIND_NAMES[kind])) for name, kind in KINDS_IN_ADDRESS.items()],
        programmes_shown=[(programme.slug, programme.name) for programme in programmes],
        places_shown=[(place, place) for place in queries.places()],
        kind_names=KIND_NAMES,
        programmes=programmes,
        shares=share_figures([project.id for project in projects] if any(chosen.values()) else None),
        may_plan=current_actor().may(Permission.TRADE),
    )


@blueprint.get("/projecten/<slug>")
@requires(Permission.PUBLIC)
def show(slug: str) -> str:
    """Show one project: what comes out of it, what it needs and how far that is found."""
    project, on = queries.get_project(slug), clock.today()
    harvest = page.harvest_of(project)
    is_own = current_actor().may(Permission.HANDLE, project.organisation_id)
    may_edit = current_actor().may(Permission.TRADE, project.organisation_id)
    works = works_of(project.id)
    return render_template(
        "projects/show.html",
        project=project,
        kind=KIND_NAMES[project.kind],
        yields=yields(project),
        asks=asks(project),
        cards=cards_of(harvest),
        crusher_days=page.crusher_days(harvest, on=on),
        rows=page.need_rows(project.needs, on=on),
        is_own=is_own,
        building_name=building_name(project.building_type) if project.building_type else "",
        harvest_url=page.harvest_url(project),
        drafts=page.draft_rows(project) if is_own else [],
        may_edit=may_edit,
        left_behind=len(moves_of(project, on=on)) if may_edit else 0,
        reservations=reservations.of_project(project.id) if is_own else [],
        map=area_of(project.point, exact=is_own),
        works=works,
        laid=laid_layers(works, project),
        plan=plan_standing(),
        stories=stories_of(project),
        demand_url=demand_url(project, harvest),
    )


@blueprint.get("/programmas/<slug>")
@requires(Permission.PUBLIC)
def programme(slug: str) -> str:
    """Add up the projects of a programme: above the line what comes free, below it what is needed."""
    found = queries.get_programme(slug)
    view = page.programme_view(found, on=clock.today())
    return render_template(
        "projects/programme.html",
        programme=found,
        view=view,
        figures=page.figures(view),
        pictures=page.pictures(view),
        shares=share_figures([project.id for project in view.projects]),
        plan=plan_standing(),
        may_join=current_actor().may(Permission.TRADE),
    )


@blueprint.get("/organisaties/<slug>/hergebruik")
@requires(Permission.PUBLIC)
def reuse(slug: str) -> str:
    """Add up the projects that an organisation plans or is the client of, and what is reused in them."""
    organisation = get_organisation(slug)
    projects = queries.of_organisation(organisation.id)
    return render_template(
        "projects/reuse.html",
        organisation=organisation,
        projects=projects,
        shares=share_figures([project.id for project in projects]),
        plan=plan_standing(),
    )


@blueprint.route("/projecten/nieuw", methods=["GET", "POST"])
@requires(Permission.TRADE)
def new() -> Answer:
    """Let a member plan a project for their organisation."""
    organisation = _planner()
    form = _form(ProjectForm(client_id=organisation.id))
    if not form.validate_on_submit():
        return _form_page(form, None)
    try:
        project = actions.add_project(organisation=organisation, facts=form.facts(), by=acting())
    except MarketplaceError as error:
        errors.add_to_form(form, error)
        return _form_page(form, None)
    commit()
    flash(gettext("%(name)s staat op de tijdas.", name=project.name), "success")
    return redirect(url_for(".show", slug=project.slug), 303)


@blueprint.route("/projecten/<slug>/wijzigen", methods=["GET", "POST"])
@requires(Permission.TRADE)
def edit(slug: str) -> Answer:
    """Let a member change a project of their organisation."""
    project = own_project(slug)
    form = _form(ProjectForm(data=values_of(project) | {"place": find_place(project.place)}))
    if not form.validate_on_submit():
        return _form_page(form, project)
    try:
        by = By(acting().user_id, project.organisation_id)
        actions.change_project(project=project, facts=form.facts(project), by=by)
    except MarketplaceError as error:
        errors.add_to_form(form, error)
        return _form_page(form, project)
    commit()
    flash(gettext("Het project is gewijzigd."), "success")
    left_behind = moves_of(queries.get_project(slug), on=clock.today())
    return redirect(url_for(".moved" if left_behind else ".show", slug=slug), 303)


def _planner() -> Organisation:
    organisation = acting_organisation()
    if organisation is None:
        raise NotAllowedError(N_("Alleen leden van een organisatie plannen projecten."))
    return organisation


def _form(form: ProjectForm) -> ProjectForm:
    form.set_choices(organisations_in_order(), queries.programmes())
    return form


def _form_page(form: ProjectForm, project: Project | None) -> tuple[str, int]:
    return render_template("projects/form.html", form=form, project=project), 422 if form.errors else 200
