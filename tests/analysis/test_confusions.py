"""What stands first in a large confusion matrix, counted by hand."""

from __future__ import annotations

import pytest

from core.analysis.classification import Confusion, largest_confusions, ordered_classes, share_within

# Of 10, 4 and 6 samples; nothing is of class 3, but one sample is taken for it.
MATRIX = ((7, 2, 0, 1), (2, 2, 0, 0), (0, 0, 6, 0), (0, 0, 0, 0))


def test_confusions_are_listed_from_the_most_frequent() -> None:
    assert largest_confusions(MATRIX) == (
        Confusion(1, 0, 2, 0.5),
        Confusion(0, 1, 2, 0.2),
        Confusion(0, 3, 1, 0.1),
    )
    assert largest_confusions([[3, 0], [0, 0]]) == ()


@pytest.mark.parametrize(
    ("order", "labels"), [("label", (0, 1, 2, 3)), ("size", (0, 2, 1, 3)), ("errors", (0, 1, 3, 2))]
)
def test_classes_stand_in_the_order_asked_for(order: str, labels: tuple[int, ...]) -> None:
    assert ordered_classes(MATRIX, order) == labels  # type: ignore[arg-type]


def test_the_share_of_a_part_counts_what_is_true_and_predicted_in_it() -> None:
    assert share_within(MATRIX, (0, 1)) == pytest.approx(13 / 20)
    assert share_within(MATRIX, range(4)) == 1
    assert share_within([[0, 0], [0, 0]], (0,)) == 0
