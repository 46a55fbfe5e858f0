"""Commands for matching: plan a problem in a file, or the market in the database, and explain a lot and a need."""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import click
from flask.cli import AppGroup

from marketplace.kit.errors import N_, InvalidInputError, MarketplaceError

if TYPE_CHECKING:
    from marketplace.matching.explaining import Explanation, Way
    from marketplace.matching.models import PlanRun
    from marketplace.matching.problem import Instance, Plan

_REFUSED: Final = 2
_Made = TypeVar("_Made")

group = AppGroup("matching", help="Supply to need.")


@group.command("solve")
@click.argument("problem", metavar="INSTANCE.json", type=Path)
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed searches along another way.")
@click.option("--effort", type=click.IntRange(0), help="Improvements tried for each need; 0 for none.")
@click.option("--case", help="Which problem to take, where the file holds a list of them.")
@click.option("--out", type=Path, metavar="PLAN.json", help="Write the plan here instead of on standard output.")
def solve(problem: Path, seed: int, effort: int | None, case: str | None, out: Path | None) -> None:
    """Plan which lot goes to which need, and say on standard error what the plan is worth."""
    # The matcher is imported here, so that no other command waits for it.
    from marketplace.matching.files import read_instance, write_plan  # noqa: PLC0415 (for this command alone)
    from marketplace.matching.optimizer import EFFORT, plan  # noqa: PLC0415 (for this command alone)

    instance = _or_stop(lambda: read_instance(_read(problem), case))
    found = _or_stop(lambda: plan(instance, seed=seed, effort=EFFORT if effort is None else effort))
    text = write_plan(found) + "\n"
    _or_stop(lambda: _write(out, text))
    click.echo(_account(instance, found), err=True)


@group.command("run")
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed searches along another way.")
@click.option("--effort", type=click.IntRange(0), help="Improvements tried for each need; 0 for none.")
def run(seed: int, effort: int | None) -> None:
    """Plan the market in the database, here and now, and say what came of it.

    What is new stands at once; what would replace something is only offered.
    """
    from marketplace.matching.optimizer import EFFORT  # noqa: PLC0415 (for this command alone)
    from marketplace.matching.standing import improvements, summary  # noqa: PLC0415 (for this command alone)
    from marketplace.planner import compute_now  # noqa: PLC0415 (for this command alone)

    done = _or_stop(lambda: compute_now(seed=seed, effort=EFFORT if effort is None else effort))
    stands, better = summary(), improvements()
    click.echo(_worth(done))
    click.echo(f"standing: EUR {stands.value_eur}, {stands.proposals} proposals")
    gain = sum((improvement.gain_eur for improvement in better), start=0)
    click.echo(f"better plans on offer: {len(better)}, together EUR {gain}")


@group.command("explain")
@click.argument("lot", metavar="LOT")
@click.argument("need", metavar="NEED")
def explain(lot: str, need: str) -> None:
    """Say why a lot is proposed for a need or not; both by the reference on their page."""
    from marketplace.listings.queries import id_of  # noqa: PLC0415 (for this command alone)
    from marketplace.matching.explaining import explain as why  # noqa: PLC0415 (for this command alone)
    from marketplace.projects.queries import get_need  # noqa: PLC0415 (for this command alone)

    found = _or_stop(lambda: why(id_of(lot), get_need(need).id))
    for line in _explained(found):
        click.echo(line)


def _worth(run: "PlanRun") -> str:
    """Return what a run came to, in one line."""
    bound = "" if run.bound_eur is None else f", of at most EUR {run.bound_eur}"
    return f"plan: EUR {run.value_eur}{bound}, {run.lots} lots, {run.needs} needs, problem {run.problem_hash}"


def _explained(found: "Explanation") -> Iterator[str]:
    stands = found.proposal
    if stands:
        yield f"proposed: {stands.quantity} for the need, {stands.take} of the lot, EUR {stands.value_eur}"
    elif found.is_own:
        yield "not proposed: who plans the need offers the lot, and nobody reserves of themselves"
    else:
        yield "not proposed" + (f": dismissed because of “{found.dismissal.reason}”" if found.dismissal else "")
    for way in found.ways:
        yield from _told(way)
    for breach in found.broken:
        margin = f": {breach.margin:g} {breach.unit}" if breach.unit else ""
        yield f"broken rule: {breach.rule}{margin}" + (f", size {breach.slot + 1}" if breach.slot is not None else "")
    if found.next_best and found.next_need:
        other = f"{found.next_need.reference} “{found.next_need.title}” ({found.next_need.project.name})"
        yield f"next best use of the lot: {other}, EUR {found.next_best.allotment.value}"


def _told(way: "Way") -> Iterator[str]:
    from marketplace.matching.problem import Terms  # noqa: PLC0415 (for this command alone)

    stay = way.allotment.stay
    over = f"through {way.hub.name}, {stay.end - stay.start} weeks" if way.hub and stay else "directly"
    yield f"way {over}: {way.allotment.quantity} for the need, {way.allotment.take} of the lot"
    for name, amount in zip(Terms.__slots__, way.allotment.terms, strict=True):
        yield f"  {name:<10}{amount:>14}"
    yield f"  {'together':<10}{way.allotment.value:>14}"


def _or_stop(step: Callable[[], _Made]) -> _Made:
    """Return what the step makes, or end the command with its one sentence of refusal."""
    try:
        return step()
    except MarketplaceError as error:
        click.echo(str(error), err=True)
        sys.exit(_REFUSED)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(N_("%(path)s is niet te lezen: %(reason)s."), path=path, reason=error) from error


def _write(path: Path | None, text: str) -> None:
    if path is None:
        click.echo(text, nl=False)
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInputError(N_("%(path)s is niet te schrijven: %(reason)s."), path=path, reason=error) from error


def _account(instance: "Instance", found: "Plan") -> str:
    """Return what the plan is worth and how much of the problem it uses, in one line."""
    given: defaultdict[str, float] = defaultdict(float)
    for match in found.matches:
        given[match.need] += match.quantity
    full = sum(given.get(need.id, 0) >= need.quantity - 1e-6 for need in instance.needs)
    lots = len({match.lot for match in found.matches})
    through = sum(match.hub is not None for match in found.matches)
    return (
        f"EUR {found.value:.2f}; matches {len(found.matches)}, of which through a hub {through}; "
        f"lots {lots} of {len(instance.lots)}; needs {len(given)} of {len(instance.needs)}, of which in full {full}"
    )
