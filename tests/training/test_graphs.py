"""Graphs that are traced once: for all samples of a network, and for the next network of its kind."""

from __future__ import annotations

import json

import keras
import numpy as np
import pytest

from core import presets
from core.models.build import build
from core.models.execution import kind
from core.run import RunState
from core.training import artifact_names
from core.training.execute import execute
from core.training.graphs import Graphs, KeptGraphs
from core.training.steps import Evaluator, TrainingSteps
from core.training.train import train
from tests.training.experiments import DENSE, OUTPUT, experiment_on_texts, experiment_with

REGULAR = [
    {"kind": "dense", "units": 12, "activation": "relu", "l2": 0.001},
    {"kind": "batch_normalization"},
    {"kind": "dropout", "rate": 0.3},
    OUTPUT,
]


def traces(graphs: Graphs) -> tuple[int, ...]:
    """How often each of the functions was traced: evaluation, then the loops."""
    functions = (graphs._evaluation, *graphs._loops.values())
    return tuple(one.experimental_get_tracing_count() for one in functions)


def test_one_graph_evaluates_validation_test_and_watched_samples(digits, recording) -> None:
    experiment = presets.load(presets.FIRST).with_changes(epochs=1)
    prepared = digits(experiment)
    graphs = Graphs(build(experiment))
    steps = TrainingSteps(
        graphs.model, prepared.x_train, prepared.y_train, experiment.batch_size, graphs=graphs
    )
    train(experiment, prepared, graphs.model, recording, lambda: False, steps=steps)
    tested = Evaluator(graphs.model, prepared.x_test, prepared.y_test, graphs=graphs)()
    assert len(prepared.y_train) % experiment.batch_size  # so that the last batch is a shorter one
    assert traces(graphs) == (1, 1)
    apart = Evaluator(graphs.model, prepared.x_test, prepared.y_test)()
    assert (tested.loss, tested.accuracy) == (apart.loss, apart.accuracy)
    np.testing.assert_array_equal(tested.probabilities, apart.probabilities)


@pytest.mark.parametrize(
    ("encoding", "layer"),
    [
        ("image", {"kind": "conv2d", "filters": 2}),
        ("rows", {"kind": "bidirectional", "units": 2, "cell": "gru"}),
    ],
)
def test_what_gains_by_a_known_size_of_batches_has_a_graph_for_each(
    encoding, layer, digits, recording
) -> None:
    flat = [{"kind": "flatten"}] * (encoding == "image")
    experiment = experiment_with(encoding={"kind": encoding}, layers=[layer, *flat, OUTPUT], epochs=1)
    prepared = digits(experiment)
    graphs = Graphs(build(experiment))
    steps = TrainingSteps(
        graphs.model, prepared.x_train, prepared.y_train, experiment.batch_size, graphs=graphs
    )
    train(experiment, prepared, graphs.model, recording, lambda: False, steps=steps)
    left = len(prepared.y_train) % experiment.batch_size
    assert left > 0
    assert set(graphs._loops) == {experiment.batch_size, left}
    assert traces(graphs) == (1, 1, 1)


@pytest.fixture
def executed(settings, store, artifacts):
    """Carry a run out with what a process has kept; the run, its networks' weights and its arrays."""

    def go(experiment, kept):
        run = store.add(experiment, owner="test")
        assert store.start(run, "test")
        execute(run, settings, store=store, artifacts=artifacts, kept=kept)
        found = store.get(run)
        assert found.state is RunState.FINISHED, found.reason
        networks = []
        for name in (artifact_names.BEST, artifact_names.LAST):
            with artifacts.fetch_model(run, name) as path:
                model = keras.models.load_model(path)
                networks.append((model.to_json(), [*model.weights, *model.optimizer.variables]))
        others = {artifact_names.BEST, artifact_names.LAST}
        arrays = {
            name: artifacts.load_array(run, name) for name in artifacts.names(run) if name not in others
        }
        return found, networks, arrays

    return go


