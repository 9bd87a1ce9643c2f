"""What the loop does around the epochs: callbacks, the best epoch, stopping, progress."""

from __future__ import annotations

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.models.build import build
from core.run import Progress, RunState
from core.training.model_state import ModelState
from core.training.recorders import PolledStop, Throttled
from core.training.steps import TrainingSteps
from core.training.train import EtaEstimator, ResumeState, order_of, train
from tests.training.experiments import EXPLODING, experiment_with


def never() -> bool:
    return False


# Callbacks

WHOLE = {"batch_size": 240, "epochs": 60}  # one batch an epoch: then the order inside it hardly matters
CALLBACKS = {
    "patience": {"early_stopping": {"monitor": "val_loss", "patience": 2}},
    "a bound that nothing reaches": {
        "early_stopping": {"monitor": "accuracy", "patience": 3, "min_delta": 0.5, "restore_best": True}
    },
    "both": {
        "early_stopping": {"monitor": "val_accuracy", "patience": 6, "restore_best": True},
        "reduce_lr": {"monitor": "val_loss", "patience": 2, "factor": 0.3, "min_learning_rate": 0.001},
    },
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (name != "both")) for name in CALLBACKS]
)
def test_callbacks_steer_as_they_do_in_one_fit(name, digits, recording):
    experiment = experiment_with(optimizer={"kind": "adam", "learning_rate": 0.1}, **WHOLE, **CALLBACKS[name])
    prepared = digits(experiment)
    reference = build(experiment)
    callbacks = []
    if (stop := experiment.early_stopping) is not None:
        callbacks.append(
            keras.callbacks.EarlyStopping(
                monitor=stop.monitor,
                patience=stop.patience,
                min_delta=stop.min_delta,
                restore_best_weights=stop.restore_best,
            )
        )
    if (reduce := experiment.reduce_lr) is not None:
        callbacks.append(
            keras.callbacks.ReduceLROnPlateau(
                monitor=reduce.monitor,
                patience=reduce.patience,
                factor=reduce.factor,
                min_lr=reduce.min_learning_rate,
            )
        )
    history = reference.fit(
        prepared.x_train,
        prepared.y_train,
        batch_size=240,
        epochs=60,
        shuffle=False,
        verbose=0,
        validation_data=(prepared.x_val, prepared.y_val),
        callbacks=callbacks,
    ).history

    model = build(experiment)
    trained = train(experiment, prepared, model, recording, never)

    assert len(recording.epochs) == len(history["loss"]) < 60
    np.testing.assert_allclose([e.val_loss for e in recording.epochs], history["val_loss"], rtol=1e-3)
    if reduce is not None:
        rates = [epoch.learning_rate for epoch in recording.epochs]
        assert rates == pytest.approx(history["learning_rate"])
        assert min(rates) < 0.1
    for ours, theirs in zip(model.get_weights(), reference.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-2, atol=1e-3)
    assert trained.state is RunState.FINISHED
    assert trained.reason.details["epoch"] == len(history["loss"])


# The best epoch and the last


def test_best_and_last_are_the_states_after_those_epochs(digits, recording):
    experiment = experiment_with(optimizer={"kind": "adam", "learning_rate": 0.3}, epochs=6)
    prepared = digits(experiment)
    model = build(experiment)

    trained = train(experiment, prepared, model, recording, never)

    losses = [epoch.val_loss for epoch in recording.epochs]
    assert trained.best_epoch == trained.best.epoch == 1 + int(np.argmin(losses)) < 6
    assert trained.last is trained.final
    assert model.evaluate(prepared.x_val, prepared.y_val, verbose=0)[0] == pytest.approx(losses[-1], rel=1e-5)
    trained.best.restore(model)
    assert model.evaluate(prepared.x_val, prepared.y_val, verbose=0)[0] == pytest.approx(
        min(losses), rel=1e-5
    )
    assert recording.predictions[-1].shape == (60, 10)


