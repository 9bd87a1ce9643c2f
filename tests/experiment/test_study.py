"""Which experiments a plan consists of, and which are no plans."""

from __future__ import annotations

from typing import Any

import pytest

from core import presets
from core.errors import ExperimentError, PlanError, PresetError
from core.experiment import Adam, Dense, Experiment, FoldSplit
from core.experiment.changes import level_of
from core.study import MOST_RUNS, Factor, Plan
from tests.experiment.changing import varied

BASE = presets.load(presets.PLAIN)


def units(experiment: Experiment) -> list[int]:
    return [layer.units for layer in experiment.layers if isinstance(layer, Dense)]


def test_a_plan_is_every_combination_with_every_seed() -> None:
    plan = Plan(BASE, (Factor("units", (8, 16)), Factor("optimizer.learning_rate", (0.01, 0.001))), (1, 2, 3))
    assert plan.size == len(plan.members) == 12
    assert [member.levels for member in plan.members[::3]] == [(8, 0.01), (8, 0.001), (16, 0.01), (16, 0.001)]
    assert [member.seed for member in plan.members[:3]] == [1, 2, 3]
    for member in plan.members:
        assert member.fold is None
        assert units(member.experiment) == [member.levels[0], member.levels[0], 10]
        assert member.experiment.optimizer.learning_rate == member.levels[1]
        assert member.experiment.seed == member.seed
        assert member.experiment.split == BASE.split
    assert Plan.from_dict(plan.to_dict()) == plan


def test_the_plan_of_the_base_alone_is_the_base() -> None:
    plan = Plan(BASE, seeds=(BASE.seed,))
    assert [member.experiment for member in plan.members] == [BASE]


def test_cross_validation_trains_once_on_each_fold() -> None:
    plan = Plan(BASE, seeds=(1, 2), folds=4)
    assert [(member.fold, member.seed) for member in plan.members] == [
        (f, s) for f in range(4) for s in (1, 2)
    ]
    splits = [member.experiment.split for member in plan.members]
    assert all(isinstance(split, FoldSplit) and split.folds == 4 for split in splits)
    assert len(set(splits)) == 4


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("depth", 1, [128, 10]),
        ("depth", 3, [128, 128, 128, 10]),
        ("units", 7, [7, 7, 10]),
        ("layers.1.units", 5, [128, 5, 10]),
    ],
)
def test_the_layers_of_a_variation(setting: str, value: int, expected: list[int]) -> None:
    changed = varied(BASE, setting, value)
    assert units(changed) == expected
    assert level_of(changed, setting) == value


def test_depth_leaves_the_other_layers() -> None:
    dropout = {"kind": "dropout", "rate": 0.5}
    layers = [layer.model_dump() for layer in BASE.layers]
    network = BASE.with_changes(layers=[layers[0], dropout, layers[1], dropout, layers[2]])
    kinds = [layer.kind for layer in varied(network, "depth", 3).layers]
    assert kinds == ["dense", "dense", "dense", "dropout", "dropout", "dense"]
    with pytest.raises(PresetError):  # nothing but a last Dense layer
        varied(presets.load("fashion-single-layer"), "depth", 2)


def test_another_optimizer_has_its_own_settings() -> None:
    assert varied(BASE, "optimizer.kind", "adam").optimizer == Adam()
    assert level_of(BASE, "optimizer.kind") == "rmsprop"
    assert level_of(BASE, "units") is None  # they differ
    assert level_of(BASE, "layers.9.units") is None


def test_an_embedding_goes_with_the_number_of_words() -> None:
    padded = presets.load("imdb-embedding")
    changed = varied(padded, "encoding.num_words", 2_000)
    assert changed.layers[0].vocabulary == changed.encoding.num_words == 2_000
    assert varied(changed, "encoding.num_words", padded.encoding.num_words) == padded


@pytest.mark.parametrize(
    ("setting", "value", "error"),
    [
        ("depth", 0, PresetError),
        ("depth", 1.5, PresetError),
        ("layers.9.units", 3, PresetError),
        ("nonsense.place", 3, PresetError),
        ("epochs.deep", 3, PresetError),
        ("nonsense", 3, ExperimentError),
        ("epochs", 0, ExperimentError),
        ("epochs", "<script>", ExperimentError),
        ("optimizer.kind", "magic", ExperimentError),
    ],
)
def test_what_cannot_be_varied_is_said(setting: str, value: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        varied(BASE, setting, value)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"factors": (Factor("epochs", (1,)),) * 3}, "plan_factors"),
        ({"factors": (Factor("epochs", (1,)),) * 2}, "plan_factor_twice"),
        ({"factors": (Factor("seed", (1, 2)),)}, "plan_not_a_factor"),
        ({"factors": (Factor("epochs", ()),)}, "plan_no_values"),
        ({"factors": (Factor("epochs", (3, 4, 3)),)}, "plan_value_twice"),
        ({"seeds": ()}, "plan_seeds"),
        ({"seeds": (-1,)}, "plan_seeds"),
        ({"seeds": (5, 5)}, "plan_value_twice"),
        ({"folds": 1}, "plan_folds"),
        ({"folds": 21}, "plan_folds"),
        ({"seeds": tuple(range(MOST_RUNS + 1))}, "plan_too_large"),
    ],
)
def test_what_is_no_plan(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(PlanError) as caught:
        Plan(BASE, **changes)
    assert caught.value.code == code


def test_members_that_cannot_be_are_told_by_combination() -> None:
    plan = Plan(BASE, (Factor("batch_size", (16, 0, 32)),))
    (refused,) = plan.refused
    assert refused.levels == (0,)
    with pytest.raises(ExperimentError):
        _ = plan.members
