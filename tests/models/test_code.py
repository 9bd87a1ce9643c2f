"""The exported script, run as it is, takes the course of the run."""

from __future__ import annotations

import ast
import dataclasses
import json
import os
import runpy
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from core import presets
from core.catalog import DATASETS
from core.datasets import open_dataset, prepare
from core.experiment import Experiment
from core.export import data_file
from core.models.build import build
from core.models.code import HISTORY_FILE, script
from core.models.execution import uses_xla
from core.training.train import train
from tests.training.experiments import DENSE, OUTPUT, experiment_on_texts, experiment_with
from tests.training.recording import Recording

CASES = {
    "fold": experiment_with(
        split={"kind": "fold", "folds": 3, "fold": 2, "seed": 1, "stratified": False}, epochs=2
    ),
    "callbacks": experiment_with(
        scaling="robust",
        split={"kind": "fraction", "fraction": 0.2, "seed": 1, "stratified": True},
        optimizer={"kind": "adam", "learning_rate": 0.1},
        epochs=12,
        layers=[{**DENSE[0], "l1": 0.001, "l2": 0.001}, OUTPUT],
        early_stopping={"monitor": "val_loss", "patience": 3, "restore_best": True},
        reduce_lr={"monitor": "val_loss", "patience": 1, "min_learning_rate": 0.01},
    ),
    "recurrent": experiment_with(
        encoding={"kind": "rows"},
        scaling="standard",
        split={"kind": "first", "count": 60},
        loss="sparse_categorical_crossentropy",
        optimizer={"kind": "rmsprop"},
        epochs=2,
        layers=[
            {"kind": "gru", "units": 3, "dropout": 0.2},
            {"kind": "dropout", "rate": 0.2},
            OUTPUT,
        ],
    ),
    "replaced labels": experiment_with(
        split={"kind": "fraction", "fraction": 0.2, "seed": 1, "stratified": True},
        labels={"kind": "replaced", "share": 0.25},
        loss="sparse_categorical_crossentropy",
    ),
    "shuffled labels": experiment_with(split={"kind": "none"}, labels={"kind": "shuffled"}, epochs=2),
    "convolution": experiment_with(
        encoding={"kind": "image"},
        scaling="min_max",
        split={"kind": "none"},
        loss="mse",
        optimizer={"kind": "sgd", "learning_rate": 0.1, "momentum": 0.9},
        epochs=2,
        layers=[
            {"kind": "conv2d", "filters": 3, "kernel": 2, "stride": 2, "padding": "same"},
            {"kind": "batch_normalization", "momentum": 0.9},
            {"kind": "flatten"},
            {"kind": "dropout", "rate": 0.3},
            OUTPUT,
        ],
    ),
}


def course(experiment: Experiment, settings) -> dict[str, list[float]]:
    """The history of a run, under the names that Keras gives it."""
    recording = Recording()
    prepared = prepare(experiment, open_dataset(experiment.dataset, settings))
    train(experiment, prepared, build(experiment), recording, lambda: False)
    names = ["loss", "accuracy"]
    if prepared.x_val is not None:
        names += ["val_loss", "val_accuracy"]
    return {name: [getattr(epoch, name) for epoch in recording.epochs] for name in names}


def compare(history: dict[str, list[float]], expected: dict[str, list[float]]) -> None:
    assert history.keys() == expected.keys()
    for name, values in expected.items():
        np.testing.assert_allclose(history[name], values, rtol=1e-5, atol=1e-7, err_msg=name)


def run_here(
    text: str, folder: Path, monkeypatch: pytest.MonkeyPatch, data: Mapping[str, bytes] = MappingProxyType({})
) -> dict[str, list[float]]:
    """Run a script in this process, which has Keras already, in a folder of its own with these data files."""
    folder.mkdir()
    for name, content in data.items():
        (folder / f"{name}.npz").write_bytes(content)
    (folder / "script.py").write_text(text, encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["script.py"])
    runpy.run_path("script.py", run_name="__main__")
    return json.loads(Path(HISTORY_FILE).read_text(encoding="utf-8"))


def run_alone(text: str, folder: Path, *arguments: str) -> dict[str, list[float]]:
    """Run a script in a process of its own; neither the project's folder nor the environment reaches it (-I)."""
    (folder / "network.py").write_text(text, encoding="utf-8")
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2", "CUDA_VISIBLE_DEVICES": "-1"}
    command = [sys.executable, "-I", "network.py", *arguments]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    return json.loads((folder / HISTORY_FILE).read_text(encoding="utf-8"))


# What takes longest is left to the slow run.
LONG = {
    name: [pytest.mark.slow] for name in ("fold", "recurrent", "callbacks", "convolution", "shuffled labels")
}


@pytest.mark.parametrize("name", [pytest.param(name, marks=LONG.get(name, [])) for name in CASES])
def test_the_script_takes_the_course_of_the_run(name, settings, tmp_path, monkeypatch, capsys):
    expected = course(CASES[name], settings)
    for style in ("sequential", "functional"):
        compare(run_here(script(CASES[name], style), tmp_path / style, monkeypatch), expected)
    assert "Test loss" in capsys.readouterr().out


