"""The page of one need: what it asks, how far it is met, what fits with its value and why, and what nearly fits."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from flask import render_template, url_for
from flask_babel import gettext

from marketplace.accounts.permissions import Permission
from marketplace.impact.factors import co2_price
from marketplace.kit import clock
from marketplace.kit.errors import N_
from marketplace.listings.models import Listing
from marketplace.matching.avoided import Avoided
from marketplace.matching.board import coverage_of, plan_standing, sought
from marketplace.matching.conversion import PARAMS, avoided_by, params_of
from marketplace.matching.queries import NearMiss, fits_for_need
from marketplace.matching.rates import rates_of_all
from marketplace.matching.standing import dismissals_of
from marketplace.matching.unproposed import unproposed
from marketplace.projects.models import Need
from marketplace.projects.queries import get_need
from marketplace.web.access import current_actor, requires
from marketplace.web.beside import why_not_text
from marketplace.web.cards import price_line
from marketplace.web.filters import category_name, each_unit, money, money_of, number, quantity
from marketplace.web.fits import (
    NearChart,
    near_chart,
    near_sentence,
)
from marketplace.web.lots import lettered, lot_row
from marketplace.web.mends import MendRow, mend_rows
from marketplace.web.needs.blueprint import blueprint
from marketplace.web.needs.browsing import date_text, drawing_of
from marketplace.web.sizes import asked_dims

_USUAL: Final = N_(
    "Vervoer: %(rate)s per ton over 1.000 km en %(trip)s per rit. De weg is %(road)s maal zo lang als hemelsbreed."
    " Aannames van Materialenhub, voor elke partij gelijk."
)
_OWN: Final = N_(
    "Vervoer: %(rate)s per ton over 1.000 km en %(trip)s per rit, naar de eigen rekenwaarden van %(name)s."
    " De weg is %(road)s maal zo lang als hemelsbreed."
)
_OF_OTHERS: Final = N_(
    "Wie een behoefte plant, kan met eigen rekenwaarden laten plannen. Die ziet alleen zijn eigen organisatie;"
    " hier staan de gewone."
)
# What fits besides the proposals; more would be a catalogue.
_MOST_SPARE: Final = 8


@dataclass(frozen=True, slots=True)
class NearRow:
    """Hold a lot that misses one rule by little: the sentence, and its dimension line where the rule has a scale."""

    url: str
    title: str
    text: str
    sentence: str
    chart: NearChart | None
    mends: list[MendRow]


@blueprint.get("/behoeften/<reference>")
@requires(Permission.PUBLIC)
def show(reference: str) -> str:
    """Show a need; its budget, and what is only too dear, to its own organisation alone."""
    need = get_need(reference)
    owner_id = need.project.organisation_id
    is_ours = current_actor().may(Permission.HANDLE, owner_id)
    fits = fits_for_need(need, sees_budget=is_ours)
    (coverage,) = coverage_of([need])
    dismissed = dismissals_of([need.id])
    # Why something is not proposed would tell others what it may cost.
    beside = unproposed([coverage], {need.id: fits}, dismissed)[need.id] if is_ours else []
    why_not = {one.fit.listing.id: why_not_text(one) for one in beside}
    left_out = {proposal.listing_id for proposal in coverage.proposals}
    left_out |= {dismissal.listing_id for dismissal in dismissed[need.id]}
    spare = [fit for fit in fits.matches if fit.listing.id not in left_out]
    may_edit = current_actor().may(Permission.TRADE, owner_id)
    is_past = need.wanted_until < clock.today()
    return render_template(
        "needs/show.html",
        need=need,
        facts=asked_facts(need, is_ours=is_ours),
        drawing=drawing_of(need),
        fits=fits,
        coverage=coverage,
        bar=[(letter, proposal.quantity) for letter, proposal in lettered(coverage.proposals)],
        lots=[lot_row(proposal, letter) for letter, proposal in lettered(coverage.proposals)],
        spare=[lot_row(fit, why_not=why_not.get(fit.listing.id, "")) for fit in spare[:_MOST_SPARE]],
        dismissed=dismissed[need.id] if may_edit else [],
        fitting=len({proposal.listing_id for proposal in coverage.proposals}) + len(spare),
        near=[near_row(miss, is_open=bool(fits.remaining) and not is_past) for miss in fits.near_misses],
        sources=sources(need, is_ours=is_ours),
        may_edit=may_edit,
        is_past=is_past,
        is_sought=bool(coverage.missing and not is_past and sought([need])),
        plan=plan_standing(),
    )


def asked_facts(need: Need, *, is_ours: bool) -> list[tuple[str, str]]:
    """Return what a need asks as (name, text); the budget only where `is_ours`."""
    unit = each_unit(need.unit)
    substitutes = ", ".join(category_name(category) for category in need.substitutes)
    untested = gettext("mag nog niet onderzocht zijn") if need.accepts_untested else gettext("bekend en afwezig")
    budget = gettext("%(amount)s per %(unit)s", amount=money(need.max_price or Decimal(0)), unit=unit)
    facts = [
        (gettext("Hoeveel"), quantity(need.quantity, need.unit)),
        (gettext("Soort"), category_name(need.category)),
        (gettext("Mag ook zijn"), substitutes),
        (gettext("Maten"), asked_dims(need)),
        (gettext("Wanneer"), date_text(need)),
        (gettext("Waar"), gettext("%(place)s, binnen %(km)s km", place=need.project.place, km=number(need.max_km))),
        (gettext("Kwaliteit"), need.grade.value if need.grade == "A" else _or_better(need)),
        (gettext("Gevaarlijke stoffen"), untested),
        (gettext("Per levering"), gettext("minstens %(amount)s", amount=quantity(need.min_batch, need.unit))),
        (gettext("Nieuw"), gettext("%(amount)s per %(unit)s", amount=money(need.new_eur), unit=unit)),
        (gettext("Budget"), budget if is_ours and need.max_price is not None else ""),
    ]
    return [(str(name), str(text)) for name, text in facts if text]


def _or_better(need: Need) -> str:
    return str(gettext("%(grade)s of beter", grade=need.grade.value))


def near_row(miss: NearMiss, *, is_open: bool = True) -> NearRow:
    """Return a lot that nearly fits, with what would mend it while the need `is_open`."""
    listing = miss.listing
    return NearRow(
        url=url_for("listings.show", reference=listing.reference),
        title=f"{listing.passport.name}, {listing.place}",
        text=_offer_text(listing),
        sentence=near_sentence(miss),
        chart=near_chart(miss),
        mends=mend_rows(miss) if is_open else [],
    )


def _offer_text(listing: Listing) -> str:
    return f"{listing.organisation.name} · {quantity(listing.available, listing.unit)} · {price_line(listing)}"


def sources(need: Need, *, is_ours: bool) -> list[str]:
    """Return where the figures behind the value come from, as sentences; rates of its own only where `is_ours`."""
    planner = need.project.organisation
    own = rates_of_all([planner.id]).get(planner.id) if is_ours else None
    params, weight = params_of(own) or PARAMS, None if own is None else own.mki_percent
    told = {
        "rate": money_of(params.eur_per_tkm * 1000),
        "trip": money_of(params.trip_eur),
        "road": number(params.road),
        "name": planner.name,
    }
    kerf = gettext("Een zaagsnede kost %(kerf)s mm.", kerf=number(params.kerf_mm))
    if not is_ours:
        counted = [gettext(_USUAL, **told), kerf, gettext(_OF_OTHERS)]
    elif params == PARAMS and weight is None:
        counted = [gettext(_USUAL, **told), kerf]
    else:
        times = gettext("De milieukosten tellen voor %(percent)s %%.", percent=100 if weight is None else weight)
        counted = [gettext(_OWN, **told), kerf, times]
    estimate = gettext("De nieuwprijs is een schatting van de planner van het project.")
    stored = gettext("Opslag: het tarief van de hub, per m³ en per week.")
    return [str(text) for text in (estimate, _source_of(avoided_by(need)), stored, *counted)]


def _source_of(avoided: Avoided) -> str:
    if avoided.mki:
        factor = avoided.mki
        message = gettext(
            "Milieukosten: MKI van “%(name)s”, set %(set)s, %(source)s. Indicatief.",
            name=factor.description,
            set=factor.norm_set,
            source=factor.source,
        )
    elif avoided.gwp:
        message = gettext(
            "Milieukosten: de CO2 van nieuw (%(source)s, %(name)s) maal %(price)s per kg (%(price_source)s)."
            " Indicatief.",
            source=avoided.gwp.source,
            name=avoided.gwp.source_name,
            price=money(co2_price().value),
            price_source=co2_price().source,
        )
    else:
        message = gettext("Milieukosten: voor dit materiaal is geen openbaar cijfer; ze tellen voor nul.")
    return str(message)
