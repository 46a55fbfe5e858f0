"""The page of one need: what it asks, how far it is met, what fits with its value and why, and what nearly fits."""

from dataclasses import dataclass
from decimal import Decimal
from string import ascii_uppercase
from typing import Final

from flask import render_template, url_for
from flask_babel import gettext, ngettext

from marketplace.accounts.permissions import Permission
from marketplace.impact.factors import co2_price
from marketplace.kit import clock
from marketplace.listings.models import Listing, Stage
from marketplace.matching.avoided import Avoided
from marketplace.matching.conversion import PARAMS, avoided_by
from marketplace.matching.queries import Fit, Fits, NearMiss, fits_for_need
from marketplace.projects.models import Need
from marketplace.projects.queries import get_need
from marketplace.web.access import current_actor, requires
from marketplace.web.cards import drawing_of as listing_drawing
from marketplace.web.cards import free_text, photo_url, price_line, size_line
from marketplace.web.evidence import proofs
from marketplace.web.filters import category_name, money, number, plain, quantity, unit_label
from marketplace.web.fits import (
    NearChart,
    Term,
    asked_dims,
    distance_text,
    near_chart,
    near_sentence,
    value_terms,
)
from marketplace.web.mends import MendRow, mend_rows
from marketplace.web.needs.blueprint import blueprint
from marketplace.web.needs.browsing import date_text, drawing_of

_THUMB: Final = {"width": 160, "height": 120}
# What fits besides the proposals; more would be a catalogue.
_MOST_SPARE: Final = 8


@dataclass(frozen=True, slots=True)
class LotRow:
    """Hold a lot that fits: a proposal with its letter, or one to spare without, with its value and the way it goes."""

    letter: str
    url: str
    title: str
    owner: str
    sizes_text: str
    stage: str
    free_text: str | None
    quantity_text: str
    of_text: str
    distance: str
    work_text: str
    route_text: str
    proofs: list[tuple[str, str]]
    photo_url: str | None
    drawing: str
    fall: list[Term]
    account: list[tuple[str, str]]
    total: str
    reserve_url: str | None
    reserve_text: str
    is_own: bool


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
    proposed = {fit.listing.id for fit in fits.proposals}
    spare = [fit for fit in fits.matches if fit.listing.id not in proposed]
    lots = [lot_row(fit, letter) for fit, letter in zip(fits.proposals, _letters(), strict=False)]
    is_past = need.wanted_until < clock.today()
    return render_template(
        "needs/show.html",
        need=need,
        facts=asked_facts(need, is_ours=is_ours),
        drawing=drawing_of(need),
        fits=fits,
        bar=[(row.letter, fit.quantity) for row, fit in zip(lots, fits.proposals, strict=False)],
        missing=missing(fits),
        lots=lots,
        spare=[lot_row(fit) for fit in spare[:_MOST_SPARE]],
        near=[near_row(miss, is_open=bool(fits.remaining) and not is_past) for miss in fits.near_misses],
        sources=sources(need),
        may_edit=current_actor().may(Permission.TRADE, owner_id),
        is_past=is_past,
    )


def missing(fits: Fits) -> Decimal:
    """Return what neither a reservation nor a proposal covers."""
    proposed = sum((fit.quantity for fit in fits.proposals), Decimal(0))
    return max(fits.remaining - proposed, Decimal(0))


def asked_facts(need: Need, *, is_ours: bool) -> list[tuple[str, str]]:
    """Return what a need asks as (name, text); the budget only where `is_ours`."""
    unit = unit_label(need.unit)
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


def _letters() -> list[str]:
    return [*ascii_uppercase, *(f"{first}{second}" for first in ascii_uppercase for second in ascii_uppercase)]


