"""How the resolver describes itself to those who look for one."""

from flask import Response, jsonify, url_for

from marketplace.accounts.permissions import Permission
from marketplace.passports.linkset import resolver_description
from marketplace.web.access import requires
from marketplace.web.resolver.blueprint import blueprint
from marketplace.web.sealing import hub_seal

_NAME = "Materialenhub"


@blueprint.get("/.well-known/gs1resolver")
@requires(Permission.PUBLIC)
def describe() -> Response:
    """Say which addresses are resolved here, and which links there may be."""
    origin = hub_seal().origin
    return jsonify(resolver_description(name=_NAME, root=origin, page=origin + url_for("home.about")))
