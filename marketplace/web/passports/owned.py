"""What one's organisations have: the passports that they keep now, also of what they fetched from others."""

from typing import Final

from flask import render_template

from marketplace.accounts.permissions import Permission
from marketplace.passports import queries
from marketplace.web.access import current_actor, requires
from marketplace.web.passports.blueprint import blueprint

_MOST: Final = 200


@blueprint.get("/paspoorten/in-bezit")
@requires(Permission.HANDLE)
def owned() -> str:
    """Show the passports that one's organisations keep, the newest first."""
    ours = current_actor().organisations(Permission.HANDLE)
    found = queries.owned_by(ours, most=_MOST)
    return render_template("passports/owned.html", passports=found, most=_MOST, is_one=len(ours) == 1)
