"""Settings changed by their names: judged together, and whatever is not there is refused in words."""

from __future__ import annotations

import contextlib
import itertools
from argparse import Namespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import presets
from core.command_line.experiments import chosen
from core.command_line.studying import _plan
from core.errors import ExperimentError, PlanError, PresetError, TurningPointError
from core.experiment import Experiment
from core.experiment.changes import level_of
from core.study import Factor, Plan
from tests.experiment.changing import varied, varied_together

BASE = presets.load(presets.FIRST)


def options(name: str, *sets: str, **others: Any) -> Any:
    """What the command line would hand on."""
    usual = {"epochs": None, "seed": None, "vary": [], "seeds": "1", "folds": "0"}
    return Namespace(name=name, set=list(sets), **{**usual, **others})


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ("encoding.num_words", "set_no_settings"),  # images have none
        ("split.count", "set_unknown_setting"),
        ("optimizer.momentum", "set_unknown_setting"),
        ("optimizer.__class__", "set_unknown_setting"),
        ("early_stopping.patience", "set_part_is_off"),
        ("reduce_lr.factor", "set_part_is_off"),
        ("layers.9.units", "set_unknown_layer"),
        ("layers.3.units", "set_unknown_layer"),
        ("layers.-1.units", "set_unknown_layer"),
        ("layers.+1.units", "set_unknown_layer"),
        ("layers.１.units", "set_unknown_layer"),
        ("layers.².units", "set_unknown_layer"),
        ("layers." + "9" * 5_000 + ".units", "set_unknown_layer"),
        ("layers.x.units", "set_unknown_layer"),
        ("layers..units", "set_unknown_place"),
        ("layers.0", "set_unknown_place"),
        ("layers.0.", "set_unknown_place"),
        ("layers.0.units.deep", "set_unknown_place"),
        ("layers.0.rate", "set_unknown_setting"),
        ("epochs.deep", "set_not_a_part"),
        ("optimizer.learning_rate.deep", "set_unknown_place"),
        ("optimizer.", "set_unknown_place"),
        (".epochs", "set_unknown_place"),
        (".", "set_unknown_place"),
        ("", "set_unknown_place"),
        ("nonsense.place", "set_unknown_place"),
        ("." * 2_000, "set_unknown_place"),
    ],
    ids=lambda text: text[:30],
)
def test_what_is_not_there_is_refused_in_words(setting: str, code: str) -> None:
    with pytest.raises(PresetError) as caught:
        varied(BASE, setting, 1)
    assert caught.value.code == code
    assert len(str(caught.value)) < 400


def test_a_sentence_names_what_there_is_instead() -> None:
    with pytest.raises(
        PresetError, match="encoding is flat, which has no settings, so there is no 'num_words'"
    ):
        chosen(options(presets.FIRST, "encoding.num_words=500"))
    with pytest.raises(
        PresetError, match=r"layers\.0 is dense, .* no setting 'rate'. It has: units, activation"
    ):
        varied(BASE, "layers.0.rate", 0.5)
    with pytest.raises(PresetError, match="from 0 to 2"):
        varied(BASE, "layers.9.units", 3)


STEPS = [
    *(
        "layers",
        "encoding",
        "optimizer",
        "split",
        "labels",
        "early_stopping",
        "epochs",
        "kind",
        "units",
        "depth",
        "seed",
    ),
    *("num_words", "learning_rate", "vocabulary", "share", "0", "1", "-1", "99", "x"),
]
PATHS = st.lists(st.sampled_from([*STEPS, "", " "]), max_size=4).map(".".join)
VALUES = st.one_of(
    st.integers(),
    st.floats(),
    st.booleans(),
    st.text(max_size=8),
    st.sampled_from(["adam", "lstm", "flat", 2, 0.5]),
)


