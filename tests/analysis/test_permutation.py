"""The permutation test against SciPy's; its interval against the test itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.stats import permutation_test as scipy_permutation_test

from core.analysis import significance
from core.analysis.significance import permutation_test

hits = st.lists(st.integers(8_000, 8_060), min_size=2, max_size=5)


def scipy_p(first: list[int], second: list[int]) -> float:
    """By whole numbers and a sum, which orders divisions as the means do: SciPy misses ties of rounded means."""
    return float(
        scipy_permutation_test(
            (np.array(first), np.array(second)),
            lambda one, two, axis: np.sum(one, axis=axis),
            vectorized=True,
            n_resamples=np.inf,
        ).pvalue
    )


@settings(max_examples=50)
@given(hits, hits)
@example([5_000] * 3, [5_000] * 2)
def test_p_as_scipy(one: list[int], two: list[int]) -> None:
    first, second = [number / 10_000 for number in one], [number / 10_000 for number in two]
    found = permutation_test(first, second)
    assert found.p == pytest.approx(scipy_p(one, two), abs=1e-6)
    assert found.p >= found.smallest - 1e-12
    assert found.difference == pytest.approx(np.mean(second) - np.mean(first))
    turned = permutation_test(second, first)
    assert turned.p == pytest.approx(found.p)
    if found.low is not None:
        assert turned.high == pytest.approx(-found.low)


@settings(max_examples=40)
@given(
    st.lists(st.floats(0, 1), min_size=4, max_size=5, unique=True),
    st.lists(st.floats(0, 1), min_size=4, max_size=5, unique=True),
)
def test_the_interval_is_what_the_test_does_not_refuse(first: list[float], second: list[float]) -> None:
    found = permutation_test(first, second)
    assert found.low is not None
    assert found.high is not None
    step = 1e-6
    assume(found.high - found.low > 10 * step)
    for shift, refused in (
        (found.low - step, True), (found.low + step, False), (found.high - step, False), (found.high + step, True),
    ):  # fmt: skip
        p = permutation_test(first, [value - shift for value in second]).p
        assert (p <= 0.05) == refused


def test_one_against_one_can_show_nothing() -> None:
    found = permutation_test([0.1], [0.9])
    assert (found.p, found.smallest, found.low, found.high) == (1.0, 1.0, None, None)


def test_three_against_three_can_show_nothing() -> None:
    found = permutation_test([0.1, 0.11, 0.12], [0.9, 0.91, 0.92])
    assert (found.p, found.smallest) == (0.1, 2 / 20)
    assert (found.low, found.high) == (None, None)


def test_five_against_five_can_show_something() -> None:
    found = permutation_test([0.1, 0.11, 0.12, 0.13, 0.14], [0.9, 0.91, 0.92, 0.93, 0.94])
    assert found.p == found.smallest == pytest.approx(2 / 252)
    assert found.low is not None
    assert 0.7 < found.low < 0.8 < found.high < 0.9


def test_many_divisions_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    first, second = rng.normal(0, 1, 8).tolist(), rng.normal(0.9, 1, 8).tolist()
    whole = permutation_test(first, second)
    monkeypatch.setattr(significance, "MOST_DIVISIONS", 8_000)
    drawn = permutation_test(first, second)
    assert drawn != whole
    assert drawn.p == pytest.approx(whole.p, abs=4 * 2 * np.sqrt(whole.p / 2 / 8_000))
    assert (drawn.low, drawn.high) == pytest.approx((whole.low, whole.high), abs=0.1)
    assert drawn == permutation_test(first, second)


@pytest.mark.parametrize("groups", [([], [1.0]), ([1.0], []), ([float("nan")], [1.0])])
def test_only_numbers_are_compared(groups: tuple[list[float], list[float]]) -> None:
    with pytest.raises(ValueError, match="numbers"):
        permutation_test(*groups)
