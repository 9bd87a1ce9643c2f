"""Where an axis of losses ends, so that one curve far above the others does not leave them flat."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median_low

_TIMES = 3  # as high as usual


def axis_top(tops: Sequence[float]) -> float:
    """The highest of these, or three times what is usual if that is lower.

    Args:
        tops: The highest value of each curve, at least one. Usual is their median, of an even number the lower one, so
            that of two curves one may leave the chart.
    """
    return min(max(tops), _TIMES * median_low(tops))
