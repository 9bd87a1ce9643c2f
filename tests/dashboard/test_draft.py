"""A draft may be impossible for a while; every remedy that a sentence names really mends it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import presets
from core.catalog import DATASETS
from core.experiment.layers import LAYERS
from core.experiment.link import PARTS
from dashboard.lab import draft as drafts
from dashboard.lab.defaults import Draft
from dashboard.lab.fixes import mended

OUTPUT = {"kind": "dense", "units": 10, "activation": "softmax"}


def start(**changes: Any) -> Draft:
    return {**drafts.draft_of(presets.load(presets.FIRST)), **changes}


def mend_all(draft: Draft, most: int = 12) -> Draft:
    """Press the first "mend" button again and again."""
    for _ in range(most):
        checked = drafts.check(draft)
        if not checked.problems:
            return draft
        better = mended(draft, checked.problems[0])
        assert better is not None, checked.problems[0]
        assert better != draft, checked.problems[0]
        draft = better
    raise AssertionError(drafts.check(draft).problems)


@pytest.mark.parametrize(
    "changes",
    [
        {"layers": []},
        {"layers": [{"kind": "dense", "units": 3, "activation": "relu"}]},
        {"layers": [{"kind": "dense", "units": 10, "activation": "sigmoid"}]},
        {"layers": [{"kind": "dense", "units": 1, "activation": "sigmoid"}], "loss": "binary_crossentropy"},
        {"layers": [{"kind": "dense", "units": 1, "activation": "softmax"}]},
        {"layers": [OUTPUT], "encoding": {"kind": "image"}},
        {"layers": [{"kind": "dense", "units": 8}], "encoding": {"kind": "rows"}},
        {"layers": [{"kind": "conv2d", "filters": 4}, OUTPUT]},
        {"layers": [{"kind": "flatten"}, {"kind": "conv2d", "filters": 4}, OUTPUT]},
        {"layers": [{"kind": "conv2d", "filters": 4}, OUTPUT], "encoding": {"kind": "rows"}},
        {"layers": [{"kind": "conv2d", "filters": 4, "kernel": 20}, {"kind": "flatten"}, OUTPUT],
         "encoding": {"kind": "image"}},
        {"layers": [{"kind": "max_pooling2d", "pool": 20}, {"kind": "flatten"}, OUTPUT], "encoding": {"kind": "image"}},
        {"layers": [{"kind": "lstm", "units": 4}, {"kind": "gru", "units": 4}, OUTPUT]},
        {"layers": [{"kind": "embedding", "vocabulary": 4, "dimensions": 2}, {"kind": "flatten"}, OUTPUT]},
        {"layers": [{"kind": "flatten"}, {"kind": "embedding", "vocabulary": 4, "dimensions": 2}, OUTPUT]},
        {"batch_size": 60_000},
        {"split": {"kind": "first", "count": 60_000}},
        {"split": {"kind": "none"}, "early_stopping": {"monitor": "val_loss"}, "reduce_lr": {}},
        {"train_limit": 2_000},
    ],
)  # fmt: skip
def test_what_can_be_mended_is_mended(changes: dict[str, Any]) -> None:
    draft = start(**changes)
    before = copy.deepcopy(draft)
    assert drafts.check(draft).problems
    assert drafts.check(mend_all(draft)).experiment is not None
    assert draft == before


def test_the_trace_goes_as_far_as_the_layers_fit() -> None:
    draft = start(layers=[{"kind": "dense", "units": 5}, {"kind": "lstm", "units": 3}, OUTPUT])
    checked = drafts.check(draft)
    assert checked.experiment is None
    assert [row.output_shape for row in checked.trace.rows] == [(5,)]
    assert checked.trace.problem is not None


def test_layers_are_added_before_the_output_moved_and_removed() -> None:
    draft = drafts.with_layer(start(), "dropout")
    assert [layer["kind"] for layer in draft["layers"]] == ["dense", "dense", "dropout", "dense"]
    assert drafts.check(draft).experiment is not None
    up = drafts.with_layer_moved(draft, 2, -1)
    assert [layer["kind"] for layer in up["layers"]] == ["dense", "dropout", "dense", "dense"]
    assert drafts.with_layer_moved(draft, 0, -1) == draft
    assert drafts.with_layer_moved(draft, 3, 1) == draft
    assert drafts.without_layer(up, 1) == start()
    empty = start(layers=[])
    assert drafts.check(drafts.with_layer(empty, "dense")).experiment is not None


def test_kinds_callbacks_and_data() -> None:
    draft = drafts.with_kind(start(), "optimizer", "sgd")
    assert draft["optimizer"] == {"kind": "sgd", "learning_rate": 0.01, "momentum": 0.0}
    assert drafts.with_kind(draft, "optimizer", "sgd") is draft
    first = drafts.with_kind(draft, "split", "first")
    assert drafts.check(first).experiment is not None
    on = drafts.with_callback(draft, "early_stopping", True)
    assert drafts.check(on).experiment is not None
    assert drafts.with_callback(on, "early_stopping", False) == draft
    blind = drafts.with_callback(start(split={"kind": "none"}), "reduce_lr", True)
    assert drafts.check(blind).experiment is not None
    limited = start(dataset="mnist", train_limit=20_000)
    assert "train_limit" not in drafts.with_dataset(limited, "digits")


def test_a_value_taken_away() -> None:
    draft = drafts.with_value(start(), "train_limit", 500)
    assert draft["train_limit"] == 500
    assert drafts.with_value(draft, "train_limit", None) == start()
    assert drafts.with_value(start(), "layers.0.units", 7)["layers"][0]["units"] == 7


LSTM = {"kind": "lstm", "units": 4}
PADDED = {"kind": "padded", "num_words": 10_000, "length": 200, "fill": "start", "cut": "start"}
SIGMOID = {"kind": "dense", "units": 1, "activation": "sigmoid"}


def kinds(draft: Draft) -> list[str]:
    return [layer["kind"] for layer in draft["layers"]]


@pytest.mark.parametrize(
    ("dataset", "changes"),
    [
        ("imdb", {"encoding": {"kind": "flat"}}),
        ("imdb", {"scaling": "pixel"}),
        ("imdb", {"encoding": {"kind": "multi_hot", "num_words": 90_000}}),
        ("mini_reviews", {"encoding": PADDED | {"num_words": 90_000}}),
        ("imdb", {"layers": [{"kind": "dropout", "rate": 0.5}, SIGMOID]}),
        ("imdb", {"layers": [LSTM, SIGMOID]}),
        ("imdb", {"layers": [{"kind": "dense", "units": 4}, LSTM, SIGMOID]}),
        ("imdb", {"layers": [{"kind": "dense", "units": 4}, {"kind": "conv2d", "filters": 4}, SIGMOID]}),
        ("imdb", {"layers": [{"kind": "dense", "units": 4}, {"kind": "global_average_pooling"}, SIGMOID]}),
        ("imdb", {"layers": [{"kind": "embedding", "vocabulary": 9, "dimensions": 2}, SIGMOID]}),
        ("imdb", {"layers": [LSTM, {"kind": "embedding", "vocabulary": 9, "dimensions": 2}, SIGMOID]}),
        ("imdb", {"encoding": PADDED}),
        ("imdb", {"encoding": PADDED, "layers": [LSTM, LSTM, SIGMOID]}),
        ("imdb", {"encoding": PADDED,
                  "layers": [{"kind": "embedding", "vocabulary": 9, "dimensions": 2}, SIGMOID]}),
        ("imdb", {"encoding": PADDED, "layers": [
            {"kind": "embedding", "vocabulary": 9, "dimensions": 2}, {"kind": "conv2d", "filters": 2}, SIGMOID]}),
        ("imdb", {"encoding": PADDED,
                  "layers": [{"kind": "embedding", "vocabulary": 10_000, "dimensions": 2}] * 2 + [SIGMOID]}),
        ("imdb", {"layers": [], "loss": "mse"}),
        ("reuters", {"layers": [SIGMOID], "loss": "binary_crossentropy"}),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_text_network_is_mended(dataset: str, changes: dict[str, Any]) -> None:
    draft = {**drafts.with_dataset(start(), dataset), **changes}
    before = copy.deepcopy(draft)
    assert drafts.check(draft).problems
    assert drafts.check(mend_all(draft)).experiment is not None
    assert draft == before


def test_images_to_texts_and_back_keeps_what_it_can() -> None:
    images = start(epochs=7)
    reviews = drafts.with_dataset(images, "imdb")
    assert reviews["encoding"] == {"kind": "multi_hot", "num_words": 10_000, "values": "binary"}
    assert (reviews["scaling"], reviews["loss"], reviews["epochs"]) == ("none", "binary_crossentropy", 7)
    assert reviews["layers"][:-1] == images["layers"][:-1]
    assert {key: reviews["layers"][-1][key] for key in ("units", "activation")} == {
        "units": 1,
        "activation": "sigmoid",
    }
    topics = drafts.with_dataset(reviews, "reuters")
    assert topics["encoding"] == reviews["encoding"]
    assert (topics["layers"][-1]["units"], topics["layers"][-1]["activation"]) == (46, "softmax")
    assert topics["loss"] == "sparse_categorical_crossentropy"
    assert drafts.with_dataset(topics, "digits") == images | {"loss": "sparse_categorical_crossentropy"}
    # A loss that does for any number of classes stays.
    assert drafts.with_dataset(start(loss="mse"), "imdb")["loss"] == "mse"
    assert drafts.with_dataset(start(loss="categorical_crossentropy"), "reuters")["loss"].startswith("categ")


def test_layers_for_images_give_way_to_such_for_texts() -> None:
    convolutions = drafts.draft_of(presets.load("mnist-convnet"))
    reviews = drafts.with_dataset(convolutions, "imdb")
    assert {"conv2d", "max_pooling2d", "flatten"}.isdisjoint(kinds(reviews))
    assert kinds(reviews).count("dense") >= 2
    by_rows = start(encoding={"kind": "rows"}, layers=[LSTM, OUTPUT])
    read = drafts.with_dataset(by_rows, "imdb")
    assert (read["encoding"]["kind"], kinds(read)) == ("padded", ["embedding", "lstm", "dense"])
    assert drafts.check(read).experiment is not None
    back = drafts.with_dataset(read, "digits")
    assert (back["encoding"]["kind"], kinds(back)) == ("rows", ["lstm", "dense"])
    assert drafts.check(back).experiment is not None


def test_the_two_forms_of_texts_lead_to_each_other_and_back() -> None:
    rows = drafts.with_setting(drafts.with_dataset(start(), "imdb"), "encoding.num_words", 5_000)
    padded = drafts.with_kind(rows, "encoding", "padded")
    assert padded["encoding"]["num_words"] == padded["layers"][0]["vocabulary"] == 5_000
    assert kinds(padded)[:2] == ["embedding", "global_average_pooling"]
    assert drafts.check(padded).experiment is not None
    assert drafts.with_kind(padded, "encoding", "multi_hot") == rows


def test_the_vocabulary_follows_the_words_that_are_kept() -> None:
    padded = drafts.with_kind(drafts.with_dataset(start(), "imdb"), "encoding", "padded")
    fewer = drafts.with_setting(padded, "encoding.num_words", 500)
    assert fewer["layers"][0]["vocabulary"] == 500
    own = drafts.with_setting(
        drafts.with_value(padded, "layers.0.vocabulary", 20_000), "encoding.num_words", 500
    )
    assert own["layers"][0]["vocabulary"] == 20_000
    few = drafts.with_dataset(padded, "mini_reviews")
    assert few["encoding"]["num_words"] == few["layers"][0]["vocabulary"] == drafts.most_words(few)
    added = drafts.with_layer(drafts.without_layer(padded, 0), "embedding")
    assert added["layers"][0]["vocabulary"] == 10_000


def test_menus_offer_what_fits_the_data() -> None:
    reviews = drafts.with_dataset(start(), "imdb")
    assert drafts.encodings_of(reviews) == ("multi_hot", "padded")
    assert drafts.encodings_of(start()) == ("flat", "image", "rows")
    assert "conv2d" in drafts.layers_for(start())
    assert "conv2d" not in drafts.layers_for(reviews)


@pytest.mark.parametrize("preset", presets.NAMES)
def test_any_preset_learns_from_any_other_data(preset: str) -> None:
    draft = drafts.draft_of(presets.load(preset))
    for first in DATASETS:
        there = drafts.with_dataset(draft, first)
        # Only windows may be too large, for smaller images.
        assert {problem.code for problem in drafts.check(there).problems} <= {"kernel_too_large"}
        there = mend_all(there)
        for second in DATASETS:
            mend_all(drafts.with_dataset(there, second))


actions = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(sorted(LAYERS)), st.integers(0, 9)),
    st.tuples(st.just("remove"), st.just(""), st.integers(0, 9)),
    st.tuples(st.just("up"), st.just(""), st.integers(0, 9)),
    st.tuples(st.just("encoding"), st.sampled_from(sorted(PARTS["encoding"])), st.integers(0, 9)),
    st.tuples(st.just("split"), st.sampled_from(sorted(PARTS["split"])), st.integers(0, 9)),
    st.tuples(st.just("dataset"), st.sampled_from(sorted(DATASETS)), st.integers(0, 9)),
)


@given(st.lists(actions, max_size=12))
@example([("add", "conv2d", 0), ("add", "embedding", 0)])
def test_whatever_is_pressed_the_lab_has_an_answer(pressed: list[tuple[str, str, int]]) -> None:
    draft = start()
    for action, what, index in pressed:
        count = len(draft["layers"])
        if action == "add":
            draft = drafts.with_layer(draft, what)
        elif action == "remove" and count:
            draft = drafts.without_layer(draft, index % count)
        elif action == "up" and count:
            draft = drafts.with_layer_moved(draft, index % count, -1)
        elif action in ("encoding", "split"):
            draft = drafts.with_kind(draft, action, what)
        elif action == "dataset":
            draft = drafts.with_dataset(draft, what)
        checked = drafts.check(draft)
        assert (checked.experiment is None) == bool(checked.problems)
        for problem in checked.problems:
            better = mended(draft, problem)
            assert better is None or drafts.check(better) is not None
    # Pressing "mend" again and again comes to an end.
    for _ in range(60):
        checked = drafts.check(draft)
        better = mended(draft, checked.problems[0]) if checked.problems else None
        if better is None:
            return
        assert better != draft, checked.problems[0]
        draft = better
    raise AssertionError(drafts.check(draft).problems)
