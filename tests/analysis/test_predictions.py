"""The surest mistakes come first, whatever the network's output looks like."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.analysis.classification import confusion_matrix, predicted_classes
from core.analysis.predictions import Predictions, SamplePrediction


def found_in(
    probabilities: NDArray[np.floating],
    labels: NDArray[np.integer],
    cell: tuple[int, int] | None = None,
    *,
    surest_first: bool = True,
) -> list[SamplePrediction]:
    """All mistakes, or the samples of a cell."""
    predictions = Predictions.of(probabilities, labels)
    return [predictions.sample(int(row)) for row in predictions.rows(cell, surest_first=surest_first)]


def test_one_unit_for_two_classes() -> None:
    probabilities = np.array([[0.9], [0.2], [0.99], [0.01], [0.5], [np.nan]], dtype=np.float32)
    labels = np.array([0, 1, 1, 1, 1, 1], dtype=np.uint8)
    found = found_in(probabilities, labels)
    assert [one.row for one in found] == [3, 0, 1, 4]
    assert [(one.true, one.predicted) for one in found] == [(1, 0), (0, 1), (1, 0), (1, 0)]
    assert found[0].probability == pytest.approx(0.99)
    assert found[0].of_true == pytest.approx(0.01)


def test_one_unit_a_class_and_one_pair() -> None:
    probabilities = np.array([[0.1, 0.9, 0.0], [0.2, 0.2, 0.6], [0.1, 0.9, 0.0], [1, 0, 0]])
    labels = np.array([2, 0, 0, 0])
    found = found_in(probabilities, labels)
    assert [(one.row, one.predicted) for one in found] == [(0, 1), (2, 1), (1, 2)]
    assert [one.row for one in found_in(probabilities, labels, (0, 1))] == [2]
    assert found_in(probabilities, labels, (1, 0)) == []


def test_samples_of_a_cell_come_by_how_sure_the_network_was() -> None:
    probabilities = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [np.nan, 0.5], [0.7, 0.3]])
    labels = np.array([0, 0, 0, 0, 1])
    right = found_in(probabilities, labels, (0, 0), surest_first=False)
    assert [(one.row, one.probability, one.of_true) for one in right] == [(1, 0.6, 0.6), (0, 0.9, 0.9)]
    assert [one.row for one in found_in(probabilities, labels, (0, 0), surest_first=True)] == [0, 1]
    assert found_in(probabilities, labels, (0, 1), surest_first=True) == found_in(
        probabilities, labels, (0, 1)
    )
    assert found_in(probabilities, labels, (1, 1), surest_first=True) == []


@given(st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_the_cells_together_hold_each_sample_once(seed: int, units: int) -> None:
    chance = np.random.default_rng(seed)
    classes = max(2, units)
    probabilities, labels = chance.random((30, units)), chance.integers(0, classes, 30)
    counts = confusion_matrix(labels, predicted_classes(probabilities), classes)
    found = {
        cell: found_in(probabilities, labels, cell, surest_first=True) for cell in np.ndindex(counts.shape)
    }
    assert all(len(samples) == counts[cell] for cell, samples in found.items())
    assert sorted(one.row for samples in found.values() for one in samples) == list(range(30))
