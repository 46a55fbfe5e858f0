"""The page of one offer: what it is, what is known of it, what it costs on your site, and the step to reserve it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from flask import abort, render_template, request, url_for
from flask_babel import gettext

from marketplace.accounts.permissions import Permission
from marketplace.kit import clock, journal
from marketplace.kit.errors import InvalidInputError
from marketplace.kit.location import Located
from marketplace.kit.places import find_place
from marketplace.kit.quantities import Quantity, parse_decimal
from marketplace.listings import queries
from marketplace.listings.models import Listing, ListingStatus, Stage
from marketplace.materials.vocabulary import get_category, groups
from marketplace.projects import queries as projects
from marketplace.projects.models import Project
from marketplace.reservations.desk import Queue, claims_of, claims_on, queue_at
from marketplace.reservations.queries import has_reserved, holds_something
from marketplace.web.access import acting_organisation, current_actor, requires
from marketplace.web.cards import crusher_text, drawing_of, free_text, mass_text, per_unit, size_line
from marketplace.web.counted import rule_name, told_view
from marketplace.web.drawings.catalogue import drawing
from marketplace.web.errors import sentence
from marketplace.web.evidence import all_hazard_rows, fact_rows
from marketplace.web.filters import day, language, quantity, typed
from marketplace.web.fits import FitRow, fit_rows
from marketplace.web.history.entries import TimelineEntry, entries
from marketplace.web.labels_of import qr_of
from marketplace.web.listings.blueprint import blueprint
from marketplace.web.listings.delivery import Delivery, delivery_of
from marketplace.web.listings.naming import GRADE_HINTS, GRADE_NAMES
from marketplace.web.maps import MapView, area_of
from marketplace.web.reservations.forms import ReserveForm
from marketplace.web.reservations.promises import after_reserving

_TOLD_ABOVE: Final = {"passport.claim_added", "passport.hazard_stated"}
"""What the tables of the page tell already, each with its day."""

_LARGE: Final = {"width": 640, "height": 427}
_THUMB: Final = {"width": 160, "height": 120, "with_dimensions": False}


@dataclass(frozen=True, slots=True)
class Picture:
    """Hold one picture of the gallery: a photo, or a drawing of our own."""

    url: str
    photo_url: str | None
    thumb_url: str | None
    drawing: str
    thumb: str
    alt: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Reserving:
    """Hold the box to reserve: the amount that is asked about, for what, and what that costs and saves."""

    amount: Decimal
    typed: str
    error: str
    wants: Decimal | None
    """What was asked about where there is less, which somebody may wait for."""
    purpose: str
    purposes: list[tuple[str, str]]
    delivery: Delivery
    form: ReserveForm
    queue: Queue
    promises: list[str]


@blueprint.get("/aanbod/<reference>")
@requires(Permission.PUBLIC)
def show(reference: str) -> str:
    """Show an offer; a draft exists for members of its owner, and for who reserved of it before it was one again."""
    listing = queries.get(reference)
    actor = current_actor()
    ours, members = actor.may(Permission.HANDLE, listing.organisation_id), actor.organisations(Permission.HANDLE)
    if listing.status is ListingStatus.DRAFT and not ours and not _reserved_before(listing):
        abort(404)
    passport = listing.passport
    hazards = all_hazard_rows(passport)
    told = [entry for entry in journal.history(listing.subject, passport.subject) if entry.action not in _TOLD_ABOVE]
    fits = fit_rows(listing) if listing.is_open else []
    address_known = ours or may_see_address(listing)
    return render_template(
        "listings/show.html",
        listing=listing,
        passport=passport,
        trail=trail(listing),
        pictures=pictures(listing),
        lead=lead(listing),
        free_text=free_text(listing),
        crusher_text=crusher_text(listing, clock.today()),
        short_harvest=rule_name(listing.short_harvest, listing.unit),
        count=told_view(listing),
        terms=terms(listing),
        facts=fact_rows(passport),
        hazards=hazards,
        hazards_known=sum(row.level != "unknown" for row in hazards),
        timeline_entries=timeline(listing, entries(told, public=not ours, ours=members)),
        reserving=None if ours or not listing.is_open else reserving(listing, fits),
        fits=fits,
        may_reserve=actor.may(Permission.TRADE),
        mass_text=mass_text,
        per_unit=per_unit(listing.unit),
        ours=ours,
        claims=claims_on(listing.id) if ours else (),
        own_claims=claims_of(members, listing.id) if members and not ours else (),
        may_trade=actor.may(Permission.TRADE, listing.organisation_id),
        address_known=address_known,
        map=where(listing, exact=address_known or listing.hub is not None),
        qr=qr_of(passport),
    )


def _reserved_before(listing: Listing) -> bool:
    return has_reserved(current_actor().organisations(Permission.HANDLE), listing.id)


def may_see_address(listing: Listing) -> bool:
    """Tell whether one of the reader's organisations may fetch something here."""
    return holds_something(current_actor().organisations(Permission.HANDLE), listing.id)


