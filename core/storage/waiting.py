"""What is known of the time that a run will wait: what is under way, and what waits before it."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

RENEWAL = 1.0
"""Seconds from the end of a run to the beginning of the next one on the same worker, which gets a new process."""


@dataclass(frozen=True)
class Ahead:
    """What a run waits for, in seconds; None where nobody knows."""

    under_way: tuple[float | None, ...]  # how long each run under way will still take
    waiting: tuple[float | None, ...]  # how long those will take that are given before it, in their order

    def starts_in(self, workers: int) -> float | None:
        """In how many seconds it begins, with so many workers; None if that cannot be known."""
        times = [*self.under_way, *self.waiting]
        known = [one for one in times if one is not None]
        if len(known) < len(times) or workers < 1:
            return None
        taken = [one + RENEWAL for one in known[: len(self.under_way)]]
        free = [*taken, *[0.0] * (workers - len(taken))]
        heapq.heapify(free)
        for seconds in known[len(self.under_way) :]:
            heapq.heapreplace(free, free[0] + seconds + RENEWAL)
        # Where more is under way than there are workers now, the last ones to end leave none.
        return sorted(free)[max(0, len(free) - workers)]


def left(
    expected: float | None, started: datetime | None, progress: dict[str, Any] | None, now: datetime
) -> float | None:
    """How long a run under way will still take: as it says itself, or as it was expected; None once that is over."""
    told = (progress or {}).get("eta_seconds")
    if isinstance(told, float | int) and math.isfinite(told):
        return float(told)
    if expected is None or started is None:
        return None
    seconds = expected - (now - started).total_seconds()
    return seconds if seconds > 0 else None


def upto(line: Sequence[tuple[str, float | None]], run: str) -> tuple[float | None, ...]:
    """The expected seconds of what stands in a line before a run; of all of it if that does not stand there."""
    names = [name for name, _ in line]
    return tuple(seconds for _, seconds in line[: names.index(run) if run in names else len(names)])
