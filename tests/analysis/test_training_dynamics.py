"""Looking back at the answers of each epoch agrees with counting sample by sample, and with scikit-learn."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, recall_score

from core.analysis import training_dynamics
from core.analysis.predictions import Predictions, SamplePrediction
from core.analysis.training_dynamics import LearningStatus, PredictionHistory


def made(
    seed: int, epochs: int = 6, samples: int = 40, classes: int = 5
) -> tuple[PredictionHistory, np.ndarray]:
    """Random answers, and the probabilities they come from."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, classes, samples).astype(np.uint8)
    raw = random.dirichlet(np.full(classes, 0.4), (epochs, samples)).astype(np.float16)
    found = [training_dynamics.epoch_predictions(one, labels) for one in raw]
    assert all(found)
    rows = random.permutation(1_000)[:samples].astype(np.int64)
    numbered = [(number, one) for number, one in enumerate(found, start=1) if one is not None]
    return training_dynamics.stacked(numbered, rows, labels), raw


@given(st.integers(0, 10_000), st.integers(1, 5))
def test_matrices_and_class_accuracies_are_those_of_scikit_learn(seed: int, epochs: int) -> None:
    kept, raw = made(seed, epochs, samples=12)
    counts = training_dynamics.confusion_matrices(kept, 5)
    shares = training_dynamics.class_accuracies(counts)
    for place in range(epochs):
        predicted = raw[place].argmax(axis=1)
        np.testing.assert_array_equal(
            counts[place], confusion_matrix(kept.labels, predicted, labels=range(5))
        )
        recalls = recall_score(kept.labels, predicted, labels=range(5), average=None, zero_division=np.nan)
        np.testing.assert_allclose(shares[place], recalls)


def mistakes(kept: PredictionHistory, place: int, **only: Any) -> tuple[SamplePrediction, ...]:
    """The answers to the samples told wrongly after an epoch."""
    return tuple(
        training_dynamics.sample_prediction(kept, place, int(sample))
        for sample in training_dynamics.mistaken(kept, place, **only)
    )


def test_mistakes_are_those_of_the_probabilities_with_rows_of_the_raw_set() -> None:
    kept, raw = made(3)
    for place in range(6):
        answers = Predictions.of(raw[place], kept.labels)
        expected = [answers.sample(int(row)) for row in answers.rows()]
        found = mistakes(kept, place)
        assert [one.row for one in found] == [int(kept.rows[one.row]) for one in expected]
        assert [(one.true, one.predicted, one.probability, one.of_true) for one in found] == [
            (one.true, one.predicted, one.probability, one.of_true) for one in expected
        ]
    pair = (found[0].true, found[0].predicted)
    assert mistakes(kept, 5, pair=pair) == tuple(one for one in found if (one.true, one.predicted) == pair)
    some = np.arange(10)
    assert mistakes(kept, 5, samples=some) == tuple(one for one in found if one.row in kept.rows[:10])


@given(st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=1, max_size=8))
def test_each_sample_has_the_course_that_its_answers_tell(table: list[list[bool]]) -> None:
    right = np.array(table)
    gained, lost = training_dynamics.flips(right)
    for sample, course in enumerate(training_dynamics.learning_statuses(right)):
        told = [bool(one) for one in right[:, sample]]
        falls = sum(before and not after for before, after in pairwise(told))
        assert training_dynamics.forgetting_events(right)[sample] == falls
        if all(told):
            assert course == LearningStatus.ALWAYS
        elif not any(told):
            assert course == LearningStatus.NEVER
        elif not told[-1]:
            assert course == LearningStatus.LOST
        else:
            assert course == (LearningStatus.REGAINED if falls else LearningStatus.LEARNED)
        spans = training_dynamics.correct_spans(range(1, len(told) + 1), right[:, sample])
        assert [
            any(first <= epoch <= last for first, last in spans) for epoch in range(1, len(told) + 1)
        ] == told
        assert len(spans) == falls + told[-1]
    np.testing.assert_array_equal(gained - lost, np.diff(right.sum(axis=1)))


def test_what_changed_between_two_epochs() -> None:
    kept, _ = made(7)
    found = training_dynamics.change(kept, 4, 1)
    for sample in range(40):
        here, there = kept.right[4, sample], kept.right[1, sample]
        assert (sample in found.wrong) == (there and not here)
        assert (sample in found.right) == (here and not there)
    assert not len(training_dynamics.change(kept, 2, 2).wrong)


def test_one_unit_for_two_classes() -> None:
    labels = np.array([1, 0, 1], dtype=np.uint8)
    found = training_dynamics.epoch_predictions(np.array([[0.75], [0.75], [0.25]], dtype=np.float16), labels)
    assert found is not None
    assert found.predicted.tolist() == [1, 1, 0]
    assert found.confidence.tolist() == [0.75, 0.75, 0.75]
    assert found.of_true.tolist() == [0.75, 0.25, 0.25]


@pytest.mark.parametrize(
    "probabilities",
    [
        np.full((3, 2), math.nan),
        np.full((2, 2), 0.5),
        np.full(3, 0.5),
        np.zeros((3, 0)),
        np.full((3, 2), 0.5),
    ],
)
def test_what_cannot_be_answers_to_these_samples_is_none(probabilities: np.ndarray) -> None:
    assert training_dynamics.epoch_predictions(probabilities, np.array([0, 1, 2], dtype=np.uint8)) is None


def test_an_epoch_is_found_among_those_looked_at() -> None:
    kept, _ = made(1)
    assert kept.place(3) == 2
    assert kept.place(9) is None
    assert kept.place(None) is None
