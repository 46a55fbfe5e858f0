"""What fits a need and is not proposed for it, with the reason, in the words of a page."""

from dataclasses import dataclass
from decimal import Decimal

from flask import url_for
from flask_babel import gettext

from marketplace.matching.unproposed import Unproposed, Why
from marketplace.web.filters import euros
from marketplace.web.worth import hides_rates


@dataclass(frozen=True, slots=True)
class BesideRow:
    """Hold a lot that fits and is not proposed: where it is found, and why not."""

    url: str
    title: str
    owner: str
    text: str


def beside_row(one: Unproposed) -> BesideRow:
    """Return a lot that fits beside what is proposed, as it is shown on a board."""
    listing = one.fit.listing
    return BesideRow(
        url=url_for("listings.show", reference=listing.reference),
        title=listing.passport.name,
        owner=f"{listing.organisation.name}, {listing.place}",
        text=why_not_text(one),
    )


def why_not_text(one: Unproposed) -> str:
    """Return why it is not proposed: `Past, maar is elders meer waard: € 310 meer bij School X.`"""
    if one.why is Why.WORTHLESS:
        return str(gettext("Past, maar kost hier meer dan het waard is."))
    if one.elsewhere is None:
        return str(gettext("Past en is nog vrij; het plan doet er nu niets mee."))
    project = one.elsewhere.need.project.name
    difference = one.difference.quantize(Decimal(1))
    if one.why is Why.TAKEN or not difference:
        return str(gettext("Past, maar alles is al elders voorgesteld: bij %(project)s.", project=project))
    if hides_rates(one.fit.need) or hides_rates(one.elsewhere.need):
        return str(gettext("Past, maar is elders meer waard: bij %(project)s.", project=project))
    return str(
        gettext(
            "Past, maar is elders meer waard: %(eur)s meer bij %(project)s.", eur=euros(difference), project=project
        )
    )
