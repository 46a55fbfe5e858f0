"""The page about oneself: who one acts for, and the ways to one's own things."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from marketplace.accounts import actions
from marketplace.accounts.models import User
from marketplace.accounts.permissions import Permission, Role
from marketplace.kit.database import commit
from marketplace.kit.errors import N_, MarketplaceError, NotFoundError
from marketplace.web import errors
from marketplace.web.access import current_person, requires
from marketplace.web.account.forms import NameForm
from marketplace.web.naming import KIND_NAMES, ROLE_HINTS, ROLE_NAMES

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("")
@requires(Permission.SIGNED_IN)
def overview() -> tuple[str, int]:
    """Show a person their organisations and the ways to what is theirs."""
    person = _person()
    return _page(person, NameForm(obj=person))


@blueprint.post("/naam")
@requires(Permission.SIGNED_IN)
def rename() -> tuple[str, int] | Response:
    """Change what a person is called."""
    person, form = _person(), NameForm()
    if not form.validate_on_submit():
        return _page(person, form)
    try:
        actions.change_own_name(user=person, name=form.name.data or "")
    except MarketplaceError as error:
        errors.add_to_form(form, error)
        return _page(person, form)
    commit()
    flash(gettext("Uw naam is bewaard."), "success")
    return redirect(url_for(".overview"), 303)


def _person() -> User:
    person = current_person()
    if person is None:
        raise NotFoundError(N_("Dit account is er niet meer."))
    return person


def _page(person: User, form: NameForm) -> tuple[str, int]:
    page = render_template(
        "account/overview.html",
        person=person,
        form=form,
        kinds=KIND_NAMES,
        roles=ROLE_NAMES,
        role_hints=ROLE_HINTS,
        owner=Role.OWNER,
        may_trade=person.actor.may(Permission.TRADE),
    )
    return page, 422 if form.errors else 200
