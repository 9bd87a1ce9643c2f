"""What the run page says and offers, decided without a page."""

from __future__ import annotations

import math
import string
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core import presets
from core.analysis.advice import ADVICE
from core.analysis.turning_point import turning_point, turning_point_of
from core.experiment import (
    SGD,
    Adam,
    Conv2D,
    Dense,
    EarlyStopping,
    Flatten,
    FractionSplit,
    ImageEncoding,
    MultiHotEncoding,
    NoSplit,
)
from core.run import Reason, Run, RunState
from core.training import artifact_names
from core.training.resuming import ResumePoint
from dashboard.run import text
from dashboard.shared import run_words as decide
from dashboard.shared import services
from dashboard.shared.formats import moment
from dashboard.shared.language import CODES, language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_words import settings_of
from tests.dashboard import runs

SAY = language("en")


def made(val_losses: Sequence[float | None], state: RunState = RunState.FINISHED, **changes: object) -> Run:
    store = services.store()
    return store.get(runs.over(store, state, val_losses, **changes))  # type: ignore[arg-type]


def said(run: Run) -> str | None:
    sentence = text.verdict(run, turning_point_of(run))
    if sentence is not None:
        for code in CODES:  # every sentence can be said, with what it was given, in every language
            assert "{" not in sentence.said(language(code))
    return sentence.key if sentence else None


@pytest.mark.parametrize(
    ("val_losses", "key"),
    [
        (runs.TURNING, "verdict.turned"),
        (runs.FALLING, "verdict.falling"),
        ((0.5,), "verdict.falling"),
        ((0.5, 0.4, 0.41), "verdict.unsure"),
        ((0.4, 0.5, 0.6), "verdict.at_once"),
        ((math.nan, math.nan), "verdict.no_numbers"),
        ((4.6, 3.9, 5.1, 5.9), "verdict.turned"),  # far too sure, but mostly right
    ],
)
def test_the_sentence_fits_the_curves(val_losses: Sequence[float], key: str) -> None:
    assert said(made(val_losses)) == key


@pytest.mark.parametrize(
    ("val_losses", "key"),
    [
        ((4.6, 3.9, 5.1, 5.9), "verdict.nothing_learned"),
        ((2.31, 2.305, 2.304, 2.306), "verdict.nothing_learned"),
        ((2.31, 2.302, 2.9, 2.9), "verdict.nothing_learned"),  # less than ln 10, which is 2.3026
        ((2.3045, 2.3044, 2.3043), "verdict.nothing_learned"),  # nobody would see that fall
        ((4.6, 3.9), "verdict.nothing_yet"),
        ((2.4,), "verdict.nothing_in_one"),
        ((2.31, 2.2, 2.9, 2.9), "verdict.turned"),
    ],
)
def test_one_class_always_is_never_called_memorised(val_losses: Sequence[float], key: str) -> None:
    run = made(val_losses, val_accuracy=0.1)
    assert said(run) == key
    assert (text.accuracy_verdict(run, turning_point_of(run)) is None) == (key != "verdict.turned")


def test_a_network_that_got_worse_on_its_training_samples_too_has_not_memorised() -> None:
    run = made(runs.TURNING)
    worse = [replace(epoch, loss=1 + abs(epoch.number - 4)) for epoch in run.epochs]
    assert said(replace(run, epochs=tuple(worse))) == "verdict.worse"
    memorising = [replace(epoch, loss=1 / epoch.number) for epoch in run.epochs]
    assert said(replace(run, epochs=tuple(memorising))) == "verdict.turned"


def test_the_sentence_names_the_epoch_the_loss_and_the_rise() -> None:
    run = made(runs.TURNING)
    sentence = text.verdict(run, turning_point_of(run))
    assert sentence is not None
    assert sentence.details == {"epoch": 4, "value": "0.4000", "rise": "50%"}


def test_without_validation_it_says_so() -> None:
    assert said(made((None, None), split=NoSplit())) == "verdict.no_validation"


@pytest.mark.parametrize("state", [RunState.FAILED, RunState.INTERRUPTED])
def test_what_broke_off_before_it_turned_is_not_judged(state: RunState) -> None:
    assert said(made(runs.FALLING, state)) is None
    assert said(made(runs.TURNING, state)) == "verdict.turned"
    assert said(made((), state)) is None


