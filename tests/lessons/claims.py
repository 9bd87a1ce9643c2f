"""Every number that a lesson names, and where it comes from: data, networks, recorded runs, trainings.

A number of one digit that is a name or a count of things in the same sentence ("the digit 7", "three layers") needs no
entry; every other one does, and every entry is a number that the step really names, in both languages.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core import presets, recorded
from core.analysis.agreement import PairwiseTest, pairwise_tests
from core.analysis.classification import predicted_classes
from core.analysis.run_metrics import best
from core.analysis.softmax import sigmoid, softmax
from core.analysis.turning_point import turning_point_of
from core.catalog import DATASETS, WORD_SHIFT
from core.datasets import open_dataset
from core.experiment.changes import changed
from core.run import Run
from core.storage import Artifacts
from core.training import artifact_names
from dashboard.learn import lesson as lessons
from tests.lessons.lab import Lab, experiment_of


@dataclass(frozen=True)
class Exact:
    """A number that can be worked out; rounded as it is named, it must be equal."""

    value: Callable[[], float]


@dataclass(frozen=True)
class About:
    """A number that trainings give, `within` which they must lie on either side."""

    value: Callable[[Lab], float]
    within: float


@dataclass(frozen=True)
class Example:
    """A number of a made-up example, and what of."""

    of: str


Source = Exact | About | Example


def shape(name: str) -> tuple[int, ...]:
    return DATASETS[name].shape


def pixels(name: str) -> int:
    return math.prod(shape(name))


def largest_share(name: str) -> float:
    counts = DATASETS[name].class_counts
    return 100 * max(counts) / sum(counts)


def layer(preset: str, place: int) -> int:
    """The parameters of a layer of a preset, counted from the end for places below 0."""
    return presets.load(preset).summary.rows[place].trainable


def parameters(preset: str) -> int:
    return presets.load(preset).summary.parameters


def small(units: int) -> int:
    """The parameters of 784 inputs, a layer of so many units, and one of 10."""
    layers = [{"kind": "dense", "units": units}, {"kind": "dense", "units": 10, "activation": "softmax"}]
    return changed(presets.load("mnist-first-network"), {"layers": layers}).summary.parameters


def taped(preset: str) -> Run:
    """The recorded run of a preset."""
    return recorded.get(f"recorded-{preset}")


def lowest(run: Run) -> float:
    found = best(run.epochs, "val_loss")
    assert found is not None
    return found.value


def highest(run: Run) -> float:
    """The highest validation accuracy, in percent."""
    found = best(run.epochs, "val_accuracy")
    assert found is not None
    return 100 * found.value


def val_loss(run: Run, epoch: int = 0) -> float:
    """In an epoch, counted from 1; in the last one for 0."""
    value = run.epochs[epoch - 1].val_loss
    assert value is not None
    return value


def val_accuracy(run: Run, epoch: int = 0) -> float:
    """The same of the accuracy, in percent."""
    value = run.epochs[epoch - 1].val_accuracy
    assert value is not None
    return 100 * value


def at_turn(run: Run) -> float:
    """The validation accuracy at the turning point, in percent."""
    return val_accuracy(run, turn(run))


def turn(run: Run) -> int:
    """The confirmed turning point."""
    epoch = turning_point_of(run).epoch
    assert epoch is not None
    return epoch


def lowest_at(run: Run) -> int:
    epoch = turning_point_of(run).loss.epoch
    assert epoch is not None
    return epoch


def gap(run: Run) -> float:
    found = turning_point_of(run).gap
    assert found is not None
    return found


def right_on_test(run: Run) -> float:
    """The test accuracy in percent."""
    assert run.evaluation is not None
    return 100 * run.evaluation.accuracy


def compared(first: Run, second: Run, artifacts: Artifacts, labels: np.ndarray) -> PairwiseTest:
    """What the test set shows of two runs."""
    answers = {
        run.id: predicted_classes(artifacts.load_array(run.id, artifact_names.TEST_PROBABILITIES))
        for run in (first, second)
    }
    (found,) = pairwise_tests(labels, answers)
    return found


def compared_here(first: Run, second: Run, lab: Lab) -> PairwiseTest:
    """The same of runs of a laboratory."""
    labels = open_dataset(first.experiment.dataset, lab.settings).y_test
    return compared(first, second, lab.store.artifacts, labels)


def divided(first: Run, second: Run, lab: Lab) -> int:
    """How many test samples only one of two runs of a laboratory got right."""
    counts = compared_here(first, second, lab).agreement
    return counts.only_first + counts.only_second


def compared_on_tape(first: str, second: str) -> PairwiseTest:
    """The same of the recorded runs of two presets."""
    labels = recorded.test_labels(presets.load(first).dataset)
    assert labels is not None
    return compared(taped(first), taped(second), Artifacts("nowhere"), labels)


def matrix(preset: str) -> np.ndarray:
    evaluation = taped(preset).evaluation
    assert evaluation is not None
    return np.array(evaluation.matrix)


def taken(true: str, answer: str) -> int:
    """How many of one class the recorded shallow network took for another one."""
    names = DATASETS["fashion_mnist"].class_names
    return int(matrix("fashion-shallow")[names.index(true), names.index(answer)])


def shirts() -> tuple[float, float]:
    """Recall and precision of shirts in the recorded matrix, in percent."""
    counts, shirt = matrix("fashion-shallow"), DATASETS["fashion_mnist"].class_names.index("Shirt")
    right = counts[shirt, shirt]
    return 100 * right / counts[shirt].sum(), 100 * right / counts[:, shirt].sum()


def shares(*scores: float) -> Sequence[float]:
    return [100 * one.share for one in softmax(scores)]


def logit(output: float) -> float:
    """The score at which the sigmoid passes an output."""
    return math.log(output / (1 - output))


def rate(place: str) -> float:
    """The learning rate that a step's training has."""
    return experiment_of(place).optimizer.learning_rate


