import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import KFold, train_test_split
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

from core.catalog import dataset_info
from core.datasets import fit_scaling, open_dataset, prepare, split_rows
from core.datasets.scaling import ValueCounts
from core.experiment import Experiment, FirstSplit, FoldSplit, FractionSplit, NoSplit
from core.settings import Settings

DIGITS = dataset_info("digits")
SEEDS = st.integers(0, 2**31 - 1)


@pytest.fixture(scope="module")
def digits():
    return open_dataset("digits", Settings.from_environment({}), fetch=False)


def experiment(**changes):
    settings = {
        "dataset": "digits",
        "layers": [{"kind": "dense", "units": 10, "activation": "softmax"}],
        **changes,
    }
    if settings.get("encoding", {"kind": "flat"})["kind"] != "flat":
        settings["layers"] = [{"kind": "flatten"}, *settings["layers"]]
    return Experiment.from_dict(settings)


# Splitting


@given(n=st.integers(2, 3000), fraction=st.floats(0.01, 0.99), seed=SEEDS)
def test_a_fraction_is_that_of_scikit_learn_row_by_row(n, fraction, seed):
    if math.ceil(n * fraction) >= n:
        return
    rows = split_rows(FractionSplit(fraction=fraction, seed=seed), np.zeros(n, np.uint8))
    training, validation = train_test_split(np.arange(n), test_size=fraction, random_state=seed)
    assert rows.training.tolist() == training.tolist()
    assert rows.validation.tolist() == validation.tolist()


@given(
    labels=st.lists(st.integers(0, 9), min_size=2, max_size=400).map(lambda some: np.array(some, np.uint8)),
    fraction=st.floats(0.01, 0.99),
    seed=SEEDS,
)
def test_a_stratified_fraction_gives_every_class_its_share(labels, fraction, seed):
    split = FractionSplit(fraction=fraction, seed=seed, stratified=True)
    rows = split_rows(split, labels)
    n, size = len(labels), split.validation_size(len(labels))
    assert len(rows.validation) == size
    assert sorted([*rows.training, *rows.validation]) == list(range(n))
    assert rows.validation.tolist() == sorted(rows.validation)
    assert rows.training.tolist() == sorted(rows.training)
    for label in range(10):
        of_class = int((labels == label).sum())
        kept = int((labels[rows.validation] == label).sum())
        assert abs(kept - of_class * size / n) < 1


@given(n=st.integers(2, 500), count=st.integers(1, 499))
def test_first_rows_and_no_rows(n, count):
    labels = np.zeros(n, np.uint8)
    rows = split_rows(FirstSplit(count=count), labels)
    assert rows.validation.tolist() == list(range(min(count, n)))
    assert rows.training.tolist() == list(range(count, n))
    assert split_rows(NoSplit(), labels).training.tolist() == list(range(n))
    assert len(split_rows(NoSplit(), labels).validation) == 0


def test_another_seed_is_another_stratified_choice(digits):
    first, second = (
        split_rows(FractionSplit(fraction=0.2, seed=seed, stratified=True), digits.y_train).validation
        for seed in (1, 2)
    )
    assert first.tolist() != second.tolist()


# Scaling


@given(
    st.lists(st.integers(0, 255), min_size=1, max_size=60), st.sampled_from([0, 12.5, 25, 50, 75, 99, 100])
)
def test_counted_values_give_the_statistics_of_numpy(values, percent):
    raw = np.array(values, np.uint8)
    counts = ValueCounts.of(raw)
    assert (counts.minimum, counts.maximum, counts.total) == (raw.min(), raw.max(), raw.size)
    assert counts.mean == pytest.approx(raw.mean(), rel=1e-14)
    assert counts.deviation == pytest.approx(raw.std(), rel=1e-12)
    assert counts.percentile(percent) == pytest.approx(np.percentile(raw, percent), abs=1e-9)


def test_values_are_counted_across_pieces(monkeypatch):
    raw = np.random.default_rng(0).integers(0, 256, (7, 9, 11)).astype(np.uint8)
    whole = ValueCounts.of(raw).counts
    monkeypatch.setattr("core.datasets.scaling._PIECE", 10)
    assert (ValueCounts.of(raw).counts == whole).all()


@pytest.mark.parametrize(
    ("name", "oracle"),
    [("min_max", MinMaxScaler()), ("standard", StandardScaler()), ("robust", RobustScaler())],
)
def test_scalings_are_those_of_scikit_learn_over_all_pixels(digits, name, oracle):
    training, others = digits.x_train[:1000], digits.x_train[1000:]
    scale = fit_scaling(name, training, DIGITS)
    oracle.fit(training.reshape(-1, 1).astype(np.float64))
    expected = oracle.transform(others.reshape(-1, 1).astype(np.float64)).reshape(others.shape)
    assert scale(others).dtype == np.float32
    np.testing.assert_allclose(scale(others), expected, atol=2e-6)


@pytest.mark.parametrize("name", ["min_max", "standard", "robust"])
def test_a_single_value_is_divided_by_one(name):
    scale = fit_scaling(name, np.full((4, 8, 8), 7, np.uint8), DIGITS)
    assert (scale.scale, scale.replaced) == (1, True)


def test_pixels_are_divided_by_the_largest_possible_value(digits):
    assert fit_scaling("pixel", digits.x_train, DIGITS).scale == 16
    assert fit_scaling("none", digits.x_train, DIGITS)(digits.x_train).max() == 16


# The whole


