"""What the data page draws and says, from records alone."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from core.catalog import DATASETS, dataset_info
from core.datasets import open_dataset
from core.datasets.exploration import class_counts, random_samples, sample, scaling_effects
from core.datasets.scaling import ValueCounts
from core.settings import Settings
from dashboard.data import text as views
from dashboard.shared import data_words
from dashboard.shared.charts import pixels as figures
from dashboard.shared.formats import file_size, short
from dashboard.shared.language import language
from dashboard.shared.samples.sample_grid import grid_data, tiles_of

DIGITS = dataset_info("digits")
SAY = language("en")


@pytest.fixture(scope="module")
def digits():
    return open_dataset("digits", Settings.from_environment({}), fetch=False)


def effects(raw):
    values = ValueCounts.of(raw)
    return {effect.scaling: effect for effect in scaling_effects(values, values, DIGITS)}


def test_the_bars_are_the_counts(digits):
    counts = class_counts(digits)
    train, test = figures.class_counts(counts, DIGITS.class_names, SAY).data
    assert list(train.x) == [count.train for count in counts]
    assert list(test.x) == [count.test for count in counts]
    assert list(train.y) == list(DIGITS.class_names)


def test_the_pixels_are_the_raw_values_with_row_0_at_the_top(digits):
    one = sample(digits, "train", 3)
    figure = figures.pixels(one, 16, SAY)
    (heatmap,) = figure.data
    assert (np.asarray(heatmap.z) == one.pixels).all()
    assert (heatmap.zmin, heatmap.zmax) == (0, 16)
    assert heatmap.texttemplate == "%{z}"
    assert figure.layout.yaxis.range == (7.5, -0.5)
    assert figure.layout.dragmode is False, "a finger on the image scrolls the page"


@pytest.mark.parametrize("name", ["none", "pixel", "min_max", "standard", "robust"])
def test_the_histogram_stands_where_the_scaled_values_are(digits, name):
    effect = effects(digits.x_train)[name]
    figure = figures.scaling(effect, SAY, tallest=0.5)
    (bars,) = figure.data
    assert tuple(bars.y) == effect.shares
    # Digits have 17 values and 17 bins: each bin is one value, and the bars' mean is the values' mean.
    assert np.dot(bars.x, bars.y) == pytest.approx(effect.mean)
    assert figure.layout.shapes[0].x0 == effect.mean


def test_the_grid_is_one_picture_of_all_samples(digits):
    shown = random_samples(digits, "test", 6, seed=4)
    data = grid_data(tiles_of(shown, DIGITS.class_names, SAY), "all", largest=16, picked=shown[2].row)
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(data["sheet"].partition(",")[2]))))
    assert picture.shape == (6 * 8, 8)
    assert (np.rint(picture / 255 * 16).reshape(6, 8, 8) == [one.pixels for one in shown]).all()
    assert [one["row"] for one in data["samples"]] == [one.row for one in shown]
    assert [one["lines"] for one in data["samples"]] == [[str(one.label)] for one in shown]
    assert data["picked"] == shown[2].row


def test_a_grid_of_nothing_is_empty():
    assert grid_data((), "all", largest=16, picked=None)["sheet"] == ""


def test_formulas_show_the_numbers_that_are_used(digits):
    of = effects(digits.x_train)
    assert data_words.formula(of["none"]) == "x"
    assert data_words.formula(of["pixel"]) == "x / 16"
    assert data_words.formula(of["min_max"]) == "(x − 0) / 16"
    mean, deviation = digits.x_train.mean(), digits.x_train.std()
    assert data_words.formula(of["standard"]) == f"(x − {mean:.4g}) / {deviation:.4g}"
    assert "standard deviation" in data_words.fitted(of["standard"], SAY)
    assert "mean 0 · std 1" in data_words.numbers(of["standard"], SAY)


def test_remarks_are_made_where_there_is_something_to_say(digits):
    of = effects(digits.x_train)
    assert data_words.remark(of["standard"], SAY) == ""
    assert "Pixel range" in data_words.remark(of["min_max"], SAY)
    dark = np.zeros((8, 8, 8), np.uint8)
    dark[0, 0, 0] = 16
    assert "changes nothing" in data_words.remark(effects(dark)["robust"], SAY)
    assert "Q3 − Q1 = 0" in data_words.fitted(effects(dark)["robust"], SAY)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-1e-9, "0"), (33.318421, "33.32"), (-0.42421, "−0.4242"), (255, "255"), (1.0, "1")],
)
def test_numbers_are_short(value, text):
    assert short(value) == text


@pytest.mark.parametrize(("count", "text"), [(47_040_000, "47.0 MB"), (60_000, "60.0 kB"), (297, "0.3 kB")])
def test_sizes_have_a_fitting_unit(count, text):
    assert file_size(count) == text


def test_an_answer_names_the_class_only_where_that_says_more(digits):
    one = sample(digits, "test", 2)
    place = one.part, one.row, one.label
    assert views.label_answer(*place, DIGITS.class_names, SAY) == f"`y_test[2]` = **{one.label}**"
    names = [f"class {label}" for label in range(10)]
    assert views.label_answer(*place, names, SAY).endswith(f"→ **class {one.label}**")


@pytest.mark.parametrize("known", list(DATASETS))
def test_every_data_set_has_a_preset_to_go_on_with(known):
    from core import presets

    assert presets.load(dataset_info(known).first_preset).dataset == known


@pytest.mark.parametrize("code", ["ko", "en"])
def test_fashion_classes_have_names_in_both_languages(code):
    t = language(code)
    names = [t(f"class.fashion_mnist.{label}") for label in range(10)]
    assert len(set(names)) == 10
    if code == "en":
        assert tuple(names) == dataset_info("fashion_mnist").class_names
