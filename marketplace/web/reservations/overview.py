"""What an organisation reserved itself: per project and need, how far that covers it, and what is to be decided."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from flask import render_template

from marketplace.accounts.permissions import Permission
from marketplace.matching.conversion import in_need
from marketplace.matching.models import OwnRates
from marketplace.matching.queries import reserved_for
from marketplace.matching.rates import rates_for
from marketplace.projects.models import Need, Project
from marketplace.reservations import queries
from marketplace.reservations.desk import pick_ups
from marketplace.reservations.models import Reservation
from marketplace.reservations.states import ACTIVE, State
from marketplace.web.access import current_actor, requires
from marketplace.web.reservations.blueprint import blueprint

_MOST_DONE: Final = 50
_NOTHING: Final = Decimal(0)


@dataclass(slots=True)
class ForNeed:
    """Hold what is reserved for one need, or for none in particular, in the unit of the need.

    `rates` are those of who plans it, None where the usual ones count.
    """

    need: Need | None
    covered: Decimal = _NOTHING
    rates: OwnRates | None = None
    reservations: list[Reservation] = field(default_factory=list)

    @property
    def asked(self) -> Decimal:
        """Return how much of what is covered is held but not confirmed yet."""
        if self.need is None:
            return _NOTHING
        unconfirmed = [row for row in self.reservations if row.state is not State.CONFIRMED]
        return sum((in_need(row.listing, self.need, row.held, self.rates) for row in unconfirmed), _NOTHING)

    @property
    def waiting(self) -> Decimal:
        """Return what is waited for, as far as it is counted in the unit of the need."""
        same = (row.waiting for row in self.reservations if self.need and row.unit is self.need.unit)
        return min(sum(same, _NOTHING), self.lacking)

    @property
    def lacking(self) -> Decimal:
        """Return what the need still asks, counting nothing that is only waited for."""
        return max(self.need.quantity - self.covered, _NOTHING) if self.need else _NOTHING

    @property
    def missing(self) -> Decimal:
        return self.lacking - self.waiting


@dataclass(slots=True)
class ForProject:
    """Hold what is reserved for one project, or for none yet."""

    project: Project | None
    needs: list[ForNeed] = field(default_factory=list)


@blueprint.get("/reserveringen")
@requires(Permission.HANDLE)
def index() -> str:
    """Show what our organisations reserved, and what they have to decide."""
    ours = current_actor().organisations(Permission.HANDLE)
    made = queries.made_by(ours)
    live = [row for row in made if row.state in ACTIVE]
    done = [row for row in made if row.state not in ACTIVE]
    return render_template(
        "reservations/index.html",
        to_decide=sorted((row for row in live if row.state is State.OFFERED), key=_by_clock),
        projects=per_project(live),
        live_count=len(live),
        done=done[:_MOST_DONE],
        done_count=len(done),
        appointments={pick_up.reservation_id: pick_up for pick_up in (pick_ups(ours) if live else ())},
        may_trade=current_actor().organisations(Permission.TRADE),
    )


def per_project(live: Sequence[Reservation]) -> list[ForProject]:
    """Return reservations by project and need, each in the order in which it is wanted, and what has none last."""
    wanted = list({row.need_id: row.need for row in live if row.need}.values())
    covered, own = reserved_for(wanted), rates_for(wanted)
    projects: dict[int | None, ForProject] = {}
    needs: dict[tuple[int | None, int | None], ForNeed] = {}
    for row in sorted(live, key=_by_need):
        project = projects.setdefault(row.project_id, ForProject(row.project))
        key = (row.project_id, row.need_id)
        if key not in needs:
            of_it = (covered[row.need_id], own[row.need_id]) if row.need_id else ()
            needs[key] = ForNeed(row.need, *of_it)
            project.needs.append(needs[key])
        needs[key].reservations.append(row)
    return list(projects.values())


def _by_need(row: Reservation) -> tuple[object, ...]:
    project = (row.project is None, row.project.starts_on if row.project else "", row.project_id or 0)
    need = (row.need is None, row.need.wanted_from if row.need else "", row.need_id or 0)
    return (*project, *need, row.created_at, row.id)


def _by_clock(row: Reservation) -> tuple[object, ...]:
    return (row.expires_at is None, row.expires_at or row.created_at, row.id)