def check(place: str) -> Any:
    """The check of a step."""
    name, step = place.split(".")
    return lessons.lesson(name, "en").step(step).check


_REUTERS, _NEWSWIRES = DATASETS["reuters"], DATASETS["mini_newswires"]

NUMBERS: dict[str, dict[str, Source]] = {
    "first-network.layers": {
        "784": Exact(lambda: pixels("mnist")),
        "128": Example("a layer to count the parameters of"),
        "100,352": Exact(lambda: pixels("mnist") * 128),
        "100,480": Exact(lambda: small(128) - (128 + 1) * 10),
        "912": Exact(lambda: pixels("mnist") + 128),
        "64": Exact(lambda: presets.load("digits-first-network").layers[1].units),
        "650": Exact(lambda: layer("digits-first-network", -1)),
        "512": Exact(lambda: presets.load("mnist-first-network").layers[0].units),
        "10": Exact(lambda: DATASETS["mnist"].classes),
        "5,130": Exact(lambda: layer("mnist-first-network", -1)),
    },
    "first-network.compile": {"30": Example("seconds to think")},
    "first-network.train": {"100": Example("digits to guess about")},
    "first-network.curves": {
        "0.6": Example("a probability"),
        "0.9": Example("a probability"),
        "0.99": Example("a probability"),
    },
    "first-network.prediction": {
        "0.99": Example("a probability"),
        "0.5": Example("a torn answer"),
        "99": Exact(lambda: 100 * 0.99),
        "100": Example("answers to count"),
    },
    "tensors.pixels": {
        "784": Exact(lambda: pixels("mnist")),
        "28": Exact(lambda: shape("mnist")[0]),
        "64": Exact(lambda: pixels("digits")),
        "16": Exact(lambda: DATASETS["digits"].max_value),
        "255": Exact(lambda: DATASETS["mnist"].max_value),
    },
    "tensors.shapes": {
        "60000": Exact(lambda: DATASETS["mnist"].train_size),
        "60,000": Exact(lambda: DATASETS["mnist"].train_size),
        "28": Exact(lambda: shape("mnist")[1]),
        "255": Exact(lambda: np.iinfo(np.uint8).max),
        "256": Exact(lambda: np.iinfo(np.uint8).max + 1),
        "784": Exact(lambda: pixels("mnist")),
        "1500": Exact(lambda: DATASETS["digits"].train_size),
        "64": Exact(lambda: pixels("digits")),
    },
    "tensors.counts": {
        "35": Exact(lambda: largest_share("reuters")),
        "46": Exact(lambda: _REUTERS.classes),
        "2": Exact(lambda: 100 / _REUTERS.classes),
        "3,159": Exact(lambda: max(_REUTERS.class_counts)),
        "8,982": Exact(lambda: _REUTERS.train_size),
        "1,068": Exact(lambda: max(_NEWSWIRES.class_counts)),
        "4,000": Exact(lambda: _NEWSWIRES.train_size),
        "27": Exact(lambda: largest_share("mini_newswires")),
    },
    "tensors.scaling": {
        "16": Exact(lambda: DATASETS["digits"].max_value),
        "0.25": Exact(lambda: (4 - 0) / (16 - 0)),
    },
    "tensors.unscaled": {
        "0.3": Exact(lambda: rate("tensors.unscaled")),
        "90": Exact(lambda: 100 * check("tensors.unscaled").at_least),
    },
    "tensors.sigmoid": {
        "0.5": Exact(lambda: sigmoid(0)),
        "0.9": Example("an output"),
        "0.99": Exact(lambda: sigmoid(5)),
        "2.2": Exact(lambda: logit(0.9)),
        "4.6": Exact(lambda: logit(0.99)),
        "10": Example("the largest score of the figure"),
        "100": Example("parts of one"),
    },
    "tensors.softmax": {
        **{text: Example("a score") for text in ("3.1", "3.0", "2.9", "2.0", "1.0", "0.7")},
        "37": Exact(lambda: shares(3.1, 3.0, 2.9)[0]),
        "33": Exact(lambda: shares(3.1, 3.0, 2.9)[1]),
        "30": Exact(lambda: shares(3.1, 3.0, 2.9)[2]),
        "61": Exact(lambda: shares(2.0, 1.0, 0.7)[0]),
        "22": Exact(lambda: shares(2.0, 1.0, 0.7)[1]),
        "17": Exact(lambda: shares(2.0, 1.0, 0.7)[2]),
        "90": Exact(lambda: 100 * check("tensors.softmax").least),
    },
    "overfitting.words": {
        "3": Exact(lambda: WORD_SHIFT),
        "4": Exact(lambda: 1 + WORD_SHIFT),
    },
    "overfitting.predict": {
        "20": Exact(lambda: presets.load("mini-reviews").epochs),
    },
    "overfitting.gap": {
        "4": About(lambda lab: turn(lab.run("overfitting.predict")), 1),
        "5": About(lambda lab: turn(lab.run("overfitting.predict")), 1),
    },
    "overfitting.loss-accuracy": {
        "0.37": About(lambda lab: lowest(lab.run("overfitting.predict")), 0.02),
        "0.8": About(lambda lab: val_loss(lab.run("overfitting.predict")), 0.1),
        "86": About(lambda lab: at_turn(lab.run("overfitting.predict")), 1.5),
        "81": About(lambda lab: val_accuracy(lab.run("overfitting.predict")), 1.5),
        "0.28": Exact(lambda: lowest(taped("imdb-multi-hot"))),
        "0.54": Exact(lambda: val_loss(taped("imdb-multi-hot"))),
        "88.9": Exact(lambda: at_turn(taped("imdb-multi-hot"))),
        "87.2": Exact(lambda: val_accuracy(taped("imdb-multi-hot"))),
        "0.6": Example("a probability"),
        "0.99": Example("a probability"),
        "0.92": Exact(lambda: -math.log(1 - 0.6)),
        "4.6": Exact(lambda: -math.log(1 - 0.99)),
    },
    "overfitting.cure": {
        "20": Exact(lambda: presets.load("mini-reviews").epochs),
        "4": Exact(lambda: turn(taped("imdb-multi-hot"))),
        "25,000": Exact(lambda: taped("imdb-four-epochs").experiment.train_size),
    },
    "overfitting.test": {
        "20": Exact(lambda: presets.load("mini-reviews").epochs),
        "81": About(lambda lab: right_on_test(lab.run("overfitting.predict")), 1.5),
        "86": About(lambda lab: right_on_test(lab.cure("overfitting.predict")), 1.5),
        "86.0": Exact(lambda: right_on_test(taped("imdb-multi-hot"))),
        "88.6": Exact(lambda: right_on_test(taped("imdb-four-epochs"))),
        "99": About(lambda lab: 100 * lab.run("overfitting.predict").epochs[-1].accuracy, 1),
        "91": About(lambda lab: 100 * lab.cure("overfitting.predict").epochs[-1].accuracy, 1.5),
        "100": Example("all that there is"),
    },
    "many-classes.topics": {
        "46": Exact(lambda: _REUTERS.classes),
        "10": Exact(lambda: min(_REUTERS.class_counts)),
        "1,068": Exact(lambda: max(_NEWSWIRES.class_counts)),
        "98": Exact(lambda: min(_NEWSWIRES.class_counts)),
        "11": Exact(lambda: max(_NEWSWIRES.class_counts) / min(_NEWSWIRES.class_counts)),
        "3,159": Exact(lambda: max(_REUTERS.class_counts)),
        "300": Exact(lambda: 100 * (max(_REUTERS.class_counts) / min(_REUTERS.class_counts) // 100)),
    },
    "many-classes.output": {
        "46": Exact(lambda: _REUTERS.classes),
        "45": Exact(lambda: _REUTERS.classes - 1),
    },
    "many-classes.train": {
        "64": Exact(lambda: presets.load("mini-newswires").layers[0].units),
        "20": Exact(lambda: presets.load("mini-newswires").epochs),
        "84": About(lambda lab: at_turn(lab.run("many-classes.train")), 1.5),
        "85": About(lambda lab: at_turn(lab.run("many-classes.train")), 1.5),
        "27": Exact(lambda: largest_share("mini_newswires")),
        "82": Exact(lambda: at_turn(taped("reuters-multi-hot"))),
        "35": Exact(lambda: largest_share("reuters")),
    },
    "many-classes.matrix": {
        "10,000": Exact(lambda: int(matrix("fashion-shallow").sum())),
        "1,000": Exact(lambda: int(matrix("fashion-shallow").sum(axis=1)[6])),
        "115": Exact(lambda: taken("Shirt", "T-shirt/top")),
        "123": Exact(lambda: taken("T-shirt/top", "Shirt")),
        "836": Exact(lambda: taken("T-shirt/top", "T-shirt/top")),
        "118": Exact(lambda: taken("Pullover", "Shirt")),
        "106": Exact(lambda: taken("Pullover", "Coat")),
    },
    "many-classes.test": {
        "974": Example("articles, a known flaw of the published data; see its description")
    },
    "many-classes.report": {
        "1,000": Exact(lambda: int(matrix("fashion-shallow").sum(axis=1)[6])),
        "739": Exact(lambda: taken("Shirt", "Shirt")),
        "1,124": Exact(lambda: int(matrix("fashion-shallow").sum(axis=0)[6])),
        "73.9": Exact(lambda: shirts()[0]),
        "65.7": Exact(lambda: shirts()[1]),
    },
    "many-classes.bottleneck": {
        "46": Exact(lambda: _REUTERS.classes),
        "4": Exact(lambda: presets.load("reuters-bottleneck").layers[1].units),
        "15": Example("points at least; see the statements"),
        "11": Example("points on the real Reuters; see the statements"),
        "16": Example("units to try; see the statements"),
        "79.7": Exact(lambda: right_on_test(taped("reuters-nine-epochs"))),
        "65.1": Exact(lambda: right_on_test(taped("reuters-bottleneck"))),
    },
    "depth.one-layer": {
        "80": Exact(lambda: 100 * check("depth.one-layer").at_least),
        "96": About(lambda lab: val_accuracy(lab.run("depth.one-layer")), 1),
        "84": Example("percent on the real clothes; see the statements"),
        "85": Exact(lambda: val_accuracy(taped("fashion-single-layer"))),
    },
    "depth.building": {
        "784": Exact(lambda: pixels("fashion_mnist")),
        "128": Exact(lambda: presets.load("fashion-deep").layers[1].units),
        "10": Exact(lambda: DATASETS["fashion_mnist"].classes),
        "100,480": Exact(lambda: layer("fashion-deep", 1)),
        "1,290": Exact(lambda: 128 * 10 + 10),
        "101,770": Exact(lambda: small(128)),
        "101,632": Exact(lambda: 784 * 128 + 128 * 10),
        "100,490": Exact(lambda: 784 * 128 + 128 + 10),
        "121,450": Exact(lambda: parameters("fashion-deep")),
    },
    "depth.shallow": {
        "64": Exact(lambda: presets.load("fashion-shallow").layers[1].units),
        "32": Exact(lambda: presets.load("fashion-shallow").layers[2].units),
        "15": Example("an epoch on the digits; see the statements"),
        "24": Example("an epoch on the digits; a slow test of its own looks at it"),
        "16": Exact(lambda: turn(taped("fashion-shallow"))),
        "0.318": Exact(lambda: lowest(taped("fashion-shallow"))),
    },
    "depth.deep": {
        "128": Exact(lambda: presets.load("fashion-deep").layers[1].units),
        "32": Exact(lambda: presets.load("fashion-deep").layers[3].units),
        "12": Example("an epoch on the digits; see the statements"),
        "17": Exact(lambda: turn(taped("fashion-deep"))),
        "0.306": Exact(lambda: lowest(taped("fashion-deep"))),
    },
    "depth.side-by-side": {
        "30": Exact(lambda: len(taped("fashion-deep").epochs)),
        "121,450": Exact(lambda: parameters("fashion-deep")),
        "52,650": Exact(lambda: parameters("fashion-shallow")),
        "0.23": Exact(lambda: gap(taped("fashion-deep"))),
        "0.17": Exact(lambda: gap(taped("fashion-shallow"))),
        "89.8": Exact(lambda: highest(taped("fashion-deep"))),
        "89.1": Exact(lambda: highest(taped("fashion-shallow"))),
    },
    "depth.which-wins": {
        "64": Exact(lambda: presets.load("fashion-shallow").layers[1].units),
        "32": Exact(lambda: presets.load("fashion-shallow").layers[2].units),
        "128": Exact(lambda: presets.load("fashion-deep").layers[1].units),
        "297": Exact(lambda: DATASETS["digits"].test_size),
    },
    "depth.chance": {
        "89.8": Exact(lambda: highest(taped("fashion-deep"))),
        "89.1": Exact(lambda: highest(taped("fashion-shallow"))),
        "0.7": Exact(lambda: highest(taped("fashion-deep")) - highest(taped("fashion-shallow"))),
    },
    "depth.design": {"64": Example("units that do; see the statements")},
    "own-experiment.advice": {"300": Example("photos of leaves")},
    "own-experiment.change": {
        "16": Exact(lambda: presets.load("mini-reviews").layers[0].units),
        "64": Example("units to try; see the statements"),
        "20": Exact(lambda: presets.load("mini-reviews").epochs),
        "512": Example("a batch size to try; see the statements"),
        "10": Example("a tenth of the learning rate; see the statements"),
    },
    "own-experiment.chance": {"0.5": Example("points; a slow test of its own looks at them")},
    "own-experiment.noise": {
        "100": Example("percent, nearly; see the statements"),
        "80": Example("percent at most; see the statements"),
    },
    "own-experiment.folds": {
        "60,000": Example("pictures"),
        "80": Exact(lambda: 100 * (5 - 1) / 5),
        "200": Example("samples to limit the training to"),
    },
}
