"""The loop over the epochs: train, validate, ask the callbacks, tell the recorder.

Who owns what: `TrainingSteps` has the training data, the order of an epoch and the sums of its metrics; `Evaluator`
the validation data; `Callbacks` the learning rate, which epoch is the best and whether to go on; `CheckpointManager`
when a state is written; the `Recorder` what others hear. The loop has the epochs so far and the states after the last
and the best of them.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import InitVar, dataclass, replace
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from core.analysis.memorization import watched_places
from core.datasets.preparation import Prepared
from core.experiment import Experiment, Recurrent
from core.models.build import make
from core.run import Epoch, Progress, Reason, RunState
from core.training.checkpoint import Checkpoint, CheckpointInfo, CheckpointManager, State
from core.training.holding_still import SHORT_STRETCH, HoldingStill
from core.training.model_state import ModelState, restore_seed_states, seed_states
from core.training.recorders import MOST_PREDICTED, PolledStop, Recorder, Throttled
from core.training.steps import EvalResult, Evaluator, StepsResult, TrainingSteps

_SECONDS_A_STRETCH = 0.2


@dataclass(frozen=True, eq=False)
class PartialEpoch:
    """The state in the middle of an epoch."""

    batch: int  # so many batches of it are done
    seconds: float  # so long they took
    state: ModelState
    sums: State  # what the metrics had added up, as `TrainingSteps.sums` gave it


@dataclass(frozen=True, eq=False)
class ResumeState:
    """What a training goes on from."""

    epochs: tuple[Epoch, ...]  # the complete ones, from 1; the model has the state after the last of them
    best: ModelState | None  # after the best of them; None if there are none
    #: whether that run was to train as many epochs as this one; then what had ended it ends this one too
    same: bool = False
    partial: PartialEpoch | None = None  # how far the next epoch had come; None if it was not begun


@dataclass(frozen=True, eq=False)
class TrainResult:
    """What a training yields."""

    state: RunState  # FINISHED, STOPPED or FAILED
    reason: Reason  # "all_epochs", "early_stopping", "stopped_by_user" or "not_a_number"
    epochs: tuple[Epoch, ...]  # every complete epoch in order, those taken over included
    last: ModelState | None  # after the last complete epoch; None if there is none
    best: ModelState | None  # after the best epoch; None if there is none
    final: ModelState | None  # what the model has now, one of the two; None if no epoch was completed
    path: str  # how the steps were computed: "xla" or "graph"

    @property
    def best_epoch(self) -> int | None:
        """The epoch whose weights are kept as the best, from 1; None if no epoch was completed."""
        return self.best.epoch if self.best else None


def train(
    experiment: Experiment,
    prepared: Prepared,
    model: keras.Model,
    recorder: Recorder,
    should_stop: Callable[[], bool],
    resumed: ResumeState | None = None,
    checkpoints: CheckpointManager | None = None,
    steps: TrainingSteps | None = None,
    hold_still: HoldingStill | None = None,
) -> TrainResult:
    """Train a network to the experiment's number of epochs, or until something ends it before.

    Epoch e (from 0) visits the samples in the order `numpy.random.default_rng([seed, e]).permutation(n)`. Afterwards
    the model has the state of the last complete epoch, or of the best one if early stopping restores that. The best
    epoch is the one with the lowest validation loss (training loss where nothing is kept back); with an early stopping
    that restores, it is the one that Keras' EarlyStopping would restore.

    The model was built from the experiment, with `resumed` in the state after those epochs. `should_stop` is asked at
    most four times a second; on a yes the epoch under way is given up. Checkpoints are offered the state after each
    epoch, and given one each minute within one. `steps` are those of the model on these samples, if they are ready;
    else they are made here, of nothing that was kept. `hold_still` is called before each stretch of batches.
    MemoryError or TensorFlow's ResourceExhaustedError where memory is too small.
    """
    return _Training(
        experiment,
        prepared,
        model,
        recorder,
        should_stop,
        resumed,
        checkpoints,
        steps,
        hold_still or HoldingStill(),
    ).run()


def order_of(seed: int, epoch: int, samples: int) -> NDArray[np.int64]:
    """The order in which an epoch, from 0, visits the samples; exported scripts have the same line."""
    return np.random.default_rng([seed, epoch]).permutation(samples)


@dataclass
class _Training:
    experiment: Experiment
    prepared: InitVar[Prepared]
    model: keras.Model
    recorder: Recorder
    should_stop: InitVar[Callable[[], bool]]
    resumed: InitVar[ResumeState | None]
    checkpoints: CheckpointManager | None
    steps: InitVar[TrainingSteps | None]
    hold_still: HoldingStill

    def __post_init__(
        self,
        prepared: Prepared,
        should_stop: Callable[[], bool],
        resumed: ResumeState | None,
        steps: TrainingSteps | None,
    ) -> None:
        experiment, resumed = self.experiment, resumed or ResumeState((), None)
        self._on_progress = Throttled(self.recorder.on_progress)
        self._should_stop = PolledStop(should_stop)
        self._epochs = list(resumed.epochs)
        self._best = resumed.best
        self._partial = resumed.partial
        self._digest = experiment.digest
        self._on_progress(Progress("compiling", len(self._epochs) + 1, experiment.epochs))
        self._eta = EtaEstimator()
        self._samples = len(prepared.y_train)
        self._steps = steps or TrainingSteps(
            self.model, prepared.x_train, prepared.y_train, experiment.batch_size
        )
        graphs = self._steps.graphs
        # After the steps, which have Keras make its metrics: only from these it knows that accuracy should grow.
        self._callbacks = Callbacks(experiment, self.model, self._epochs)
        self._over = resumed.same and self._callbacks.asked_before
        self._evaluator = None
        if prepared.x_val is not None and prepared.y_val is not None:
            rows = experiment.batch_size if _draws_while_validating(experiment) else None
            self._evaluator = Evaluator(self.model, prepared.x_val, prepared.y_val, rows, graphs)
        watched = watched_places(prepared.true_train, prepared.labels_train)
        self._watching = None
        if len(watched):
            self._watching = Evaluator(
                self.model, prepared.x_train[watched], prepared.y_train[watched], graphs=graphs
            )

    def run(self) -> TrainResult:
        last = ModelState.take(self.model, len(self._epochs))
        self.recorder.on_weights(last.epoch, last.weights(self.model))
        reason = None
        done, planned = len(self._epochs), self.experiment.epochs
        if self._over and done < planned:
            reason, planned = self._callbacks.reason(done), done
        for number in range(done + 1, planned + 1):
            reason = self._epoch(number, last)
            if reason is not None:
                last.restore(self.model)
                break
            last = ModelState.take(self.model, number)
            self.recorder.on_weights(number, last.weights(self.model))
            if self._callbacks.is_best(self._epochs):
                self._best = last
            if self.checkpoints is not None:
                self.checkpoints.offer(self._checkpoint(last))
            if self._callbacks.wants_end and number < planned:
                reason = self._callbacks.reason(number)
                break
        return self._result(reason or Reason("all_epochs", {"epochs": planned}), last)

    def _result(self, reason: Reason, end: ModelState) -> TrainResult:
        last = end if end.epoch else None
        final = self._best if self._callbacks.restores_best else last
        if final is not None and final is not last:
            final.restore(self.model)
        path = "xla" if self._steps.xla else "graph"
        return TrainResult(_STATES[reason.code], reason, tuple(self._epochs), last, self._best, final, path)

    def _checkpoint(self, last: ModelState, batch: int = 0, seconds: float = 0.0) -> Checkpoint:
        """All it takes to go on from here; with `batch` from the middle of the epoch after `last`."""
        best = self._best
        return Checkpoint(
            CheckpointInfo(self._digest, tuple(self._epochs), best.epoch if best else 0, batch, seconds),
            last=last.variables,
            best=best.variables if best else None,
            within=ModelState.take(self.model, last.epoch).variables if batch else None,
            sums=self._steps.sums() if batch else (),
        )

    def _epoch(self, number: int, last: ModelState) -> Reason | None:
        """Train and record one epoch, counted from 1; the reason to end if it could not be completed."""
        began = time.perf_counter()
        partial, self._partial = self._partial, None
        if partial is not None:
            began -= partial.seconds
            partial.state.restore(self.model)
        # By way of its text: as float32 prints it, 0.001 stays 0.001.
        rate = float(str(np.float32(self.model.optimizer.learning_rate)))
        end = self._pass_over_data(number, last, began, partial)
        if isinstance(end, Reason):
            return end
        validation = self._validate()
        if validation and not math.isfinite(validation.loss):
            return _not_a_number(number, self._steps.batches)
        epoch = Epoch(
            number=number,
            loss=end.loss,
            accuracy=end.accuracy,
            val_loss=validation.loss if validation else None,
            val_accuracy=validation.accuracy if validation else None,
            learning_rate=rate,
            seconds=time.perf_counter() - began,
        )
        self._epochs.append(epoch)
        self._watch(number)
        self.recorder.on_epoch_end(epoch, validation.probabilities[:MOST_PREDICTED] if validation else None)
        self._callbacks.on_epoch_end(epoch)
        return None

    def _pass_over_data(
        self, number: int, last: ModelState, began: float, partial: PartialEpoch | None
    ) -> StepsResult | Reason:
        """All batches of an epoch, in stretches short enough to tell how it goes and to be stopped."""
        self._steps.begin_epoch(order_of(self.experiment.seed, number - 1, self._samples))
        batches, done = self._steps.batches, 0
        if partial is not None:
            self._steps.restore_sums(partial.sums)
            done = partial.batch
        progress = Progress("training", number, self.experiment.epochs, 0, batches)
        while True:
            if self._should_stop():
                return Reason("stopped_by_user", {"epoch": number - 1})
            self.hold_still()
            until = min(batches, done + self._eta.batches)
            before = time.perf_counter()
            result = self._steps.run(done, until)
            stretch = SHORT_STRETCH if self.hold_still.expects_presses else None
            self._eta.measured(until - done, time.perf_counter() - before, stretch)
            if result.bad_batch is not None:
                return _not_a_number(number, result.bad_batch + 1)
            done = until
            self._on_progress(
                replace(
                    progress,
                    batch=done,
                    loss=result.loss,
                    accuracy=result.accuracy,
                    eta_seconds=self._eta.remaining(batches, done, self.experiment.epochs - number),
                )
            )
            if done == batches:
                return result
            # Now that the first batch has been told of. A small network is through before the translation is.
            self._steps.prepare_last()
            self._steps.prepare_evaluation()
            if self.checkpoints is not None and self.checkpoints.minute_passed:
                self.checkpoints.save(self._checkpoint(last, done, time.perf_counter() - began))

    def _validate(self) -> EvalResult | None:
        if self._evaluator is None:
            return None
        began = time.perf_counter()
        result = self._evaluator()
        self._eta.validated(time.perf_counter() - began)
        return result

    def _watch(self, number: int) -> None:
        """Tell what is answered to the watched samples; no chance of the training is used up by that."""
        if self._watching is not None:
            seeds = seed_states(self.model)
            self.recorder.on_watched(number, self._watching().probabilities)
            restore_seed_states(self.model, seeds)


_STATES = {
    "all_epochs": RunState.FINISHED,
    "early_stopping": RunState.FINISHED,
    "stopped_by_user": RunState.STOPPED,
    "not_a_number": RunState.FAILED,
}


def _draws_while_validating(experiment: Experiment) -> bool:
    """Whether validation moves on random generators, so that `fit`'s number of batches must be kept to.

    Keras' recurrent layers draw a dropout mask in each call, also where they do not use it.
    """
    return any(isinstance(layer, Recurrent) and layer.dropout > 0 for layer in experiment.layers)


def _not_a_number(epoch: int, batch: int) -> Reason:
    return Reason("not_a_number", {"epoch": epoch, "batch": batch})


class Callbacks:
    """The callbacks of an experiment, Keras' own, driven by our loop.

    They may change the learning rate and `stop_training` of the model. They are told about epochs taken over, so that
    they go on where they were.
    """

    def __init__(self, experiment: Experiment, model: keras.Model, epochs: Sequence[Epoch] = ()) -> None:
        self._settings = experiment.early_stopping
        self._model = model
        made = [make(callback.call()) for callback in experiment.callbacks]
        self._stopping: Any = made[0] if self._settings is not None else None
        if self._stopping is not None:
            # The weights to go back to are kept with all the rest of the state, in a ModelState.
            self._stopping.restore_best_weights = False
        self._list = keras.callbacks.CallbackList(made, model=model)
        self._list.on_train_begin()
        model.stop_training = False
        #: Whether they had asked to end the training by the last of the epochs taken over.
        self.asked_before = False
        if epochs:
            self._replay(epochs)

    @property
    def wants_end(self) -> bool:
        """Whether a callback asks to end the training."""
        return bool(self._model.stop_training)

    @property
    def restores_best(self) -> bool:
        """Whether the network shall go back to its best epoch in the end."""
        return self._settings is not None and self._settings.restore_best

    def on_epoch_end(self, epoch: Epoch) -> None:
        """Tell the callbacks about a complete epoch."""
        logs = {"loss": epoch.loss, "accuracy": epoch.accuracy}
        if epoch.val_loss is not None and epoch.val_accuracy is not None:
            logs.update(val_loss=epoch.val_loss, val_accuracy=epoch.val_accuracy)
        self._list.on_epoch_end(epoch.number - 1, logs)

    def is_best(self, epochs: Sequence[Epoch]) -> bool:
        """Whether the last of these epochs is the best so far."""
        if self.restores_best:
            return bool(self._stopping.best_epoch == epochs[-1].number - 1)
        losses = [epoch.loss if epoch.val_loss is None else epoch.val_loss for epoch in epochs]
        return len(losses) == 1 or losses[-1] < min(losses[:-1])

    def reason(self, epoch: int) -> Reason:
        """Why the training ends after this epoch, if a callback wants it to."""
        settings = self._settings
        if settings is None:
            raise ValueError("no callback of this experiment ends a training")
        details = {"epoch": epoch, "monitor": settings.monitor, "patience": settings.patience}
        return Reason("early_stopping", details)

    def _replay(self, epochs: Sequence[Epoch]) -> None:
        rate = float(self._model.optimizer.learning_rate)
        for epoch in epochs:
            self._model.optimizer.learning_rate = epoch.learning_rate
            self.on_epoch_end(epoch)
        self._model.optimizer.learning_rate = rate
        self.asked_before, self._model.stop_training = bool(self._model.stop_training), False


class EtaEstimator:
    """How fast it goes, and so how many batches fit into a stretch and how long the rest will take."""

    def __init__(self) -> None:
        self._seconds_a_batch: float | None = None
        self._validation = 0.0
        self.batches = 1

    def measured(self, batches: int, seconds: float, stretch: float | None = None) -> None:
        """A stretch of so many batches took so long, later ones count more; the next may last `stretch` seconds."""
        now = seconds / batches
        before = self._seconds_a_batch
        self._seconds_a_batch = now if before is None else 0.5 * before + 0.5 * now
        wanted = _SECONDS_A_STRETCH if stretch is None else stretch
        fitting = int(wanted / max(self._seconds_a_batch, 1e-6))
        # The first batches are slower than the rest and one slow moment is no rule: grow step by step.
        self.batches = max(1, min(fitting, 8 * self.batches))

    def validated(self, seconds: float) -> None:
        """The validation after an epoch took so long."""
        self._validation = seconds

    def remaining(self, batches: int, done: int, epochs: int) -> float | None:
        """Seconds to the end: the rest of this epoch of `batches`, and `epochs` more; None while unknown."""
        if self._seconds_a_batch is None:
            return None
        left = batches - done + epochs * batches
        return left * self._seconds_a_batch + (epochs + 1) * self._validation
