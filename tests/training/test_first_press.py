"""The first press shows the turning point to the naked eye, whatever the seed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from core import presets
from core.analysis.loss_axis import loss_axis
from core.analysis.turning_point import turning_point
from core.datasets import open_dataset, prepare
from core.experiment import ReplacedLabels
from core.models.build import build
from core.run import Epoch
from core.settings import Settings
from core.training.recorders import Recorder
from core.training.train import train

FIRST = presets.load(presets.FIRST)
#: How much higher validation loss must end than it was at its lowest, and how much of the chart's height that must be.
RISE, SHARE = 1.5, 0.25


def trained(seed: int, home: Path) -> Sequence[Epoch]:
    """The epochs of the first preset with another seed; nothing is looked at but training and validation."""
    experiment = FIRST.with_changes(seed=seed)
    dataset = open_dataset(experiment.dataset, Settings.from_environment({"TURNING_POINT_HOME": str(home)}))
    prepared = prepare(experiment, dataset)
    return train(experiment, prepared, build(experiment), Recorder(), lambda: False).epochs


def is_plain(epochs: Sequence[Epoch]) -> bool:
    """Whether the rise stands out on the axis that pages draw."""
    losses = [epoch.val_loss for epoch in epochs if epoch.val_loss is not None]
    axis = loss_axis([[epoch.loss for epoch in epochs], losses])
    lowest, last = min(losses), losses[-1]
    return last >= RISE * lowest and (last - lowest) / (axis.high - axis.low) >= SHARE


def test_the_turn_of_the_first_press_is_plain(tmp_path: Path) -> None:
    epochs = trained(FIRST.seed, tmp_path)
    turn = turning_point(epochs).loss
    assert is_plain(epochs)
    assert turn.confirmed
    assert turn.epoch is not None
    assert 3 < turn.epoch < FIRST.epochs / 2  # the axis leaves out no more than the epochs before


@pytest.mark.slow
@pytest.mark.thorough
def test_it_is_plain_for_nine_of_ten_seeds(tmp_path: Path) -> None:
    assert sum(is_plain(trained(FIRST.seed + more, tmp_path)) for more in range(10)) >= 9


def test_it_needs_nothing_but_what_is_bundled_and_its_wrong_labels_stay_in_the_training_set() -> None:
    assert FIRST.facts.offline
    assert FIRST.labels == ReplacedLabels(share=0.25)
    assert (FIRST.train_size, FIRST.validation_size) == (300, 1_200)