def test_what_nothing_learned_is_held_against_is_named() -> None:
    binary = {
        "dataset": "mini_reviews",
        "encoding": MultiHotEncoding(num_words=1000),
        "scaling": "none",
        "loss": "binary_crossentropy",
        "layers": [Dense(units=1, activation="sigmoid")],
    }
    run = made((0.8, 0.7, 0.9, 1.0), val_accuracy=0.5, **binary)
    sentence = text.verdict(run, turning_point_of(run))
    assert sentence is not None
    assert (sentence.key, sentence.details["constant"]) == ("verdict.nothing_learned", "0.6931")


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"loss": "mse"}, "verdict.nothing_learned"),
        (
            {"layers": [Dense(units=64, l2=0.01), Dense(units=10, activation="softmax")]},
            "verdict.nothing_learned.accuracy",
        ),
    ],
    ids=["mse", "penalty"],
)
def test_every_loss_is_held_against_a_constant_answer(changes: dict[str, object], key: str) -> None:
    assert said(made((4.6, 3.9, 5.1, 5.9), val_accuracy=0.1, **changes)) == key
    assert said(made((4.6, 3.9, 5.1, 5.9), val_accuracy=0.8, **changes)) == "verdict.turned"


def advised(run: Run) -> list[str]:
    return [one.key for one in text.advice_sentences(run, turning_point_of(run))]


def test_what_to_try_follows_the_verdict_and_the_reason() -> None:
    unscaled = {"scaling": "none", "optimizer": SGD(learning_rate=3.0)}
    assert advised(made(runs.TURNING)) == []
    assert advised(made((4.6, 3.9, 5.1, 5.9), val_accuracy=0.1, **unscaled)) == [
        "advice.scale_input",
        "advice.smaller_learning_rate",
    ]
    # One that may still learn has to go on first.
    assert advised(made((4.6,), val_accuracy=0.1, **unscaled)) == ["advice.scale_input"]
    assert advised(made((4.6, 3.9), val_accuracy=0.1)) == []
    # Its reason says already that the learning rate was too large.
    assert advised(made((), RunState.FAILED, **unscaled)) == ["advice.scale_input"]
    assert advised(made((), RunState.FAILED)) == []
    assert advised(made((), RunState.INTERRUPTED)) == []


def test_advice_is_the_same_on_the_page_and_on_the_command_line() -> None:
    assert {f"advice.{code}": sentence for code, sentence in ADVICE.items()} == {
        key: words for key, words in SAY.words.items() if key.startswith("advice.")
    }


def test_after_learning_nothing_the_obvious_step_is_a_change() -> None:
    found = steps(made((4.6, 3.9, 5.1, 5.9), val_accuracy=0.1))
    assert (found.train_to, found.first) == (None, "change")
    assert steps(made((4.6, 3.9), val_accuracy=0.1)).first == "extend"


def test_loss_and_accuracy_are_told_apart() -> None:
    run = made(runs.TURNING)  # its accuracy still rises in the last epoch
    sentence = text.accuracy_verdict(run, turning_point_of(run))
    assert sentence is not None
    assert sentence.key == "verdict.accuracy_on"
    assert sentence.details["epoch"] == 8


@pytest.mark.parametrize(
    ("best", "key"), [(6, "later"), (4, "same"), (2, "earlier")], ids=["later", "same", "earlier"]
)
def test_the_accuracy_turns_when_it_does(best: int, key: str) -> None:
    run = made(runs.TURNING)
    epochs = [
        type(epoch)(**{**epoch.__dict__, "val_accuracy": 0.95 - 0.05 * abs(epoch.number - best)})
        for epoch in run.epochs
    ]
    sentence = text.accuracy_verdict(run, turning_point(epochs))
    assert sentence is not None
    assert sentence.key == f"verdict.accuracy_{key}"
    assert (sentence.details["epoch"], sentence.details["epochs"]) == (best, abs(best - 4))
    for code in CODES:
        assert "{" not in sentence.said(language(code))


def steps(run: Run, *, has_weights: bool = True) -> text.NextSteps:
    found = ResumePoint(run, artifact_names.LAST, run.epochs) if has_weights else None
    return text.next_steps(run, turning_point_of(run), found=found)


def test_after_a_turning_point_the_obvious_step_is_a_new_network() -> None:
    assert steps(made(runs.TURNING)) == text.NextSteps(train_to=4, extend=10, most=992, first="train_to")


def test_before_it_the_obvious_step_is_to_go_on() -> None:
    found = steps(made(runs.FALLING))
    assert (found.train_to, found.extend, found.first) == (None, 5, "extend")


def test_a_run_that_its_time_limit_stopped_goes_on_to_what_was_planned() -> None:
    run = made(runs.FALLING, RunState.STOPPED)
    planned = replace(
        run,
        experiment=run.experiment.with_changes(epochs=100),
        reason=Reason("time_limit", {"epoch": len(run.epochs), "minutes": 120}),
    )
    found = steps(planned)
    assert (found.extend, found.resume, found.first) == (100 - len(run.epochs), len(run.epochs), "resume")


