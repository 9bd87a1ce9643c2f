"""A small text set that is made at once, and networks trained on it for a moment."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import keras
import numpy as np

from core.datasets import TextDataset, prepare
from core.datasets.dataset import RaggedTokens, Vocabulary
from core.datasets.preparation import encoder_of
from core.experiment import Experiment
from core.inference.service import TextNetwork
from core.models.build import build
from core.models.predicting import Predictor
from core.run import Reason, Run, RunState

WORDS = tuple(f"word{rank}" for rank in range(1, 61))
NUM_WORDS = 44
"""Ranks up to 40 are kept, 41 to 60 are rare."""

DENSE = [{"kind": "dense", "units": 5, "activation": "relu"}, {"kind": "batch_normalization"}]
SIGMOID = {"kind": "dense", "units": 1, "activation": "sigmoid"}


@cache
def texts(classes: int = 2) -> TextDataset:
    """300 + 70 random texts of 1 to 25 words; the label hangs on which words they have."""
    chance = np.random.default_rng(classes)

    def part(count: int) -> tuple[RaggedTokens, np.ndarray]:
        rows = [np.minimum(chance.geometric(0.05, chance.integers(1, 26)), len(WORDS)) for _ in range(count)]
        labels = [int(np.bincount(row % classes, minlength=classes).argmax()) for row in rows]
        return RaggedTokens.of(rows), np.array(labels, dtype=np.uint8)

    x_train, y_train = part(300)
    x_test, y_test = part(70)
    return TextDataset(
        name="mini_reviews" if classes == 2 else "mini_newswires",
        class_names=tuple(map(str, range(classes))),
        y_train=y_train,
        y_test=y_test,
        x_train=x_train,
        x_test=x_test,
        vocabulary=Vocabulary(WORDS),
    )


def experiment_on(classes: int = 2, **changes: Any) -> Experiment:
    """An experiment on `texts`, multi-hot unless said otherwise."""
    last = SIGMOID if classes == 2 else {"kind": "dense", "units": 10, "activation": "softmax"}
    plain: dict[str, Any] = {
        "dataset": "mini_reviews" if classes == 2 else "mini_newswires",
        "encoding": {"kind": "multi_hot", "num_words": NUM_WORDS},
        "scaling": "none",
        "train_limit": 300,
        "split": {"kind": "none"},
        "layers": [*DENSE, last],
        "optimizer": {"kind": "adam", "learning_rate": 0.05},
        "loss": "binary_crossentropy" if classes == 2 else "sparse_categorical_crossentropy",
        "epochs": 2,
        "batch_size": 32,
    }
    return Experiment.from_dict({**plain, **changes})


def sequence_experiment(**encoding: Any) -> Experiment:
    """An LSTM on padded texts of 8 numbers."""
    return experiment_on(
        encoding={"kind": "padded", "num_words": NUM_WORDS, "length": 8, **encoding},
        layers=[
            {"kind": "embedding", "vocabulary": NUM_WORDS, "dimensions": 4},
            {"kind": "lstm", "units": 3},
            SIGMOID,
        ],
    )


def trained(experiment: Experiment, folder: Path) -> tuple[TextNetwork, keras.Model]:
    """A network after two epochs, opened from its file as answering does, and as Keras has it."""
    dataset = texts(experiment.facts.classes)
    prepared = prepare(experiment, dataset)
    model = build(experiment)
    x: Any = prepared.x_train
    model.run_eagerly = True  # compiling would take longer than these few steps
    model.fit(x, prepared.y_train, batch_size=60, epochs=2, shuffle=False, verbose=0)
    model.save(folder / "last.keras")
    run = Run("run", experiment, RunState.FINISHED, Reason("waiting"), "", "", "", "", None, None, None)  # type: ignore[arg-type]
    encode = encoder_of(experiment, dataset)
    return TextNetwork(run, 2, Predictor.load(folder / "last.keras"), encode, encode.encoding, dataset), model
