"""Who asks, and whether they may: every route declares its permission here, and nothing is served without one."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext
from flask_security import current_user
from werkzeug.wrappers import Response

from marketplace.accounts.models import Organisation, User
from marketplace.accounts.permissions import NOBODY, Actor, Permission
from marketplace.kit.errors import N_, NotAllowedError, NotFoundError
from marketplace.kit.journal import By

View = TypeVar("View", bound=Callable[..., object])

_OF_LIBRARIES = {
    "static": Permission.PUBLIC,
    "security.login": Permission.PUBLIC,
    "security.logout": Permission.SIGNED_IN,
    "security.register": Permission.PUBLIC,
    "security.send_confirmation": Permission.PUBLIC,
    "security.confirm_email": Permission.PUBLIC,
    "security.forgot_password": Permission.PUBLIC,
    "security.reset_password": Permission.PUBLIC,
    "security.change_password": Permission.SIGNED_IN,
    "security.verify": Permission.SIGNED_IN,
}
"""Routes that a library adds, so that they too are declared."""


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare what a route needs; put it directly under the route decorator."""

    def declare(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]  # read back by `permission_of` only
        return view

    return declare


def permission_of(app: Flask, endpoint: str) -> Permission | None:
    """Return what a route needs, or None where nobody declared it."""
    declared = getattr(app.view_functions.get(endpoint), "permission", None)
    return declared or _OF_LIBRARIES.get(endpoint)


def current_actor() -> Actor:
    """Return who asks, read once per request."""
    if "actor" not in g:
        g.actor = current_user.actor if current_user.is_authenticated else NOBODY
        g.called = _called()
    actor: Actor = g.actor
    return actor


def called() -> tuple[str, str]:
    """Return what the signed-in person and the organisation for which they act are called, read once per request.

    A page that is shown after all was undone needs not read them again.
    """
    current_actor()
    names: tuple[str, str] = g.called
    return names


def _called() -> tuple[str, str]:
    person, organisation = current_person(), acting_organisation()
    return (person.name or person.email if person else "", organisation.name if organisation else "")


def current_person() -> User | None:
    """Return the signed-in user, or None."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def acting_organisation() -> Organisation | None:
    """Return the organisation for which the signed-in person acts: the first that they may trade for, or the first."""
    person = current_person()
    if person is None or not person.memberships:
        return None
    trading = current_actor().organisations(Permission.TRADE)
    members = {membership.organisation_id: membership.organisation for membership in person.memberships}
    return members[trading[0] if trading else min(members)]


def acting() -> By:
    """Return who is named in the journal for what this request does."""
    organisation = acting_organisation()
    return By(current_actor().user_id, organisation.id if organisation else None)


def require_member(permission: Permission, organisation_id: int) -> None:
    """Raise NotFoundError unless the actor holds `permission` for this organisation: what is foreign does not exist."""
    if not current_actor().may(permission, organisation_id):
        raise NotFoundError(N_("Deze pagina bestaat niet, of niet voor u."))


def enforce() -> Response | None:
    """Let a request pass, send an unknown visitor to sign in, or refuse."""
    if request.endpoint is None:
        return None
    permission = permission_of(current_app, request.endpoint)
    if permission is None:
        raise RuntimeError(f"{request.endpoint} declares no permission")
    if permission is Permission.PUBLIC or current_actor().may(permission):
        return None
    if not current_actor().signed_in:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("security.login", next=wanted))
    if not current_actor().roles:
        flash(
            gettext(
                "Hiervoor moet u bij een organisatie horen. Richt er een op, of vraag een eigenaar u toe te voegen."
            )
        )
        return redirect(url_for("organisations.new"))
    raise NotAllowedError(N_("Uw account mag dit niet. Vraag een eigenaar van uw organisatie om een andere rol."))