@given(st.sampled_from(presets.NAMES), st.dictionaries(PATHS, VALUES, max_size=4))
def test_any_names_and_values_give_an_experiment_or_a_sentence(name: str, levels: dict[str, Any]) -> None:
    with contextlib.suppress(TurningPointError):
        assert isinstance(varied_together(presets.load(name), levels), Experiment)


BINARY = ["loss=binary_crossentropy", "layers.1.units=1", "layers.1.activation=sigmoid"]
CATEGORICAL = ["loss=categorical_crossentropy", "layers.1.units=2", "layers.1.activation=softmax"]


@pytest.mark.parametrize("changes", list(itertools.permutations(range(3))))
def test_several_changes_are_judged_together_in_any_order(changes: tuple[int, ...]) -> None:
    network = "layers=dense:8:relu,dense:1:sigmoid"
    one = chosen(options("mini-reviews", network, *(CATEGORICAL[place] for place in changes)))
    assert (one.loss, one.layers[1].units, one.layers[1].activation) == (
        "categorical_crossentropy",
        2,
        "softmax",
    )
    # And the wide change last.
    assert chosen(options("mini-reviews", *(CATEGORICAL[place] for place in changes), network)) == one
    base = one.with_changes()
    levels = dict(BINARY[place].split("=") for place in changes)
    levels["layers.1.units"] = 1  # type: ignore[assignment]
    assert varied_together(base, levels).loss == "binary_crossentropy"


@pytest.mark.parametrize(
    "levels",
    [
        {"optimizer.kind": "sgd", "optimizer.momentum": 0.9, "optimizer.learning_rate": 0.1},
        {"depth": 3, "layers.2.units": 5, "units": 8},
        {"split.kind": "fraction", "split.fraction": 0.25},
        {"layers.1.kind": "dropout", "layers.1.rate": 0.5, "layers.0.activation": "tanh"},
    ],
)
def test_the_order_of_changes_does_not_matter(levels: dict[str, Any]) -> None:
    results = [varied_together(BASE, dict(order)) for order in itertools.permutations(levels.items())]
    assert all(result == results[0] for result in results)
    for setting, value in levels.items():
        if setting != "units":
            assert level_of(results[0], setting) == value


def test_what_is_named_itself_does_not_follow_the_number_of_words() -> None:
    padded = presets.load("imdb-embedding")
    both = {"layers.0.vocabulary": 3_000, "encoding.num_words": 2_000}
    for order in itertools.permutations(both.items()):
        changed = varied_together(padded, dict(order))
        assert (changed.encoding.num_words, changed.layers[0].vocabulary) == (2_000, 3_000)


def test_another_data_set_comes_with_what_it_needs() -> None:
    changes = [
        "dataset=mini_reviews",
        "encoding=multi_hot:500",
        "scaling=none",
        "layers=dense:8:relu,dense:1:sigmoid",
        "loss=binary_crossentropy",
    ]
    for order in (changes, changes[::-1]):
        assert chosen(options(presets.FIRST, *order)).dataset == "mini_reviews"


def test_a_setting_given_twice_is_said() -> None:
    for words in (["epochs=3", "epochs=4"], ["units=3", "units=3"]):
        with pytest.raises(PresetError) as caught:
            chosen(options(presets.FIRST, *words))
        assert caught.value.code == "given_twice"
    with pytest.raises(PresetError):
        chosen(options(presets.FIRST, "epochs=3", epochs="4"))


@pytest.mark.parametrize("turned", [False, True])
def test_two_settings_varied_at_once_are_judged_together(turned: bool) -> None:
    factors = (
        Factor("optimizer.kind", ("sgd", "adam")),
        Factor("optimizer.learning_rate", (0.5, 0.05)),
    )
    plan = Plan(BASE, factors[::-1] if turned else factors)
    assert not plan.refused
    found = {(one.experiment.optimizer.kind, one.experiment.optimizer.learning_rate) for one in plan.members}
    assert found == {("sgd", 0.5), ("sgd", 0.05), ("adam", 0.5), ("adam", 0.05)}
    # A network that one of them alone makes impossible.
    words = [Factor("encoding.num_words", (500, 900)), Factor("layers.0.vocabulary", (900, 1_000))]
    assert not Plan(presets.load("imdb-embedding"), tuple(words[::-1] if turned else words)).refused


