"""The whole way of one run: from its data to the evaluated on the test set, written down as it goes."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from core.analysis.baseline import VALIDATION_COUNTS
from core.analysis.classification import confusion_matrix, predicted_classes
from core.analysis.memorization import watched_places, watched_samples
from core.datasets import FetchProgress, ImageDataset, Prepared, TextDataset, open_dataset, prepare
from core.errors import (
    ArtifactDamagedError,
    ArtifactMissingError,
    DatabaseLostError,
    DiskFullError,
    RunError,
    StorageError,
    TurningPointError,
    UnknownRunError,
)
from core.experiment import Experiment
from core.free_space import FULL, disk_full, full
from core.models.execution import threads, uses_xla
from core.pages_first import PagesFirst
from core.processors import processors
from core.run import Epoch, Evaluation, Progress, Reason, Run, RunState, Timing
from core.settings import Settings
from core.storage import Artifacts, Logbook, Store, patiently
from core.storage.logbook import PATIENCE
from core.training import artifact_names
from core.training.checkpoint import CheckpointManager, read_checkpoint
from core.training.disk_space import RetryingArtifacts, RetryUntilSpace, check_disk_space
from core.training.environment import environment, peak_megabytes, release_freed, use_threads
from core.training.graphs import Graphs, KeptGraphs
from core.training.holding_still import HoldingStill
from core.training.model_state import ModelState, restore_seed_states, seed_states
from core.training.ready import Ready, make_ready
from core.training.recorders import (
    MOST_PREDICTED,
    LogbookRecorder,
    PolledStop,
    PredictionRecorder,
    Recorders,
    Throttled,
    TimeLimit,
    WeightsBeside,
)
from core.training.resuming import resume_file
from core.training.steps import Evaluator
from core.training.train import PartialEpoch, ResumeState, TrainResult, train
from core.training.translations import Translations, open_slot
from core.training.watched_samples import WatchedRecorder
from core.training.weight_histograms import WeightRecorder

logger = logging.getLogger(__name__)


def execute(
    run_id: str,
    settings: Settings,
    *,
    store: Store,
    artifacts: Artifacts,
    limit: TimeLimit | None = None,
    patience: float = PATIENCE,
    kept: KeptGraphs | None = None,
) -> None:
    """Train, evaluate and finish one claimed run; whatever goes wrong in it becomes its final state.

    Kept while it goes: environment, progress, each epoch, the predictions after it for the first validation samples
    (and for some training samples where labels are wrong on purpose), how its weights are distributed, and a checkpoint
    from which another run goes on if this one is broken off. Kept at the end: the networks after the best and the last
    epoch, the test result and the probabilities behind it (`artifact_names` says what each file holds). A network that
    was stopped, or whose loss was no longer a number, is evaluated after its last complete epoch; without one it is
    not.

    The run is in the state running or stopping; one that was deleted is passed over. When the limit is reached it is
    stopped with all it has learned, so that it can be gone on with. What the process has `kept` of a run before is used
    if it was one of the same kind. So many seconds of patience there are for a database that is away, while the
    training goes on, and for room on a full disk. Only if the end of the run itself cannot be recorded a StorageError
    is raised.
    """
    try:
        run = patiently(lambda: store.get(run_id), patience=patience)
    except UnknownRunError:
        logger.info("run %s was deleted before it began", run_id)
        return
    with Logbook(store, run_id, patience=patience) as log:
        wait = RetryUntilSpace(log.stop_requested, patience)
        retrying = RetryingArtifacts(artifacts.root, run_id, wait, store.training_of)
        execution = _Execution(
            run, settings, store, retrying, log, limit or TimeLimit(0), kept or KeptGraphs()
        )
        try:
            check_disk_space(store, (run.experiment,), settings)
            retrying.reserve()
            state, reason = execution.carry_out()
        # The one place where everything is caught: a run must never stay "running" because of a fault in it or
        # in a library, and the reader of the run must be told. The log has the traceback.
        except Exception as error:  # noqa: BLE001 - told and logged by what follows
            state, reason = _end_by(error, run, store)
        retrying.give_back()
        networks = {"best_epoch": execution.best_epoch, "learned": execution.learned}
        if log.finish(state, reason, timing=execution.timing(), **networks):
            execution.tidy(reason)


_LONGEST_MESSAGE = 500


class _StopRequested(Exception):  # noqa: N818 - not an error
    """Raised where a stop is noticed before the training."""


def _end_by(error: Exception, run: Run, store: Store) -> tuple[RunState, Reason]:
    """The end that an error gives a run."""
    match error:
        case _StopRequested():
            return RunState.STOPPED, Reason("stopped_by_user", {"epoch": len(run.epochs)})
        case MemoryError() | tf.errors.ResourceExhaustedError():
            logger.exception("run %s ran out of memory", run.id)
            return RunState.FAILED, Reason("out_of_memory")
        case DatabaseLostError():
            logger.warning("run %s is given up: %s", run.id, error)
            no_room = full(store.folders)
            lost = Reason("database_lost", dict(error.details))
            return RunState.INTERRUPTED, lost if no_room is None else _disk_full(no_room)
        case DiskFullError():
            logger.warning("run %s is given up: %s", run.id, error)
            return RunState.INTERRUPTED, _disk_full(error)
        case TurningPointError():
            logger.warning("run %s failed: %s", run.id, error)
            return RunState.FAILED, _refusal(error)
    logger.exception("run %s failed", run.id)
    if isinstance(error, OSError) and error.errno in FULL:
        return RunState.FAILED, _disk_full(disk_full(Path(tempfile.gettempdir())))
    message = f"{type(error).__name__}: {error}"
    return RunState.FAILED, Reason("error", {"message": message[:_LONGEST_MESSAGE]})


def _disk_full(error: TurningPointError) -> Reason:
    return Reason("disk_full", {name: error.details[name] for name in ("folder", "free", "needed")})


def _refusal(error: TurningPointError) -> Reason:
    if error.code == "data_no_space":
        return _disk_full(disk_full(Path(str(error.details["folder"]))))
    if error.code in ("disk_full", "disk_full_for_run"):
        return _disk_full(error)
    details = {
        name: value if isinstance(value, str | int | float) else str(value)
        for name, value in error.details.items()
    }
    return Reason("error", {**details, "error": error.code, "message": str(error)})


@contextmanager
def _without_damaged(run: str) -> Iterator[None]:
    try:
        yield
    except ArtifactDamagedError as error:
        logger.warning("run %s: %s", run, error)


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    """Add the seconds of a block to an entry, however the block ends."""
    began = time.perf_counter()
    try:
        yield
    finally:
        seconds[name] += time.perf_counter() - began


@dataclass
class _Execution:
    """One run on its way, and what is known of it so far."""

    run: Run
    settings: Settings
    store: Store
    artifacts: Artifacts
    log: Logbook
    limit: TimeLimit
    kept: KeptGraphs
    best_epoch: int | None = None  # the epoch of the network kept as the best; None as long as none is kept
    learned: int | None = None  # the epochs that the network kept as the last has learned; None likewise
    seconds: dict[str, float] = field(
        default_factory=lambda: dict.fromkeys(("prepare", "fit", "evaluate"), 0.0)
    )

    def __post_init__(self) -> None:
        self._weights = WeightRecorder(self.run.id, self.artifacts)
        # Predictions first: whoever sees the epoch in the database may ask for them at once.
        predictions = PredictionRecorder(self.run.id, self.artifacts)
        self._beside = WeightsBeside(self._weights)
        self._recorder = Recorders(predictions, LogbookRecorder(self.log), self._beside)

    def _watch(self, prepared: Prepared) -> None:
        """Have the answers to training samples kept, where some of their labels are wrong."""
        true, given = prepared.true_train, prepared.labels_train
        places = watched_places(true, given)
        if len(places):
            samples = watched_samples(prepared.train_rows[places], true[places], given[places])
            self._recorder = Recorders(WatchedRecorder(self.run.id, self.artifacts, samples), self._recorder)

    def carry_out(self) -> tuple[RunState, Reason]:
        """Go the whole way; the final state and why."""
        experiment = self.run.experiment
        use_threads(threads(experiment, processors()))
        if uses_xla(experiment):
            open_slot()
        self.log.environment(environment())
        ready = self._make_ready(experiment)
        with _timed(self.seconds, "prepare"):
            resumed = self._take_over(ready.steps.graphs.model)
            self._stop_if_requested()
        with CheckpointManager(self.run.id, self.artifacts, experiment.epochs) as checkpoints:
            return self._train(ready, resumed, checkpoints)

    def _make_ready(self, experiment: Experiment) -> Ready:
        """What the network takes longer than the data counts as training."""
        began = time.perf_counter()
        ready = make_ready(
            experiment, lambda: self._data(experiment), self.kept, Translations.of(self.settings)
        )
        self.seconds["fit"] += time.perf_counter() - began - self.seconds["prepare"]
        return ready

    def _data(self, experiment: Experiment) -> Prepared:
        with _timed(self.seconds, "prepare"):
            prepared = self._prepare(experiment, self._open(experiment))
        release_freed()
        self._recorder.on_progress(Progress("compiling", len(self.run.epochs) + 1, experiment.epochs))
        return prepared

    def _train(
        self, ready: Ready, resumed: ResumeState | None, checkpoints: CheckpointManager
    ) -> tuple[RunState, Reason]:
        experiment, model = self.run.experiment, ready.steps.graphs.model
        pages = PagesFirst(self.settings.home)
        with _timed(self.seconds, "fit"), closing(pages), closing(self._beside):
            result = train(
                experiment,
                ready.prepared,
                model,
                self._recorder,
                self._must_stop,
                resumed,
                checkpoints,
                ready.steps,
                HoldingStill(pages.left),
            )
        self.log.environment({"path": result.path})
        if result.final is not None:
            self._recorder.on_progress(Progress("evaluating", len(result.epochs), experiment.epochs))
            self._keep(model, result)
            result.final.restore(model)
            with _timed(self.seconds, "evaluate"):
                self._evaluate(ready.steps.graphs, ready.prepared)
        return result.state, self._reason(result)

    def tidy(self, reason: Reason) -> None:
        """Remove the checkpoint of a run whose end is recorded, if nobody can need it any more."""
        if self.best_epoch is None and reason.code != "not_a_number":
            return
        try:
            self.artifacts.remove(self.run.id, artifact_names.CHECKPOINT)
        except StorageError:
            # It is known to be superfluous by what is recorded, and goes with the run.
            logger.warning("the checkpoint of run %s could not be removed", self.run.id, exc_info=True)

    def timing(self) -> Timing:
        """What it took so far."""
        return Timing(**self.seconds, peak_mb=peak_megabytes())

    def _must_stop(self) -> bool:
        return self.limit.reached() or self.log.stop_requested()

    def _reason(self, result: TrainResult) -> Reason:
        """Why the training ended; it asks whether to stop, and not why."""
        if result.reason.code != "stopped_by_user" or not self.limit.was_reached:
            return result.reason
        done, minutes = len(result.epochs), round(self.limit.minutes)
        if done > len(self.run.epochs):
            return Reason("time_limit", {"epoch": done, "minutes": minutes})
        return Reason("time_limit_no_epoch", {"epoch": done + 1, "minutes": minutes})

    def _stop_if_requested(self) -> None:
        if self.log.stop_requested():
            raise _StopRequested

    def _open(self, experiment: Experiment) -> ImageDataset | TextDataset:
        on_progress = Throttled(self._recorder.on_progress)
        stop_requested = PolledStop(self.log.stop_requested)

        def fetched(progress: FetchProgress) -> None:
            if stop_requested():
                raise _StopRequested
            megabytes = Progress(
                "fetching",
                epochs=experiment.epochs,
                batch=progress.done_bytes // 1_000_000,
                batches=progress.total_bytes // 1_000_000,
            )
            on_progress(megabytes)

        self._recorder.on_progress(Progress("preparing", epochs=experiment.epochs))
        return open_dataset(experiment.dataset, self.settings, progress=fetched)

    def _prepare(self, experiment: Experiment, dataset: ImageDataset | TextDataset) -> Prepared:
        self._stop_if_requested()
        prepared = prepare(experiment, dataset)
        if prepared.labels_val is not None:
            rows, labels = prepared.val_rows[:MOST_PREDICTED], prepared.labels_val[:MOST_PREDICTED]
            self.artifacts.save_array(self.run.id, artifact_names.PREDICTED_ROWS, rows.astype(np.int64))
            self.artifacts.save_array(self.run.id, artifact_names.PREDICTED_LABELS, labels)
            counts = np.bincount(prepared.labels_val, minlength=experiment.facts.classes).tolist()
            self.log.environment({VALIDATION_COUNTS: counts})
        self._watch(prepared)
        return prepared

    def _take_over(self, model: keras.Model) -> ResumeState | None:
        """Bring the model into the state in which the run that this one continues ended or was broken off."""
        if not self.run.continues:
            return None
        before = self._before()
        point = resume_file(before, self.artifacts)
        if point is None and self._took_over(before):
            return None  # all epochs come again as they were
        try:
            checkpointed = point == artifact_names.CHECKPOINT
            taken = (self._from_checkpoint if checkpointed else self._from_whole_networks)(model, before)
            self._take_over_files(before.id, taken.epochs)
        except ArtifactMissingError:
            self._before()  # that it is gone is why
            raise
        # What the database did not know yet when the other run was broken off.
        for epoch in taken.epochs[len(self.run.epochs) :]:
            self.log.epoch(epoch)
        return taken

    def _before(self) -> Run:
        """The run that this one continues, or of those that came to nothing one after the other the one before them."""
        found = self._stored(self.run.continues)
        while self._took_over(found) and found.continues and not resume_file(found, self.artifacts):
            found = self._stored(found.continues)
        return found

    def _stored(self, run: str) -> Run:
        try:
            return patiently(lambda: self.store.get(run))
        except UnknownRunError as error:
            raise RunError("run_before_deleted", run=run) from error

    def _took_over(self, before: Run) -> bool:
        """Whether this run is there to bring another one to its end that was broken off."""
        return before.experiment == self.run.experiment

    def _from_checkpoint(self, model: keras.Model, before: Run) -> ResumeState:
        checkpoint = read_checkpoint(self.artifacts, before.id, before.experiment.digest)
        about, same = checkpoint.about, before.experiment == self.run.experiment
        partial = best = None
        number = len(about.epochs)
        try:
            if checkpoint.within is not None:
                inside = ModelState(number, checkpoint.within)
                inside.restore(model)
                partial = PartialEpoch(about.batch, about.seconds, inside, checkpoint.sums)
            if checkpoint.best is not None:
                best = ModelState(about.best_epoch, checkpoint.best)
                best.restore(model)
            ModelState(number, checkpoint.last).restore(model)
        except ValueError as error:  # as many variables and of these shapes it has not
            raise StorageError("checkpoint_other_experiment", run=before.id) from error
        known = self.run.epochs
        # Of a shared training the database may know more epochs than the checkpoint, timed in another process.
        if any(
            replace(one, seconds=two.seconds) != two for one, two in zip(about.epochs, known, strict=False)
        ):
            raise StorageError("checkpoint_other_experiment", run=before.id)
        return ResumeState(about.epochs, best, same, partial)

    def _from_whole_networks(self, model: keras.Model, before: Run) -> ResumeState:
        epochs = self.run.epochs
        with self.artifacts.fetch_model(before.id, artifact_names.BEST) as path:
            model.load_weights(path)
        best = ModelState.take(model, before.best_epoch or len(epochs))
        with self.artifacts.fetch_model(before.id, artifact_names.LAST) as path:
            model.load_weights(path)
        restore_seed_states(model, self.artifacts.load_array(before.id, artifact_names.LAST_SEEDS))
        return ResumeState(epochs, best, same=before.experiment == self.run.experiment)

    def _take_over_files(self, before: str, epochs: Sequence[Epoch]) -> None:
        """Copy what another run kept of its epochs; what is damaged is left out, for no training needs it."""
        for epoch in epochs:
            for name in (artifact_names.predictions(epoch.number), artifact_names.watched(epoch.number)):
                if self.artifacts.exists(before, name):
                    with _without_damaged(before):
                        self.artifacts.save_array(self.run.id, name, self.artifacts.load_array(before, name))
        with _without_damaged(before):
            self._weights.take_over(before, len(epochs))

    def _evaluate(self, graphs: Graphs, prepared: Prepared) -> None:
        evaluated = Evaluator(graphs.model, prepared.x_test, prepared.y_test, graphs=graphs)()
        classes = self.run.experiment.facts.classes
        matrix = confusion_matrix(prepared.labels_test, predicted_classes(evaluated.probabilities), classes)
        self.artifacts.save_array(self.run.id, artifact_names.TEST_PROBABILITIES, evaluated.probabilities)
        self.log.evaluation(
            Evaluation(
                loss=evaluated.loss,
                accuracy=evaluated.accuracy,
                matrix=tuple(tuple(int(count) for count in row) for row in matrix),
            )
        )

    def _keep(self, model: keras.Model, result: TrainResult) -> None:
        """Write the best and the last network, with their optimizer, so that both can be used and continued."""
        for name, state in ((artifact_names.LAST, result.last), (artifact_names.BEST, result.best)):
            if state is None:
                continue
            state.restore(model)
            if name == artifact_names.LAST:
                self.artifacts.save_array(self.run.id, artifact_names.LAST_SEEDS, seed_states(model))
            with tempfile.TemporaryDirectory(prefix="turning-point-") as folder:
                path = Path(folder) / name
                model.save(path)
                self.artifacts.put_file(self.run.id, name, path)
        self.best_epoch, self.learned = result.best_epoch, len(result.epochs)