def test_without_validation_the_lowest_training_loss_is_best(digits, recording):
    experiment = experiment_with(split={"kind": "none"})

    trained = train(experiment, digits(experiment), build(experiment), recording, never)

    assert trained.best_epoch == 3
    assert recording.predictions == [None] * 3
    assert {epoch.val_loss for epoch in recording.epochs} == {None}


def test_a_run_repeats_exactly(digits, recording):
    experiment = experiment_with(layers=[{"kind": "dropout", "rate": 0.5}, *experiment_with().layers])
    courses = []
    for _ in range(2):
        trained = train(experiment, digits(experiment), build(experiment), recording, never)
        courses.append([dataclasses.replace(epoch, seconds=0) for epoch in trained.epochs])
    assert courses[0] == courses[1]


def test_a_taken_over_best_epoch_stays_the_best(digits, recording):
    experiment = experiment_with(optimizer={"kind": "adam", "learning_rate": 0.3}, epochs=2)
    prepared = digits(experiment)
    model = build(experiment)
    first = train(experiment, prepared, model, recording, never)
    best = dataclasses.replace(first.epochs[0], val_loss=0.0)
    before = ResumeState((best, first.epochs[1]), ModelState(1, first.best.variables))

    second = train(experiment.with_changes(epochs=3), prepared, model, recording, never, before)

    assert second.best_epoch == 1
    assert second.best is before.best
    assert [epoch.number for epoch in second.epochs] == [1, 2, 3]


# Ends before the end


def test_a_stop_within_an_epoch_goes_back_to_the_last_complete_one(digits, recording):
    experiment = experiment_with(epochs=1000, batch_size=1)
    prepared = digits(experiment)
    model = build(experiment)

    def inside_the_third() -> bool:
        progress = recording.progresses[-1] if recording.progresses else None
        return progress is not None and progress.epoch >= 3 and progress.batch > 0

    trained = train(experiment, prepared, model, recording, inside_the_third)

    done = len(recording.epochs)
    assert trained.state is RunState.STOPPED
    assert trained.reason.details == {"epoch": done}
    assert 2 <= done < 1000
    assert trained.last.epoch == done
    loss = model.evaluate(prepared.x_val, prepared.y_val, verbose=0)[0]
    assert loss == pytest.approx(recording.epochs[-1].val_loss, rel=1e-5)


def test_a_stop_before_the_first_batch_leaves_nothing(digits, recording):
    experiment = experiment_with()

    trained = train(experiment, digits(experiment), build(experiment), recording, lambda: True)

    assert trained.epochs == ()
    assert (trained.last, trained.best, trained.final) == (None, None, None)
    assert trained.best_epoch is None


def test_the_batch_whose_loss_is_no_number_is_named(digits, recording):
    experiment = experiment_with(**EXPLODING)
    prepared = digits(experiment)
    expected = _first_bad_batch(experiment, prepared)

    trained = train(experiment, prepared, build(experiment), recording, never)

    assert trained.state is RunState.FAILED
    assert trained.reason.details == {"epoch": expected[0], "batch": expected[1]}
    assert trained.last.epoch == len(recording.epochs) == expected[0] - 1
    assert all(np.isfinite(array).all() for array in trained.last.variables)


def _first_bad_batch(experiment, prepared) -> tuple[int, int]:
    model = build(experiment)
    for epoch in range(experiment.epochs):
        order = order_of(experiment.seed, epoch, 240)
        for batch, start in enumerate(range(0, 240, 32)):
            rows = order[start : start + 32]
            loss, _ = model.train_on_batch(prepared.x_train[rows], prepared.y_train[rows])
            if not np.isfinite(loss):
                return epoch + 1, batch + 1
    raise AssertionError("the loss stayed a number")


# How it is computed