def test_without_weights_nothing_can_go_on() -> None:
    found = steps(made(runs.FALLING), has_weights=False)
    assert (found.train_to, found.extend, found.first) == (None, None, "change")


def test_what_is_no_number_any_more_does_not_go_on() -> None:
    assert steps(made(runs.FALLING, RunState.FAILED)).extend is None


@pytest.mark.parametrize("losses", [runs.TURNING, runs.FALLING])
def test_what_was_broken_off_goes_on_first_of_all(losses: tuple[float, ...]) -> None:
    run = made(losses, RunState.INTERRUPTED)
    for epochs, batch, shown in ((3, 0, 3), (3, 17, 4), (0, 5, 1)):
        found = ResumePoint(run, artifact_names.CHECKPOINT, run.epochs[:epochs], batch)
        step = text.next_steps(run, turning_point_of(run), found=found)
        assert (step.resume, step.first) == (shown, "resume")
        assert step.extend == (5 if epochs else None)
        assert step.most == 1000 - epochs
    anew = text.next_steps(run, turning_point_of(run), found=None)
    assert (anew.resume, anew.first, anew.extend) == (0, "resume", None)
    refused = text.next_steps(run, turning_point_of(run), found=None, damaged=True)
    assert (refused.resume, refused.extend) == (None, None)


def test_what_was_stopped_goes_on_unless_it_had_turned() -> None:
    assert steps(made(runs.FALLING, RunState.STOPPED)).first == "resume"
    turned = steps(made(runs.TURNING, RunState.STOPPED))
    assert (turned.resume, turned.first) == (8, "train_to")
    assert steps(made(runs.TURNING, RunState.STOPPED), has_weights=False).resume is None


def test_what_came_to_its_end_is_not_resumed() -> None:
    assert steps(made(runs.FALLING)).resume is None
    assert steps(made(runs.FALLING, RunState.FAILED)).resume is None  # no number any more


def test_without_validation_the_settings_are_the_next_step() -> None:
    assert steps(made((None, None), split=NoSplit())).first == "change"


def test_what_a_run_is_called() -> None:
    store = services.store()
    assert decide.name_of(store.get(runs.queued(store, title="Mine")), SAY) == "Mine"
    assert decide.name_of(store.get(runs.queued(store)), SAY) == SAY(f"preset.{presets.PLAIN}.title")
    layers = [Dense(units=32, activation="relu"), Dense(units=10, activation="softmax")]
    own = presets.load(presets.PLAIN).with_changes(layers=layers)
    assert decide.name_of(store.get(store.add(own, owner="me")), SAY).endswith("· 32-10")


def test_times_are_those_of_the_reader() -> None:
    noon = datetime(2026, 11, 21, 12, 5, tzinfo=UTC)
    assert moment(noon, ZoneInfo("Asia/Seoul")) == "2026-11-21 21:05"


def test_every_setting_is_told_in_words() -> None:
    experiment = presets.load(presets.PLAIN).with_changes(
        encoding=ImageEncoding(),
        layers=[Conv2D(filters=8, activation="relu"), Flatten(), Dense(units=10, activation="softmax")],
        split=FractionSplit(fraction=0.25, seed=5, stratified=True),
        optimizer=Adam(learning_rate=0.0005),
        early_stopping=EarlyStopping(patience=7),
        train_limit=1000,
    )
    found = settings_of(experiment, SAY)
    assert len(found) == len(type(experiment).model_fields) - 1
    assert found[SAY("field.train_limit")] == "1,000"
    assert found[SAY("field.seed")] == "777"
    assert found[SAY("field.optimizer")] == "Adam · Learning rate 0.0005"
    split = found[SAY("field.split")]
    assert all(part in split for part in ("0.25", " 5", SAY("run.yes")))
    assert SAY("option.monitor.val_loss") in found[SAY("field.early_stopping")]
    assert found[SAY("field.reduce_lr")] == SAY("run.off")
    for code in CODES:
        assert settings_of(experiment, language(code))


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("dataset", ["digits", "mnist", "fashion_mnist"])
def test_every_class_has_a_name(dataset: str, code: str) -> None:
    names = decide.class_names(dataset, language(code))
    assert len(set(names)) == 10
    assert all(names)


def test_text_of_users_is_shown_as_typed() -> None:
    typed = "**a** :red[b] [c](http://d) $e$ `f` <b>g</b> 가_나"
    shown = escaped(typed)
    for mark in string.punctuation:
        if mark in "*[]$`<>":
            assert typed.count(mark) == shown.count(f"\\{mark}")
    assert shown.count("\\:") == 2
    assert escaped("가 나 1 a") == "가 나 1 a"
