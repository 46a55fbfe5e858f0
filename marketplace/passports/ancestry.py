"""Reading lineages: out of what a thing came, what became of it, and where it is built in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, select

from marketplace.kit.database import session
from marketplace.passports.models import Installation, LineageLink, Loss, Passport, PassportStatus

MOST: Final = 30
"""Passports of one family that are read; a page shows no more."""

_GENERATIONS: Final = 12


@dataclass(frozen=True, slots=True)
class Family:
    """Hold a passport with its ancestors and descendants, in order of generation and then of id.

    `generations` counts from the present one: negative for ancestors. `installed` holds where each is built in now,
    by its id. `is_whole` is false where there are more than are read.
    """

    present: Passport
    passports: Sequence[Passport]
    generations: dict[int, int]
    links: Sequence[LineageLink]
    installed: dict[int, Installation]
    is_whole: bool


def family_of(passport: Passport) -> Family:
    """Return the ancestors and descendants of a passport.

    Two statements for what has none; otherwise one more, and one for each generation beyond parents and children.
    """
    generations, links = {passport.id: 0}, dict[int, LineageLink]()
    near = _links((LineageLink.child_id == passport.id) | (LineageLink.parent_id == passport.id))
    walks = [_walk(near, passport.id, way, generations, links) for way in (_UP, _DOWN)]
    rows = session.scalars(select(Passport).where(Passport.id.in_(generations))) if links else [passport]
    ordered = sorted(rows, key=lambda each: (generations[each.id], each.id))
    within = [link for _, link in sorted(links.items())]
    return Family(passport, ordered, generations, within, installations_of(generations), all(walks))


class _Way(NamedTuple):
    """Say in which direction to follow links: from which end, to which, and whether generations count up or down."""

    near: str
    far: str
    step: int


_UP: Final = _Way("child_id", "parent_id", -1)
_DOWN: Final = _Way("parent_id", "child_id", 1)


def _walk(
    near: Sequence[LineageLink], start: int, way: _Way, generations: dict[int, int], links: dict[int, LineageLink]
) -> bool:
    """Follow links from generation to generation, and tell whether all were followed.

    A passport stands as far from the present one as it can, so that whatever came out of it stands beyond it.
    """
    found, distance = [link for link in near if getattr(link, way.near) == start], 0
    while found:
        distance += way.step
        for link in found:
            other = getattr(link, way.far)
            if abs(distance) > _GENERATIONS or (other not in generations and len(generations) >= MOST):
                return False
            links[link.id] = link
            generations[other] = distance
        front = {getattr(link, way.far) for link in found}
        found = list(_links(getattr(LineageLink, way.near).in_(front)))
    return True


def _links(condition: ColumnElement[bool]) -> Sequence[LineageLink]:
    return session.scalars(select(LineageLink).where(condition).order_by(LineageLink.id)).all()


def installations_of(passport_ids: Collection[int]) -> dict[int, Installation]:
    """Return where each of these is built in now, by its id."""
    query = select(Installation).where(Installation.passport_id.in_(passport_ids), Installation.ended_on.is_(None))
    return {row.passport_id: row for row in session.scalars(query)}


def losses_of(passport_id: int) -> Sequence[Loss]:
    """Return what was lost of a passport, in the order in which it happened."""
    return session.scalars(select(Loss).where(Loss.passport_id == passport_id).order_by(Loss.id)).all()


def mergeable_with(passport: Passport) -> Sequence[Passport]:
    """Return the other passports of the same owner, kind, unit and size that are not built in, the newest first."""
    same = [
        getattr(Passport, name) == getattr(passport, name)
        for name in ("owner_id", "category", "unit", "length_mm", "width_mm", "height_mm")
    ]
    built_in = select(Installation.passport_id).where(Installation.ended_on.is_(None))
    going_on = Passport.status.in_([PassportStatus.DRAFT, PassportStatus.PUBLISHED])
    query = select(Passport).where(*same, going_on, Passport.id != passport.id, Passport.id.not_in(built_in))
    return [each for each in session.scalars(query.order_by(Passport.id.desc()).limit(MOST)) if not each.details.work]
