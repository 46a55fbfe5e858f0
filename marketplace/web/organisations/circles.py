"""The pages on which owners found, fill, guard and leave circles, and answer invitations to them."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from marketplace.accounts import circles, queries
from marketplace.accounts.models import Circle, Organisation
from marketplace.accounts.permissions import Permission
from marketplace.kit import clock
from marketplace.kit.database import commit
from marketplace.kit.errors import N_, InvalidInputError, MarketplaceError
from marketplace.web import errors
from marketplace.web.access import requires
from marketplace.web.organisations.blueprint import Answer, blueprint, by_owner, own
from marketplace.web.organisations.forms import CircleForm, InvitationForm, PutOutForm


@blueprint.route("/<slug>/kringen", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def circles_page(slug: str) -> Answer:
    """Show the circles of an organisation and who is in them; its owners may found another."""
    organisation, form = own(slug), CircleForm()
    if not form.validate_on_submit():
        return _page(organisation, form)
    by, at = by_owner(organisation), clock.now()
    try:
        circle = circles.found(name=form.name.data or "", founder=organisation, by=by, at=at)
    except MarketplaceError as error:
        errors.add_to_form(form, error)
        return _page(organisation, form)
    commit()
    flash(gettext("De kring %(name)s is er. Nodig nu anderen uit.", name=circle.name), "success")
    return redirect(url_for(".invite", slug=slug, circle=circle.slug), 303)


@blueprint.route("/<slug>/kringen/<circle>/uitnodigen", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def invite(slug: str, circle: str) -> Answer:
    """Ask another organisation into a circle, by its name."""
    organisation, form = own(slug), InvitationForm()
    chosen = circles.get_circle(circle, organisation.id, joined=True)
    if not form.validate_on_submit():
        return _invitation_page(organisation, chosen, form)
    by, at = by_owner(organisation), clock.now()
    try:
        guest = _called(form.organisation.data or "")
        circles.invite(circle=chosen, organisation=guest, inviter=organisation, by=by, at=at)
    except MarketplaceError as error:
        errors.add_to_form(form, error, "organisation")
        return _invitation_page(organisation, chosen, form)
    commit()
    message = gettext("%(name)s is uitgenodigd en hoort erbij zodra een eigenaar daar dat aanneemt.", name=guest.name)
    flash(message, "success")
    return _to_circles(organisation)


@blueprint.post("/<slug>/kringen/<circle>/<guest>/intrekken")
@requires(Permission.ADMINISTER)
def withdraw(slug: str, circle: str, guest: str) -> Answer:
    """Take back an invitation that was not answered."""
    organisation = own(slug)
    chosen = circles.get_circle(circle, organisation.id, joined=True)
    asked = queries.get_organisation(guest)
    circles.withdraw(circle=chosen, organisation=asked, withdrawer=organisation, by=by_owner(organisation))
    commit()
    flash(gettext("De uitnodiging aan %(name)s is ingetrokken.", name=asked.name), "success")
    return _to_circles(organisation)


@blueprint.route("/<slug>/kringen/<circle>/<member>/uitzetten", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def put_out(slug: str, circle: str, member: str) -> Answer:
    """Say what follows where another is put out of a circle, and do so."""
    organisation, form = own(slug), PutOutForm()
    chosen = circles.get_circle(circle, organisation.id, joined=True)
    other = queries.get_organisation(member)
    circles.check_put_out(circle=chosen, organisation=other, keeper=organisation)
    if not form.validate_on_submit():
        return _put_out_page(organisation, chosen, other, form)
    by, reason = by_owner(organisation), form.reason.data or ""
    try:
        circles.put_out(circle=chosen, organisation=other, keeper=organisation, reason=reason, by=by)
    except InvalidInputError as error:
        errors.add_to_form(form, error)
        return _put_out_page(organisation, chosen, other, form)
    commit()
    flash(
        gettext("%(name)s zit niet meer in de kring. Wat al gereserveerd is, blijft staan.", name=other.name), "success"
    )
    return _to_circles(organisation)


@blueprint.post("/<slug>/kringen/<circle>/aannemen")
@requires(Permission.ADMINISTER)
def join(slug: str, circle: str) -> Answer:
    """Accept an invitation to a circle."""
    organisation = own(slug)
    chosen = circles.get_circle(circle, organisation.id)
    circles.join(circle=chosen, organisation=organisation, by=by_owner(organisation), at=clock.now())
    commit()
    flash(gettext("%(name)s zit nu in de kring %(circle)s.", name=organisation.name, circle=chosen.name), "success")
    return _to_circles(organisation)


@blueprint.post("/<slug>/kringen/<circle>/afslaan")
@requires(Permission.ADMINISTER)
def decline(slug: str, circle: str) -> Answer:
    """Refuse an invitation to a circle."""
    return _step_out(slug, circle, circles.decline, gettext("De uitnodiging is afgeslagen."))


@blueprint.post("/<slug>/kringen/<circle>/verlaten")
@requires(Permission.ADMINISTER)
def leave(slug: str, circle: str) -> Answer:
    """Step out of a circle."""
    done = gettext("U hebt de kring verlaten. Wat al gereserveerd is, blijft staan.")
    return _step_out(slug, circle, circles.leave, done)


def _step_out(slug: str, circle: str, step: Callable[..., None], done: str) -> Response:
    organisation = own(slug)
    step(circle=circles.get_circle(circle, organisation.id), organisation=organisation, by=by_owner(organisation))
    commit()
    flash(done, "success")
    return _to_circles(organisation)


def _to_circles(organisation: Organisation) -> Response:
    return redirect(url_for(".circles_page", slug=organisation.slug), 303)


def _called(text: str) -> Organisation:
    found = queries.find_called(text)
    if found is None:
        raise InvalidInputError(
            N_("We kennen geen organisatie met de naam “%(name)s”."), field="organisation", name=text.strip()[:120]
        )
    return found


def _page(organisation: Organisation, form: CircleForm) -> tuple[str, int]:
    page = render_template(
        "organisations/circles.html",
        organisation=organisation,
        circles=circles.circles_of(organisation.id),
        invitations=circles.invitations_of(organisation.id),
        keeper_id_of=circles.keeper_id_of,
        may_withdraw=circles.may_withdraw,
        form=form,
    )
    return page, 422 if form.errors else 200


def _invitation_page(organisation: Organisation, circle: Circle, form: InvitationForm) -> tuple[str, int]:
    page = render_template(
        "organisations/invite.html",
        organisation=organisation,
        circle=circle,
        names=circles.names_outside(circle.id),
        form=form,
    )
    return page, 422 if form.errors else 200


def _put_out_page(
    organisation: Organisation, circle: Circle, member: Organisation, form: PutOutForm
) -> tuple[str, int]:
    page = render_template(
        "organisations/put_out.html", organisation=organisation, circle=circle, member=member, form=form
    )
    return page, 422 if form.errors else 200
