"""Macro-F1 against scikit-learn, its bootstrap against drawing sample by sample."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from core.analysis.classification import classification_report, confusion_matrix
from core.analysis.macro_f1 import macro_f1_difference

Answers = NDArray[np.int64]

three = st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5))
answers = st.lists(three, min_size=1, max_size=60)


def scikit_learn(labels: Answers, predicted: Answers) -> float:
    return float(f1_score(labels, predicted, average="macro", zero_division=0))


@given(answers)
@example([(3, 3, 3)])  # one sample
@example([(3, 1, 3)])
@example([(0, 0, 1), (1, 1, 1), (2, 2, 1)])  # a perfect network and a constant one
@example([(0, 0, 5), (4, 4, 5)])  # classes missing, one answered that is not there
@pytest.mark.filterwarnings("ignore")
def test_macro_f1_as_scikit_learn(rows: list[tuple[int, int, int]]) -> None:
    labels, first, second = np.array(rows).T
    found = macro_f1_difference(labels, first.astype(np.uint8), second, resamples=20)
    assert found.first == pytest.approx(scikit_learn(labels, first), abs=1e-6)
    assert found.second == pytest.approx(scikit_learn(labels, second), abs=1e-6)
    assert found.first == pytest.approx(
        classification_report(confusion_matrix(labels, first, 6).tolist()).macro.f1
    )
    assert -1 <= found.low <= found.high <= 1


def networks(samples: int, classes: int, seed: int) -> tuple[Answers, Answers, Answers]:
    """Labels with rare and frequent classes, one of them missing, and answers that are mostly right."""
    rng = np.random.default_rng(seed)
    shares = 1 / np.arange(1, classes) ** 1.3
    labels = rng.choice(classes - 1, samples, p=shares / shares.sum())
    hard = rng.random(samples)
    first, second = (
        np.where(0.6 * hard + 0.4 * rng.random(samples) < right, labels, rng.integers(0, classes, samples))
        for right in (0.6, 0.65)
    )
    return labels, first, second


@pytest.mark.parametrize(("samples", "classes"), [(300, 3), (400, 12), (2_000, 2)])
def test_the_interval_equals_that_of_plain_resampling(samples: int, classes: int) -> None:
    labels, first, second = networks(samples, classes, 7)
    rng = np.random.default_rng(11)
    plain = []
    for _ in range(1_500):
        rows = rng.integers(samples, size=samples)
        plain.append(_plain(labels[rows], second[rows]) - _plain(labels[rows], first[rows]))
    found = macro_f1_difference(labels, first, second, resamples=6_000)
    # The error of a percentile is sqrt(q (1 - q) / resamples) / density, by the normal curve's density; of both
    # intervals together, times four.
    spread = np.std(plain)
    density = 0.0584 / spread
    error = 4 * np.sqrt(0.025 * 0.975 * (1 / 1_500 + 1 / 6_000)) / density
    low, high = np.percentile(plain, [2.5, 97.5])
    assert (found.low, found.high) == pytest.approx((low, high), abs=error)
    assert found.difference == pytest.approx(
        scikit_learn(labels, second) - scikit_learn(labels, first), abs=1e-6
    )


def _plain(labels: Answers, predicted: Answers) -> float:
    """Macro-F1 by its words; scikit-learn's takes a millisecond a call."""
    scores = []
    for label in set(labels.tolist()) | set(predicted.tolist()):
        hits = np.sum((labels == label) & (predicted == label))
        scores.append(2 * hits / (np.sum(labels == label) + np.sum(predicted == label)))
    return float(np.mean(scores))


def test_plain_resampling_uses_the_same_score() -> None:
    labels, first, _ = networks(300, 9, 3)
    assert _plain(labels, first) == pytest.approx(scikit_learn(labels, first))


def test_one_sample_has_one_resample() -> None:
    found = macro_f1_difference(np.array([2]), np.array([2]), np.array([0]))
    assert (found.low, found.high) == (-1, -1)


def test_the_same_answers_have_no_difference() -> None:
    labels, first, _ = networks(500, 10, 5)
    found = macro_f1_difference(labels, first, first)
    assert (found.difference, found.low, found.high) == (0, 0, 0)


def test_an_interval_repeats_and_another_seed_gives_another() -> None:
    labels, first, second = networks(500, 10, 5)
    found = macro_f1_difference(labels, first, second)
    assert found == macro_f1_difference(labels, first, second)
    other = macro_f1_difference(labels, first, second, seed=1)
    assert (found.low, found.high) != (other.low, other.high)


def test_only_answers_to_the_same_samples_are_compared() -> None:
    with pytest.raises(ValueError, match="not the same samples"):
        macro_f1_difference(np.array([1, 2]), np.array([1, 2]), np.array([1]))
