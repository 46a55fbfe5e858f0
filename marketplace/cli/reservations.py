"""Commands for reservations: whether the ledger of stock is exact."""

import sys

import click
from flask.cli import AppGroup

from marketplace.kit import clock
from marketplace.kit.database import begin_reading
from marketplace.kit.errors import NotFoundError

group = AppGroup("reservations", help="What is kept for whom.")


@group.command("audit")
@click.option("--listing", metavar="REF", help="Look at one lot only, by its reference, and not at the chain.")
def audit(listing: str | None) -> None:
    """Compare every lot and reservation with each other and with the journal, and name each difference.

    Exits with 0 where all is exact and 1 where it is not. What lapsed and was not settled yet is counted, and is no
    difference: it is settled at use.
    """
    # What checks reservations is loaded here, so that no other command waits for it.
    from marketplace.reservations.audit import audit as look  # noqa: PLC0415 (for this command alone)

    begin_reading()
    try:
        found = look(clock.now(), listing=listing)
    except NotFoundError as error:
        raise click.UsageError(f"There is no lot {listing}.") from error
    for difference in found.differences:
        click.echo(str(difference), err=True)
    looked = ", ".join(
        _number(count, one, more)
        for count, one, more in (
            (found.lots, "lot", "lots"),
            (found.reservations, "reservation", "reservations"),
            (found.entries, "entry", "entries"),
        )
    )
    due = f" ({found.due:,} due)" if found.due else ""
    count = len(found.differences)
    click.echo(f"{looked}{due}: {_number(count, 'difference', 'differences') if count else 'all exact'}")
    if found.differences:
        sys.exit(1)


def _number(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"
