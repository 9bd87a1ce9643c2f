"""An experiment that exists can be trained; an impossible one says what, what was received, what to do."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from core import presets
from core.errors import ExperimentError
from core.experiment import Adam, Dense, Experiment
from core.experiment.toml import from_toml, to_toml
from tests.experiment.strategies import experiments

OUTPUT = {"kind": "dense", "units": 10, "activation": "softmax"}


def plain(**changes: Any) -> dict[str, Any]:
    return {"dataset": "digits", "layers": [OUTPUT], **changes}


def refusal(**changes: Any) -> ExperimentError:
    with pytest.raises(ExperimentError) as caught:
        Experiment.from_dict(plain(**changes))
    return caught.value


@given(experiments())
def test_dict_and_toml_keep_everything(experiment: Experiment) -> None:
    assert Experiment.from_dict(experiment.to_dict()) == experiment
    assert from_toml(to_toml(experiment)) == experiment
    assert hash(from_toml(to_toml(experiment))) == hash(experiment)
    assert from_toml(to_toml(experiment)).digest == experiment.digest


@given(experiments())
def test_links_keep_everything(experiment: Experiment) -> None:
    for base in presets.NAMES[:2]:
        link = presets.link(experiment, base)
        assert presets.follow(link) == (experiment, base)
    assert presets.follow(presets.link(experiment))[0] == experiment


def test_link_of_a_preset_is_its_name_alone() -> None:
    for name in presets.NAMES:
        assert presets.link(presets.load(name)) == {"preset": name}


def test_link_is_readable() -> None:
    experiment = presets.load("digits-first-network").with_changes(
        epochs=12,
        optimizer=Adam(learning_rate=0.01),
        layers=[Dense(units=16, activation="relu", l2=0.01), Dense(units=10, activation="softmax")],
    )
    assert presets.link(experiment, "digits-first-network") == {
        "preset": "digits-first-network",
        "layers": "dense:16:relu:l2=0.01,dense:10:softmax",
        "optimizer": "adam:0.01",
        "epochs": "12",
    }


def test_experiments_are_frozen_and_comparable() -> None:
    one, two = Experiment.from_dict(plain()), Experiment.from_dict(plain())
    assert one == two
    assert one.with_changes(seed=1) != two
    with pytest.raises(ValueError, match="frozen"):
        one.epochs = 3


TOPIC = {"kind": "dense", "units": 46, "activation": "softmax"}
TEXT = {
    "dataset": "reuters",
    "scaling": "none",
    "encoding": {"kind": "multi_hot"},
    "layers": [TOPIC],
}


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"dataset": "cats"}, "unknown_choice", "dataset"),
        ({"colour": "red"}, "unknown_field", "colour"),
        ({"epochs": 0}, "below_minimum", "epochs"),
        ({"epochs": 2.5}, "not_a_whole_number", "epochs"),
        ({"epochs": "many"}, "not_a_whole_number", "epochs"),
        ({"epochs": True}, "not_a_whole_number", "epochs"),
        ({"batch_size": -1}, "below_minimum", "batch_size"),
        ({"batch_size": 1501}, "batch_larger_than_data", "batch_size"),
        (
            {"batch_size": 1500, "split": {"kind": "first", "count": 100}},
            "batch_larger_than_data",
            "batch_size",
        ),
        ({"optimizer": {"kind": "adam", "learning_rate": -0.1}}, "not_above", "optimizer.learning_rate"),
        (
            {"optimizer": {"kind": "adam", "learning_rate": float("nan")}},
            "not_a_number",
            "optimizer.learning_rate",
        ),
        ({"optimizer": {"kind": "sgd", "beta": 1}}, "unknown_field", "optimizer.beta"),
        ({"optimizer": {"kind": "lion"}}, "unknown_choice", "optimizer"),
        ({"optimizer": {"learning_rate": 0.1}}, "missing_field", "optimizer.kind"),
        ({"optimizer": "adam"}, "not_a_table", "optimizer"),
        ({"loss": "hinge"}, "unknown_choice", "loss"),
        ({"layers": []}, "no_layers", "layers"),
        ({"layers": "dense"}, "not_a_list", "layers"),
        ({"layers": [OUTPUT] * 33}, "too_many", "layers"),
        ({"layers": [{"kind": "dense", "units": 9, "activation": "softmax"}]}, "output_units", "layers.0"),
        ({"layers": [{"kind": "dense", "units": 10}]}, "output_activation", "layers.0"),
        (
            {"layers": [{"kind": "dense", "units": 10, "activation": "sigmoid"}]},
            "sigmoid_with_classes",
            "layers.0",
        ),
        (
            {
                "layers": [{"kind": "dense", "units": 1, "activation": "sigmoid"}],
                "loss": "binary_crossentropy",
            },
            "binary_loss_with_classes",
            "loss",
        ),
        (
            {"layers": [{"kind": "dense", "units": 1, "activation": "softmax"}]},
            "categorical_loss_with_one_unit",
            "layers.0",
        ),
        ({"layers": [OUTPUT], "encoding": {"kind": "image"}}, "output_rank", "layers.0"),
        (
            {"layers": [{"kind": "flatten"}, {"kind": "conv2d", "filters": 4}, OUTPUT]},
            "layer_after_flatten",
            "layers.1",
        ),
        (
            {"layers": [{"kind": "conv2d", "filters": 4}, OUTPUT], "encoding": {"kind": "rows"}},
            "layer_needs_image",
            "layers.0",
        ),
        (
            {
                "layers": [{"kind": "conv2d", "filters": 4, "kernel": 9}, OUTPUT],
                "encoding": {"kind": "image"},
            },
            "kernel_too_large",
            "layers.0",
        ),
        ({"layers": [{"kind": "lstm", "units": 4}, OUTPUT]}, "layer_needs_sequence", "layers.0"),
        ({"layers": [{"kind": "global_average_pooling"}, OUTPUT]}, "layer_needs_space", "layers.0"),
        (
            {
                "layers": [
                    {"kind": "embedding", "vocabulary": 99, "dimensions": 2},
                    {"kind": "flatten"},
                    OUTPUT,
                ]
            },
            "embedding_scaled",
            "layers.0",
        ),
        (
            {
                "layers": [
                    {"kind": "embedding", "vocabulary": 9, "dimensions": 2},
                    {"kind": "flatten"},
                    OUTPUT,
                ],
                "scaling": "none",
            },
            "embedding_vocabulary",
            "layers.0",
        ),
        (
            {
                "layers": [
                    {"kind": "flatten"},
                    {"kind": "embedding", "vocabulary": 99, "dimensions": 2},
                    OUTPUT,
                ],
                "scaling": "none",
            },
            "embedding_not_first",
            "layers.1",
        ),
        ({"train_limit": 1501}, "limit_larger_than_data", "train_limit"),
        ({"split": {"kind": "first", "count": 1500}}, "split_too_large", "split"),
        ({"split": {"kind": "fraction", "fraction": 1.0}}, "not_below", "split.fraction"),
        ({"early_stopping": {}}, "monitor_needs_validation", "early_stopping.monitor"),
        ({"reduce_lr": {"monitor": "val_accuracy"}}, "monitor_needs_validation", "reduce_lr.monitor"),
        ({"layers": [{"kind": "dense", "units": 4096}] * 3 + [OUTPUT]}, "too_many_parameters", "layers"),
        ({"encoding": {"kind": "multi_hot"}, "scaling": "none"}, "encoding_not_for_data", "encoding"),
        ({**TEXT, "encoding": {"kind": "flat"}}, "encoding_not_for_data", "encoding"),
        ({**TEXT, "scaling": "pixel"}, "text_scaled", "scaling"),
        (
            {**TEXT, "encoding": {"kind": "multi_hot", "num_words": 50_000}},
            "num_words_larger_than_data",
            "encoding.num_words",
        ),
        (
            {**TEXT, "encoding": {"kind": "multi_hot", "num_words": 9}},
            "below_minimum",
            "encoding.num_words",
        ),
        ({**TEXT, "layers": [{"kind": "flatten"}, TOPIC]}, "multi_hot_needs_dense", "layers.0"),
        ({**TEXT, "encoding": {"kind": "padded"}}, "padded_needs_embedding", "layers.0"),
        (
            {
                **TEXT,
                "layers": [
                    {"kind": "embedding", "vocabulary": 10_000, "dimensions": 2},
                    {"kind": "flatten"},
                    TOPIC,
                ],
            },
            "embedding_not_first",
            "layers.0",
        ),
        (
            {
                **TEXT,
                "encoding": {"kind": "padded", "num_words": 500},
                "layers": [
                    {"kind": "embedding", "vocabulary": 499, "dimensions": 2},
                    {"kind": "flatten"},
                    TOPIC,
                ],
            },
            "embedding_vocabulary",
            "layers.0",
        ),
    ],
)
def test_the_impossible_is_refused(changes: dict[str, Any], code: str, where: str) -> None:
    first = refusal(**changes).problems[0]
    assert (first.code, first.where) == (code, where)
    assert "{" not in str(first)


def test_all_problems_are_told_at_once() -> None:
    problems = refusal(epochs=-1, colour="red", batch_size="x").problems
    assert {problem.where for problem in problems} == {"epochs", "colour", "batch_size"}
    assert "-1" in str(problems[0])


@pytest.mark.parametrize("received", [None, 5, "text", [1, 2]])
def test_what_is_no_experiment_is_refused(received: Any) -> None:
    with pytest.raises(ExperimentError, match="not an experiment"):
        Experiment.model_validate(received)


def test_a_long_value_is_cut_in_the_message() -> None:
    assert len(str(refusal(loss="x" * 10_000))) < 400


@pytest.mark.parametrize(
    ("changes", "known"),
    [
        ({"optimizer": {"kind": "sgd", "beta": 1}}, "kind, learning_rate, momentum"),
        ({"split": {"kind": "first", "count": 100, "share": 0.1}}, "count, kind"),
        ({"split": {"kind": "none", "share": 0.1}}, "kind"),
        ({"encoding": {"kind": "padded", "words": 9}}, "cut, fill, kind, length, num_words"),
        ({"early_stopping": {"wait": 3}}, "min_delta, monitor, patience, restore_best"),
        ({"reduce_lr": {"by": 0.5}}, "factor, min_learning_rate, monitor, patience"),
        ({"layers": [{**OUTPUT, "rate": 0.5}]}, "activation, kind, l1, l2, units"),
        ({"layers": [{"kind": "flatten", "rate": 0.5}, OUTPUT]}, "kind"),
    ],
)
def test_an_unknown_field_of_a_part_names_the_fields_it_has(changes: dict[str, object], known: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        Experiment.from_dict({"dataset": "digits", "layers": [OUTPUT], **changes})
    (problem,) = [one for one in caught.value.problems if one.code == "unknown_field"]
    assert problem.details["known"] == known
    assert f"use one of: {known}." in str(problem)