def lot_row(fit: Fit, letter: str = "") -> LotRow:
    """Return a lot that fits, as it is shown to who asks now."""
    listing, need = fit.listing, fit.need
    passport = listing.passport
    amount = quantity(fit.take, listing.unit)
    is_own = listing.organisation_id == need.project.organisation_id
    return LotRow(
        letter=letter,
        url=url_for("listings.show", reference=listing.reference),
        title=passport.name,
        owner=f"{listing.organisation.name}, {listing.place}",
        sizes_text=size_line(passport),
        stage=listing.stage.value,
        free_text=free_text(listing),
        quantity_text=quantity(fit.quantity, need.unit),
        of_text=of_text(fit),
        distance=distance_text(fit),
        work_text=work_text(fit),
        route_text=route_text(fit),
        proofs=proofs(passport, most=3),
        photo_url=photo_url(passport, "thumb"),
        drawing="" if passport.photos else listing_drawing(listing, **_THUMB),
        fall=value_terms(fit),
        account=account(fit),
        total=_eur(fit.value),
        reserve_url=None if is_own else _reserve_url(fit),
        reserve_text=str(gettext("Reserveer %(amount)s", amount=amount)),
        is_own=is_own,
    )


def of_text(fit: Fit) -> str:
    """Return of how much it is taken, and when: `64 st vrij`, `12 van 18 m vrij, nog in gebouw`."""
    listing = fit.listing
    free = quantity(listing.available, listing.unit)
    if listing.stage is Stage.EXPECTED:
        return str(gettext("van %(free)s, nog in gebouw", free=free))
    return str(gettext("van %(free)s vrij", free=free))


def work_text(fit: Fit) -> str:
    """Return what must be done to it: `200 mm inkorten`, `elk in 2 stukken zagen`, or nothing."""
    route, dims, windows = fit.route, fit.route.lot.dims, fit.route.need.windows
    if route.cuts > 1:
        return str(ngettext("elk in %(num)s stuk zagen", "elk in %(num)s stukken zagen", route.cuts))
    if route.need.cut_mm is None or not dims or not windows or dims[0] <= windows[0][1]:
        return ""
    return str(gettext("%(size)s mm inkorten", size=number(Decimal(round(dims[0] - windows[0][1])))))


def route_text(fit: Fit) -> str:
    """Return the way that it goes: `rechtstreeks`, or through which hub and for how long."""
    if fit.hub is None:
        return str(gettext("rechtstreeks"))
    weeks = ngettext("%(num)s week opslag", "%(num)s weken opslag", fit.route.storage_weeks)
    return str(gettext("via %(hub)s, %(weeks)s", hub=fit.hub.name, weeks=weeks))


def account(fit: Fit) -> list[tuple[str, str]]:
    """Return the terms of the whole match as (name, amount), which add up to its value to the cent."""
    terms = fit.terms
    named = [
        (gettext("Nieuw materiaal dat u niet koopt"), terms.new),
        (gettext("Milieukosten die u vermijdt"), terms.mki),
        (gettext("Prijs van deze partij"), terms.price),
        (gettext("Vervoer over de weg"), terms.transport),
        (gettext("Opslag in de hub"), terms.storage),
        (gettext("Ritten"), terms.trips),
    ]
    return [(str(name), _eur(amount)) for name, amount in named if amount]


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


def sources(need: Need) -> list[str]:
    """Return where the figures behind the value come from, as sentences."""
    return [
        str(gettext("De nieuwprijs is een schatting van de planner van het project.")),
        _source_of(avoided_by(need)),
        str(
            gettext(
                "Vervoer: %(rate)s per ton per km en %(trip)s per rit. De weg is %(road)s maal zo lang als hemelsbreed."
                " Aannames van Materialenhub, voor elke partij gelijk.",
                rate=_eur(PARAMS.eur_per_tkm),
                trip=_eur(PARAMS.trip_eur),
                road=number(PARAMS.road),
            )
        ),
        str(gettext("Opslag: het tarief van de hub, per m³ en per week.")),
        str(gettext("Een zaagsnede kost %(kerf)s mm.", kerf=number(PARAMS.kerf_mm))),
    ]


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


def _reserve_url(fit: Fit) -> str | None:
    """Return where it can be reserved for this need, or None where others than its organisation ask."""
    actor = current_actor()
    if actor.signed_in and not actor.may(Permission.TRADE, fit.need.project.organisation_id):
        return None
    return url_for(
        "reservations.reserve",
        reference=fit.listing.reference,
        aantal=plain(fit.take),
        behoefte=fit.need.reference,
    )


def _eur(amount: float) -> str:
    return money(Decimal(str(amount)).quantize(Decimal("0.01")))
