"""What stays free of an experiment: what is fixed cannot be changed in any way, what is free in every way."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from core import presets
from core.errors import ExperimentError, PresetError
from core.experiment import Experiment
from core.experiment.changes import DEPTH, UNITS, changed
from core.experiment.experiment import plain_form
from core.experiment.freedom import ALL, GROUPS, PARAMETERS, WHOLE, Freedom

EXPERIMENTS = [presets.load(name) for name in presets.NAMES]
FIELDS = tuple(Experiment.model_fields)


def test_the_groups_are_all_settings_once() -> None:
    assert sorted(itertools.chain(*GROUPS.values())) == sorted(FIELDS)


@pytest.mark.parametrize(
    "free", [(), ("epochs", "seed"), ("optimizer",), ("layers", "loss", "encoding"), FIELDS]
)
def test_between_all_presets_only_what_is_free_may_differ(free: tuple[str, ...]) -> None:
    """The oracle: both experiments without their free settings are the same."""
    freedom = Freedom(lock=(ALL,), free=free)
    for base, other in itertools.product(EXPERIMENTS, repeat=2):
        one, two = ({**dict.fromkeys(FIELDS), **plain_form(each)} for each in (base, other))
        differ = {name for name in FIELDS if one[name] != two[name]} - set(free)
        found = freedom.changed_though_fixed(base, other)
        assert {name.split(".")[0] for name in found} == differ
        lock = Freedom(lock=tuple(name for name in FIELDS if name not in free))
        assert lock.changed_though_fixed(base, other) == found
        assert not WHOLE.changed_though_fixed(base, other)


BASE = presets.load(presets.FIRST)
WORDS = presets.load("imdb-embedding")
LAST = len(BASE.layers) - 1


@pytest.mark.parametrize(
    ("free", "change", "allowed"),
    [
        (UNITS, {UNITS: 7}, True),
        (UNITS, {"layers.0.units": 7}, True),
        (UNITS, {"layers.0.activation": "tanh"}, False),
        (UNITS, {DEPTH: 3}, False),
        (DEPTH, {DEPTH: 3}, True),
        (DEPTH, {DEPTH: 3, UNITS: 7}, False),
        (f"{DEPTH},{UNITS}", {DEPTH: 3, UNITS: 7}, True),
        (DEPTH, {DEPTH: 3, "epochs": 3}, False),
        ("layers.0.units", {"layers.0.units": 7}, True),
        ("layers.1.units", {"layers.0.units": 7}, False),
        ("optimizer.learning_rate", {"optimizer.learning_rate": 0.5}, True),
        ("optimizer.learning_rate", {"optimizer.kind": "adagrad"}, False),
        ("learning", {"optimizer.kind": "adagrad", "epochs": 3, "early_stopping": {"monitor": "loss"}}, True),
        ("network", {"epochs": 3}, False),
    ],
)
def test_finer_names(free: str, change: dict[str, Any], allowed: bool) -> None:
    freedom = Freedom.read({"free": free})
    assert (not freedom.changed_though_fixed(BASE, changed(BASE, change))) is allowed


def test_the_most_exact_name_holds_and_of_two_as_exact_the_lock() -> None:
    freedom = Freedom.read({"lock": "learning,optimizer", "free": "optimizer.learning_rate,optimizer"})
    free = [
        path for path in ("layers", "epochs", "optimizer", "optimizer.learning_rate") if freedom.is_free(path)
    ]
    assert free == ["layers", "optimizer.learning_rate"]
    assert freedom.has_free("optimizer")
    assert not freedom.has_free("epochs", "loss")
    # Another optimizer would bring another learning rate, other layers other units.
    assert not Freedom(lock=("optimizer.learning_rate",)).is_free("optimizer")
    assert not Freedom(lock=(UNITS,)).is_free("layers")
    hidden = Freedom.read({"hide": "all", "free": "epochs,units"})
    assert not hidden.is_hidden("epochs")
    assert not hidden.is_hidden("layers.0.units")
    assert hidden.is_hidden("layers.0.activation")
    assert hidden.is_hidden("dataset")


def test_an_embedding_follows_the_words_that_are_kept() -> None:
    other = changed(WORDS, {"encoding.num_words": 500})
    assert other.layers != WORDS.layers
    assert not Freedom(free=("encoding.num_words",)).changed_though_fixed(WORDS, other)
    assert Freedom(free=("layers",)).changed_though_fixed(WORDS, other) == ("encoding.num_words",)


def test_what_is_fixed_is_refused_by_name() -> None:
    other = changed(BASE, {"epochs": 3, "optimizer.learning_rate": 0.5, "seed": 1})
    with pytest.raises(ExperimentError) as refused:
        Freedom(free=("seed",)).check(BASE, other)
    assert [issue.where for issue in refused.value.problems] == ["optimizer.learning_rate", "epochs"]
    WHOLE.check(BASE, other)


UNKNOWN = [
    *("", "nothing", "ALL", "optimizer.kind", "optimizer.units", "layers.x.units", "layers.0.seed"),
    *("layers.100.units", "layers.0.units.0", "<b>", "epochs.0", "a" * 3000),
]


@pytest.mark.parametrize("name", UNKNOWN)
def test_unknown_names_are_refused_in_words(name: str) -> None:
    for parameter in PARAMETERS:
        if name:
            with pytest.raises(PresetError):
                Freedom.read({parameter: f"epochs,{name}"})
        else:
            assert Freedom.read({parameter: ",,"}).is_whole
    with pytest.raises(PresetError):
        Freedom(lock=("epochs",) * 100)


def test_a_link_says_the_same_as_the_record() -> None:
    freedom = Freedom.read({"hide": "data,network", "lock": "all", "free": "epochs,,epochs", "preset": "x"})
    assert freedom.parameters == {"lock": "all", "hide": "data,network", "free": "epochs"}
    assert Freedom.read(freedom.parameters) == freedom
    assert not WHOLE.parameters
    assert WHOLE.is_whole
