"""How the matches of a project came about: what goes where, the rules that decided it, and the account."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import url_for
from flask_babel import gettext, ngettext

from marketplace.accounts.permissions import Permission
from marketplace.kit.clock import today
from marketplace.listings.models import Listing
from marketplace.matching.board import coverage_of
from marketplace.matching.models import Proposal
from marketplace.matching.queries import Fit, Fits, fits_for_need
from marketplace.matching.settled import settled_of
from marketplace.passports.gate import HazardStatus
from marketplace.projects.models import Project
from marketplace.web.access import current_actor
from marketplace.web.evidence import hazard_name
from marketplace.web.filters import day, money, quantity
from marketplace.web.fits import distance_text, weeks_of
from marketplace.web.lots import account, work_text
from marketplace.web.worth import value_of

_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Stories:
    """Hold the most valuable matches as they are explained, and how many there are in all."""

    shown: list["Story"]
    all: int


@dataclass(frozen=True, slots=True)
class Story:
    """Hold one match as it is explained: `rules` are sentences, the one that decided most first."""

    title: str
    url: str
    need_title: str
    need_url: str
    origin: str
    is_reserved: bool
    rules: list[str]
    account: list[tuple[str, str]]
    total: str


def stories_of(project: Project) -> Stories:
    """Return the most valuable matches of a project: proposals, and to its own people what is reserved as well."""
    sees = any(current_actor().may(Permission.HANDLE, each) for each in (project.organisation_id, project.client_id))
    needs = [need for need in project.needs if need.wanted_until >= today()]
    proposals = [proposal for one in coverage_of(needs) for proposal in one.proposals]
    matches: list[Fit | Proposal] = [*(settled_of(project.id) if sees else []), *proposals]
    best = sorted(matches, key=lambda match: (-value_of(match), match.listing.id))[:_MOST]
    return Stories([_story(match) for match in best], len(matches))


def _story(match: Fit | Proposal) -> Story:
    listing, need = match.listing, match.need
    return Story(
        title=f"{quantity(match.take, listing.unit)} {listing.passport.name}",
        url=url_for("listings.show", reference=listing.reference),
        need_title=need.title,
        need_url=url_for("needs.show", reference=need.reference),
        origin=_origin(listing),
        is_reserved=isinstance(match, Fit),
        rules=list(_rules(match, fits_for_need(need))),
        account=account(match),
        total=money(value_of(match)),
    )


def _origin(listing: Listing) -> str:
    """Return where it comes from: `uit Volta, Alfa College Hoogeveen, nu in Materialenhub Stadterij Hoogeveen`."""
    source = listing.project.name if listing.project else listing.passport.origin or listing.organisation.name
    if listing.hub:
        return str(gettext("uit %(source)s, nu in %(hub)s", source=source, hub=listing.hub.name))
    return str(gettext("uit %(source)s, %(place)s", source=source, place=listing.place))


def _rules(match: Fit | Proposal, fits: Fits) -> Iterator[str]:
    if match.hub:
        yield _stored(match)
    if work := work_text(match):
        yield str(gettext("De maat klopt niet vanzelf: %(work)s.", work=work))
    if proven := _proven(match):
        yield str(
            gettext("Onderzocht en afwezig: %(hazards)s. Was dat onbekend, dan paste de partij niet.", hazards=proven)
        )
    if isinstance(match, Proposal):  # what else fitted when something was reserved, nobody kept
        yield _beside(match, fits)
    if _lies_here(match):
        yield str(gettext("Het ligt op het werk zelf: vervoer over de weg is er niet."))
        return
    distance = distance_text(match)
    yield str(
        gettext(
            "De afstand is %(distance)s over de weg; hoogstens %(most)s km mag.",
            distance=distance,
            most=match.need.max_km,
        )
    )


def _lies_here(match: Fit | Proposal) -> bool:
    return match.listing.point.road_km_to(match.need.project.point) < 1


def _stored(match: Fit | Proposal) -> str:
    weeks, hub = weeks_of(match), match.hub.name if match.hub else ""
    ends = [end for end in (match.listing.available_until, match.listing.crusher_on) if end]
    message = ngettext(
        "Via %(hub)s: de partij moet op %(until)s weg zijn, en is pas op %(wanted)s nodig. Zij wacht er %(num)s week.",
        "Via %(hub)s: de partij moet op %(until)s weg zijn, en is pas op %(wanted)s nodig. Zij wacht er %(num)s weken.",
        weeks,
        hub=hub,
        until=day(min(ends)) if ends else day(match.need.wanted_from - timedelta(weeks=weeks)),
        wanted=day(match.need.wanted_from),
    )
    return str(message)


def _proven(match: Fit | Proposal) -> str:
    """Return the hazards that were tested and are absent, where the need asks for that; nothing where none was."""
    if match.need.accepts_untested:
        return ""
    tested = [each for each in match.listing.passport.hazards if each.status is HazardStatus.ABSENT_TESTED]
    return ", ".join(hazard_name(each.hazard) for each in tested)


def _beside(match: Proposal, fits: Fits) -> str:
    others = sum(fit.listing.id != match.listing.id for fit in fits.matches)
    missed = _misses(fits)
    if not others and fits.covered:
        return str(gettext("Voor wat nog ontbreekt is het de enige partij die past.")) + missed
    if not others:
        return str(gettext("Het is de enige partij die past.")) + missed
    message = ngettext(
        "Nog %(num)s andere partij past; over het hele plan gerekend is dit het meeste waard.",
        "Nog %(num)s andere partijen passen; over het hele plan gerekend is dit het meeste waard.",
        others,
    )
    return str(message) + missed


def _misses(fits: Fits) -> str:
    count: Sequence[object] = fits.near_misses
    if not count:
        return ""
    return " " + str(
        ngettext("%(num)s partij viel op één regel af.", "%(num)s partijen vielen elk op één regel af.", len(count))
    )
