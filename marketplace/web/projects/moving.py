"""Asking whether the harvest moves along after the days of its project changed."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.kit import clock
from marketplace.kit.database import commit, session
from marketplace.kit.errors import MarketplaceError
from marketplace.kit.journal import By
from marketplace.listings.models import ListingStatus
from marketplace.listings.moving import Move, move, moves_of
from marketplace.projects.models import Project
from marketplace.web import errors
from marketplace.web.access import acting, requires
from marketplace.web.cards import estimate_text
from marketplace.web.filters import day, quantity
from marketplace.web.own import own_project
from marketplace.web.projects.blueprint import blueprint
from marketplace.web.projects.page import small_drawing

Answer = str | tuple[str, int] | Response


@dataclass(frozen=True, slots=True)
class MoveRow:
    """Hold one lot that may move along: each of its days as it is and as it would be, and who holds something of it."""

    token: str
    url: str
    name: str
    amount: str
    is_draft: bool
    days: list[tuple[str, str, str]]
    held: str
    drawing: str


class MoveForm(FlaskForm):
    """Which lots move; the ticks are `move`, each the token of what was shown."""


@blueprint.route("/projecten/<slug>/oogst/verschuiven", methods=["GET", "POST"])
@requires(Permission.TRADE)
def moved(slug: str) -> Answer:
    """List the lots that have the days of before the work shifted, and move those that are ticked."""
    project = own_project(slug)
    form = MoveForm()
    if not form.validate_on_submit():
        return _page(project, form)
    by = By(acting().user_id, project.organisation_id)
    try:
        lots = move(project, request.form.getlist("move"), on=clock.today(), by=by)
    except MarketplaceError as error:
        session.rollback()
        errors.add_to_form(form, error)
        page, _ = _page(own_project(slug), form)
        return page, errors.status_of(error)
    count = len(lots)
    commit()
    flash(ngettext("%(num)s partij schuift mee.", "%(num)s partijen schuiven mee.", count), "success")
    return redirect(url_for("projects.show", slug=slug, _anchor="harvest"), 303)


def _page(project: Project, form: MoveForm) -> tuple[str, int]:
    rows = [_row(each) for each in moves_of(project, on=clock.today())]
    page = render_template("projects/moving.html", project=project, form=form, rows=rows)
    return page, 422 if form.errors else 200


def _row(each: Move) -> MoveRow:
    lot = each.listing
    pairs = [
        (gettext("Beschikbaar vanaf"), lot.available_from, each.available_from),
        (gettext("Beschikbaar tot en met"), lot.available_until, each.available_until),
        (gettext("Naar de breker"), lot.crusher_on, each.crusher_on),
    ]
    return MoveRow(
        token=each.token,
        url=url_for("listings.show", reference=lot.reference),
        name=lot.passport.name,
        amount=estimate_text(lot) or quantity(lot.total, lot.unit),
        is_draft=lot.status is ListingStatus.DRAFT,
        days=[(str(name), day(old), day(new)) for name, old, new in pairs if old and new],
        held=quantity(lot.held, lot.unit) if lot.held else "",
        drawing=small_drawing(lot.passport.category),
    )
