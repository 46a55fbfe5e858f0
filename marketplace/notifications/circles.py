"""What people are told of circles: which organisations hear of a step, and what a mail tells them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from marketplace.accounts.circles import is_asked
from marketplace.accounts.models import Organisation, User
from marketplace.kit.journal import Fact, JournalEntry
from marketplace.notifications.recipients import Side


@dataclass(frozen=True, slots=True)
class CircleNews:
    """What one person is told of a circle; `state` is `asked` while its invitation waits for them, else empty."""

    entry: JournalEntry
    person: User
    organisation: Organisation
    side: Side
    state: str


def organisations_told(entry: JournalEntry, found: frozenset[Side], since: Mapping[int, datetime]) -> list[int]:
    """Return the ids of the organisations on these sides of a step in a circle, whom it concerns first.

    `since` tells who is in the circle now, and since when: who entered later is told nothing of what was before. Who
    did it, and who asked them but left since, are not told either.
    """
    concerned, inviter = _id(entry.told, "organisation_id"), _id(entry.told, "inviter_id")
    told = [concerned] if concerned and Side.CONCERNED in found else []
    if Side.INVITER in found and inviter in since and inviter != entry.organisation_id:
        told.append(inviter)
    if Side.MEMBERS in found:
        told += [id_ for id_, entered in since.items() if id_ != concerned and entered <= entry.at]
    return told


def news_of(circle_id: int, entry: JournalEntry, person: User, organisation: Organisation) -> CircleNews:
    """Return what a person of `organisation` is told of a step in a circle."""
    concerned = _id(entry.told, "organisation_id") == organisation.id
    state = "asked" if concerned and is_asked(circle_id, organisation.id) else ""
    return CircleNews(entry, person, organisation, Side.CONCERNED if concerned else Side.MEMBERS, state)


def _id(facts: Mapping[str, Fact], name: str) -> int:
    """Return the id that the facts state, or 0 where they state none."""
    value = facts.get(name)
    return value if isinstance(value, int) else 0