TEXTS = {
    # So many units that the run multiplies by SciPy's product, the script by TensorFlow's.
    "multi-hot": {
        "split": {"kind": "first", "count": 60},
        "layers": [
            {"kind": "dense", "units": 40, "activation": "relu"},
            {"kind": "dense", "units": 1, "activation": "sigmoid"},
        ],
    },
    "replaced labels": {
        "split": {"kind": "first", "count": 60},
        "labels": {"kind": "replaced", "share": 0.4},
    },
    "shuffled labels": {
        "split": {"kind": "fold", "folds": 4, "fold": 1, "seed": 1},
        "labels": {"kind": "shuffled"},
    },
    "tf-idf": {
        "encoding": {"kind": "multi_hot", "num_words": 150, "values": "tf_idf"},
        "split": {"kind": "fraction", "fraction": 0.25, "seed": 1, "stratified": True},
    },
    "counts of topics": {
        "dataset": "mini_newswires",
        "encoding": {"kind": "multi_hot", "num_words": 150, "values": "counts"},
        "layers": [
            {"kind": "dense", "units": 8, "activation": "relu"},
            {"kind": "dense", "units": 10, "activation": "softmax"},
        ],
        "loss": "categorical_crossentropy",
        "split": {"kind": "none"},
    },
    "padded": {
        "encoding": {"kind": "padded", "num_words": 150, "length": 12, "fill": "end"},
        "split": {"kind": "fold", "folds": 4, "fold": 1, "seed": 1},
        "layers": [
            {"kind": "embedding", "vocabulary": 150, "dimensions": 4},
            {"kind": "lstm", "units": 3},
            {"kind": "dense", "units": 1, "activation": "sigmoid"},
        ],
    },
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name == "multi-hot" else pytest.mark.slow) for name in TEXTS]
)
def test_the_script_takes_the_course_of_a_run_on_texts(name, settings, tmp_path, monkeypatch):
    experiment = experiment_on_texts(**TEXTS[name])
    expected = course(experiment, settings)
    data = data_file(open_dataset(experiment.dataset, settings))
    for style in ("sequential", "functional"):
        folder = tmp_path / style
        compare(
            run_here(script(experiment, style), folder, monkeypatch, {experiment.dataset: data}), expected
        )


@pytest.mark.parametrize(
    ("preset", "otherwise"),
    [("mnist-convnet", True), ("imdb-lstm", True), ("imdb-embedding", False), ("fashion-deep", False)],
)
def test_the_script_says_where_its_curves_may_differ(preset, otherwise):
    assert ("rounds the sums of this network otherwise" in script(presets.load(preset))) == otherwise


def test_the_script_says_where_generated_texts_come_from(tmp_path, monkeypatch):
    with pytest.raises(SystemExit, match=r"Put mini_reviews\.npz beside this script"):
        run_here(script(experiment_on_texts()), tmp_path / "script", monkeypatch)


@pytest.mark.slow
@pytest.mark.real_data
def test_the_script_takes_the_course_of_a_real_run_on_reviews(settings, real_datasets, tmp_path):
    experiment = presets.load("imdb-multi-hot").with_changes(epochs=2)
    text = script(experiment)
    expected = course(experiment, settings.model_copy(update={"datasets": real_datasets}))

    compare(run_alone(text, tmp_path, str(real_datasets)), expected)


@pytest.mark.parametrize("loss", ["binary_crossentropy", "mse"])
def test_two_classes_are_one_number_a_sample(loss, settings, tmp_path, monkeypatch):
    facts = dataclasses.replace(DATASETS["digits"], class_names=("0", "1"))
    monkeypatch.setitem(DATASETS, "digits", facts)
    experiment = experiment_with(
        layers=[{"kind": "dense", "units": 1, "activation": "sigmoid"}], loss=loss, epochs=1
    )

    compare(run_here(script(experiment), tmp_path / "script", monkeypatch), course(experiment, settings))


@pytest.mark.slow
def test_the_script_stands_alone(settings, tmp_path):
    """In a process of its own, with one of the real presets."""
    experiment = presets.load("digits-first-network").with_changes(epochs=3)
    compare(run_alone(script(experiment), tmp_path), course(experiment, settings))


@pytest.mark.thorough
@pytest.mark.real_data
@pytest.mark.parametrize("style", ["sequential", "functional"])
def test_the_script_takes_the_course_of_a_real_run(style, settings, real_datasets, tmp_path):
    experiment = presets.load("mnist-three-layers").with_changes(epochs=2)
    assert uses_xla(experiment)
    text = script(experiment, style)
    expected = course(experiment, settings.model_copy(update={"datasets": real_datasets}))

    compare(run_alone(text, tmp_path, str(real_datasets)), expected)


@pytest.mark.parametrize("name", presets.NAMES)
@pytest.mark.parametrize("style", ["sequential", "functional"])
def test_every_preset_becomes_a_readable_script(name, style):
    experiment = presets.load(name)
    scaling = "none" if experiment.facts.kind == "text" else "robust"
    limit = experiment.facts.train_size - 100
    experiment = experiment.with_changes(train_limit=limit, scaling=scaling)
    text = script(experiment, style)

    modules = {
        (node.module or "").split(".")[0] if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    own = {"json", "math", "os", "pathlib", "sys"}
    assert modules <= {*own, "keras", "numpy", "sklearn", "scipy", "tensorflow"}
    said = text.index('os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")')  # as core.models does
    assert said < text.index("import keras")
    assert max(map(len, text.splitlines())) <= 110
    assert str(limit) in text
    assert all(f"layers.{row.kind}(" in text for row in experiment.summary.rows)
