"""Softmax and the sigmoid agree with SciPy, for scores of any size."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit
from scipy.special import softmax as scipy_softmax

from core.analysis.softmax import sigmoid, sigmoid_slope, softmax

SCORES = st.lists(st.floats(-1000, 1000), min_size=1, max_size=5)


@given(SCORES, st.floats(0.05, 20))
def test_shares_are_those_of_scipy_and_sum_to_one(scores: list[float], temperature: float) -> None:
    shares = [each.share for each in softmax(scores, temperature)]
    np.testing.assert_allclose(shares, scipy_softmax(np.array(scores) / temperature), rtol=1e-9, atol=1e-15)
    assert math.isclose(sum(shares), 1, rel_tol=1e-12)
    # A larger score never has the smaller share.
    order = np.argsort(scores, kind="stable")
    assert np.all(np.diff(np.array(shares)[order]) >= 0)


@given(SCORES, st.floats(-500, 500))
def test_only_differences_count(scores: list[float], more: float) -> None:
    plain, moved = softmax(scores), softmax([score + more for score in scores])
    np.testing.assert_allclose([a.share for a in plain], [b.share for b in moved], atol=1e-9)


def test_the_two_examples_of_the_course() -> None:
    near = [each.share for each in softmax([3.1, 3.0, 2.9])]
    np.testing.assert_allclose(near, scipy_softmax([3.1, 3.0, 2.9]), rtol=1e-12)
    assert [round(share, 4) for share in near] == [0.3672, 0.3322, 0.3006]
    spread = [each.share for each in softmax([2.0, 1.0, 0.7])]
    np.testing.assert_allclose(spread, scipy_softmax([2.0, 1.0, 0.7]), rtol=1e-12)
    assert [round(share, 4) for share in spread] == [0.6096, 0.2243, 0.1661]


def test_scores_of_a_thousand_do_not_overflow() -> None:
    assert [each.share for each in softmax([1000.0, -1000.0])] == [1.0, 0.0]
    assert [each.share for each in softmax([-1000.0] * 4)] == [0.25] * 4
    assert (sigmoid(1000.0), sigmoid(-1000.0), sigmoid_slope(1000.0)) == (1.0, 0.0, 0.0)


def test_what_has_no_shares() -> None:
    with pytest.raises(ValueError, match="0 scores"):
        softmax([])
    with pytest.raises(ValueError, match="temperature 0"):
        softmax([1.0], 0.0)


@given(st.floats(-1000, 1000))
def test_the_sigmoid_is_that_of_scipy(score: float) -> None:
    assert math.isclose(sigmoid(score), expit(score), rel_tol=1e-12, abs_tol=1e-300)
    assert math.isclose(sigmoid_slope(score), expit(score) * expit(-score), rel_tol=1e-12, abs_tol=1e-300)


@given(st.floats(-1000, 1000))
def test_two_classes_are_the_sigmoid_of_their_difference(score: float) -> None:
    assert math.isclose(softmax([score, 0.0])[0].share, sigmoid(score), rel_tol=1e-9, abs_tol=1e-300)
