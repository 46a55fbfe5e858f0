"""Commands for passports: whether they hold and add up, and the keys that sign them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import click
from flask import current_app
from flask.cli import AppGroup

from marketplace.kit.codes import grouped, is_passport_code, normalise
from marketplace.kit.errors import N_

if TYPE_CHECKING:
    from marketplace.passports.seal import Seal

_BROKEN: Final = 1
_UNREADABLE: Final = 2

group = AppGroup("passports", help="The passports of materials.")

# What checks and signs is loaded by the command that needs it, so that no other command waits for it.


@group.command("verify")
@click.argument("target", metavar="FILE|CODE", required=False)
@click.option(
    "--all", "everything", is_flag=True, help="Check every version of every passport, and name the first broken."
)
def verify(target: str | None, everything: bool) -> None:
    """Say whether a passport holds: by its code, or as a file that somebody has (JSON, token or PDF).

    Exits with 0 where it holds, 1 where it does not, and 2 where it cannot be read.
    """
    if everything == (target is not None):
        raise click.UsageError("Name a file or a code, or give --all.")
    if everything:
        _verify_all()
    elif target and Path(target).is_file():
        _verify_file(Path(target))
    else:
        _verify_code(target or "")


@group.command("audit")
def audit() -> None:
    """Add up what went into and came out of every passport, and name each where it does not match."""
    from marketplace.passports.audit import lineage_imbalances  # noqa: PLC0415 (see above)

    found = lineage_imbalances()
    if not found:
        click.echo("Every lineage adds up.")
        return
    for imbalance in found:
        click.echo(str(imbalance), err=True)
    sys.exit(_BROKEN)


@group.command("rotate-key")
def rotate_key() -> None:
    """Make a new key that signs from now on; what earlier keys signed can still be checked."""
    key = _seal().keys.rotate().public
    click.echo(f"Key {key.number} signs from now on: {key.multibase}")


def _verify_all() -> None:
    from marketplace.passports.inspection import FAULTS  # noqa: PLC0415 (see above)
    from marketplace.passports.verification import count_versions, find_broken, find_unrecorded  # noqa: PLC0415 (for this command alone)

    broken = find_broken(_seal()) or find_unrecorded()
    if broken is None:
        click.echo(f"Every passport holds: {count_versions()} versions.")
        return
    version = f", version {broken.number}" if broken.number else ""
    _end(_BROKEN, f"{grouped(broken.code)}{version}: {FAULTS[broken.fault]}")


def _verify_file(path: Path) -> None:
    from marketplace.passports.presented import OF_PDF, Presented, check_upload  # noqa: PLC0415 (for this command alone)

    try:
        content = path.read_bytes()
    except OSError as error:
        _end(_UNREADABLE, f"{path}: {error.strerror}")
    result = check_upload(content, _seal())
    if result.outcome.holds:
        click.echo(f"{result.sentence} {OF_PDF}" if result.is_pdf else result.sentence)
        return
    _end(_UNREADABLE if result.outcome is Presented.UNREADABLE else _BROKEN, result.sentence)


def _verify_code(text: str) -> None:
    from marketplace.passports.verification import verify_code  # noqa: PLC0415 (for this command alone)

    if not is_passport_code(normalise(text)):
        _end(_UNREADABLE, N_("Dit is geen bestand en geen code van een paspoort."))
    found = verify_code(text, _seal())
    said = " ".join(part for part in (found.reason, found.why) if part)
    if found.standing.holds:
        click.echo(f"{said} (versie {found.number})")
        return
    _end(_BROKEN, said)


def _end(status: int, sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(status)


def _seal() -> "Seal":
    seal: Seal = current_app.config["SEAL"]
    return seal
