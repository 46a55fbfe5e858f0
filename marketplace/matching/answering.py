"""What people answer to the matcher: a better plan is taken over, a proposal is dismissed, or allowed again."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from marketplace.kit import journal
from marketplace.kit.changes import as_fact
from marketplace.kit.database import session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError
from marketplace.kit.journal import By, Fact
from marketplace.listings.models import Listing
from marketplace.matching.allotting import Allotment, Key, route_of
from marketplace.matching.keeping import keep, key_of, outdate, rows_of, standing, take_turn
from marketplace.matching.market import read_part
from marketplace.matching.models import (
    Dismissal,
    Improvement,
    ImprovementAgreement,
    ImprovementLine,
    ImprovementState,
    Proposal,
)
from marketplace.projects.models import Need

LONGEST_REASON: Final = 300
_SHORTEST_REASON: Final = 3
_OUTDATED: Final = N_("Dit betere plan is achterhaald: er is intussen iets veranderd. Er verandert nu niets.")


def take_over(improvement: Improvement, by: By, at: datetime) -> bool:
    """Agree to a better plan for an organisation, and do it where nobody who would get less has still to agree.

    Then it takes the place of the proposals that it changes. Returns whether it was done; else it waits for `asked`.
    Everything is looked at again: what is available and lacking now, the rules, and what stands. Raises ConflictError
    where that does not allow it any more, or it is not worth more; then the plan is OUTDATED, which the door commits
    all the same, and nothing else has changed.
    """
    offered = _offered(improvement)
    _hold({line.listing_id for line in offered.lines})
    rows, now = _as_it_would_be(offered.lines)
    if now is None or _worth(now) <= sum((row.value_eur for row in rows.values()), Decimal(0)):
        offered.state, offered.decided_at = ImprovementState.OUTDATED, at
        session.flush()
        raise ConflictError(_OUTDATED)
    _agree(offered, by, at)
    if asked(offered):
        return False
    offered.state, offered.decided_at = ImprovementState.TAKEN, at
    outdate(keep(rows, now, at), at)
    told = {"gain_eur": as_fact(offered.gain_eur), "proposals": len(offered.lines)}
    journal.record(f"improvement:{offered.id}", "improvement.taken", by=by, **told)
    return True


def refuse(improvement: Improvement, by: By, at: datetime) -> None:
    """Say for an organisation that would get less by a better plan that it is not to be: then it is OUTDATED.

    Raises ConflictError where it is not on offer any more.
    """
    offered = _offered(improvement)
    if by.organisation_id not in losing(offered):
        raise ConflictError(N_("Alleen wie door dit betere plan minder krijgt, kan het tegenhouden."))
    offered.state, offered.decided_at = ImprovementState.OUTDATED, at
    journal.record(f"improvement:{offered.id}", "improvement.refused", by=by, gain_eur=as_fact(offered.gain_eur))


def losing(improvement: Improvement) -> set[int]:
    """Return the organisations of which a need would get less by a better plan: less of it, or worth less.

    Needs its lines with their needs and projects to be loaded.
    """
    by_need: defaultdict[int, list[ImprovementLine]] = defaultdict(list)
    for line in improvement.lines:
        by_need[line.need_id].append(line)
    return {
        lines[0].need.project.organisation_id
        for lines in by_need.values()
        if sum(line.after - line.before for line in lines) < 0
        or sum(line.value_after_eur - line.value_before_eur for line in lines) < 0
    }


def asked(improvement: Improvement) -> set[int]:
    """Return the organisations that have still to agree to a better plan. Needs its agreements to be loaded, too."""
    return losing(improvement) - {agreement.organisation_id for agreement in improvement.agreements}


def _offered(improvement: Improvement) -> Improvement:
    """Take the turn and read a better plan again, or raise ConflictError where it is not on offer any more."""
    take_turn()
    lines = selectinload(Improvement.lines).joinedload(ImprovementLine.need).joinedload(Need.project)
    query = select(Improvement).where(Improvement.id == improvement.id)
    query = query.options(lines, selectinload(Improvement.agreements))
    offered = session.scalars(query.execution_options(populate_existing=True)).one()
    if offered.state is not ImprovementState.OFFERED:
        raise ConflictError(N_("Dit betere plan is al overgenomen of achterhaald."))
    return offered


def _agree(improvement: Improvement, by: By, at: datetime) -> None:
    known = {agreement.organisation_id for agreement in improvement.agreements}
    if by.organisation_id is None or by.organisation_id in known:
        return
    agreement = ImprovementAgreement(organisation_id=by.organisation_id, user_id=by.user_id, agreed_at=at)
    improvement.agreements.append(agreement)
    session.flush()
    journal.record(f"improvement:{improvement.id}", "improvement.agreed", by=by)


def dismiss(need: Need, listing: Listing, reason: str, by: By, at: datetime) -> Dismissal:
    """Take a proposal away for good, with the reason; the lot is free for others. Again, the reason is replaced.

    Raises InvalidInputError, at the field `reason`, for one that is too short or too long.
    """
    text = reason.strip()
    if not _SHORTEST_REASON <= len(text) <= LONGEST_REASON:
        message = N_("Vertel in %(least)s tot %(most)s tekens waarom niet.")
        raise InvalidInputError(message, field="reason", least=str(_SHORTEST_REASON), most=str(LONGEST_REASON))
    take_turn()
    pair = select(Dismissal).where(Dismissal.need_id == need.id, Dismissal.listing_id == listing.id)
    dismissal = session.scalars(pair).one_or_none()
    if dismissal is None:
        dismissal = Dismissal(need_id=need.id, listing_id=listing.id)
        session.add(dismissal)
    dismissal.reason, dismissal.user_id, dismissal.dismissed_at = text, by.user_id, at
    gone = delete(Proposal).where(Proposal.need_id == need.id, Proposal.listing_id == listing.id)
    hubs = session.scalars(gone.returning(Proposal.hub_id)).all()
    outdate({(str(listing.id), str(need.id), None if hub_id is None else str(hub_id)) for hub_id in hubs}, at)
    told: dict[str, Fact] = {"listing_id": listing.id, "listing": listing.reference, "reason": text}
    journal.record(f"need:{need.id}", "proposal.dismissed", by=by, **told)
    return dismissal


def allow_again(dismissal: Dismissal, by: By) -> None:
    """Let a lot be proposed for a need again."""
    take_turn()
    need_id, listing_id = dismissal.need_id, dismissal.listing_id
    session.delete(dismissal)
    session.flush()
    journal.record(f"need:{need_id}", "proposal.allowed", by=by, listing_id=listing_id)


def _hold(listing_ids: set[int]) -> None:
    """Let nobody reserve of these listings until the end, so that what is available stays so."""
    session.execute(select(Listing.id).where(Listing.id.in_(listing_ids)).order_by(Listing.id).with_for_update())


def _as_it_would_be(
    lines: Sequence[ImprovementLine],
) -> tuple[dict[Key, Proposal], dict[Key, Allotment] | None]:
    """Return the rows that would be replaced, and what would stand in their place; None where that is not possible."""
    of_lines = {key_of(line): line for line in lines}
    hubs = {hub for _, _, hub in of_lines if hub is not None}
    around = rows_of({lot for lot, _, _ in of_lines}, {need for _, need, _ in of_lines}, hubs)
    keys = around.keys() | of_lines.keys()
    market = read_part({int(lot) for lot, _, _ in keys}, {int(need) for _, need, _ in keys})
    rows = {key: around.pop(key) for key in of_lines if key in around}
    if any(line.before != (rows[key].quantity if key in rows else 0) for key, line in of_lines.items()):
        return rows, None
    stands = standing(around, market)
    now: dict[Key, Allotment] = {}
    for key, line in of_lines.items():
        if not line.after:
            continue
        route = route_of(market, key)
        allotment = stands.greatest(route, line.after) if route else None
        if allotment is None or allotment.quantity != line.after:
            return rows, None
        stands.put(allotment)
        now[key] = allotment
    return rows, now


def _worth(now: dict[Key, Allotment]) -> Decimal:
    return sum((allotment.value for allotment in now.values()), Decimal(0))
