"""Figures of what was answered."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.soak.crowd import Answer


def statuses(answers: Iterable[Answer]) -> str:
    """Return how many answers there were of each status, those that broke as 0."""
    counted = Counter(answer.status for answer in answers)
    return ", ".join(f"{count:,} x {status}" for status, count in sorted(counted.items()))


def count(answers: Iterable[Answer], lowest: int, highest: int | None = None) -> int:
    """Return how many answers have this status, or one between these two."""
    return sum(lowest <= answer.status <= (highest or lowest) for answer in answers)


def within(answers: Sequence[Answer], share: float) -> float:
    """Return in how many milliseconds this share of the answers came."""
    ordered = sorted(answer.seconds for answer in answers)
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]