def trail(listing: Listing) -> list[tuple[str, str | None]]:
    """Return the way from the catalogue to this kind."""
    category = get_category(listing.passport.category)
    group = next(group for group in groups() if group.id == category.group)
    return [
        (gettext("Aanbod"), url_for("listings.catalogue")),
        (group.name(language()), url_for("listings.catalogue", groep=group.id)),
        (category.name(language()), url_for("listings.catalogue", groep=group.id, soort=category.id)),
    ]


def pictures(listing: Listing) -> list[Picture]:
    """Return the photos, and behind them the measured drawing; the chosen one comes from the address."""
    passport = listing.passport
    wanted = request.args.get("beeld", "1")
    chosen = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 4 else 1
    count = len(passport.photos) + 1
    chosen = chosen if 1 <= chosen <= count else 1
    found = []
    for at, photo in enumerate(passport.photos, 1):
        large, thumb = (url_for("listings.photo", key=photo.key, size=size) for size in ("large", "thumb"))
        alt = gettext("Foto %(number)s van %(name)s", number=at, name=passport.name)
        found.append(Picture(_picture_url(listing, at), large, thumb, "", "", str(alt), at == chosen))
    expected = listing.stage is Stage.EXPECTED
    small = drawing(passport.category, dims=passport.dimensions, expected=expected, **_THUMB)
    alt = gettext("Tekening van %(name)s met maten", name=passport.name)
    large_drawing = drawing_of(listing, **_LARGE)
    found.append(Picture(_picture_url(listing, count), None, None, large_drawing, small, str(alt), count == chosen))
    return found


def _picture_url(listing: Listing, number: int) -> str:
    return url_for("listings.show", reference=listing.reference, beeld=number if number > 1 else None)


def lead(listing: Listing) -> str:
    """Return sizes, mass and place in one line."""
    return " · ".join(part for part in (size_line(listing.passport), listing.place) if part)


def terms(listing: Listing) -> list[tuple[str, str, str]]:
    """Return the terms of the offer as (name, value, what that means)."""
    until = day(listing.available_until) if listing.available_until else gettext("zonder einddatum")
    found = [
        (gettext("Kwaliteit"), gettext(GRADE_NAMES[listing.grade]), gettext(GRADE_HINTS[listing.grade])),
        (gettext("Beschikbaar vanaf"), day(listing.available_from), ""),
        (gettext("Beschikbaar tot"), until, ""),
        (gettext("Kleinste afname"), quantity(listing.min_take, listing.unit), ""),
    ]
    if listing.stage is Stage.EXPECTED:
        found.append((gettext("Bij een tegenvallende oogst"), rule_name(listing.short_harvest, listing.unit), ""))
    return [(str(name), str(value), str(hint)) for name, value, hint in found]


