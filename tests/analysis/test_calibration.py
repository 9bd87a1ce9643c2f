"""The calibration error against an implementation written another way, and against scikit-learn's curve."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.calibration import calibration_curve

from core.analysis.calibration import calibration


def expected_error(probabilities: NDArray[Any], labels: NDArray[Any], bins: int) -> float:
    """The formula of Guo and others with a set of answers for each bin, one answer after the other."""
    members: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for row, label in zip(probabilities.tolist(), labels.tolist(), strict=True):
        if not all(math.isfinite(one) for one in row):
            continue
        shares = [1 - row[0], row[0]] if len(row) == 1 else row
        decided = shares.index(max(shares))
        for place, answers in enumerate(members):
            if place / bins < shares[decided] <= (place + 1) / bins:
                answers.append((shares[decided], decided == label))
    total = sum(map(len, members))
    return sum(
        len(answers)
        / total
        * abs(
            math.fsum(right for _, right in answers) / len(answers)
            - math.fsum(sure for sure, _ in answers) / len(answers)
        )
        for answers in members
        if answers
    )


def answers(seed: int, samples: int, classes: int, dtype: str, sharpness: float) -> NDArray[Any]:
    """What a network might answer, from undecided to nearly certain."""
    scores = np.random.default_rng(seed).normal(size=(samples, classes)) * sharpness
    if classes == 1:
        return (1 / (1 + np.exp(-scores))).astype(dtype)
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return (shares / shares.sum(axis=1, keepdims=True)).astype(dtype)


@given(
    seed=st.integers(0, 2**32),
    samples=st.integers(1, 120),
    classes=st.sampled_from([1, 2, 3, 10, 46]),
    dtype=st.sampled_from(["float16", "float32", "float64"]),
    sharpness=st.sampled_from([0.1, 1.0, 5.0, 40.0]),
    bins=st.sampled_from([1, 2, 5, 10, 15, 20]),
    without=st.booleans(),
    damaged=st.booleans(),
)
def test_against_the_formula_answer_by_answer(
    seed: int,
    samples: int,
    classes: int,
    dtype: str,
    sharpness: float,
    bins: int,
    without: bool,
    damaged: bool,
) -> None:
    random = np.random.default_rng(seed)
    probabilities = answers(seed, samples, classes, dtype, sharpness)
    labels = random.integers(0, max(classes, 2), samples).astype(np.uint8)
    if without:  # the first class does not occur
        labels[labels == 0] = 1
    if damaged and samples > 1:
        probabilities[random.integers(0, samples - 1)] = np.nan
    found = calibration(probabilities, labels, n_bins=bins)
    assert found.error == pytest.approx(expected_error(probabilities, labels, bins), abs=1e-6)
    assert found.samples == sum(one.count for one in found.bins)
    assert found.samples + found.left_out == samples
    assert found.overconfidence == pytest.approx(
        sum(one.confidence * one.count - one.right for one in found.bins if one.count) / found.samples
    )
    assert 0 <= found.error <= 1
    assert abs(found.overconfidence) <= found.error + 1e-9  # bins cannot cancel out within the error


@given(seed=st.integers(0, 2**32), samples=st.integers(1, 300), bins=st.sampled_from([1, 5, 10, 15]))
def test_against_the_curve_of_scikit_learn(seed: int, samples: int, bins: int) -> None:
    """Whether the decision is right is itself a yes or no with a probability: that of the confidence."""
    probabilities = answers(seed, samples, 1, "float32", 2.0)
    labels = np.random.default_rng(seed).integers(0, 2, samples)
    sure = np.maximum(probabilities, 1 - probabilities.astype(np.float64))[:, 0]
    right = (probabilities[:, 0] > 0.5) == labels
    accuracies, confidences = calibration_curve(right, sure, n_bins=bins, strategy="uniform")
    found = [one for one in calibration(probabilities, labels, n_bins=bins).bins if one.count]
    assert [one.accuracy for one in found] == pytest.approx(accuracies)
    assert [one.confidence for one in found] == pytest.approx(confidences)


def test_one_answer() -> None:
    right = calibration(np.array([[0.1, 0.7, 0.2]]), np.array([1]))
    assert (right.error, right.accuracy, right.confidence) == pytest.approx((0.3, 1, 0.7))
    assert (right.confidence_right, math.isnan(right.confidence_wrong)) == (0.7, True)
    wrong = calibration(np.array([[0.1]]), np.array([1]))
    assert (wrong.error, wrong.accuracy, wrong.confidence_wrong) == pytest.approx((0.9, 0, 0.9))
    assert (wrong.wrong, wrong.sure_wrong) == (1, 0)  # sure is more than 0.9


def test_a_perfect_network_has_no_error() -> None:
    perfect = calibration(np.eye(4)[[0, 1, 2, 3, 3]], np.array([0, 1, 2, 3, 3]))
    assert (perfect.error, perfect.accuracy, perfect.overconfidence) == (0, 1, 0)


def test_a_constant_network_is_as_wrong_as_it_is_surer() -> None:
    constant = calibration(np.tile([[0.9, 0.1]], (10, 1)), np.array([0] * 6 + [1] * 4))
    assert constant.error == pytest.approx(0.3)
    assert (constant.confidence_right, constant.confidence_wrong) == pytest.approx((0.9, 0.9))
    assert sum(one.count > 0 for one in constant.bins) == 1


def test_undecided_is_half_sure() -> None:
    found = calibration(np.array([[0.5]]), np.array([0]), n_bins=2)
    assert (found.confidence, found.accuracy) == (0.5, 1)
    assert [one.count for one in found.bins] == [1, 0]  # an edge belongs to the bin below it


@pytest.mark.parametrize("rows", [np.empty((0, 3)), np.full((2, 3), np.nan), np.full((2, 1), np.inf)])
def test_without_answers_there_is_no_error(rows: NDArray[Any]) -> None:
    found = calibration(rows, np.zeros(len(rows), dtype=np.uint8))
    assert (found.samples, found.left_out) == (0, len(rows))
    assert math.isnan(found.error)
    assert math.isnan(found.overconfidence)


def test_small_floats_are_added_up_in_large_ones() -> None:
    """In float16 a sum stands still at 2,048."""
    found = calibration(np.full((5_000, 1), 0.8, dtype=np.float16), np.ones(5_000, dtype=np.uint8))
    assert found.confidence == pytest.approx(float(np.float16(0.8)))
