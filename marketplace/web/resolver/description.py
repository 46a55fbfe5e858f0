"""How the resolver describes itself to those who look for one."""

from flask import Response, jsonify, url_for

from marketplace.accounts.permissions import Permission
from marketplace.passports.gs1.own_keys import PRIMARY_KEYS
from marketplace.passports.linkset import resolver_description
from marketplace.web import gs1_keys
from marketplace.web.access import requires
from marketplace.web.resolver.blueprint import blueprint
from marketplace.web.sealing import hub_seal

_NAME = "Materialenhub"


@blueprint.get("/.well-known/gs1resolver")
@requires(Permission.PUBLIC)
def describe() -> Response:
    """Say which addresses are resolved here, and which links there may be."""
    origin = hub_seal().origin
    keys = PRIMARY_KEYS if gs1_keys.prefix() else ()
    about = origin + url_for("home.about")
    return jsonify(resolver_description(name=_NAME, root=origin, primary_keys=keys, page=about))
