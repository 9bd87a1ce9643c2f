"""The surest mistakes come first, whatever the network's output looks like."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis.mistakes import surest_mistakes


def test_one_unit_for_two_classes() -> None:
    probabilities = np.array([[0.9], [0.2], [0.99], [0.01], [0.5], [np.nan]], dtype=np.float32)
    labels = np.array([0, 1, 1, 1, 1, 1], dtype=np.uint8)
    found = surest_mistakes(probabilities, labels)
    assert [one.row for one in found] == [3, 0, 1, 4]
    assert [(one.true, one.predicted) for one in found] == [(1, 0), (0, 1), (1, 0), (1, 0)]
    assert found[0].probability == pytest.approx(0.99)
    assert found[0].of_true == pytest.approx(0.01)


def test_one_unit_a_class_and_one_pair() -> None:
    probabilities = np.array([[0.1, 0.9, 0.0], [0.2, 0.2, 0.6], [0.1, 0.9, 0.0], [1, 0, 0]])
    labels = np.array([2, 0, 0, 0])
    found = surest_mistakes(probabilities, labels)
    assert [(one.row, one.predicted) for one in found] == [(0, 1), (2, 1), (1, 2)]
    assert [one.row for one in surest_mistakes(probabilities, labels, (0, 1))] == [2]
    assert surest_mistakes(probabilities, labels, (1, 0)) == ()
