"""Smoothed curves against pandas' exponentially weighted mean."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.curves import exponential_moving_average


@given(
    st.lists(st.floats(0.01, 10) | st.sampled_from([math.nan, math.inf]), min_size=1, max_size=40),
    st.floats(0, 0.95),
)
def test_against_pandas(values: list[float], weight: float) -> None:
    numbers = [value if math.isfinite(value) else math.nan for value in values]
    wanted = pd.Series(numbers, dtype=float).ewm(alpha=1 - weight, adjust=True, ignore_na=False).mean()
    smoothed = exponential_moving_average(values, weight)
    for value, found, expected in zip(numbers, smoothed, wanted, strict=True):
        # pandas repeats the last mean where there is no number.
        assert math.isnan(found) if math.isnan(value) else found == pytest.approx(expected)


def test_without_weight_nothing_changes() -> None:
    assert exponential_moving_average([3.0, 1.0, 2.0], 0) == [3.0, 1.0, 2.0]
