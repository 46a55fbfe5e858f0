"""Reading what a person on site needs: which lot this is, what waits to be fetched, and where it can be put."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from marketplace.accounts.permissions import Actor, Permission
from marketplace.kit.database import session
from marketplace.kit.errors import N_, NotFoundError
from marketplace.kit.places import Point
from marketplace.listings import queries as listings
from marketplace.listings.models import Listing, Stage
from marketplace.passports.levels import Granularity
from marketplace.passports.models import Passport
from marketplace.projects.models import Hub
from marketplace.reservations import queries as reservations
from marketplace.reservations.models import Reservation
from marketplace.reservations.states import State
from marketplace.scanning.models import FinderReport, ScanEvent
from marketplace.scanning.sightings import Sighting, find_impossible
from marketplace.scanning.steps import Situation, may_handle

_REMEMBERED: Final = timedelta(days=90)
"""How long two sightings that cannot both be right are told."""
_MOST: Final = 200


def find_lot(passport_id: int, actor: Actor) -> Listing | None:
    """Return the lot of this passport that the person handles, or from which they may fetch something, or None.

    Where there are several, it is the newest that has not gone, or else the newest. A lot of who gave the passport
    away is handled by nobody unless it has gone.
    """
    owner_id = session.get_one(Passport, passport_id).owner_id
    lots = listings.of_passport(passport_id)
    there = [lot for lot in lots if lot.organisation_id == owner_id or lot.stage is Stage.GONE]
    handled = [lot for lot in there if may_handle(actor, handled_by(lot))]
    fetched = [lot for lot in there if to_fetch(lot, actor)] if actor.signed_in and not handled else []
    return min(handled or fetched, key=lambda lot: lot.stage is Stage.GONE, default=None)


def handled_by(lot: Listing) -> frozenset[int]:
    """Return the ids of the organisations whose people handle a lot: its owner, and the owner of the hub it lies in."""
    return frozenset({lot.organisation_id, lot.hub.organisation_id} if lot.hub else {lot.organisation_id})


def to_fetch(lot: Listing, actor: Actor) -> list[Reservation]:
    """Return the confirmed reservations of a lot that this person may give or fetch, the oldest first."""
    waiting = [each for each in reservations.of_listing(lot.id) if each.state is State.CONFIRMED]
    if may_handle(actor, handled_by(lot)):
        return waiting
    return [each for each in waiting if actor.may(Permission.HANDLE, each.organisation_id)]


def count_to_fetch(lot: Listing) -> int:
    """Return how many confirmed reservations of a lot wait to be fetched, whosever they are."""
    waiting = (Reservation.listing_id == lot.id, Reservation.state == State.CONFIRMED)
    return session.scalar(select(func.count()).select_from(Reservation).where(*waiting)) or 0


def situation_of(passport: Passport, lot: Listing, *, waiting: int) -> Situation:
    """Return what decides which steps can be done with a lot, given how many reservations wait to be fetched."""
    return Situation(
        withdrawn=passport.status.is_over,
        in_building=lot.stage is Stage.EXPECTED,
        gone=lot.stage is Stage.GONE,
        has_available=lot.available > 0,
        to_fetch=waiting,
    )


def hubs_for(lot: Listing) -> list[Hub]:
    """Return the hubs in which a lot can be received: those of its owner, and the one where it was announced."""
    query = select(Hub).where((Hub.organisation_id == lot.organisation_id) | (Hub.id == lot.hub_id))
    return list(session.scalars(query.order_by(Hub.name, Hub.id)))


def find_event(request_key: str) -> ScanEvent | None:
    """Return what an earlier sending of the same form did, or None."""
    return session.scalars(select(ScanEvent).where(ScanEvent.request_key == request_key)).one_or_none()


def get_report(report_id: int) -> FinderReport:
    """Return a report with its passport. Raises NotFoundError."""
    query = select(FinderReport).where(FinderReport.id == report_id).options(joinedload(FinderReport.passport))
    report = session.scalars(query).one_or_none()
    if report is None:
        raise NotFoundError(N_("Deze melding bestaat niet, of niet voor u."))
    return report


def open_reports(passport_ids: Collection[int]) -> Sequence[FinderReport]:
    """Return the reports about these passports that nobody settled yet, the newest first."""
    waiting = (FinderReport.passport_id.in_(passport_ids), FinderReport.settled_at.is_(None))
    return session.scalars(select(FinderReport).where(*waiting).order_by(FinderReport.id.desc())).all()


def find_copied(passport: Passport, lots: Sequence[Listing], *, now: datetime) -> tuple[Sighting, Sighting] | None:
    """Return two sightings of its label between which nobody can have carried it, or None.

    Parts of a batch may lie at several places; one thing or work lies at one.
    """
    may_lie = () if passport.granularity is Granularity.ITEM else tuple(lot.point for lot in lots)
    return find_impossible(_sightings(passport.id, since=now - _REMEMBERED), may_lie)


def _sightings(passport_id: int, *, since: datetime) -> list[Sighting]:
    found = []
    for kind in (ScanEvent, FinderReport):
        query = select(kind.at, kind.place, kind.x_km, kind.y_km)
        where = (kind.passport_id == passport_id, kind.at >= since, kind.x_km.is_not(None))
        rows = session.execute(query.where(*where).order_by(kind.at.desc()).limit(_MOST))
        found += [Sighting(at, place, Point(x, y)) for at, place, x, y in rows if x is not None and y is not None]
    return found
