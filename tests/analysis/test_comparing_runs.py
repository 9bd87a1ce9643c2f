"""What was varied between runs, what to know before they are compared, and what repeats allow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core import presets
from core.analysis.caveats import caveats
from core.analysis.repeats import compare_designs, repeats, seeds_needed
from core.experiment import Experiment
from core.experiment.setting_differences import factors
from core.run import Epoch, Evaluation, Run, RunState
from tests.analysis.runs import stored

SHALLOW, DEEP = presets.load("fashion-shallow"), presets.load("fashion-deep")
DIGITS = presets.load("digits-first-network")


def evaluation(accuracy: float) -> Evaluation:
    """Of 1,000 samples of one of two classes; the accuracy as rounded as Keras gives it."""
    right = round(1_000 * accuracy)
    return Evaluation(0.3, float(np.float32(accuracy)), ((right, 1_000 - right), (0, 0)))


def run(name: str, experiment: Experiment = DIGITS, accuracy: float | None = 0.9, **changes: Any) -> Run:
    tested = None if accuracy is None else evaluation(accuracy)
    return stored(name, experiment, evaluation=tested, **changes)


def with_units(experiment: Experiment, units: int) -> Experiment:
    """With other units in each hidden Dense layer."""
    plain = experiment.to_dict()
    for layer in plain["layers"][:-1]:
        if "units" in layer:
            layer["units"] = units
    return Experiment.from_dict(plain)


def test_layers_are_one_factor_however_many_settings_change() -> None:
    assert factors(SHALLOW, SHALLOW) == ()
    assert factors(SHALLOW, DEEP) == ("layers",)
    assert factors(DEEP, with_units(DEEP, 20)) == ("layers.units",)


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"seed": 1, "epochs": 3}, ("epochs", "seed")),
        ({"optimizer": {"kind": "sgd", "learning_rate": 0.1}}, ("optimizer",)),
        ({"optimizer": {"kind": "adam", "learning_rate": 0.1}}, ("optimizer.learning_rate",)),
        ({"split": {"kind": "fraction", "fraction": 0.2, "seed": 3}}, ("split",)),
        ({"early_stopping": {"patience": 3}}, ("early_stopping",)),
        ({"train_limit": 5_000}, ("train_limit",)),
    ],
)
def test_other_factors(changes: dict[str, Any], names: tuple[str, ...]) -> None:
    assert factors(SHALLOW, SHALLOW.with_changes(**changes)) == names


def test_what_follows_by_force_is_no_factor() -> None:
    dense, convolutions = presets.load("mnist-three-layers"), presets.load("mnist-convnet")
    assert "encoding" not in factors(
        dense, dense.with_changes(encoding=convolutions.encoding, layers=convolutions.layers)
    )
    texts = presets.load("imdb-embedding").to_dict()
    texts["encoding"]["num_words"] = texts["layers"][0]["vocabulary"] = 500
    assert factors(presets.load("imdb-embedding"), Experiment.from_dict(texts)) == ("encoding.num_words",)


def codes(first: Run, second: Run) -> dict[str, tuple[str, ...]]:
    return {one.code: one.names for one in caveats(first, second)}


def test_one_factor_alone_needs_no_warning() -> None:
    assert codes(run("a", SHALLOW), run("b", DEEP)) == {}


def test_warnings_name_what_they_are_about() -> None:
    other = DEEP.with_changes(seed=1, epochs=5, train_limit=9_000, split={"kind": "first", "count": 100})
    assert codes(run("a", SHALLOW), run("b", other)) == {
        "several_factors": ("layers", "epochs"),
        "seed": (),
        "split": (),
        "train_limit": (),
    }
    assert codes(run("a"), run("b")) == {"same_experiment": ()}
    assert codes(run("a"), run("b", DIGITS.with_changes(seed=5))) == {"only_seed": ()}
    stopped = run("b", DEEP, state=RunState.STOPPED)
    assert [(one.code, one.runs) for one in caveats(run("a", SHALLOW), stopped)] == [("ended_early", ("b",))]


def test_the_environment_counts_where_both_recorded_it() -> None:
    one = {"keras": "3.15.1", "numpy": "2.4.6", "threads": 2, "path": "xla", "worker": "1"}
    two = {"keras": "3.16.0", "numpy": "2.4.6", "threads": 4, "path": "graph", "worker": "2"}
    assert codes(run("a", SHALLOW, environment=one), run("b", DEEP, environment=two)) == {
        "environment": ("keras", "threads")
    }
    assert codes(run("a", environment=one), run("b", environment=two))["environment"] == (
        "keras", "threads", "path",
    )  # fmt: skip
    assert codes(run("a", SHALLOW, environment=one), run("b", DEEP)) == {}


def seeds(name: str, experiment: Experiment, accuracies: list[float]) -> list[Run]:
    return [
        run(f"{name}{seed}", experiment.with_changes(seed=seed), accuracy)
        for seed, accuracy in enumerate(accuracies, start=1)
    ]


def test_repeats_are_runs_that_differ_in_their_seed_only() -> None:
    shallow, deep = seeds("s", SHALLOW, [0.87, 0.88, 0.89]), seeds("d", DEEP, [0.88, 0.89, 0.9])
    mixed = [run("alone", DIGITS), deep[0], *shallow, *deep[1:]]
    found = repeats(mixed)
    assert [[one.id for one in group.runs] for group in found] == [["d1", "d2", "d3"], ["s1", "s2", "s3"]]
    assert found[1].values("test_accuracy") == (0.87, 0.88, 0.89)
    assert found[1].values("gap") is None
    assert repeats([run("a"), run("b", DIGITS.with_changes(epochs=3))]) == ()


def test_one_seed_counts_once_and_only_if_it_came_to_an_end() -> None:
    group = seeds("s", SHALLOW, [0.87, 0.88])
    twice = run("again", SHALLOW.with_changes(seed=1), 0.5)
    stopped = run("stopped", SHALLOW.with_changes(seed=7), 0.5, state=RunState.STOPPED)
    waiting = run("waiting", SHALLOW.with_changes(seed=8), None, state=RunState.QUEUED)
    (found,) = repeats([*group, twice, stopped, waiting])
    assert [one.id for one in found.runs] == ["s1", "s2"]


def test_designs_are_compared_from_three_seeds_on() -> None:
    groups = repeats(
        [
            *seeds("s", SHALLOW, [0.87, 0.88]),
            *seeds("d", DEEP, [0.88, 0.89, 0.9]),
            *seeds("n", DIGITS, [0.9] * 3),
        ]
    )
    assert compare_designs(groups) == ()  # the two that could are of different data


def test_all_pairs_of_designs_are_judged_together() -> None:
    wide = with_units(DEEP, 200)
    groups = repeats(
        [
            *seeds("s", SHALLOW, [0.870, 0.871, 0.872, 0.873, 0.874]),
            *seeds("d", DEEP, [0.880, 0.881, 0.882, 0.883, 0.884]),
            *seeds("w", wide, [0.880, 0.881, 0.882, 0.883, 0.885]),
        ]
    )
    found = compare_designs(groups)
    assert [(pair.first, pair.second) for pair in found] == [(0, 1), (0, 2), (1, 2)]
    assert [pair.p_holm for pair in found] == pytest.approx([6 / 252, 6 / 252, found[2].test.p])
    assert found[0].test.difference == pytest.approx(0.01)
    assert [pair.finding for pair in found] == ["second", "second", "not_shown"]


@pytest.mark.parametrize(("seeds_each", "finding"), [(3, "too_few"), (4, "second")])
def test_few_seeds_can_show_nothing(seeds_each: int, finding: str) -> None:
    low = [0.8 + 0.001 * place for place in range(seeds_each)]
    groups = repeats([*seeds("s", SHALLOW, low), *seeds("d", DEEP, [one + 0.1 for one in low])])
    (pair,) = compare_designs(groups)
    assert pair.finding == finding
    assert (seeds_each >= seeds_needed()) == (finding == "second")


def test_more_pairs_need_more_seeds() -> None:
    assert (seeds_needed(1), seeds_needed(3), seeds_needed(66)) == (4, 5, 7)


def curves(number: int, val_losses: tuple[float, ...]) -> dict[str, Any]:
    return {
        "epochs": tuple(
            Epoch(epoch, 0.5 - 0.1 * epoch - 0.001 * number, 0.5, loss, 0.5, 0.001, 0.1)
            for epoch, loss in enumerate(val_losses, start=1)
        )
    }


def test_gaps_and_turning_points_are_compared_where_every_run_has_one() -> None:
    early, late, never = (0.3, 0.5, 0.7, 0.9, 1.0), (0.9, 0.8, 0.3, 0.5, 0.6), (0.9, 0.8, 0.7, 0.6, 0.5)
    shallow = [
        replace(one, **curves(n, late)) for n, one in enumerate(seeds("s", SHALLOW, [0.87, 0.88, 0.89, 0.86]))
    ]
    deep = [
        replace(one, **curves(n, early)) for n, one in enumerate(seeds("d", DEEP, [0.87, 0.88, 0.89, 0.86]))
    ]
    groups = repeats([*shallow, *deep])
    (turn,), (gap,) = compare_designs(groups, "turning_point"), compare_designs(groups, "gap")
    assert (turn.test.first, turn.test.second, turn.finding) == (3, 1, "first")
    assert (gap.test.difference, gap.finding) == (pytest.approx(0.4), "second")
    open_end = repeats([*shallow, *deep[1:], replace(deep[0], **curves(0, never))])
    assert compare_designs(open_end, "turning_point") == ()
    assert len(compare_designs(open_end, "gap")) == 1
