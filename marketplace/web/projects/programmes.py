"""Starting a programme, changing it, and putting one's own projects in it."""

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from marketplace.accounts.permissions import Permission
from marketplace.kit.database import commit, session
from marketplace.kit.errors import MarketplaceError
from marketplace.projects import actions, queries
from marketplace.projects.facts import LONGEST_NAME
from marketplace.projects.models import Programme, Project
from marketplace.web import errors
from marketplace.web.access import acting, current_actor, requires

blueprint = Blueprint("programmes", __name__)

Answer = str | tuple[str, int] | Response

_LONGEST_SUMMARY: Final = 2000


class ProgrammeForm(FlaskForm):
    """What a programme is called, and which of one's own projects belong to it."""

    name = StringField(_l("Naam"), [InputRequired(_l("Vul een naam in.")), Length(max=LONGEST_NAME)])
    summary = TextAreaField(_l("Toelichting"), [Length(max=_LONGEST_SUMMARY)])
    projects = SelectMultipleField(
        _l("Uw projecten in dit programma"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self, own: Sequence[Project]) -> None:
        """Let these projects be chosen."""
        self.projects.choices = [(project.id, project.name) for project in own]


@blueprint.route("/programmas/nieuw", methods=["GET", "POST"])
@requires(Permission.TRADE)
def new() -> Answer:
    """Let a member start a programme, with their own projects in it."""
    own, form = _own(), ProgrammeForm()
    form.offer(own)
    if not form.validate_on_submit():
        return _page(form, own)
    try:
        programme = actions.add_programme(name=form.name.data or "", summary=form.summary.data or "", by=acting())
    except MarketplaceError as error:
        return _again(form, error)
    return _put(form, programme, own)


@blueprint.route("/programmas/<slug>/wijzigen", methods=["GET", "POST"])
@requires(Permission.TRADE)
def edit(slug: str) -> Answer:
    """Let a member put their own projects in a programme; who started it may also say what it is called."""
    programme = queries.get_programme(slug)
    own = _own()
    inside = [project.id for project in own if project.programme_id == programme.id]
    form = ProgrammeForm(data={"name": programme.name, "summary": programme.summary, "projects": inside})
    form.offer(own)
    if not may_rename(programme):
        del form.name, form.summary
    if not form.validate_on_submit():
        return _page(form, own, programme)
    if "name" in form:
        try:
            name, summary = form.name.data or "", form.summary.data or ""
            actions.change_programme(programme=programme, name=name, summary=summary, by=acting())
        except MarketplaceError as error:
            return _again(form, error, slug)
    return _put(form, programme, own)


def may_rename(programme: Programme) -> bool:
    """Tell whether the reader may say what a programme is called: who started it."""
    starter = queries.starter_of(programme)
    return starter is not None and current_actor().may(Permission.TRADE, starter)


def _own() -> list[Project]:
    return queries.with_needs_of(current_actor().organisations(Permission.TRADE))


def _put(form: ProgrammeForm, programme: Programme, own: Sequence[Project]) -> Response:
    actions.put_in_programme(programme=programme, own=own, chosen=form.projects.data or (), by=acting())
    slug = programme.slug
    commit()
    flash(gettext("Het programma is bewaard."), "success")
    return redirect(url_for("projects.programme", slug=slug), 303)


def _again(form: ProgrammeForm, error: MarketplaceError, slug: str | None = None) -> Answer:
    """Undo what the action began and show the form with its sentence."""
    session.rollback()
    errors.add_to_form(form, error)
    return _page(form, _own(), queries.get_programme(slug) if slug else None)


def _page(form: ProgrammeForm, own: Sequence[Project], programme: Programme | None = None) -> tuple[str, int]:
    hints = {project.id: _hint(project, programme) for project in own}
    page = render_template("projects/programme_form.html", form=form, programme=programme, own=own, hints=hints)
    return page, 422 if form.errors else 200


def _hint(project: Project, programme: Programme | None) -> str:
    """Return where a project is, and the programme that it would leave."""
    other = project.programme if project.programme_id != (programme.id if programme else None) else None
    if other is None:
        return project.place
    return str(gettext("%(place)s, nu in %(programme)s", place=project.place, programme=other.name))