def by_the_recipe(settings, dataset):
    """The recipe in the words of the module's docstring, as an exported script would write it."""
    x, y = dataset.x_train, dataset.y_train
    if settings.train_limit:
        x, y = x[: settings.train_limit], y[: settings.train_limit]
    n, split = len(x), settings.split
    if split.kind == "none":
        training, validation = np.arange(n), None
    elif split.kind == "first":
        training, validation = np.arange(split.count, n), np.arange(split.count)
    else:
        size = math.ceil(n * split.fraction)
        order = np.random.RandomState(split.seed).permutation(n)
        validation, training = order[:size], order[size:]
        if split.stratified:
            by_class = order[np.argsort(y[order], kind="stable")]
            validation = np.sort(by_class[np.arange(size) * n // size])
            training = np.setdiff1d(np.arange(n), validation)
    t = x[training]
    q1, q3 = np.percentile(t, [25, 75])
    shift, scale = {
        "none": (0, 1),
        "pixel": (0, settings.facts.max_value),
        "min_max": (t.min(), int(t.max()) - int(t.min())),
        "standard": (t.mean(), t.std()),
        "robust": (np.median(t), q3 - q1),
    }[settings.scaling]
    shift, scale = np.float32(shift), np.float32(scale or 1)

    def inputs(images):
        scaled = (images.astype("float32") - shift) / scale
        return {
            "flat": scaled.reshape(len(scaled), -1),
            "image": scaled[..., np.newaxis],
            "rows": scaled,
        }[settings.encoding.kind]

    return inputs, x, y, training, validation


@pytest.mark.parametrize("scaling", ["none", "pixel", "min_max", "standard", "robust"])
@pytest.mark.parametrize("encoding", ["flat", "image", "rows"])
@pytest.mark.parametrize(
    "split",
    [
        {"kind": "none"},
        {"kind": "first", "count": 300},
        {"kind": "fraction", "fraction": 0.3, "seed": 777},
        {"kind": "fraction", "fraction": 0.25, "seed": 5, "stratified": True},
    ],
    ids=["none", "first", "fraction", "stratified"],
)
@pytest.mark.parametrize("limit", [None, 1001])
def test_the_recipe_of_the_docstring_gives_the_same_bits(digits, scaling, encoding, split, limit):
    wanted = experiment(scaling=scaling, encoding={"kind": encoding}, split=split, train_limit=limit)
    inputs, x, y, training, validation = by_the_recipe(wanted, digits)
    made = prepare(wanted, digits)

    assert made.x_train.shape == (wanted.train_size, *wanted.input_shape)
    assert made.x_train.dtype == np.float32
    assert (made.train_rows == training).all()
    assert (made.x_train == inputs(x[training])).all()
    assert (made.y_train == y[training]).all()
    assert (made.x_test == inputs(digits.x_test)).all()
    assert (made.labels_test == digits.y_test).all()
    if validation is None:
        assert (made.x_val, made.y_val, made.labels_val, len(made.val_rows)) == (None, None, None, 0)
    else:
        assert len(made.val_rows) == wanted.validation_size
        assert (made.val_rows == validation).all()
        assert (made.x_val == inputs(x[validation])).all()
        assert (made.labels_val == y[validation]).all()


@pytest.mark.parametrize("loss", ["categorical_crossentropy", "mse"])
def test_one_hot_targets(digits, loss):
    made = prepare(experiment(loss=loss), digits)
    assert (made.y_train.shape, made.y_train.dtype) == ((1500, 10), np.float32)
    assert (made.y_train.argmax(axis=1) == digits.y_train).all()
    assert (made.y_train.sum(axis=1) == 1).all()
    assert made.y_test.shape == (297, 10)


def test_sparse_targets_are_whole_numbers(digits):
    made = prepare(experiment(loss="sparse_categorical_crossentropy"), digits)
    assert (made.y_train.dtype, made.y_train.shape) == (np.int32, (1500,))


def test_the_raw_data_stay_as_they_are(digits):
    before = digits.x_train.copy()
    made = prepare(experiment(scaling="standard"), digits)
    made.x_train[:] = 0
    assert (digits.x_train == before).all()


def test_another_data_set_is_refused(digits):
    other = dataclasses.replace(digits, name="mnist")
    with pytest.raises(ValueError, match="about digits, the data are mnist"):
        prepare(experiment(), other)


@given(n=st.integers(20, 400), folds=st.integers(2, 20), seed=st.integers(0, 2**31 - 1), data=st.data())
def test_folds_are_those_of_scikit_learn(n: int, folds: int, seed: int, data: st.DataObject) -> None:
    expected = list(KFold(folds, shuffle=True, random_state=seed).split(np.zeros(n)))
    fold = data.draw(st.integers(0, folds - 1))
    split = FoldSplit(folds=folds, fold=fold, seed=seed, stratified=False)
    rows = split_rows(split, np.zeros(n, np.uint8))
    np.testing.assert_array_equal(rows.training, expected[fold][0])
    np.testing.assert_array_equal(rows.validation, expected[fold][1])
    assert split.validation_size(n) == len(rows.validation)


@given(labels=st.lists(st.integers(0, 4), min_size=20, max_size=200), folds=st.integers(2, 8))
def test_stratified_folds_share_out_every_class(labels: list[int], folds: int) -> None:
    classes = np.array(labels, np.uint8)
    kept = []
    for fold in range(folds):
        split = FoldSplit(folds=folds, fold=fold, seed=3)
        rows = split_rows(split, classes)
        assert split.validation_size(len(classes)) == len(rows.validation)
        assert not set(rows.training) & set(rows.validation)
        counts = np.bincount(classes[rows.validation], minlength=5)
        assert np.all(np.abs(counts - np.bincount(classes, minlength=5) / folds) < 2)
        kept.extend(rows.validation)
    assert sorted(kept) == list(range(len(classes)))
