"""What the journal tells of the market: which lots and needs are to be looked at again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select

from marketplace.kit.database import session
from marketplace.kit.journal import JournalEntry
from marketplace.listings.models import Listing
from marketplace.matching.rates import RATES_CHANGED
from marketplace.projects.models import Need, Project
from marketplace.reservations.models import Reservation

OF_PAIRS: Final = ("proposal.dismissed", "proposal.allowed")
"""Told at the need, with the listing that it is about."""

NEED_REMOVED: Final = "need.removed"
"""Told with the listings that were meant for it, of which nothing else is left to tell."""


@dataclass(slots=True)
class News:
    """The ids of lots and needs with which something happened, and of those that are not as they were.

    `hubs` tells that hubs did, and `proposals` that others than the live planner changed what stands.
    """

    lots: set[int] = field(default_factory=set)
    needs: set[int] = field(default_factory=set)
    changed_lots: set[int] = field(default_factory=set)
    changed_needs: set[int] = field(default_factory=set)
    hubs: bool = False
    proposals: bool = False


def news_of(entries: Sequence[JournalEntry]) -> News:
    """Return what these rows of the journal tell."""
    about: dict[str, set[int]] = {}
    freed: set[int] = set()
    for entry in entries:
        kind, id_ = entry.about
        if kind != "organisation" or entry.action == RATES_CHANGED:
            about.setdefault(kind, set()).add(id_)
        if entry.action in OF_PAIRS:
            freed.add(int(entry.told.get("listing_id") or 0))
        if entry.action == NEED_REMOVED:
            freed.update(int(number) for number in str(entry.told.get("frees") or "").split(",") if number)
    news = News(
        lots=about.get("listing", set()) | freed,
        needs=set(about.get("need", ())),
        changed_lots=freed,
        hubs="hub" in about,
        proposals=not about.keys().isdisjoint({"plan_run", "improvement"}),
    )
    _add_related(news, about)
    return news


def _add_related(news: News, about: dict[str, set[int]]) -> None:
    if passports := about.get("passport"):
        news.lots.update(session.scalars(select(Listing.id).where(Listing.passport_id.in_(passports))))
    if projects := about.get("project"):
        news.needs.update(session.scalars(select(Need.id).where(Need.project_id.in_(projects))))
    if organisations := about.get("organisation"):
        planned = select(Need.id).join(Need.project).where(Project.organisation_id.in_(organisations))
        news.needs.update(session.scalars(planned))
    if reservations := about.get("reservation"):
        rows = select(Reservation.listing_id, Reservation.need_id).where(Reservation.id.in_(reservations))
        for listing_id, need_id in session.execute(rows):
            news.lots.add(listing_id)
            news.needs.update([need_id] if need_id is not None else [])
