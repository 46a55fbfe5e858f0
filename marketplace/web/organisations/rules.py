"""The page on which owners set the rules for reservations of their stock."""

from dataclasses import fields

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from marketplace.accounts.models import Organisation
from marketplace.accounts.permissions import Permission
from marketplace.kit.database import commit
from marketplace.kit.errors import MarketplaceError
from marketplace.reservations.house_rules import set_terms, terms_of
from marketplace.reservations.terms import Terms
from marketplace.web import errors
from marketplace.web.access import requires
from marketplace.web.organisations.blueprint import Answer, blueprint, by_owner, own
from marketplace.web.organisations.forms import RulesForm


@blueprint.route("/<slug>/regels", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def rules(slug: str) -> Answer:
    """Let an owner set how their stock is reserved."""
    organisation = own(slug)
    form = RulesForm(obj=terms_of(organisation.id))
    if not form.validate_on_submit():
        return _page(organisation, form)
    try:
        set_terms(organisation, _terms(form), by_owner(organisation))
    except MarketplaceError as error:
        errors.add_to_form(form, error)
        return _page(organisation, form)
    commit()
    flash(gettext("De regels zijn bewaard. Ze gelden voor wat van nu af wordt gereserveerd."), "success")
    return redirect(url_for(".show", slug=slug), 303)


def _terms(form: RulesForm) -> Terms:
    return Terms(**{field.name: form[field.name].data for field in fields(Terms)})


def _page(organisation: Organisation, form: RulesForm) -> tuple[str, int]:
    page = render_template("organisations/rules.html", organisation=organisation, form=form)
    return page, 422 if form.errors else 200
