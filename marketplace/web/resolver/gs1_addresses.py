"""Addresses with a GS1 key: the same answers as at the address of our own, where the key is the operator's."""

import json
from urllib.parse import quote

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from marketplace.accounts.permissions import Permission
from marketplace.kit.errors import N_, NotFoundError
from marketplace.passports.gs1.digital_link import generate, parse
from marketplace.passports.gs1.own_keys import code_in, hub_number_in
from marketplace.passports.linkset import HTML, LINKSET, Relation, for_all, linkset
from marketplace.projects import queries
from marketplace.projects.models import Hub
from marketplace.web import gs1_keys
from marketplace.web.access import requires
from marketplace.web.resolver import media
from marketplace.web.resolver.addresses import passport_of
from marketplace.web.resolver.answers import WHOLE, linked, resolved
from marketplace.web.resolver.blueprint import blueprint
from marketplace.web.sealing import hub_seal


@blueprint.get("/01/<path:_key>")
@requires(Permission.PUBLIC)
def resolve_article(_key: str) -> AnyResponse:
    """Answer at `/01/GTIN/21/CODE` and `/01/GTIN/10/CODE` as at `/ID/CODE`."""
    address = _address()
    return resolved(passport_of(code_in(gs1_keys.prefix(), address)), _plain(address))


@blueprint.get("/414/<path:_key>")
@requires(Permission.PUBLIC)
def resolve_place(_key: str) -> AnyResponse:
    """Answer at `/414/GLN`, and at `/414/GLN/254/SPOT`, with the way to the page of the hub, or its linkset."""
    address = _address()
    hub = queries.find_hub_by_id(hub_number_in(gs1_keys.prefix(), address))
    if hub is None:
        raise NotFoundError(N_("In dit adres staat geen plaats van deze hub."))
    wants_links = request.args.get("linkType") in WHOLE or media.accepted((HTML, LINKSET)) == LINKSET
    page = url_for("hubs.show", slug=hub.slug)
    return linked(_linkset(hub, page, _plain(address)) if wants_links else redirect(page, 307), _plain(address))


def _address() -> str:
    return hub_seal().origin + quote(request.path.rstrip("/"), safe="/")


def _plain(address: str) -> str:
    return generate(parse(address).path, hub_seal().origin)


def _linkset(hub: Hub, page: str, anchor: str) -> Response:
    links = [for_all(relation, hub_seal().origin + page) for relation in (Relation.DEFAULT, Relation.PLACE)]
    return Response(json.dumps(linkset(anchor, hub.name, links), ensure_ascii=False), mimetype=LINKSET)