def test_a_network_that_xla_cannot_translate_is_trained_without(digits, caplog):
    class Foreign(keras.layers.Layer):
        def call(self, x):
            return tf.ensure_shape(tf.numpy_function(lambda values: values, [x], tf.float32), x.shape)

    experiment = experiment_with()
    prepared = digits(experiment)
    model = keras.Sequential([keras.Input((64,)), Foreign(), keras.layers.Dense(10, activation="softmax")])
    model.compile("sgd", "categorical_crossentropy", metrics=["accuracy"], jit_compile=True)
    model.optimizer.build(model.trainable_variables)
    before = model.get_weights()

    steps = TrainingSteps(model, prepared.x_train, prepared.y_train, 32)

    assert not steps.xla
    assert "XLA cannot translate" in caplog.text
    np.testing.assert_array_equal(model.get_weights()[0], before[0])


# Two classes


@pytest.mark.parametrize("loss", ["binary_crossentropy", "mse"])
def test_one_sigmoid_unit_learns_two_classes(loss, digits, recording):
    ten = experiment_with()
    prepared = digits(ten)

    def zero_or_not(one_hot):
        return one_hot[:, :1].copy()

    two = dataclasses.replace(
        prepared, y_train=zero_or_not(prepared.y_train), y_val=zero_or_not(prepared.y_val)
    )
    # From nothing, so that every run of this test learns the same.
    unit = keras.layers.Dense(1, activation="sigmoid", kernel_initializer="zeros")
    model = keras.Sequential([keras.Input((64,)), unit])
    model.compile(keras.optimizers.Adam(0.03), loss, metrics=["accuracy"])
    model.optimizer.build(model.trainable_variables)

    train(ten.with_changes(epochs=20), two, model, recording, never)

    loss, accuracy = model.evaluate(two.x_val, two.y_val, verbose=0)
    assert recording.epochs[-1].val_loss == pytest.approx(loss, rel=1e-5)
    assert recording.epochs[-1].val_accuracy == pytest.approx(accuracy)
    assert accuracy > 0.9
    assert recording.predictions[-1].shape == (60, 1)


# Progress


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_progress_tells_the_phases_and_never_goes_back(digits, recording):
    experiment = experiment_with(epochs=2)

    train(experiment, digits(experiment), build(experiment), recording, never)

    first, second, *rest = recording.progresses
    assert (first.phase, first.epoch, first.epochs) == ("compiling", 1, 2)
    assert (second.phase, second.batch, second.batches) == ("training", 1, 8)
    assert second.loss > 0
    assert second.eta_seconds > 0
    places = [(each.epoch, each.batch) for each in recording.progresses]
    assert places == sorted(places)
    assert all(each.phase == "training" for each in rest)


def test_progress_is_handed_on_four_times_a_second(recording):
    clock = Clock()
    throttled = Throttled(recording.on_progress, clock)

    for tick in range(100):  # ten seconds
        clock.now = tick / 10
        throttled(Progress("training", batch=tick))
    throttled(Progress("evaluating"))

    assert 30 < len(recording.progresses) <= 41
    assert recording.progresses[-1].phase == "evaluating"


def test_the_question_whether_to_stop_is_asked_four_times_a_second_and_a_yes_stays():
    clock = Clock()
    asked = []
    stop = PolledStop(lambda: asked.append(clock.now) or clock.now > 5, clock)

    answers = []
    for tick in range(100):
        clock.now = tick / 10
        answers.append(stop())

    assert len(asked) <= 21
    assert not any(answers[:50])
    assert all(answers[54:])


def test_stretches_grow_to_a_fifth_of_a_second_and_shrink_again():
    pace = EtaEstimator()
    assert pace.batches == 1
    assert pace.remaining(10, 0, 0) is None
    for _ in range(6):
        pace.measured(pace.batches, pace.batches * 0.001)
    assert pace.batches == pytest.approx(200, abs=1)
    assert pace.remaining(batches=1000, done=500, epochs=2) == pytest.approx(2.5)
    for _ in range(9):
        pace.measured(1, 3.0)
    assert pace.batches == 1
