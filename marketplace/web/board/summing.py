"""What several proposals come to together: how much, of how many owners, what it costs delivered, and the CO2."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from flask_babel import gettext, ngettext

from marketplace.listings.models import Listing, Stage
from marketplace.matching.filling import Share, total_of
from marketplace.matching.models import Proposal
from marketplace.projects.models import Need
from marketplace.web.cards import mass_text, saving_of
from marketplace.web.filters import quantity

_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Line:
    """Hold how much of a lot goes to a need, in the unit of its listing, and what that brings and costs.

    `is_known` where its transport is: a lot that is not proposed any more has no way that was worked out.
    """

    listing: Listing
    need: Need
    take: Decimal
    share: Share
    is_known: bool = True

    @property
    def key(self) -> tuple[int, int]:
        """Return the ids of its listing and its need."""
        return self.listing.id, self.need.id


@dataclass(frozen=True, slots=True)
class Sum:
    """Hold several lines as one; `saved_kg` is CO2, None where no figure is known of any of them."""

    lines: list[Line]
    total: Share
    saved_kg: Decimal | None

    @property
    def owners(self) -> int:
        """Return of how many organisations it is."""
        return len({line.listing.organisation_id for line in self.lines})

    @property
    def expected(self) -> int:
        """Return how many lots are still in a building, and so become options."""
        return len({line.listing.id for line in self.lines if line.listing.stage is Stage.EXPECTED})

    @property
    def amount_text(self) -> str:
        """Return how much it is: `214 st`, or `7 partijen` where they count in several units."""
        units = {line.need.unit for line in self.lines}
        if len(units) == 1:
            return quantity(self.total.quantity, units.pop())
        return str(ngettext("%(num)s partij", "%(num)s partijen", len(self.lines)))

    @property
    def text(self) -> str:
        """Return it as it is told: `214 st van 6 eigenaren`."""
        owners = ngettext("%(num)s eigenaar", "%(num)s eigenaren", self.owners)
        return str(gettext("%(amount)s van %(owners)s", amount=self.amount_text, owners=owners))

    @property
    def saved_text(self) -> str:
        """Return the CO2 that it saves: `14,4 t CO2 minder`; nothing where none is known or saved."""
        if self.saved_kg is None or self.saved_kg <= 0:
            return ""
        return str(gettext("%(mass)s CO2 minder", mass=mass_text(self.saved_kg)))


def lines_of(proposals: Iterable[Proposal]) -> list[Line]:
    """Return proposals as lines, one for each lot and need, over whatever routes."""
    found: dict[tuple[int, int], Line] = {}
    for proposal in proposals:
        line = Line(proposal.listing, proposal.need, proposal.take, _share(proposal))
        known = found.get(line.key)
        if known:
            line = Line(line.listing, line.need, known.take + line.take, total_of([known.share, line.share]))
        found[line.key] = line
    return list(found.values())


def summed(lines: Sequence[Line]) -> Sum:
    """Return these lines together."""
    saved = [saving.typical.total_kg for line in lines if (saving := saving_of(line.listing, line.take, km=_km(line)))]
    return Sum(list(lines), total_of(line.share for line in lines), sum(saved, Decimal(0)) if saved else None)


def _share(proposal: Proposal) -> Share:
    spent = -(proposal.transport_eur + proposal.storage_eur + proposal.trips_eur)
    return Share(proposal.quantity, (proposal.take * proposal.listing.price_eur).quantize(_CENT), spent)


def _km(line: Line) -> Decimal:
    return Decimal(round(line.listing.point.road_km_to(line.need.project.point)))
