"""Measuring: how long something takes, again and again, and the lines that tell it."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, how much it was, and on what."""

    what: str
    figure: str
    of: str = ""


def each(act: Callable[[], object], times: int) -> list[float]:
    """Return the seconds that each of so many calls took, after one that is not counted."""
    act()
    return [seconds(act) for _ in range(times)]


def seconds(act: Callable[[], object]) -> float:
    """Return the seconds that one call takes."""
    before = time.perf_counter()
    act()
    return time.perf_counter() - before


def share(measured: Iterable[float], part: float) -> float:
    """Return the value below which a part of what was measured lies: 0.5 is the median."""
    ordered = sorted(measured)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def milliseconds(measured: list[float]) -> str:
    """Return the median and the 95th percentile, as people read them."""
    return f"p50 {share(measured, 0.5) * 1000:.1f} ms, p95 {share(measured, 0.95) * 1000:.1f} ms"