def timeline(listing: Listing, told: list[TimelineEntry]) -> list[TimelineEntry]:
    """Return the life of the material: what is still to come, what the journal tells, and when it was built."""
    ahead, before = [], []
    if listing.crusher_on and listing.is_open:
        rest = gettext("Wat dan niemand heeft, gaat naar de breker")
        ahead.append(TimelineEntry(day(listing.crusher_on), str(rest), "", "future"))
    if listing.stage is Stage.EXPECTED:
        comes_free = gettext("Komt vrij uit het gebouw")
        ahead.append(TimelineEntry(day(listing.available_from), str(comes_free), listing.passport.origin, "future"))
    if listing.passport.building_year:
        built = gettext("Gebouwd of aangelegd")
        year = str(listing.passport.building_year)
        before.append(TimelineEntry(year, str(built), listing.passport.origin, "past"))
    return [*ahead, *told, *before]


def where(listing: Listing, *, exact: bool) -> MapView:
    """Return the map: where it lies for who may know or where it is a hub, else the middle of the town."""
    town = find_place(listing.place)
    return area_of(listing.point if exact or town is None else town.point, exact=exact)


def reserving(listing: Listing, fits: list[FitRow]) -> Reserving:
    """Return the box to reserve for the amount and the project in the address."""
    planned = projects.with_needs_of(current_actor().organisations(Permission.TRADE))
    form = ReserveForm(formdata=None)
    form.offer_purposes(planned, gettext("Nog geen project"), listing.passport.category)
    purposes = [(str(choice[0]), str(choice[1])) for choice in form.purpose.choices or ()]
    amount, error, wants = _amount(listing)
    wanted = request.args.get("voor")
    purpose = wanted if wanted is not None and wanted in dict(purposes) else _likely(fits, planned)
    return Reserving(
        amount=amount,
        typed=request.args.get("hoeveel", typed(amount)),
        error=error,
        wants=wants,
        purpose=purpose,
        purposes=purposes,
        delivery=delivery_of(listing, amount, _site(purpose, planned)),
        form=form,
        queue=queue_at(listing.id, own=current_actor().organisations(Permission.HANDLE)),
        promises=_promises(listing),
    )


def _promises(listing: Listing) -> list[str]:
    """Return what happens after reserving, for who may do so."""
    buyer = acting_organisation()
    if buyer is None or not current_actor().may(Permission.TRADE):
        return []
    return after_reserving(listing, buyer.id, clock.now())


def _amount(listing: Listing) -> tuple[Decimal, str, Decimal | None]:
    """Return the amount that is asked about, or the least that can be taken and why the asked one cannot be.

    Where there is less than was asked, that comes last.
    """
    least = Quantity(min(listing.min_take, listing.available) or listing.min_take, listing.unit).value
    asked = request.args.get("hoeveel", "").strip()
    if not asked:
        return least, "", None
    try:
        wanted = Quantity(parse_decimal(asked, language=language()), listing.unit).value
    except InvalidInputError as error:
        return least, sentence(error), None
    if wanted > listing.available:
        left = quantity(listing.available, listing.unit)
        said = str(gettext("Er is nog maar %(available)s beschikbaar.", available=left))
        return least, said, wanted if wanted <= listing.still_there else None
    if wanted < least:
        at_least = quantity(least, listing.unit)
        return least, str(gettext("Van deze partij neemt u ten minste %(least)s af.", least=at_least)), None
    return wanted, "", None


def _likely(fits: list[FitRow], planned: list[Project]) -> str:
    """Return the own need that it fits best, if there is one, as the choice to begin with."""
    own = {url_for("needs.show", reference=need.reference): need for project in planned for need in project.needs}
    need = next((own[row.url] for row in fits if row.fits and row.url in own), None)
    return f"need:{need.id}" if need else ""


def _site(purpose: str, planned: list[Project]) -> Located | None:
    """Return where it is to go: to the chosen project, or else to the organisation itself."""
    kind, _, number = purpose.partition(":")
    for project in planned:
        ids = {str(need.id) for need in project.needs} if kind == "need" else {str(project.id)}
        if purpose and number in ids:
            return project
    return acting_organisation()
