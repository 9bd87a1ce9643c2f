"""What the generated texts are made for: networks learn them, then learn them by heart, whatever the seed."""

from __future__ import annotations

import numpy as np
import pytest

from core import presets
from core.analysis.classification import confusion_matrix, predicted_classes
from core.analysis.turning_point import turning_point
from core.datasets import open_dataset, prepare
from core.models.build import build
from core.settings import Settings
from core.training.train import train
from tests.training.recording import Recording
from tools.generated_texts.mini_newswires import NEIGHBOURS, TOPICS


def trained(name: str, settings: Settings, recording: Recording, **changes: object) -> np.ndarray:
    """Train a preset and count its answers: (true class, answer) of the test texts at the turning point."""
    plain = presets.load(name).to_dict()
    experiment = type(presets.load(name)).from_dict({**plain, **changes})
    prepared = prepare(experiment, open_dataset(experiment.dataset, settings))
    model = build(experiment)
    outcome = train(experiment, prepared, model, recording, lambda: False)
    assert outcome.best is not None
    outcome.best.restore(model)
    answers = predicted_classes(model.predict(prepared.x_test, verbose=0))
    return confusion_matrix(prepared.labels_test, answers, experiment.facts.classes)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mini-reviews", "mini-newswires"])
@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in (1, 2, 3, 4))]
)
def test_every_seed_learns_then_overfits(name, seed, settings, recording):
    matrix = trained(name, settings, recording, seed=seed)
    point = turning_point(recording.epochs)
    assert point.loss.confirmed
    assert point.epoch is not None
    assert 2 <= point.epoch <= 9
    there = recording.epochs[point.epoch - 1]
    assert there.val_accuracy is not None
    assert 0.8 <= there.val_accuracy <= 0.95
    assert 0.8 <= np.trace(matrix) / matrix.sum() <= 0.95
    assert recording.epochs[-1].accuracy > 0.97


def test_newswires_are_mistaken_for_their_neighbours(settings, recording):
    """A few epochs are enough to see it; the slow test trains them all."""
    matrix = trained("mini-newswires", settings, recording, epochs=4)
    assert np.trace(matrix) / matrix.sum() > 0.75
    near = sum(
        matrix[TOPICS.index(topic), TOPICS.index(other)]
        for topic, others in NEIGHBOURS.items()
        for other in set(others)
    )
    wrong = matrix.sum() - np.trace(matrix)
    by_chance = sum(len(set(others)) for others in NEIGHBOURS.values()) / (10 * 9)
    assert near / wrong > 2 * by_chance
