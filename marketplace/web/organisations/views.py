"""Pages about organisations: what everyone may see of them, and what their owners manage."""

from typing import TypedDict

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from marketplace.accounts import actions, queries
from marketplace.accounts.circles import circles_of, invitations_of
from marketplace.accounts.models import Organisation, OrganisationKind
from marketplace.accounts.permissions import Permission
from marketplace.kit.database import commit
from marketplace.kit.errors import N_, ConflictError, MarketplaceError, NotFoundError
from marketplace.kit.journal import By
from marketplace.reservations.house_rules import terms_of
from marketplace.web import errors, house_rules
from marketplace.web.access import current_actor, current_person, requires
from marketplace.web.naming import KIND_NAMES, ROLE_NAMES
from marketplace.web.organisations import circles, rates, rules, shown
from marketplace.web.organisations.blueprint import Answer, blueprint, by_owner, own
from marketplace.web.organisations.forms import MemberForm, OrganisationForm, RoleForm

__all__ = ["blueprint", "circles", "rates", "rules"]


@blueprint.get("/<slug>")
@requires(Permission.PUBLIC)
def show(slug: str) -> str:
    """Show who an organisation is, and what it offers and plans."""
    organisation = queries.get_organisation(slug)
    may_edit = current_actor().may(Permission.ADMINISTER, organisation.id)
    return render_template(
        "organisations/show.html",
        organisation=organisation,
        kind=KIND_NAMES[organisation.kind],
        offered=shown.offered_by(organisation.id),
        projects=shown.projects_of(organisation.id),
        hubs=shown.hubs_of(organisation.id),
        rules=house_rules.told(terms_of(organisation.id)),
        circles=circles_of(organisation.id),
        invitations=invitations_of(organisation.id) if may_edit else [],
        may_edit=may_edit,
        may_trade=current_actor().may(Permission.TRADE, organisation.id),
    )


@blueprint.route("/nieuw", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def new() -> Answer:
    """Let a person found an organisation, and own it."""
    form = OrganisationForm()
    if not form.validate_on_submit():
        return _form_page(form, None)
    person = current_person()
    try:
        organisation = actions.add_organisation(**_facts(form), by=By(current_actor().user_id), owner=person)
    except MarketplaceError as error:
        errors.add_to_form(form, error)
        return _form_page(form, None)
    commit()
    flash(gettext("%(name)s is aangemaakt. U bent eigenaar.", name=organisation.name), "success")
    return redirect(url_for("account.overview"), 303)


@blueprint.route("/<slug>/wijzigen", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def edit(slug: str) -> Answer:
    """Let an owner change what is known of their organisation."""
    organisation = own(slug)
    form = OrganisationForm(obj=organisation)
    if not form.validate_on_submit():
        return _form_page(form, organisation)
    try:
        actions.change_organisation(organisation=organisation, **_facts(form), by=by_owner(organisation))
    except MarketplaceError as error:
        errors.add_to_form(form, error)
        return _form_page(form, organisation)
    commit()
    flash(gettext("De gegevens zijn bewaard."), "success")
    return redirect(url_for(".show", slug=slug), 303)


@blueprint.route("/<slug>/leden", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def members(slug: str) -> Answer:
    """Show the members of an organisation to its owners, who can take in another."""
    organisation = own(slug)
    form = MemberForm()
    if not form.validate_on_submit():
        return _members_page(organisation, form)
    try:
        person = queries.find_user(form.email.data or "")
        if person is None:
            raise NotFoundError(
                N_("Er is geen account met dit e-mailadres. Vraag deze persoon er eerst een te maken."), field="email"
            )
        actions.add_member(organisation=organisation, user=person, role=form.role.data, by=by_owner(organisation))
    except MarketplaceError as error:
        errors.add_to_form(form, error)
        return _members_page(organisation, form)
    commit()
    flash(gettext("%(name)s is nu lid.", name=person.name or person.email), "success")
    return redirect(url_for(".members", slug=slug), 303)


@blueprint.post("/<slug>/leden/<int(max=2147483647):membership_id>/rol")
@requires(Permission.ADMINISTER)
def change_role(slug: str, membership_id: int) -> Answer:
    """Give a member another role."""
    organisation = own(slug)
    membership = queries.get_membership(organisation.id, membership_id)
    form = RoleForm()
    if not form.validate_on_submit():
        return _members_page(organisation, MemberForm(formdata=None), gettext("Kies een rol uit de lijst."))
    try:
        actions.change_role(membership=membership, role=form.role.data, by=by_owner(organisation))
    except ConflictError as error:
        return _members_page(organisation, MemberForm(formdata=None), errors.sentence(error))
    commit()
    flash(gettext("De rol is gewijzigd."), "success")
    return _after_a_change(organisation)


@blueprint.post("/<slug>/leden/<int(max=2147483647):membership_id>/verwijderen")
@requires(Permission.ADMINISTER)
def remove_member(slug: str, membership_id: int) -> Answer:
    """End a membership."""
    organisation = own(slug)
    membership = queries.get_membership(organisation.id, membership_id)
    try:
        actions.remove_member(membership=membership, by=by_owner(organisation))
    except ConflictError as error:
        return _members_page(organisation, MemberForm(formdata=None), errors.sentence(error))
    commit()
    flash(gettext("Het lidmaatschap is beëindigd."), "success")
    return _after_a_change(organisation)


class _Facts(TypedDict):
    name: str
    kind: OrganisationKind
    place: str
    address: str
    kvk: str


def _facts(form: OrganisationForm) -> _Facts:
    return _Facts(
        name=form.name.data or "",
        kind=form.kind.data,
        place=form.place.data or "",
        address=form.address.data or "",
        kvk=form.kvk.data or "",
    )


def _after_a_change(organisation: Organisation) -> Response:
    """Return to the members, or to the own account for an owner who has just stepped down or left."""
    person = current_person()
    membership = queries.find_membership(organisation.id, person.id) if person else None
    still_owner = membership is not None and membership.user.actor.may(Permission.ADMINISTER, organisation.id)
    return redirect(url_for(".members", slug=organisation.slug) if still_owner else url_for("account.overview"), 303)


def _form_page(form: OrganisationForm, organisation: Organisation | None) -> tuple[str, int]:
    page = render_template("organisations/form.html", form=form, organisation=organisation)
    return page, 422 if form.errors else 200


def _members_page(organisation: Organisation, form: MemberForm, problem: str | None = None) -> tuple[str, int]:
    page = render_template(
        "organisations/members.html",
        organisation=organisation,
        members=queries.members_of(organisation.id),
        roles=ROLE_NAMES,
        form=form,
        problem=problem,
        person=current_person(),
    )
    return page, 409 if problem else 422 if form.errors else 200
