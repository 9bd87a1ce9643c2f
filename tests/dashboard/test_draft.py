"""A draft may be impossible for a while; every remedy that a sentence names really mends it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import presets
from core.experiment.layers import LAYERS
from core.experiment.link import PARTS
from dashboard.views import draft as drafts
from dashboard.views.draft import Draft

OUTPUT = {"kind": "dense", "units": 10, "activation": "softmax"}


def start(**changes: Any) -> Draft:
    return {**drafts.draft_of(presets.load(presets.FIRST)), **changes}


def mend_all(draft: Draft, most: int = 12) -> Draft:
    """Press the first "mend" button again and again."""
    for _ in range(most):
        checked = drafts.check(draft)
        if not checked.problems:
            return draft
        mended = drafts.mended(draft, checked.problems[0])
        assert mended is not None, checked.problems[0]
        assert mended != draft, checked.problems[0]
        draft = mended
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
    mended = mend_all(draft)
    assert drafts.check(mended).experiment is not None
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


actions = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(sorted(LAYERS)), st.integers(0, 9)),
    st.tuples(st.just("remove"), st.just(""), st.integers(0, 9)),
    st.tuples(st.just("up"), st.just(""), st.integers(0, 9)),
    st.tuples(st.just("encoding"), st.sampled_from(sorted(PARTS["encoding"])), st.integers(0, 9)),
    st.tuples(st.just("split"), st.sampled_from(sorted(PARTS["split"])), st.integers(0, 9)),
    st.tuples(st.just("dataset"), st.sampled_from(["digits", "mnist"]), st.integers(0, 9)),
)


@given(st.lists(actions, max_size=12))
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
            mended = drafts.mended(draft, problem)
            assert mended is None or drafts.check(mended) is not None
