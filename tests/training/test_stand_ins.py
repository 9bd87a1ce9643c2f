"""Stand-ins have the form of the samples that come later."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import issparse

from core.datasets import open_dataset, prepare
from core.models.build import build
from core.training.stand_ins import stand_ins
from core.training.steps import TrainingSteps
from core.training.train import train
from tests.training.experiments import DENSE, OUTPUT, experiment_on_texts, experiment_with

EXPERIMENTS = {
    "flat": experiment_with(),
    "image": experiment_with(encoding={"kind": "image"}, layers=[{"kind": "flatten"}, *DENSE]),
    "rows": experiment_with(encoding={"kind": "rows"}, layers=[{"kind": "lstm", "units": 4}, OUTPUT]),
    "classes": experiment_with(loss="sparse_categorical_crossentropy"),
    "no validation": experiment_with(split={"kind": "none"}),
    "stratified": experiment_with(
        split={"kind": "fraction", "fraction": 0.33, "seed": 1, "stratified": True}
    ),
    "fold": experiment_with(split={"kind": "fold", "folds": 7, "fold": 6}),
    "stratified fold": experiment_with(split={"kind": "fold", "folds": 7, "fold": 6, "stratified": True}),
    "multi-hot": experiment_on_texts(),
    "counts": experiment_on_texts(encoding={"kind": "multi_hot", "num_words": 150, "values": "counts"}),
    "padded": experiment_on_texts(
        encoding={"kind": "padded", "num_words": 150, "length": 12},
        layers=[
            {"kind": "embedding", "vocabulary": 150, "dimensions": 4},
            {"kind": "flatten"},
            {"kind": "dense", "units": 1, "activation": "sigmoid"},
        ],
    ),
}


@pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_they_are_as_many_and_of_the_same_shape_and_type(experiment, settings) -> None:
    prepared = prepare(experiment, open_dataset(experiment.dataset, settings))
    x, y = stand_ins(experiment)
    for found, wanted in ((x, prepared.x_train), (y, prepared.y_train)):
        assert (found.shape, found.dtype, issparse(found)) == (wanted.shape, wanted.dtype, issparse(wanted))


@pytest.mark.parametrize(
    ("name", "xla"),
    [
        ("flat", True),
        ("counts", False),  # XLA knows no sparse inputs
        ("padded", False),
        pytest.param("flat", False, marks=pytest.mark.slow),
        pytest.param("padded", True, marks=pytest.mark.slow),
    ],
)
def test_what_is_made_ready_by_them_takes_the_same_course(name, xla, settings, recording) -> None:
    experiment = EXPERIMENTS[name]
    prepared = prepare(experiment, open_dataset(experiment.dataset, settings))

    def course(ready: bool) -> list[tuple[float, ...]]:
        model, steps = build(experiment), None
        model.jit_compile = xla
        if ready:
            steps = TrainingSteps(model, *stand_ins(experiment), experiment.batch_size)
            steps.use(prepared.x_train, prepared.y_train)
        epochs = train(experiment, prepared, model, recording, lambda: False, steps=steps).epochs
        return [(one.loss, one.accuracy, one.val_loss) for one in epochs]

    assert course(ready=True) == course(ready=False)


def test_others_than_they_stand_for_are_refused(digits) -> None:
    experiment = EXPERIMENTS["flat"]
    steps = TrainingSteps(build(experiment), *stand_ins(experiment), experiment.batch_size)
    prepared = digits(EXPERIMENTS["fold"])
    with pytest.raises(ValueError, match=r"257 samples|258 samples"):
        steps.use(prepared.x_train, prepared.y_train)
    assert np.isfinite(prepared.x_train).all()
