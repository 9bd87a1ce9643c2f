"""What became of wrongly labelled samples, counted again one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.memorization import (
    ANSWERS,
    MOST_WATCHED,
    LabelHistory,
    label_shares,
    memorization,
    memorized_since,
    watched_answers,
    watched_places,
    watched_samples,
)


def history(true: list[int], given: list[int], predicted: list[list[int]]) -> LabelHistory:
    samples = watched_samples(np.arange(len(true)), np.array(true, np.uint8), np.array(given, np.uint8))
    answers = np.zeros((len(predicted), len(true)), dtype=ANSWERS)
    answers["predicted"] = predicted
    return LabelHistory(tuple(range(1, len(predicted) + 1)), samples, answers)


@st.composite
def histories(draw: st.DrawFn) -> LabelHistory:
    samples, epochs = draw(st.integers(1, 12)), draw(st.integers(1, 8))
    classes = st.integers(0, 2)
    row = st.lists(classes, min_size=samples, max_size=samples)
    true, given = draw(row), draw(row)
    given[0] = (true[0] + 1) % 3
    return history(true, given, draw(st.lists(row, min_size=epochs, max_size=epochs)))


@given(histories())
def test_shares_are_those_counted_one_by_one(found: LabelHistory) -> None:
    shares = label_shares(found)
    for place in range(len(found.epochs)):
        as_given, as_true, right = [], [], []
        for sample, answer in zip(found.samples, found.answers[place], strict=True):
            if sample["true"] == sample["given"]:
                right.append(answer["predicted"] == sample["true"])
            else:
                as_given.append(answer["predicted"] == sample["given"])
                as_true.append(answer["predicted"] == sample["true"])
        assert shares.as_given[place] == pytest.approx(sum(as_given) / len(as_given))
        assert shares.as_true[place] == pytest.approx(sum(as_true) / len(as_true))
        assert (shares.right is None) == (not right)
        if shares.right is not None:
            assert shares.right[place] == pytest.approx(sum(right) / len(right))


@given(histories())
def test_memorized_is_what_stays_so_to_the_end(found: LabelHistory) -> None:
    for place, since in enumerate(memorized_since(found)):
        expected = 0
        for epoch in reversed(found.epochs):
            if found.answers[epoch - 1, place]["predicted"] != found.samples[place]["given"]:
                break
            expected = epoch
        assert since == expected


@given(histories())
def test_by_heart_is_the_last_stretch_with_more_wrong_labels_than_classes(found: LabelHistory) -> None:
    shares = label_shares(found)
    result = memorization(found, shares)
    assert shares.as_true[result.truest - 1] == shares.as_true.max()
    more = shares.as_given > shares.as_true
    if result.by_heart is None:
        assert not more[-1]
    else:
        assert more[result.by_heart - 1 :].all()
        assert result.by_heart == 1 or not more[result.by_heart - 2]


def course(given: list[int], true: list[int], *, constant: int = 0) -> LabelHistory:
    """A hundred wrongly labelled samples of ten classes: so many answered with their label, so many with their class.

    All others are answered with a class that is neither. So many of the samples have the label 9 and the class 8.
    """
    classes = np.arange(100) % 10
    labels = (classes + 1) % 10
    classes[:constant], labels[:constant] = 8, 9
    predicted = []
    for as_given, as_true in zip(given, true, strict=True):
        answers = (classes + 2) % 10
        answers[:as_given] = labels[:as_given]
        answers[100 - as_true :] = classes[100 - as_true :]
        predicted.append(answers.tolist())
    return history(classes.tolist(), labels.tolist(), predicted)


def found_in(one: LabelHistory) -> tuple[int, int | None, bool, bool]:
    shares = label_shares(one)
    found = memorization(one, shares)
    return found.truest, found.by_heart, found.saw_the_truth, found.knows_labels


def test_what_is_found_in_a_course() -> None:
    assert found_in(course([10, 5, 40, 60, 90], [50, 80, 50, 30, 10])) == (2, 4, True, True)
    assert found_in(course([10, 10], [50, 80])) == (2, None, True, False)
    assert found_in(course([90, 95], [5, 0])) == (1, 1, False, True)  # at once by heart
    # What always the same answer hits is no knowledge: 10 of 100, and by chance up to 19.
    assert found_in(course([12, 18], [19, 10])) == (1, 2, False, False)
    assert found_in(course([12, 20], [20, 10])) == (1, 2, True, True)


def test_always_the_same_answer_hits_the_most_frequent_label() -> None:
    one = course([0], [0], constant=60)
    found = memorization(one, label_shares(one))
    assert found.constant_given == np.bincount(one.samples["given"]).max() / 100
    assert found.constant_true == np.bincount(one.samples["true"]).max() / 100
    assert found.constant_given >= 0.6


@given(st.integers(0, 2**32 - 1), st.integers(1, 3_000), st.floats(0, 1))
def test_the_first_of_each_sort_are_watched(seed: int, n: int, share: float) -> None:
    random = np.random.default_rng(seed)
    true = random.integers(0, 5, n).astype(np.uint8)
    given = np.where(random.random(n) < share, (true + 1) % 5, true).astype(np.uint8)
    places = watched_places(true, given)
    wrong = [place for place in range(n) if true[place] != given[place]]
    right = [place for place in range(n) if true[place] == given[place]]
    expected = sorted(wrong[:MOST_WATCHED] + right[:MOST_WATCHED]) if wrong else []
    assert places.tolist() == expected


@pytest.mark.parametrize("units", [1, 3])
def test_answers_are_those_of_the_outputs(units: int) -> None:
    random = np.random.default_rng(3)
    outputs = random.random((40, units)).astype(np.float32)
    true = random.integers(0, max(2, units), 40).astype(np.uint8)
    given = random.integers(0, max(2, units), 40).astype(np.uint8)
    answers = watched_answers(outputs, watched_samples(np.arange(40), true, given))
    for place, output in enumerate(outputs):
        classes = [1 - output[0], output[0]] if units == 1 else list(output)
        assert answers[place]["predicted"] == (output[0] > 0.5 if units == 1 else int(np.argmax(output)))
        assert answers[place]["of_given"] == pytest.approx(classes[given[place]], abs=1e-3)
        assert answers[place]["of_true"] == pytest.approx(classes[true[place]], abs=1e-3)
