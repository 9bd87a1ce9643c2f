"""Smoothed curves, for the eye only: nothing is decided by them."""

from __future__ import annotations

import math
from collections.abc import Sequence


def exponential_moving_average(values: Sequence[float], weight: float) -> list[float]:
    """Each value mixed with the earlier ones, the nearer the more.

    s_t = sum over i <= t of w^(t - i) x_i, divided by the sum of the same powers of w, so that the first values
    are not drawn towards 0.

    Args:
        values: The curve. What is no number is passed over: it stays no number and adds nothing to what follows.
        weight: w, from 0 (as it is) to below 1.
    """
    smoothed: list[float] = []
    total = weights = 0.0
    for value in values:
        total, weights = total * weight, weights * weight
        if math.isfinite(value):
            total, weights = total + value, weights + 1
        smoothed.append(total / weights if math.isfinite(value) else math.nan)
    return smoothed
