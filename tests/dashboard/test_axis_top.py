"""Where an axis of losses ends."""

from __future__ import annotations

import pytest

from dashboard.shared.charts.template import axis_top


@pytest.mark.parametrize(
    ("tops", "expected"),
    [
        ([2.0], 2.0),
        ([0.7, 0.9, 1.1], 1.1),
        ([0.7, 800_000.0], 2.1),  # of two, the lower one is usual
        ([0.5, 0.6, 9.0], 1.8),
        ([5.0, 0.1, 0.2, 0.3], 0.6),
    ],
)
def test_a_curve_far_above_the_others_is_cut(tops: list[float], expected: float) -> None:
    assert axis_top(tops) == pytest.approx(expected)
