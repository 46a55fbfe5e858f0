"""Saying what a project looks for, and changing it."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.kit.database import commit, session
from marketplace.kit.errors import MarketplaceError
from marketplace.listings.models import Listing
from marketplace.projects import actions
from marketplace.projects.models import Need, Project
from marketplace.projects.queries import get_need, get_project
from marketplace.web import errors
from marketplace.web.access import acting, requires
from marketplace.web.listings.naming import GRADE_HINTS
from marketplace.web.needs.alike import find_example, values_like
from marketplace.web.needs.blueprint import blueprint
from marketplace.web.needs.forms import NeedForm, facts_of, proposed_in, values_for, values_of
from marketplace.web.own import own_need, own_project

Answer = str | tuple[str, int] | Response


@blueprint.route("/projecten/<slug>/behoeften/nieuw", methods=["GET", "POST"])
@requires(Permission.TRADE)
def new(slug: str) -> Answer:
    """Add a need to a project of one's own organisation."""
    project = own_project(slug)
    example = find_example()
    begins = values_for(project) | (values_like(example) if example else {})
    form = NeedForm(request.form if request.method == "POST" else None, data=begins)
    form.adapt()
    if not form.validate_on_submit():
        return _page(form, project, example=example)
    try:
        need = actions.add_need(project=project, facts=facts_of(form), by=acting())
    except MarketplaceError as error:
        return _again(form, error, slug)
    return _saved(need)


@blueprint.route("/behoeften/<reference>/wijzigen", methods=["GET", "POST"])
@requires(Permission.TRADE)
def edit(reference: str) -> Answer:
    """Change a need of one's own organisation; the address may fill in what would let a near miss fit."""
    need = own_need(reference)
    proposed = proposed_in(request.args) if request.method == "GET" else {}
    form = NeedForm(request.form if request.method == "POST" else None, data=values_of(need) | proposed)
    form.adapt()
    if not form.validate_on_submit():
        return _page(form, need.project, need, filled=[name for name in proposed if proposed[name] is not None])
    try:
        actions.change_need(need=need, facts=facts_of(form), by=acting())
    except MarketplaceError as error:
        return _again(form, error, need.project.slug, reference)
    return _saved(need)


@blueprint.post("/behoeften/<reference>/verwijderen")
@requires(Permission.TRADE)
def remove(reference: str) -> Response:
    """Stop looking for something."""
    need = own_need(reference)
    slug = need.project.slug
    actions.remove_need(need=need, by=acting())
    commit()
    flash(gettext("De behoefte is weggehaald."), "success")
    return redirect(url_for("projects.show", slug=slug), 303)


@blueprint.get("/behoeften/soorten")
@requires(Permission.PUBLIC)
def categories() -> str:
    """Return the kinds that a typed text may mean; with `fields`, the sizes and units of the chosen one."""
    form = NeedForm(formdata=ImmutableMultiDict(request.args), meta={"csrf": False})
    form.adapt()
    template = "needs/_category_fields.html" if "fields" in request.args else "needs/_category_choices.html"
    return render_template(template, form=form, is_fragment=True)


def _page(
    form: NeedForm,
    project: Project,
    need: Need | None = None,
    *,
    example: Listing | None = None,
    filled: Sequence[str] = (),
) -> Answer:
    hints = {grade.value: gettext(hint) for grade, hint in GRADE_HINTS.items()}
    page = render_template(
        "needs/form.html",
        form=form,
        project=project,
        need=need,
        example=example,
        grade_hints=hints,
        filled=filled,
    )
    return (page, 422) if form.errors else page


def _again(form: NeedForm, error: MarketplaceError, slug: str, reference: str | None = None) -> Answer:
    """Undo what the action began and show the form with its sentence."""
    session.rollback()
    errors.add_to_form(form, error)
    return _page(form, get_project(slug), get_need(reference) if reference else None, example=find_example())


def _saved(need: Need) -> Response:
    reference = need.reference
    commit()
    flash(gettext("Bewaard. Hieronder staat wat er past."), "success")
    return redirect(url_for("needs.show", reference=reference), 303)
