"""Small experiments, trained within a second."""

from __future__ import annotations

from typing import Any

from core.experiment import Experiment

OUTPUT = {"kind": "dense", "units": 10, "activation": "softmax"}
DENSE = [{"kind": "dense", "units": 12, "activation": "relu"}, OUTPUT]


def experiment_with(**changes: Any) -> Experiment:
    """Digits, 240 training and 60 validation samples; 240 = 7 x 32 + 16: the last batch is a part of one."""
    plain = {
        "dataset": "digits",
        "train_limit": 300,
        "split": {"kind": "fraction", "fraction": 0.2, "seed": 1},
        "layers": DENSE,
        "optimizer": {"kind": "adam", "learning_rate": 0.01},
        "loss": "categorical_crossentropy",
        "epochs": 3,
        "batch_size": 32,
        "seed": 5,
    }
    return Experiment.from_dict({**plain, **changes})


def experiment_on_texts(**changes: Any) -> Experiment:
    """180 training and 60 validation texts; 180 = 5 x 32 + 20: the last batch is a part of one."""
    plain = {
        "dataset": "mini_reviews",
        "encoding": {"kind": "multi_hot", "num_words": 150},
        "scaling": "none",
        "train_limit": 240,
        "split": {"kind": "first", "count": 60},
        "layers": [
            {"kind": "dense", "units": 8, "activation": "relu"},
            {"kind": "dense", "units": 1, "activation": "sigmoid"},
        ],
        "optimizer": {"kind": "rmsprop", "learning_rate": 0.01},
        "loss": "binary_crossentropy",
        "epochs": 3,
        "batch_size": 32,
        "seed": 5,
    }
    return Experiment.from_dict({**plain, **changes})


#: Each step makes the weights 19 times as large and turns them round, until they are too large for a float.
EXPLODING = {
    "layers": [{"kind": "dense", "units": 8, "l2": 1.0}, OUTPUT],
    "optimizer": {"kind": "sgd", "learning_rate": 10.0},
    "epochs": 5,
}
