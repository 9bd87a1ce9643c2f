"""Labels wrong on purpose are a setting like any other, and experiments without them are what they always were."""

from __future__ import annotations

import pytest

from core import presets
from core.command_line.experiments import chosen
from core.command_line.studying import _plan
from core.errors import ExperimentError, PresetError
from core.experiment import Experiment, GivenLabels, ReplacedLabels, ShuffledLabels
from core.experiment.changes import level_of
from core.experiment.link import from_link, to_link
from core.experiment.toml import from_toml, to_toml
from tests.experiment.changing import varied
from tests.experiment.test_variation import options

#: An experiment as it was written before there was such a setting, and the digest it had.
BEFORE = """dataset = "digits"
scaling = "pixel"
layers = [
    { kind = "dense", units = 10, activation = "softmax", l1 = 0.0, l2 = 0.0 },
]
loss = "sparse_categorical_crossentropy"
epochs = 30
batch_size = 64
seed = 777

[encoding]
kind = "flat"

[split]
kind = "fraction"
fraction = 0.3
seed = 777
stratified = false

[optimizer]
kind = "rmsprop"
learning_rate = 0.001
"""
DIGEST = "cfd690ce3efd56aabd72216702c9b231a50f0e7e4a973af517b321d757107cb5"
BASE = from_toml(BEFORE)


def test_an_experiment_of_before_is_the_same_in_every_form() -> None:
    assert BASE.digest == DIGEST
    assert to_toml(BASE) == BEFORE
    assert "labels" not in BASE.to_dict()
    assert BASE.labels == GivenLabels()
    assert BASE.with_changes(labels={"kind": "given"}) == BASE
    assert to_link(BASE, BASE) == {}


@pytest.mark.parametrize(
    ("labels", "text"),
    [
        (ReplacedLabels(), "replaced"),
        (ReplacedLabels(share=0.4), "replaced:0.4"),
        (ReplacedLabels(share=0), "replaced:0"),
        (ShuffledLabels(), "shuffled"),
    ],
)
def test_every_form_keeps_them(labels: ReplacedLabels | ShuffledLabels, text: str) -> None:
    experiment = BASE.with_changes(labels=labels)
    assert experiment.digest != BASE.digest
    assert from_toml(to_toml(experiment)) == experiment
    assert Experiment.from_dict(experiment.to_dict()) == experiment
    link = to_link(experiment, BASE)
    assert link == {"labels": text if text != "replaced:0" else "replaced:0.0"}
    assert from_link(link, BASE) == experiment
    assert from_link({"labels": text}, BASE) == experiment
    assert to_link(BASE, experiment) == {"labels": "given"}
    assert from_link({"labels": "given"}, experiment) == BASE


def test_the_command_line_sets_them() -> None:
    assert chosen(options(presets.FIRST, "labels=replaced:0.3")).labels == ReplacedLabels(share=0.3)
    one = chosen(options(presets.FIRST, "labels.share=0.3", "labels.kind=replaced"))
    assert one.labels == ReplacedLabels(share=0.3)
    assert chosen(options(presets.FIRST, "labels.kind=shuffled")).labels == ShuffledLabels()


def test_a_study_varies_the_share_from_the_labels_of_the_data() -> None:
    plan = _plan(options(presets.FIRST, vary=["labels.share=0,0.2,0.4"], seeds="2"))
    assert [member.experiment.labels for member in plan.members[::2]] == [
        ReplacedLabels(share=share) for share in (0.0, 0.2, 0.4)
    ]
    assert level_of(BASE, "labels.share") is None
    assert level_of(BASE, "labels.kind") == "given"


@pytest.mark.parametrize("share", [-0.1, 1.1, "many", True])
def test_a_share_is_a_share(share: object) -> None:
    with pytest.raises(ExperimentError):
        varied(BASE, "labels.share", share)


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(PresetError, match="labels is shuffled, which has no settings"):
        varied(BASE.with_changes(labels=ShuffledLabels()), "labels.share", 0.3)
    with pytest.raises(ExperimentError, match="given, replaced, shuffled"):
        varied(BASE, "labels.kind", "guessed")
    with pytest.raises(PresetError):
        varied(BASE, "labels.fraction", 0.3)