def test_a_fold_and_what_it_makes_possible_are_judged_together() -> None:
    base = BASE.with_changes(split={"kind": "none"}, early_stopping={"monitor": "loss"})
    plan = Plan(base, (Factor("early_stopping.monitor", ("loss", "val_loss")),), folds=3)
    assert [member.experiment.early_stopping.monitor for member in plan.members] == ["loss"] * 3 + [
        "val_loss"
    ] * 3
    with pytest.raises(ExperimentError):  # without folds there is no validation
        _ = Plan(base, plan.factors).members


def test_what_is_set_and_what_is_varied_are_judged_together() -> None:
    words = options(
        "mini-reviews",
        "layers.1.units=2",
        "layers=dense:8:relu,dense:1:sigmoid",
        "layers.1.activation=softmax",
        vary=["loss=categorical_crossentropy,sparse_categorical_crossentropy"],
    )
    plan = _plan(words)
    assert {member.experiment.loss for member in plan.members} == {
        "categorical_crossentropy",
        "sparse_categorical_crossentropy",
    }
    with pytest.raises(ExperimentError):
        _plan(options("mini-reviews", "epochs=0", vary=["units=4,8"]))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"seeds": "2000000000"}, "plan_too_large"),
        ({"seeds": "9" * 99}, "plan_too_large"),
        ({"seeds": "9" * 5_000}, "set_seeds"),
        ({"seeds": ",".join(map(str, range(20_000)))}, "plan_too_large"),
        ({"seeds": "-5"}, "plan_seeds"),
        ({"seeds": "1,-5"}, "plan_seeds"),
        ({"seeds": ""}, "set_seeds"),
        ({"seeds": "1e9"}, "set_seeds"),
        ({"folds": "2000000000"}, "plan_too_large"),
        ({"folds": "9" * 5_000}, "plan_fold_count"),
        ({"folds": "-2000000000"}, "plan_folds"),
        ({"folds": "x"}, "plan_fold_count"),
        ({"vary": ["units=" + ",".join(map(str, range(20_000)))]}, "plan_too_large"),
        ({"vary": ["units=" + ",".join(["7"] * 20_000)]}, "plan_too_large"),
        ({"vary": ["units=" + "9" * 5_000]}, "number_too_long"),
        ({"vary": ["=1,2"]}, "set_needs_value"),
        ({"vary": ["units=1,2"] * 40}, "plan_factors"),
    ],
)
def test_what_is_far_too_much_is_refused_before_a_list_of_it_is_made(
    words: dict[str, Any], code: str
) -> None:
    with pytest.raises((PlanError, PresetError)) as caught:
        _plan(options(presets.FIRST, **words))
    assert caught.value.code == code
    assert len(str(caught.value)) < 400


def test_seeds_go_on_from_the_first_and_begin_again_after_the_last() -> None:
    assert _plan(options(presets.FIRST, seeds="3")).seeds == (777, 778, 779)
    assert _plan(options(presets.FIRST, seeds="3", seed="2147483646")).seeds == (2147483646, 2147483647, 0)


def test_none_stands_for_the_default_also_inside_a_part_and_is_missed_where_there_is_none() -> None:
    fast = varied(BASE, "optimizer.learning_rate", 0.5)
    usual = type(BASE.optimizer)().learning_rate
    assert varied(fast, "optimizer.learning_rate", None).optimizer.learning_rate == usual
    assert varied(varied(BASE, "train_limit", 100), "train_limit", None).train_limit is None
    with pytest.raises(ExperimentError) as caught:
        varied(BASE, "layers.0.units", None)
    assert [(problem.code, problem.where) for problem in caught.value.problems] == [
        ("missing_field", "layers.0.units")
    ]
