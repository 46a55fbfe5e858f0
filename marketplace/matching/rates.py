"""What an organisation counts for its own needs: a tonne-kilometre, a trip, a saw cut, and the environment."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from marketplace.accounts.models import Organisation
from marketplace.kit import journal
from marketplace.kit.changes import differences, snapshot
from marketplace.kit.database import session
from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.journal import By
from marketplace.matching.models import OwnRates
from marketplace.projects.models import Need

RATES_CHANGED: Final = "organisation.rates_changed"

_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Rates:
    """Hold the rates of one organisation; None where the usual one counts.

    EUR for a tonne over a thousand km and for a trip, mm for a saw cut, and how heavily MKI counts, in percent.
    """

    eur_per_1000_tkm: Decimal | None = None
    trip_eur: Decimal | None = None
    kerf_mm: int | None = None
    mki_percent: int | None = None


BOUNDS: Final = {"eur_per_1000_tkm": 5_000, "trip_eur": 5_000, "kerf_mm": 50, "mki_percent": 1_000}
"""The most that each may be; the least is zero."""

_FIELDS: Final = tuple(field.name for field in fields(Rates))
_SENTENCES: Final = {
    "eur_per_1000_tkm": N_("Vul voor het vervoer een bedrag tussen 0 en %(most)s euro in, per 1.000 tonkilometer."),
    "trip_eur": N_("Vul voor een rit een bedrag tussen 0 en %(most)s euro in."),
    "kerf_mm": N_("Een zaagsnede is tussen 0 en %(most)s mm breed."),
    "mki_percent": N_("De MKI telt voor 0 tot %(most)s procent mee."),
}


def rates_of(organisation_id: int) -> Rates:
    """Return the rates of an organisation, all of them the usual ones where it set none."""
    return _rates(session.get(OwnRates, organisation_id))


def rates_of_all(organisation_ids: Collection[int]) -> dict[int, OwnRates]:
    """Return the rates of those of these organisations that set any, by organisation."""
    query = select(OwnRates).where(OwnRates.organisation_id.in_(set(organisation_ids)))
    return {row.organisation_id: row for row in session.scalars(query)} if organisation_ids else {}


def rates_for(needs: Collection[Need]) -> dict[int, OwnRates | None]:
    """Return the rates of who plans each of these needs, by the id of the need; None where the usual ones count.

    Needs their projects to be loaded.
    """
    own = rates_of_all({need.project.organisation_id for need in needs})
    return {need.id: own.get(need.project.organisation_id) for need in needs}


def set_rates(organisation: Organisation, rates: Rates, by: By) -> None:
    """Set what counts for the needs of an organisation. Raises InvalidInputError, at its field, for an odd rate."""
    _check(rates)
    # Two who set the first rates at once would both add a row.
    row = select(Organisation.id).where(Organisation.id == organisation.id)
    session.execute(row.with_for_update(key_share=True))
    own = session.get(OwnRates, organisation.id, populate_existing=True)
    changed = differences(snapshot(_rates(own), _FIELDS), snapshot(rates, _FIELDS))
    if not changed:
        return
    if own is None:
        own = OwnRates(organisation_id=organisation.id)
        session.add(own)
    for field in _FIELDS:
        setattr(own, field, getattr(rates, field))
    journal.record(f"organisation:{organisation.id}", RATES_CHANGED, by=by, **changed)


def _check(rates: Rates) -> None:
    for field, most in BOUNDS.items():
        rate = getattr(rates, field)
        if rate is not None and not 0 <= rate <= most:
            raise InvalidInputError(_SENTENCES[field], field=field, most=f"{most}")
        if isinstance(rate, Decimal) and rate != rate.quantize(_CENT):
            raise InvalidInputError(N_("Een bedrag heeft ten hoogste twee cijfers achter de komma."), field=field)


def _rates(own: OwnRates | None) -> Rates:
    return Rates(**{field: getattr(own, field) for field in _FIELDS}) if own else Rates()
