"""What is typed becomes a plan; what a plan will do is counted and estimated."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import presets
from core.analysis.repeats import seeds_needed
from core.experiment import Dense, Dropout, Experiment
from core.experiment.data import SEED_LIMIT
from core.experiment.duration import duration
from core.run import RunState, RunSummary
from core.study import MOST_RUNS, Factor, Plan, seeds_from
from dashboard.shared.language import CODES, language
from dashboard.shared.run_words import setting_name, value_text
from dashboard.study import plan as plans
from tests.dashboard import studies
from tests.experiment.changing import varied


def past(experiment: Experiment, seconds: float, name: str = "a") -> RunSummary:
    return RunSummary(
        id=name,
        experiment=experiment,
        state=RunState.FINISHED,
        title="",
        preset="",
        owner="x",
        created=datetime.now(UTC),
        epochs_done=experiment.epochs,
        best_val_loss=None,
        best_val_accuracy=None,
        test_accuracy=0.9,
        fit_seconds=seconds,
    )


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("64, 128, 256", "whole", (64, 128, 256)),
        ("  64;128   256,64,", "whole", (64, 128, 256)),
        ("0.1 1e-3 ， 2", "number", (0.1, 0.001, 2.0)),
        ("\ufeff６４，\u200b128、\u3000２５６\u2060", "whole", (64, 128, 256)),
        ("", "whole", ()),
    ],
)
def test_a_list_is_read(text: str, kind: str, values: tuple[float, ...]) -> None:
    assert plans.read_values(text, kind, "units") == plans.Values(values, ())


@pytest.mark.parametrize(
    ("text", "kind", "word", "code"),
    [
        ("64, 12x", "whole", "12x", "not_a_whole_number"),
        ("64.5", "whole", "64.5", "not_a_whole_number"),
        ("nan", "number", "nan", "not_a_number"),
        ("1, inf", "number", "inf", "not_a_number"),
        ("<script>", "number", "<script>", "not_a_number"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, kind: str, word: str, code: str) -> None:
    (problem,) = plans.read_values(text, kind, "Units").problems
    assert (problem.code, problem.details) == (code, {"field": "Units", "received": word})


@given(st.text(max_size=60), st.sampled_from(["whole", "number"]))
def test_nothing_that_is_typed_breaks_the_reading(text: str, kind: str) -> None:
    read = plans.read_values(text, kind, "x")
    assert len(set(read.values)) == len(read.values)


@pytest.mark.parametrize("name", presets.NAMES)
def test_every_setting_offered_can_be_varied_and_named(name: str) -> None:
    experiment = presets.load(name)
    found = plans.choices(experiment)
    assert len({choice.setting for choice in found}) == len(found)
    for choice in found:
        values = plans.suggestion(choice)
        assert len(values) > 1, choice.setting
        for code in CODES:
            assert setting_name(choice.setting, experiment, language(code))
            assert all(value_text(choice.setting, value, language(code)) for value in values)
        # It finds its place; what then does not fit together is for the experiment to say.
        Plan(experiment, (Factor(choice.setting, values),)).refused  # noqa: B018


def test_the_usual_settings_come_first_and_what_is_given_by_the_data_is_left_out() -> None:
    experiment = presets.load(presets.PLAIN)
    settings = [choice.setting for choice in plans.choices(experiment)]
    assert settings[:4] == ["units", "depth", "optimizer.learning_rate", "batch_size"]
    last = len(experiment.layers) - 1
    assert not {f"layers.{last}.units", f"layers.{last}.activation", "seed", "dataset"} & set(settings)
    texts = {choice.setting for choice in plans.choices(presets.load("imdb-multi-hot"))}
    assert "encoding.num_words" in texts
    assert "scaling" not in texts


def test_a_network_without_hidden_layers_has_no_depth() -> None:
    experiment = studies.base(layers=[Dense(units=10, activation="softmax")])
    settings = {choice.setting for choice in plans.choices(experiment)}
    assert not {"units", "depth"} & settings


@pytest.mark.parametrize(
    ("setting", "values"),
    [
        ("units", (32, 64, 128)),
        ("depth", (1, 2, 3)),
        ("optimizer.learning_rate", (0.0005, 0.001, 0.002)),
        ("layers.1.rate", (0.2, 0.4, 0.675)),
        ("optimizer.kind", ("rmsprop", "sgd")),
    ],
)
def test_values_are_suggested_around_what_there_is(setting: str, values: tuple[object, ...]) -> None:
    layers = [Dense(units=64, activation="relu"), Dropout(rate=0.4), Dense(units=10, activation="softmax")]
    experiment = studies.base(layers=layers, optimizer={"kind": "rmsprop", "learning_rate": 0.001})
    (choice,) = (one for one in plans.choices(experiment) if one.setting == setting)
    assert plans.suggestion(choice) == values
    for value in values:
        varied(experiment, setting, value)  # type: ignore[arg-type]


def test_seeds_begin_with_the_experiments_own_and_stay_in_bounds() -> None:
    assert seeds_from(7, 3) == (7, 8, 9)
    assert seeds_from(SEED_LIMIT, 3) == (SEED_LIMIT, 0, 1)
    assert len(Plan(studies.base(), seeds=seeds_from(studies.base().seed, MOST_RUNS)).members) == MOST_RUNS


def said(plan: Plan, reused: int, seconds: float) -> str:
    return plans.preview(plan, reused, seconds, language("en"))


def test_what_a_plan_will_do() -> None:
    assert "3 × 2 × 2 = **12** runs" in said(studies.crossed(), 0, 90)
    assert "about 2 min" in said(studies.crossed(), 0, 90)
    assert "**5** runs" in said(studies.divided(), 0, 1)
    partly = said(studies.repeated(), 1, 30.4)
    assert "**1** of them" in partly
    assert "2 will be trained" in partly
    assert "about 30 s" in partly
    assert "about" not in said(studies.repeated(), 3, 0)
    assert "2.0 h" in said(studies.repeated(), 0, 7200)


def test_too_few_seeds_are_said_before_they_are_trained() -> None:
    few = studies.crossed()
    pairs = math.comb(len(few.cells), 2)
    assert f"takes {seeds_needed(pairs)} seeds" in said(few, 0, 1)
    enough = replace(few, seeds=tuple(range(seeds_needed(pairs))))
    for plan in (enough, studies.repeated(), studies.divided()):
        assert "To be able" not in said(plan, 0, 1)


def test_the_time_is_that_of_similar_runs() -> None:
    base = studies.base()
    known = [past(base, 12.0, "a")]
    assert plans.seconds_needed(studies.repeated(3), 0, known) == pytest.approx(36)
    assert plans.seconds_needed(studies.repeated(3), 2, known) == pytest.approx(12)
    assert plans.seconds_needed(studies.repeated(3), 3, known) == 0
    epochs = Plan(base, (Factor("epochs", (6, 24)),))
    slowness = 12 / duration(base).of(base.epochs)
    expected = slowness * sum(duration(base).of(number) for number in (6, 24))
    assert plans.seconds_needed(epochs, 0, known) == pytest.approx(expected)
    assert plans.longest(epochs, known, 1).planned == 24
    # Where nothing was trained yet, the time of the computer that the estimate was made on.
    assert plans.seconds_needed(studies.repeated(3), 0, []) == pytest.approx(
        3 * duration(base).of(base.epochs)
    )


@pytest.mark.parametrize("rate", [0.0123456, 9.9e-8, 0.99999999, 1e-300])
def test_the_value_that_a_setting_has_is_suggested_as_it_is(rate: float) -> None:
    experiment = presets.load(presets.PLAIN).with_changes(optimizer={"kind": "sgd", "learning_rate": rate})
    choice = next(one for one in plans.choices(experiment) if one.setting == "optimizer.learning_rate")
    begin = plans.suggestion(choice)
    assert rate in begin
    assert plans.read_values(", ".join(map(plans.as_typed, begin)), "number", "x").values == begin
