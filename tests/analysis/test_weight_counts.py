"""Histograms of weights against NumPy's, and their way onto one axis."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.analysis.weight_history import (
    BINS,
    MOST_EPOCHS,
    WEIGHT_STATS,
    WeightHistory,
    bin_edges,
    weight_distribution,
    weight_growth,
    weight_stats,
)

SMALL = st.floats(-1e3, 1e3, width=32)


def history(*epochs: np.ndarray) -> WeightHistory:
    """One tensor with these values, epoch by epoch from 0."""
    rows = [[weight_stats(values.astype(np.float32), epoch)] for epoch, values in enumerate(epochs)]
    return WeightHistory(("dense/kernel",), np.array(rows, dtype=WEIGHT_STATS))


@given(arrays(np.float32, st.integers(1, 300), elements=SMALL))
def test_counts_and_numbers_are_those_of_numpy(values: np.ndarray) -> None:
    found = weight_stats(values, 3)
    assert found["epoch"] == 3
    assert found["counts"].sum() == len(values)
    assert (found["low"], found["high"]) == (values.min(), values.max())
    exact = values.astype(np.float64)
    assert found["mean"] == pytest.approx(exact.mean(), rel=1e-9, abs=1e-9)
    assert found["deviation"] == pytest.approx(exact.std(), rel=1e-9, abs=1e-9)
    bounds = bin_edges(found)
    assert bounds[0] <= values.min()
    assert values.max() <= bounds[-1]
    # Values that are as good as on an edge may fall on either side of it.
    nudge = 1e-5 * bounds[-1]
    if bounds[-1] > 1e-30:
        least, most = (np.searchsorted(np.sort(exact), bounds[1:-1] + by) for by in (-nudge, nudge))
        below = np.cumsum(found["counts"])[:-1]
        assert (least <= below).all()
        assert (below <= most).all()


def test_many_values_of_any_shape_equal_a_histogram_by_numpy() -> None:
    values = np.random.default_rng(0).standard_normal((400, 500)).astype(np.float32) * np.float32(0.1)
    found = weight_stats(values, 1)
    expected, _ = np.histogram(values.astype(np.float64), bin_edges(found))
    assert np.abs(expected - found["counts"].astype(np.int64)).sum() <= 4
    assert found["counts"].dtype == np.dtype("<u4")


@pytest.mark.parametrize(
    ("values", "counts"),
    [
        ([0.0, 0.0], {BINS // 2: 2}),
        ([np.nan, 1.0, np.inf, -1.0], {0: 1, BINS - 1: 1}),
        ([np.nan], {}),
        ([], {}),
        ([-0.0, 4.0], {BINS // 2: 1, BINS - 1: 1}),
        ([1e-38, -1e38], {0: 1, BINS // 2: 1}),
    ],
)
def test_odd_values(values: list[float], counts: dict[int, int]) -> None:
    found = weight_stats(np.array(values, dtype=np.float32), 0)
    assert {int(place): int(found["counts"][place]) for place in np.flatnonzero(found["counts"])} == counts
    assert np.isfinite([found["mean"], found["deviation"], found["low"], found["high"]]).all()


def test_counting_changes_nothing() -> None:
    values = np.linspace(-1, 2, 50, dtype=np.float32).reshape(5, 10)
    before = values.copy()
    values.flags.writeable = False
    weight_stats(values, 1)
    np.testing.assert_array_equal(values, before)


def test_growth_from_the_first_to_the_last_epoch() -> None:
    values = np.random.default_rng(1).standard_normal(1_000)
    (found,) = weight_growth(history(values, values * 2, values * 3))
    assert found.epochs == (0, 2)
    assert found.sizes[0] == pytest.approx(np.sqrt(np.mean(values**2)), rel=1e-6)
    assert found.factor == pytest.approx(3, rel=1e-6)
    assert found.reach == pytest.approx((np.abs(values).max(), 3 * np.abs(values).max()), rel=1e-6)
    (from_nothing,) = weight_growth(history(np.zeros(4), np.ones(4)))
    assert from_nothing.factor is None
    assert weight_growth(history(values)) == ()


def test_all_epochs_share_an_axis() -> None:
    chance = np.random.default_rng(2)
    narrow, wide = chance.uniform(-0.1, 0.1, 20_000), chance.standard_normal(20_000)
    found = weight_distribution(history(narrow, wide, np.zeros(5)), "dense/kernel", steps=40)
    assert found.epochs == (0, 1, 2)
    assert found.shares.shape == (40, 3)
    assert found.shares.sum(axis=0) == pytest.approx(1, abs=0.006)
    assert 0 <= found.beyond <= 0.005
    for place, values in enumerate((narrow, wide)):
        expected, _ = np.histogram(values, found.edges)
        np.testing.assert_allclose(found.shares[:, place], expected / len(values), atol=0.02)
    assert found.shares[20, 2] == 1
    assert found.deviations[1] == pytest.approx(wide.std(), rel=1e-5)


def test_an_outlier_does_not_press_the_rest_together() -> None:
    values = np.random.default_rng(3).standard_normal(10_000)
    values[0] = 1e4
    found = weight_distribution(history(values), "dense/kernel")
    assert found.edges[-1] < 400
    assert found.beyond == pytest.approx(1e-4, rel=1e-3)


def test_of_a_long_run_some_epochs_are_drawn_and_the_turning_point_is_one() -> None:
    values = np.ones(3)
    found = weight_distribution(history(*[values] * 500), "dense/kernel", always=(203, 9_999))
    assert (found.epochs[0], found.epochs[-1]) == (0, 499)
    assert 203 in found.epochs
    assert len(found.epochs) <= MOST_EPOCHS + 1
