"""Which layer sees the input first, and what its weights are a picture of, for every preset and odd networks."""

from __future__ import annotations

from typing import Any

import pytest

from core import presets
from core.experiment import Experiment
from core.models.first_layer import first_layer
from tests.training.experiments import OUTPUT, experiment_with

EXPECTED = {
    "fashion-single-layer": ("pictures", (28, 28), True),
    "mnist-three-layers": ("pictures", (28, 28), False),
    "mnist-convnet": ("filters", (3, 3), False),
    "digits-first-network": ("pictures", (8, 8), False),
    "imdb-multi-hot": ("words", (0, 0), False),
    "imdb-embedding": ("vectors", (0, 0), False),
    "imdb-lstm": ("vectors", (0, 0), False),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_of_presets(name: str) -> None:
    found = first_layer(presets.load(name))
    assert (found.form, found.picture, found.is_output) == EXPECTED[name]


def test_every_preset_has_one() -> None:
    for name in presets.NAMES:
        assert first_layer(presets.load(name)).units > 0


POOL, FLATTEN = {"kind": "max_pooling2d"}, {"kind": "flatten"}


@pytest.mark.parametrize(
    ("changes", "form", "picture", "place"),
    [
        ({"encoding": {"kind": "image"}, "layers": [FLATTEN, OUTPUT]}, "pictures", (8, 8), 1),
        ({"encoding": {"kind": "image"}, "layers": [POOL, FLATTEN, FLATTEN, OUTPUT]}, "pictures", (4, 4), 3),
        ({"encoding": {"kind": "rows"}, "layers": [FLATTEN, OUTPUT]}, "pictures", (8, 8), 1),
        (
            {"encoding": {"kind": "rows"}, "layers": [{"kind": "global_average_pooling"}, OUTPUT]},
            "pictures",
            (1, 8),
            1,
        ),
        (
            {"encoding": {"kind": "rows"}, "layers": [{"kind": "gru", "units": 3}, OUTPUT]},
            "sequence",
            (0, 0),
            0,
        ),
        ({"layers": [{"kind": "batch_normalization"}, FLATTEN, OUTPUT]}, "pictures", (8, 8), 2),
    ],
)
def test_of_odd_networks(changes: dict[str, Any], form: str, picture: tuple[int, int], place: int) -> None:
    experiment: Experiment = experiment_with(**changes)
    found = first_layer(experiment)
    assert (found.form, found.picture, found.place) == (form, picture, place)
    assert found.name == experiment.summary.rows[place].name
