"""A confusion matrix in words: rows, columns and flows, against counting by hand and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_fscore_support

from core.analysis.confusion_reading import Part, flows, read_column, read_row, row_change

MATRIX = (
    (780, 110, 60, 40, 10, 0),
    (100, 800, 0, 0, 0, 100),
    (0, 0, 0, 0, 0, 0),
    (5, 5, 0, 90, 0, 0),
    (0, 0, 0, 0, 50, 0),
    (1, 2, 3, 4, 5, 0),
)

matrices = st.integers(2, 9).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 40), min_size=size, max_size=size), min_size=size, max_size=size
    )
)


def test_a_row_names_what_its_samples_were_taken_for() -> None:
    row = read_row(MATRIX, 0)
    assert (row.total, row.right, row.rest) == (1000, 780, 0)
    # Four others: the last one is named rather than counted as what is left.
    assert row.others == (Part(1, 110), Part(2, 60), Part(3, 40), Part(4, 10))
    assert read_row(MATRIX, 5).others == (Part(4, 5), Part(3, 4), Part(2, 3))
    assert read_row(MATRIX, 5).rest == 3
    assert read_row(MATRIX, 2).total == 0
    assert read_row(MATRIX, 4).others == ()


def test_a_column_names_what_was_called_so() -> None:
    column = read_column(MATRIX, 0)
    assert (column.total, column.right) == (886, 780)
    assert column.others == (Part(1, 100), Part(3, 5), Part(5, 1))


@settings(max_examples=30)
@given(matrices)
def test_readings_count_every_sample_and_their_shares_are_recall_and_precision(
    matrix: list[list[int]],
) -> None:
    counts = np.array(matrix)
    assume(counts.any())
    size = len(counts)
    true, predicted = np.repeat(np.indices((size, size)).reshape(2, -1), counts.ravel(), axis=1)
    scores = precision_recall_fscore_support(true, predicted, labels=range(size), zero_division=0)
    for label in range(size):
        row, column = read_row(matrix, label), read_column(matrix, label)
        for one, whole in ((row, counts[label]), (column, counts[:, label])):
            assert one.right + sum(part.count for part in one.others) + one.rest == one.total == whole.sum()
            assert all(part.count > 0 and part.label != label for part in one.others)
            assert one.rest == 0 or len(one.others) == 3
        assert row.share == pytest.approx(scores[1][label])
        assert column.share == pytest.approx(scores[0][label])


def test_a_row_of_a_difference_tells_the_largest_changes() -> None:
    second = [list(row) for row in MATRIX]
    second[0] = [800, 80, 70, 40, 10, 0]
    change = row_change(MATRIX, second, 0)
    assert change.right == (780, 800)
    assert change.others == (Part(1, -30), Part(2, 10))
    assert row_change(MATRIX, second, 1).others == ()


@given(matrices, st.sampled_from([0.0, 0.02, 0.1, 0.5]))
def test_flows_lose_no_sample_and_no_right_answer(matrix: list[list[int]], least: float) -> None:
    counts = np.array(matrix)
    labels = list(range(0, len(counts), 2))
    found = flows(matrix, labels, least)
    assert sum(flow.count for flow in found.flows) + found.left_out == counts[labels].sum()
    assert {flow.true for flow in found.flows} <= set(found.classes)
    assert {flow.predicted for flow in found.flows} == set(found.answers)
    assert len(set(found.answers)) == len(found.answers)
    assert all(flow.share >= least for flow in found.wrong)
    kept = {flow.true: flow.count for flow in found.flows if flow.true == flow.predicted}
    assert kept == {label: counts[label, label] for label in labels if counts[label, label]}