@pytest.mark.parametrize(
    "experiment",
    [
        pytest.param(experiment_with(layers=DENSE), id="dense", marks=pytest.mark.slow),
        pytest.param(
            experiment_with(layers=REGULAR, optimizer={"kind": "sgd", "learning_rate": 0.1, "momentum": 0.9}),
            id="regular",
        ),
        pytest.param(experiment_on_texts(), id="texts"),
        pytest.param(
            presets.load(presets.FIRST).with_changes(epochs=3), id="wrong labels", marks=pytest.mark.slow
        ),
    ],
)
def test_a_run_after_one_of_its_kind_is_as_in_a_process_of_its_own(executed, experiment) -> None:
    optimizer = {**experiment.to_dict()["optimizer"], "learning_rate": 0.003}
    reduced = {"monitor": "loss", "patience": 0, "factor": 0.5}
    other = experiment.with_changes(seed=11, epochs=4, optimizer=optimizer, reduce_lr=reduced)
    kept = KeptGraphs()
    executed(experiment, kept)
    graphs = kept._graphs
    before = traces(graphs)
    after, networks, arrays = executed(other, kept)
    assert kept._graphs is graphs
    assert traces(graphs) == before
    alone, own_networks, own_arrays = executed(other, KeptGraphs())

    def numbers(run):
        return [(e.loss, e.accuracy, e.val_loss, e.val_accuracy, e.learning_rate) for e in run.epochs]

    assert numbers(after) == numbers(alone)
    assert after.evaluation == alone.evaluation
    assert after.best_epoch == alone.best_epoch
    for (config, values), (own_config, own_values) in zip(networks, own_networks, strict=True):
        assert config == own_config
        for one, two in zip(values, own_values, strict=True):
            assert one.path == two.path
            np.testing.assert_array_equal(one, two)
    assert arrays.keys() == own_arrays.keys()
    for name, array in arrays.items():
        assert array.dtype == own_arrays[name].dtype
        assert array.tobytes() == own_arrays[name].tobytes(), name


@pytest.mark.parametrize(
    ("experiment", "more"),
    [
        (experiment_with(), {"train_limit": 350}),
        (experiment_on_texts(), {"split": {"kind": "first", "count": 50}}),
        (experiment_with(), {"batch_size": 23}),
    ],
    ids=["dense", "texts", "other batches"],
)
def test_another_number_of_samples_takes_the_graphs_that_are_there(executed, experiment, more) -> None:
    kept = KeptGraphs()
    executed(experiment, kept)
    before = traces(kept._graphs)
    more = experiment.with_changes(**more)
    after, _, _ = executed(more, kept)
    assert traces(kept._graphs) == before
    alone, _, _ = executed(more, KeptGraphs())
    assert [epoch.val_loss for epoch in after.epochs] == [epoch.val_loss for epoch in alone.epochs]


def test_a_run_after_one_of_another_kind_is_as_in_a_process_of_its_own(executed) -> None:
    kept, own = KeptGraphs(), {}
    several = [experiment_with(), experiment_on_texts(), experiment_with(layers=REGULAR), experiment_with()]
    for experiment in several:
        run, networks, _ = executed(experiment, kept)
        if experiment.digest in own:
            assert [epoch.val_loss for epoch in run.epochs] == own[experiment.digest]
        own[experiment.digest] = [epoch.val_loss for epoch in run.epochs]
        assert [json.loads(config)["config"]["name"] for config, _ in networks] == ["sequential"] * 2


def test_what_is_no_part_of_a_graph_makes_no_other_kind() -> None:
    experiment = experiment_with()
    changes = {
        "seed": 6,
        "epochs": 9,
        "batch_size": 16,
        "split": {"kind": "first", "count": 50},
        "optimizer": {"kind": "adam", "learning_rate": 0.5},
        "early_stopping": {"patience": 2},
    }
    for name, value in changes.items():
        assert kind(experiment.with_changes(**{name: value})) == kind(experiment) != "", name
    others = {"layers": REGULAR, "optimizer": {"kind": "sgd"}, "scaling": "standard"}
    for name, value in others.items():
        assert kind(experiment.with_changes(**{name: value})) != kind(experiment), name


@pytest.mark.parametrize(
    "name", ["mnist-first-network", "mnist-convnet", "imdb-embedding", "imdb-lstm", "imdb-multi-hot"]
)
def test_who_needs_a_process_of_its_own_is_of_no_kind(name: str) -> None:
    assert kind(presets.load(name)) == ""


def test_graphs_that_nobody_can_use_are_not_kept() -> None:
    kept = KeptGraphs()
    kept.of(experiment_with())
    kept.of(presets.load("imdb-embedding"))
    assert kept._graphs is None
