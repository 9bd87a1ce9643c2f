import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog import dataset_info
from core.datasets import open_dataset
from core.datasets.exploration import array_shapes, class_counts, random_samples, sample, scaling_effects
from core.datasets.scaling import ValueCounts
from core.settings import Settings

DIGITS = dataset_info("digits")


@pytest.fixture(scope="module")
def digits():
    return open_dataset("digits", Settings.from_environment({}), fetch=False)


def test_shapes_and_types(digits):
    shapes = {each.name: each for each in array_shapes(digits)}
    assert list(shapes) == ["x_train", "y_train", "x_test", "y_test"]
    assert (shapes["x_train"].shape, shapes["x_train"].dtype) == ((1500, 8, 8), "uint8")
    assert (shapes["x_train"].smallest, shapes["x_train"].largest) == (0, 16)
    assert shapes["x_train"].size == 1500 * 64


def test_class_counts_are_complete(digits):
    counts = class_counts(digits)
    assert [each.label for each in counts] == list(range(10))
    assert sum(each.train for each in counts) == 1500
    assert sum(each.test for each in counts) == 297
    assert counts[3].train == int((digits.y_train == 3).sum())


@given(seed=st.integers(0, 10_000), label=st.none() | st.integers(0, 9), count=st.integers(0, 60))
def test_a_choice_repeats_and_has_nothing_twice(seed, label, count):
    digits = open_dataset("digits", Settings.from_environment({}), fetch=False)
    chosen = random_samples(digits, "test", count, seed=seed, label=label)
    assert [each.row for each in chosen] == [
        each.row for each in random_samples(digits, "test", count, seed=seed, label=label)
    ]
    assert len({each.row for each in chosen}) == len(chosen)
    of_class = len(digits.y_test) if label is None else int((digits.y_test == label).sum())
    assert len(chosen) == min(count, of_class)
    for each in chosen:
        assert each.label == digits.y_test[each.row]
        assert label in (None, each.label)
        assert (each.pixels == digits.x_test[each.row]).all()


def test_seed_0_takes_the_first_ones(digits):
    assert [each.row for each in random_samples(digits, "train", 5, seed=0)] == [0, 1, 2, 3, 4]
    assert random_samples(digits, "train", 5, seed=1) != random_samples(digits, "train", 5, seed=2)


def test_a_sample_beyond_the_end_is_refused(digits):
    assert sample(digits, "train", 1499).label == digits.y_train[1499]
    for row in (-1, 1500):
        with pytest.raises(IndexError):
            sample(digits, "train", row)


def test_every_scaling_keeps_the_shape_of_the_distribution(digits):
    values = ValueCounts.of(digits.x_train)
    effects = {each.scaling: each for each in scaling_effects(values, values, DIGITS)}
    assert list(effects) == ["none", "pixel", "min_max", "standard", "robust"]
    for effect in effects.values():
        assert sum(effect.shares) == pytest.approx(1)
        assert effect.shares == effects["none"].shares
        assert len(effect.edges) == len(effect.shares) + 1
    assert (effects["pixel"].smallest, effects["pixel"].largest) == (0, 1)
    assert effects["standard"].mean == pytest.approx(0, abs=1e-6)
    assert effects["standard"].deviation == pytest.approx(1, abs=1e-6)
    assert effects["min_max"].same_as == "pixel"
    assert not any(effect.does_nothing for effect in effects.values())


def test_the_numbers_come_from_the_training_images_even_for_one_image(digits):
    training, one = ValueCounts.of(digits.x_train), ValueCounts.of(digits.x_train[0])
    effect = next(each for each in scaling_effects(one, training, DIGITS) if each.scaling == "standard")
    scaled = (digits.x_train[0].astype(float) - digits.x_train.mean()) / digits.x_train.std()
    assert effect.mean == pytest.approx(scaled.mean(), abs=1e-6)
    assert effect.largest == pytest.approx(scaled.max(), abs=1e-6)


def test_a_quartile_range_of_0_is_told():
    mostly_black = np.zeros((10, 8, 8), np.uint8)
    mostly_black[:, 0, 0] = 16
    values = ValueCounts.of(mostly_black)
    effects = {each.scaling: each for each in scaling_effects(values, values, DIGITS)}
    assert effects["robust"].does_nothing
    assert [name for name, effect in effects.items() if effect.replaced] == ["robust"]
    assert effects["robust"].same_as == "none"
    assert not effects["none"].does_nothing
