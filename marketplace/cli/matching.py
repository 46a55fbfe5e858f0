"""Commands for matching: plan a problem that is written in a file."""

import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import click
from flask.cli import AppGroup

from marketplace.kit.errors import N_, InvalidInputError, MarketplaceError

if TYPE_CHECKING:
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


def _or_stop(step: Callable[[], _Made]) -> _Made:
    """Return what the step makes, or end the command with its one sentence of refusal."""
    try:
        return step()
    except MarketplaceError as error:
        click.echo(str(error), err=True)
        sys.exit(_REFUSED)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
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
