"""What curves could be confused with: each rule on recorded trainings and on curves made for it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import presets, recorded
from core.analysis.curve_shapes import (
    MOST,
    SHAPES,
    ShapeCode,
    Suspicion,
    half_width,
    shape,
    suspicions,
    zigzag_of,
)
from core.analysis.turning_point import turning_point
from core.disclosure import disclosed
from core.experiment.changes import changed
from core.run import Epoch, Reason, Run
from tests.analysis.runs import stored
from tools.curve_shapes import experiment_of, trained


def example(code: ShapeCode) -> Run:
    found = shape(code)
    return stored(code, found.experiment, epochs=found.epochs)


def by_code(run: Run) -> dict[str, Suspicion]:
    return {one.code: one for one in suspicions(run)}


def run_of(
    training: list[float], validation: list[float | None], accuracy: float = 0.8, **changes: object
) -> Run:
    experiment = changed(presets.load("mini-reviews"), {"epochs": len(training), **changes})
    epochs = tuple(
        Epoch(number, loss, 0.9, val, None if val is None else accuracy, 0.001, 0.1)
        for number, (loss, val) in enumerate(zip(training, validation, strict=True), start=1)
    )
    return stored("made", experiment, epochs=epochs)


# The recorded examples


@pytest.mark.parametrize("code", SHAPES)
def test_each_example_has_its_own_shape_and_what_was_trained_is_kept_with_it(code: ShapeCode) -> None:
    found = shape(code)
    assert found.experiment == experiment_of(code)
    assert len(found.epochs) == found.experiment.epochs
    assert by_code(example(code))[code].fits


def test_examples_show_to_the_eye_what_they_are_shown_for() -> None:
    """Bands wide enough for another computer, narrow enough that the picture stays the same."""
    losses = {code: [epoch.loss for epoch in shape(code).epochs] for code in SHAPES}
    validation = {code: [epoch.val_loss or math.nan for epoch in shape(code).epochs] for code in SHAPES}
    rate = np.diff(losses["rate"][1:])
    assert 0.5 <= rate[rate > 0].sum() / -rate[rate < 0].sum() <= 1.2
    assert np.mean(np.array(validation["dropout"]) < losses["dropout"]) > 0.9
    assert np.all(np.diff(validation["early"]) < 0)
    assert 3 <= int(np.argmin(validation["labels"])) + 1 <= 8
    assert validation["labels"][-1] > 1.8 * min(validation["labels"])
    accuracies = {round((epoch.val_accuracy or 0) * 40, 2) for epoch in shape("small").epochs}
    assert all(value == pytest.approx(round(value), abs=0.01) for value in accuracies)
    assert 0.03 <= zigzag_of(validation["noise"]) <= 0.12
    assert losses["noise"][-1] < 0.1


@pytest.mark.slow
@pytest.mark.parametrize("code", SHAPES)
def test_a_fresh_training_has_the_shape_too(code, settings):
    experiment = experiment_of(code)
    run = stored(code, experiment, epochs=trained(experiment, settings))
    assert by_code(run)[code].fits


# Recorded runs of the course


@pytest.mark.parametrize(
    "preset", ["imdb-multi-hot", "reuters-multi-hot", "fashion-deep", "mnist-three-layers"]
)
def test_a_run_that_overfits_is_told_apart_from_chance_by_its_numbers(preset: str) -> None:
    run = recorded.get(f"recorded-{preset}")
    assert turning_point(run.epochs).epoch is not None
    found = suspicions(run)
    assert [(one.code, one.fits) for one in found] == [("noise", False), ("small", False), ("labels", None)]
    assert found[0].numbers["times"] > 4


def test_without_validation_or_while_covered_nothing_is_said() -> None:
    assert suspicions(recorded.get("recorded-imdb-four-epochs")) == ()
    run = example("noise")
    covered = disclosed(stored("covered", run.experiment, epochs=run.epochs, covered=True))
    assert suspicions(covered) == ()
    assert suspicions(stored("empty", run.experiment)) == ()


# Curves made for a rule

FALL = [0.7, 0.5, 0.4, 0.3, 0.25, 0.2, 0.18, 0.15]


def test_a_training_loss_that_rises_means_steps_too_large() -> None:
    jumping = run_of([1, 0.5, 0.9, 0.4, 0.8, 0.3, 0.7, 0.4], FALL)
    found = by_code(jumping)["rate"]
    assert found.fits
    assert (found.numbers["rises"], found.numbers["steps"]) == (3, 6)
    assert found.numbers["share"] == pytest.approx(1.2 / 1.3)
    tried = found.attempt(jumping.experiment)
    assert tried is not None
    assert tried.optimizer.learning_rate == pytest.approx(1e-4)
    assert not by_code(run_of(FALL, FALL))["rate"].fits
    lost = stored(
        "lost",
        jumping.experiment,
        epochs=jumping.epochs,
        reason=Reason("not_a_number", {"epoch": 9, "batch": 1}),
    )
    assert by_code(lost)["rate"].fits


def test_validation_below_training_is_dropouts_doing_only_where_there_is_dropout() -> None:
    layers = [
        {"kind": "dense", "units": 8, "activation": "relu"},
        {"kind": "dropout", "rate": 0.4},
        {"kind": "dense", "units": 1, "activation": "sigmoid"},
    ]
    lower: list[float | None] = [value - 0.1 for value in FALL]
    run = run_of(FALL, lower, layers=layers)
    found = by_code(run)["dropout"]
    assert found.fits
    assert found.numbers == {"better": 7, "epochs": 7, "rate": 0.4}
    tried = found.attempt(run.experiment)
    assert tried is not None
    assert [layer.kind for layer in tried.layers] == ["dense", "dense"]
    without = by_code(run_of(FALL, lower))["dropout"]
    assert not without.fits
    assert not without.changes
    higher: list[float | None] = [value + 0.1 for value in FALL]
    assert not by_code(run_of(FALL, higher, layers=layers))["dropout"].fits


def test_a_curve_that_still_falls_ended_too_early() -> None:
    run = run_of(FALL, [*FALL])
    found = by_code(run)["early"]
    assert found.fits
    tried = found.attempt(run.experiment)
    assert tried is not None
    assert tried.epochs == 16
    assert not by_code(run_of(FALL, [*FALL[:-1], 0.9])).get("early", Suspicion("early", False)).fits


def test_wrong_labels_are_known_only_where_they_were_put_in() -> None:
    rising: list[float | None] = [0.7, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1]
    given = by_code(run_of(FALL, rising))["labels"]
    assert given.fits is None
    run = run_of(FALL, rising, labels={"kind": "replaced", "share": 0.25})
    found = by_code(run)["labels"]
    assert found.fits
    tried = found.attempt(run.experiment)
    assert tried is not None
    assert tried.labels.kind == "given"


def test_two_standard_errors_of_an_accuracy() -> None:
    assert half_width(0.5, 100) == pytest.approx(0.1)
    draws = np.random.default_rng(5).binomial(40, 0.825, 200_000) / 40
    assert half_width(0.825, 40) == pytest.approx(2 * draws.std(), rel=0.01)
    assert half_width(1.0, 10) == 0


@given(st.integers(0, 1_000), st.floats(0.01, 10), st.floats(-1, 1))
def test_the_zigzag_of_normal_noise_on_a_slope_is_its_standard_deviation(
    seed: int, deviation: float, slope: float
) -> None:
    noise = np.random.default_rng(seed).normal(0, deviation, 4_000)
    assert zigzag_of((noise + slope * np.arange(4_000)).tolist()) == pytest.approx(deviation, rel=0.12)


def test_noise_alone_is_seldom_taken_for_a_rise() -> None:
    """A flat curve of normal noise: its last epochs lie above its lowest by chance."""
    rng = np.random.default_rng(11)
    told = 0
    for _ in range(200):
        validation = (0.5 + rng.normal(0, 0.02, 30)).tolist()
        found = by_code(run_of(np.linspace(0.5, 0.1, 30).tolist(), validation))
        told += bool(found["noise"].fits) if "noise" in found else 1  # the lowest may be the last
    assert told >= 180
    rising = (0.5 + 0.02 * np.arange(30) + rng.normal(0, 0.01, 30)).tolist()
    assert not by_code(run_of(np.linspace(0.5, 0.1, 30).tolist(), rising))["noise"].fits


def test_at_most_three_shapes_are_named_and_those_that_fit_come_first() -> None:
    for code in SHAPES:
        found = suspicions(example(code))
        assert 2 <= len(found) <= MOST
        fits = [one.fits is True for one in found]
        assert fits == sorted(fits, reverse=True)
