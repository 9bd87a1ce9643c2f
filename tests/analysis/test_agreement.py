"""Where two networks agree, by counting sample by sample; several pairs judged together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mlxtend.evaluate import mcnemar_table
from sklearn.metrics import confusion_matrix
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from core.analysis.agreement import (
    agreement,
    cell_change,
    disagreements,
    matrix_difference,
    pairwise_tests,
)
from core.analysis.significance import ALPHA

three = st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))
rows = st.lists(three, min_size=1, max_size=50)


@given(rows)
@example([(0, 0, 0)])
@example([(0, 1, 1), (0, 1, 2)])
def test_every_sample_is_in_one_place(answers: list[tuple[int, int, int]]) -> None:
    labels, first, second = (np.array(side, dtype=np.uint8) for side in zip(*answers, strict=True))
    found = agreement(labels, first, second)
    table = mcnemar_table(labels, first, second)
    wrong = found.wrong_alike + found.wrong_differently
    assert [[found.both_right, found.only_first], [found.only_second, wrong]] == table.tolist()
    assert found.samples == len(answers)
    assert (found.first_wrong, found.second_wrong) == (np.sum(first != labels), np.sum(second != labels))
    for kind, condition in (
        ("only_first", lambda true, one, two: one == true != two),
        ("only_second", lambda true, one, two: two == true != one),
        ("both_wrong", lambda true, one, two: len({true, one, two}) == 3),
    ):
        expected = [row for row, sample in enumerate(answers) if condition(*sample)]
        assert disagreements(labels, first, second, kind).tolist() == expected  # type: ignore[arg-type]


@given(rows)
def test_the_difference_of_matrices_is_what_each_cell_gained_and_lost(
    answers: list[tuple[int, int, int]],
) -> None:
    labels, first, second = np.array(answers).T
    one, two = (confusion_matrix(labels, side, labels=range(4)).tolist() for side in (first, second))
    found = matrix_difference(one, two)
    assert found.sum(axis=1).tolist() == [0] * 4
    for true, predicted in np.ndindex(4, 4):
        change = cell_change(labels, first, second, true, predicted)
        assert len(change.only_second) - len(change.only_first) == found[true, predicted]
        assert change.both + len(change.only_first) == one[true][predicted]
        assert set(labels[change.only_second]) <= {true}
        assert set(second[change.only_second]) <= {predicted}
        assert predicted not in first[change.only_second]


def test_other_test_sets_have_no_difference() -> None:
    with pytest.raises(ValueError, match="same test set"):
        matrix_difference([[1, 0], [0, 1]], [[2, 0], [0, 1]])
    with pytest.raises(ValueError, match="same samples"):
        agreement(np.zeros(2, int), np.zeros(2, int), np.zeros(3, int))


def test_all_pairs_are_judged_together() -> None:
    rng = np.random.default_rng(4)
    labels = rng.integers(0, 5, 400)
    answers = {
        name: np.where(rng.random(400) < right, labels, (labels + 1) % 5)
        for name, right in (("a", 0.9), ("b", 0.85), ("c", 0.84), ("d", 0.5))
    }
    found = pairwise_tests(labels, answers)
    assert [(pair.first, pair.second) for pair in found] == [
        ("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d"),
    ]  # fmt: skip
    ps = [
        mcnemar(mcnemar_table(labels, answers[pair.first], answers[pair.second]), exact=True).pvalue
        for pair in found
    ]
    assert [pair.p for pair in found] == pytest.approx(ps, abs=1e-6)
    adjusted = multipletests(ps, method="holm")[1].tolist()
    assert [pair.p_holm for pair in found] == pytest.approx(adjusted, abs=1e-6)
    assert {pair.finding for pair in found if "d" in (pair.first, pair.second)} == {"first"}


def two(only_first: int, only_second: int, both: int = 5) -> dict[str, np.ndarray]:
    """Answers to samples of class 0."""
    first = [0] * (only_first + both) + [1] * only_second
    second = [1] * only_first + [0] * (both + only_second)
    return {"a": np.array(first), "b": np.array(second)}


@pytest.mark.parametrize(
    ("only_first", "only_second", "finding"),
    [
        (0, 0, "same"),
        (5, 0, "too_few"),  # 2 / 32 is above 5%
        (6, 0, "first"),  # 2 / 64 is not
        (0, 6, "second"),
        (6, 1, "not_shown"),
        (30, 10, "first"),
        (20, 20, "not_shown"),
    ],
)
def test_what_one_pair_shows(only_first: int, only_second: int, finding: str) -> None:
    answers = two(only_first, only_second)
    (pair,) = pairwise_tests(np.zeros(len(answers["a"]), int), answers)
    assert pair.finding == finding
    assert pair.p == pair.p_holm


def test_what_is_clear_alone_may_not_be_among_many() -> None:
    answers = two(9, 1)
    together = {**answers, **{f"like a {number}": answers["a"] for number in range(5)}}
    found = {(pair.first, pair.second): pair for pair in pairwise_tests(np.zeros(15, int), together)}
    pair = found["a", "b"]
    assert pair.p < ALPHA < pair.p_holm
    assert pair.finding == "not_among_all"


def test_one_run_has_no_pair() -> None:
    assert pairwise_tests(np.zeros(3, int), {"a": np.zeros(3, int)}) == ()
    assert pairwise_tests(np.zeros(3, int), {}) == ()
