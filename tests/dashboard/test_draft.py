"""A draft may be impossible for a while; every remedy that a sentence names really mends it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import presets
from core.catalog import DATASETS
from core.errors import ExperimentError
from core.experiment import Experiment
from core.experiment.changes import changed
from core.experiment.layers import Layer
from core.experiment.parts import PARTS
from dashboard.lab import draft as drafts
from dashboard.lab.fixes import fixed

OUTPUT = {"kind": "dense", "units": 10, "activation": "softmax"}


def made(plain: dict[str, Any]) -> Experiment:
    """A draft, which may have problems."""
    return Experiment.model_validate(plain)


def start(**changes: Any) -> Experiment:
    return made({**presets.load(presets.PLAIN).to_dict(), **changes})


def mend_all(draft: Experiment, most: int = 12) -> Experiment:
    """Press the first "mend" button again and again."""
    for _ in range(most):
        if not draft.problems:
            return draft
        better = fixed(draft, draft.problems[0])
        assert better is not None, draft.problems[0]
        assert better != draft, draft.problems[0]
        draft = better
    raise AssertionError(draft.problems)


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
def test_what_can_be_mended_is_fixed(changes: dict[str, Any]) -> None:
    draft = start(**changes)
    before = draft.to_dict()
    assert draft.problems
    assert not mend_all(draft).problems
    assert draft.to_dict() == before


def test_the_trace_goes_as_far_as_the_layers_fit() -> None:
    draft = start(layers=[{"kind": "dense", "units": 5}, {"kind": "lstm", "units": 3}, OUTPUT])
    assert draft.problems
    assert [row.output_shape for row in draft.summary.rows] == [(5,)]
    assert draft.summary.problem is not None


def test_layers_are_added_before_the_output_moved_and_removed() -> None:
    draft = drafts.with_layer(start(), "dropout")
    assert [layer["kind"] for layer in draft.to_dict()["layers"]] == ["dense", "dense", "dropout", "dense"]
    assert not draft.problems
    up = drafts.with_layer_moved(draft, 2, -1)
    assert [layer["kind"] for layer in up.to_dict()["layers"]] == ["dense", "dropout", "dense", "dense"]
    assert drafts.with_layer_moved(draft, 0, -1) == draft
    assert drafts.with_layer_moved(draft, 3, 1) == draft
    assert drafts.without_layer(up, 1) == start()
    empty = start(layers=[])
    assert not drafts.with_layer(empty, "dense").problems


def test_kinds_callbacks_and_data() -> None:
    draft = drafts.with_kind(start(), "optimizer", "sgd")
    assert draft.to_dict()["optimizer"] == {"kind": "sgd", "learning_rate": 0.01, "momentum": 0.0}
    assert drafts.with_kind(draft, "optimizer", "sgd") is draft
    first = drafts.with_kind(draft, "split", "first")
    assert not first.problems
    on = drafts.with_callback(draft, "early_stopping", True)
    assert not on.problems
    assert drafts.with_callback(on, "early_stopping", False) == draft
    blind = drafts.with_callback(start(split={"kind": "none"}), "reduce_lr", True)
    assert not blind.problems
    limited = start(dataset="mnist", train_limit=20_000)
    assert "train_limit" not in drafts.with_dataset(limited, "digits").to_dict()


def test_a_value_taken_away() -> None:
    draft = changed(start(), {"train_limit": 500})
    assert draft.to_dict()["train_limit"] == 500
    assert changed(draft, {"train_limit": None}) == start()
    assert changed(start(), {"layers.0.units": 7}).to_dict()["layers"][0]["units"] == 7


LSTM = {"kind": "lstm", "units": 4}
PADDED = {"kind": "padded", "num_words": 10_000, "length": 200, "fill": "start", "cut": "start"}
SIGMOID = {"kind": "dense", "units": 1, "activation": "sigmoid"}


def kinds(draft: Experiment) -> list[str]:
    return [layer["kind"] for layer in draft.to_dict()["layers"]]


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
def test_what_is_wrong_with_a_text_network_is_fixed(dataset: str, changes: dict[str, Any]) -> None:
    draft = made({**drafts.with_dataset(start(), dataset).to_dict(), **changes})
    before = draft.to_dict()
    assert draft.problems
    assert not mend_all(draft).problems
    assert draft.to_dict() == before


def test_images_to_texts_and_back_keeps_what_it_can() -> None:
    images = start(epochs=7)
    reviews = drafts.with_dataset(images, "imdb")
    assert reviews.to_dict()["encoding"] == {"kind": "multi_hot", "num_words": 10_000, "values": "binary"}
    assert (reviews.scaling, reviews.loss, reviews.epochs) == (
        "none",
        "binary_crossentropy",
        7,
    )
    assert reviews.to_dict()["layers"][:-1] == images.to_dict()["layers"][:-1]
    assert {key: reviews.to_dict()["layers"][-1][key] for key in ("units", "activation")} == {
        "units": 1,
        "activation": "sigmoid",
    }
    topics = drafts.with_dataset(reviews, "reuters")
    assert topics.to_dict()["encoding"] == reviews.to_dict()["encoding"]
    assert (topics.to_dict()["layers"][-1]["units"], topics.to_dict()["layers"][-1]["activation"]) == (
        46,
        "softmax",
    )
    assert topics.to_dict()["loss"] == "sparse_categorical_crossentropy"
    assert drafts.with_dataset(topics, "digits") == changed(
        images, {"loss": "sparse_categorical_crossentropy"}
    )
    # A loss that does for any number of classes stays.
    assert drafts.with_dataset(start(loss="mse"), "imdb").loss == "mse"
    assert drafts.with_dataset(start(loss="categorical_crossentropy"), "reuters").loss.startswith("categ")


def test_layers_for_images_give_way_to_such_for_texts() -> None:
    convolutions = presets.load("mnist-convnet")
    reviews = drafts.with_dataset(convolutions, "imdb")
    assert {"conv2d", "max_pooling2d", "flatten"}.isdisjoint(kinds(reviews))
    assert kinds(reviews).count("dense") >= 2
    by_rows = start(encoding={"kind": "rows"}, layers=[LSTM, OUTPUT])
    read = drafts.with_dataset(by_rows, "imdb")
    assert (read.to_dict()["encoding"]["kind"], kinds(read)) == ("padded", ["embedding", "lstm", "dense"])
    assert not read.problems
    back = drafts.with_dataset(read, "digits")
    assert (back.to_dict()["encoding"]["kind"], kinds(back)) == ("rows", ["lstm", "dense"])
    assert not back.problems


def test_the_two_forms_of_texts_lead_to_each_other_and_back() -> None:
    rows = changed(drafts.with_dataset(start(), "imdb"), {"encoding.num_words": 5_000})
    padded = drafts.with_kind(rows, "encoding", "padded")
    assert padded.to_dict()["encoding"]["num_words"] == padded.to_dict()["layers"][0]["vocabulary"] == 5_000
    assert kinds(padded)[:2] == ["embedding", "global_average_pooling"]
    assert not padded.problems
    assert drafts.with_kind(padded, "encoding", "multi_hot") == rows


def test_the_vocabulary_follows_the_words_that_are_kept() -> None:
    padded = drafts.with_kind(drafts.with_dataset(start(), "imdb"), "encoding", "padded")
    fewer = changed(padded, {"encoding.num_words": 500})
    assert fewer.to_dict()["layers"][0]["vocabulary"] == 500
    own = changed(changed(padded, {"layers.0.vocabulary": 20_000}), {"encoding.num_words": 500})
    assert own.to_dict()["layers"][0]["vocabulary"] == 20_000
    few = drafts.with_dataset(padded, "mini_reviews")
    assert (
        few.to_dict()["encoding"]["num_words"]
        == few.to_dict()["layers"][0]["vocabulary"]
        == drafts.most_words(few)
    )
    added = drafts.with_layer(drafts.without_layer(padded, 0), "embedding")
    assert added.to_dict()["layers"][0]["vocabulary"] == 10_000


def test_menus_offer_what_fits_the_data() -> None:
    reviews = drafts.with_dataset(start(), "imdb")
    assert drafts.encodings_of(reviews) == ("multi_hot", "padded")
    assert drafts.encodings_of(start()) == ("flat", "image", "rows")
    assert "conv2d" in drafts.layers_for(start())
    assert "conv2d" not in drafts.layers_for(reviews)


@pytest.mark.parametrize("preset", presets.NAMES)
def test_any_preset_learns_from_any_other_data(preset: str) -> None:
    draft = presets.load(preset)
    for first in DATASETS:
        there = drafts.with_dataset(draft, first)
        # Only windows may be too large, for smaller images.
        assert {problem.code for problem in there.problems} <= {"kernel_too_large"}
        there = mend_all(there)
        for second in DATASETS:
            mend_all(drafts.with_dataset(there, second))


actions = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(sorted(Layer.KINDS)), st.integers(0, 9)),
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
        count = len(draft.to_dict()["layers"])
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
        for problem in draft.problems:
            better = fixed(draft, problem)
            assert better is None or isinstance(better.problems, tuple)
        if draft.problems:
            with pytest.raises(ExperimentError):
                draft.checked()
        else:
            assert draft.checked() is draft
    # Pressing "mend" again and again comes to an end.
    for _ in range(60):
        better = fixed(draft, draft.problems[0]) if draft.problems else None
        if better is None:
            return
        assert better != draft, draft.problems[0]
        draft = better
    raise AssertionError(draft.problems)
