"""The estimate of a training's time meets what was measured, and grows with what makes a training longer."""

from __future__ import annotations

import pytest

from core import presets
from core.experiment import Experiment
from core.experiment.duration import duration
from core.experiment.link import from_link

BAND = 3.0

#: Seconds of processor time that one epoch took on two cores, the median of two to eleven epochs after the first.
PRESETS = {
    "digits-wrong-labels": 0.031,
    "digits-first-network": 0.028,
    "mini-reviews": 0.012,
    "mini-newswires": 0.046,
    "mnist-first-network": 0.647,
    "mnist-three-layers": 0.132,
    "fashion-single-layer": 0.104,
    "fashion-shallow": 0.144,
    "fashion-deep": 0.259,
    "imdb-multi-hot": 0.117,
    "imdb-four-epochs": 0.134,
    "reuters-multi-hot": 0.153,
    "reuters-nine-epochs": 0.154,
    "reuters-bottleneck": 0.194,
    "mnist-convnet": 2.642,
    "imdb-embedding": 0.622,
    "imdb-lstm": 2.511,
}
#: The same of networks that are larger or smaller than any preset.
OTHERS = [
    (
        "digits-first-network",
        {"layers": "dense:4096:relu,dense:4096:relu,dense:10:softmax", "batch_size": "32"},
        2.818,
    ),
    (
        "mnist-convnet",
        {
            "train_limit": "4000",
            "split": "first:500",
            "layers": "conv2d:64:3:relu:padding=same,conv2d:64:3:relu:padding=same,max_pooling2d,flatten,"
            "dense:128:relu,dense:10:softmax",
        },
        4.660,
    ),
    (
        "mnist-three-layers",
        {
            "encoding": "rows",
            "train_limit": "6000",
            "split": "first:1000",
            "layers": "lstm:128,dense:10:softmax",
        },
        0.667,
    ),
]


def test_every_preset_is_measured() -> None:
    assert tuple(PRESETS) == presets.NAMES


@pytest.mark.parametrize("name", presets.NAMES)
def test_the_estimate_of_a_preset_is_within_a_factor_of_three(name: str) -> None:
    ratio = duration(presets.load(name)).epoch / PRESETS[name]
    assert 1 / BAND < ratio < BAND


@pytest.mark.parametrize(("name", "link", "seconds"), OTHERS, ids=["large", "convolutions", "recurrent"])
def test_the_estimate_holds_beyond_the_presets(name: str, link: dict[str, str], seconds: float) -> None:
    ratio = duration(from_link(link, presets.load(name))).epoch / seconds
    assert 1 / BAND < ratio < BAND


@pytest.mark.parametrize(
    "larger",
    [
        {"epochs": "80"},
        {"train_limit": "none"},
        {"batch_size": "1"},
        {"layers": "dense:512:relu,dense:64:relu,dense:10:softmax"},
        {"layers": "dense:128:relu,dense:64:relu,dense:64:relu,dense:10:softmax"},
    ],
)
def test_what_makes_a_training_longer_makes_the_estimate_larger(larger: dict[str, str]) -> None:
    base = presets.load(presets.PLAIN).with_changes(train_limit=1_000)

    def seconds(experiment: Experiment) -> float:
        return duration(experiment).of(experiment.epochs)

    assert seconds(from_link(larger, base)) > seconds(base)


def test_a_day_of_training_is_seen_in_advance() -> None:
    long = {
        "encoding": "rows",
        "layers": "lstm:512:return_sequences=true,lstm:512,dense:10:softmax",
        "epochs": "1000",
    }
    assert duration(from_link(long, presets.load("mnist-convnet"))).of(1000) > 20 * 3600
