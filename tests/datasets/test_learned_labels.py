"""Labels replaced on purpose: exactly so many, never the same class, and nothing else of a training changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.datasets import open_dataset, prepare
from core.datasets.preparation import learned_labels
from core.experiment import Experiment, ReplacedLabels, ShuffledLabels
from core.settings import Settings
from core.training.train import order_of
from tests.training.experiments import experiment_on_texts, experiment_with

SHARES = st.floats(0, 1)
SEEDS = st.integers(0, 2**31 - 1)
LABELS = st.lists(st.integers(0, 9), min_size=10, max_size=300).map(lambda them: np.array(them, np.uint8))


def with_labels(**labels: object) -> Experiment:
    return experiment_with(labels=labels)


def by_the_recipe(y: np.ndarray, experiment: Experiment) -> np.ndarray:
    """The recipe in the words of `core.datasets.preparation`, one sample after the other."""
    seed, classes = experiment.seed, experiment.facts.classes
    chance = np.random.default_rng([seed, 0, 1])
    if isinstance(experiment.labels, ShuffledLabels):
        return y[chance.permutation(len(y))]
    assert isinstance(experiment.labels, ReplacedLabels)
    count = round(experiment.labels.share * len(y))
    wrong = chance.permutation(len(y))[:count]
    others = chance.integers(1, classes, count)
    found = [int(label) for label in y]
    for row, step in zip(wrong, others, strict=True):
        found[row] = (found[row] + int(step)) % classes
    return np.array(found)


@given(LABELS, SHARES, SEEDS)
def test_exactly_the_share_is_replaced_by_other_classes(y: np.ndarray, share: float, seed: int) -> None:
    experiment = with_labels(kind="replaced", share=share).with_changes(seed=seed)
    learned = learned_labels(y, experiment)
    assert (learned.dtype, learned.shape) == (np.uint8, y.shape)
    assert (learned != y).sum() == round(share * len(y))
    assert learned.max() < 10
    np.testing.assert_array_equal(learned, by_the_recipe(y, experiment))
    np.testing.assert_array_equal(
        learned_labels(y, experiment.with_changes(epochs=77, batch_size=5)), learned
    )


@given(LABELS, SEEDS, SHARES, SHARES)
def test_a_larger_share_replaces_the_same_labels_and_more(
    y: np.ndarray, seed: int, one: float, two: float
) -> None:
    few, many = (
        learned_labels(y, with_labels(kind="replaced", share=share).with_changes(seed=seed))
        for share in sorted((one, two))
    )
    np.testing.assert_array_equal(few[few != y], many[few != y])


@given(LABELS, SEEDS)
def test_shuffled_labels_are_the_same_ones_in_another_order(y: np.ndarray, seed: int) -> None:
    experiment = with_labels(kind="shuffled").with_changes(seed=seed)
    learned = learned_labels(y, experiment)
    np.testing.assert_array_equal(np.sort(learned), np.sort(y))
    np.testing.assert_array_equal(learned, by_the_recipe(y, experiment))


def test_every_other_class_is_as_likely() -> None:
    y = np.full(90_000, 3, np.uint8)
    counts = np.bincount(learned_labels(y, with_labels(kind="replaced", share=1.0)), minlength=10)
    assert counts[3] == 0
    # Nine classes of 10,000: five standard deviations are 471.
    assert np.abs(np.delete(counts, 3) - 10_000).max() < 471


def test_of_two_classes_the_other_one_is_taken() -> None:
    y = np.array([0, 1] * 50, np.uint8)
    experiment = experiment_on_texts(labels={"kind": "replaced", "share": 1.0})
    np.testing.assert_array_equal(learned_labels(y, experiment), 1 - y)


@given(SEEDS, st.integers(0, 999))
def test_the_chance_is_no_order_of_an_epoch(seed: int, epoch: int) -> None:
    experiment = with_labels(kind="shuffled").with_changes(seed=seed)
    y = np.arange(100, dtype=np.uint8)
    assert not np.array_equal(learned_labels(y, experiment), order_of(seed, epoch, 100))


@pytest.mark.parametrize("labels", [{"kind": "replaced", "share": 0.4}, {"kind": "shuffled"}])
@pytest.mark.parametrize(
    "changes",
    [
        {"split": {"kind": "none"}},
        {"split": {"kind": "first", "count": 50}, "loss": "sparse_categorical_crossentropy"},
        {"split": {"kind": "fraction", "fraction": 0.2, "seed": 3, "stratified": True}, "loss": "mse"},
        {"split": {"kind": "fold", "folds": 4, "fold": 2, "seed": 9}},
    ],
    ids=lambda changes: changes["split"]["kind"],
)
def test_only_the_labels_of_the_training_part_change(
    settings: Settings, labels: dict[str, object], changes: dict[str, object]
) -> None:
    experiment = experiment_with(**changes)
    digits = open_dataset("digits", settings)
    before, after = prepare(experiment, digits), prepare(experiment.with_changes(labels=labels), digits)
    np.testing.assert_array_equal(before.true_train, digits.y_train[before.train_rows])
    np.testing.assert_array_equal(before.labels_train, before.true_train)
    np.testing.assert_array_equal(after.true_train, before.true_train)
    learned = by_the_recipe(before.true_train, experiment.with_changes(labels=labels))
    np.testing.assert_array_equal(after.labels_train, learned)
    classes = after.y_train if after.y_train.ndim == 1 else after.y_train.argmax(axis=1)
    np.testing.assert_array_equal(classes, learned)
    assert (after.labels_train != after.true_train).any()
    for name in ("x_train", "x_val", "y_val", "x_test", "y_test", "labels_val", "labels_test", "train_rows"):
        one, two = getattr(before, name), getattr(after, name)
        assert (one is None and two is None) or np.array_equal(one, two), name


def test_targets_of_a_single_unit_are_turned_round(settings: Settings) -> None:
    reviews = open_dataset("mini_reviews", settings)
    experiment = experiment_on_texts(labels={"kind": "replaced", "share": 0.5})
    before, after = prepare(experiment_on_texts(), reviews), prepare(experiment, reviews)
    assert after.y_train.shape == (180, 1)
    assert (after.y_train != before.y_train).sum() == 90
    np.testing.assert_array_equal(after.y_test, before.y_test)
