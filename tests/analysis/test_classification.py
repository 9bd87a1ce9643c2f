"""Confusion matrix and report against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from core.analysis.classification import (
    classification_report,
    confusion_matrix,
    normalize_rows,
    predicted_classes,
)

pairs = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60)


@given(pairs)
@pytest.mark.filterwarnings("ignore")
def test_against_scikit_learn(answers: list[tuple[int, int]]) -> None:
    labels, predicted = (np.array(side) for side in zip(*answers, strict=True))
    matrix = confusion_matrix(labels, predicted, 5)
    np.testing.assert_array_equal(matrix, metrics.confusion_matrix(labels, predicted, labels=range(5)))
    found = classification_report(matrix.tolist())
    oracle = metrics.classification_report(
        labels, predicted, labels=range(5), output_dict=True, zero_division=0
    )
    for label, scores in enumerate(found.classes):
        expected = oracle[str(label)]
        assert scores.precision == pytest.approx(expected["precision"])
        assert scores.recall == pytest.approx(expected["recall"])
        assert scores.f1 == pytest.approx(expected["f1-score"])
        assert scores.support == expected["support"]
    present = metrics.classification_report(labels, predicted, output_dict=True, zero_division=0)
    for average, scores in (("macro avg", found.macro), ("weighted avg", found.weighted)):
        assert scores.precision == pytest.approx(present[average]["precision"])
        assert scores.recall == pytest.approx(present[average]["recall"])
        assert scores.f1 == pytest.approx(present[average]["f1-score"])
    assert found.accuracy == found.micro.f1 == pytest.approx(metrics.accuracy_score(labels, predicted))
    shares = normalize_rows(matrix.tolist())
    rows = matrix.sum(axis=1) > 0
    np.testing.assert_allclose(shares[rows].sum(axis=1), 1.0)


def test_an_empty_matrix_has_zeros() -> None:
    found = classification_report([[0, 0], [0, 0]])
    assert found.accuracy == found.macro.f1 == found.weighted.f1 == 0.0


def test_predicted_classes() -> None:
    np.testing.assert_array_equal(predicted_classes(np.array([[0.2, 0.8], [0.9, 0.1]])), [1, 0])
    np.testing.assert_array_equal(predicted_classes(np.array([[0.5], [0.51]])), [0, 1])
