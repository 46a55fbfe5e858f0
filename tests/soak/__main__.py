"""This will try to break what the program promises, and show that each campaign notices when it does.

`python -m tests.soak [all|campaign ...] [--database sqlite|postgresql|both]`
"""

import argparse
import sys
import time
import warnings
from collections.abc import Callable

from tests.soak import edits, full_disk, killing, last_unit, mixed, reserving
from tests.soak.stage import Address, Verdict, postgresql

STEPS = 4_000
_ALL = "all"
_WITHOUT_SERVER = ("edits", "model")
DATABASES = ("sqlite", "postgresql")
Trial = Callable[[str, Address], Verdict]
CAMPAIGNS = {"last-unit": last_unit, "mixed": mixed, "killing": killing, "full-disk": full_disk}


def main() -> int:
    """Run what was asked for, print a line for each campaign and each control, and return how many failed."""
    asked = _arguments()
    names = [*_WITHOUT_SERVER, *CAMPAIGNS] if _ALL in asked.campaign else asked.campaign
    databases = DATABASES if asked.database == "both" else (asked.database,)
    failed = edits.main() if "edits" in names else 0
    if "model" in names:
        reserving.drive(STEPS)
    with postgresql() as address:
        for name in (name for name in CAMPAIGNS if name in names):
            for database in databases:
                failed += not _told(f"{name} on {database}", CAMPAIGNS[name].campaign, database, address)
                failed += not _told(f"{name} on {database}, control", CAMPAIGNS[name].control, database, address)
    return failed


def _told(name: str, trial: Trial, database: str, address: Address) -> bool:
    began = time.perf_counter()
    verdict = trial(database, address)
    came = "skip" if verdict.was_skipped else "ok  " if verdict.is_well else "FAIL"
    print(f"{came} {name}: {verdict.told} ({time.perf_counter() - began:.0f} s)", flush=True)
    return verdict.is_well


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument(
        "campaign", nargs="*", default=_ALL, choices=[_ALL, *_WITHOUT_SERVER, *CAMPAIGNS], help="which; all by default"
    )
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="both")
    return parser.parse_args()


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # of the embedded PostgreSQL, on a machine without a desktop session
    sys.exit(1 if main() else 0)
