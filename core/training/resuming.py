"""What a run has left that another one can go on from, and which run that would be. Nothing here needs Keras."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import RunError, UnknownRunError
from core.experiment import Experiment
from core.run import Epoch, Run, RunState
from core.storage import Artifacts, Store
from core.training import artifact_names
from core.training.checkpoint import read_checkpoint, read_info

_IN_ORDER = (RunState.FINISHED, RunState.STOPPED)


@dataclass(frozen=True)
class ResumePoint:
    """How far the network goes that is kept of a run."""

    run: Run  # whose files they are: the run, or the one that it was to continue if it came to nothing itself
    #: the file: `artifact_names.LAST`, or `artifact_names.CHECKPOINT` of a run that did not end in order
    name: str
    epochs: tuple[Epoch, ...]  # the complete epochs, in order from 1
    batch: int = 0  # batches done in the epoch after them

    @property
    def epoch(self) -> int:
        """The last complete epoch, or the one under way if it was begun."""
        return len(self.epochs) + (self.batch > 0)


def resume_point(run: Run, store: Store, artifacts: Artifacts) -> ResumePoint | None:
    """What is kept of a run that is over; None if nothing is. Only the head of a file is read.

    StorageError if storage does not answer, or a checkpoint is damaged or unknown; see `read_info`.
    """
    name = resume_file(run, artifacts)
    if name == artifact_names.LAST:
        return ResumePoint(run, artifact_names.LAST, run.epochs) if run.epochs else None
    if name == artifact_names.CHECKPOINT:
        about = read_info(artifacts, run.id)
        return ResumePoint(run, name, about.epochs, about.batch) if about else None
    if not run.continues:
        return None
    try:
        before = store.undisclosed(run.continues)
    except UnknownRunError:
        return None
    return resume_point(before, store, artifacts)


def resume_file(run: Run, artifacts: Artifacts) -> str | None:
    """The file of a run that is over from which another one goes on; None if there is none.

    Whole networks count once their run has said which epoch was the best; before, they may be incomplete.
    """
    if run.best_epoch is None and artifacts.exists(run.id, artifact_names.CHECKPOINT):
        return artifact_names.CHECKPOINT
    ended = run.best_epoch is not None or run.state in _IN_ORDER
    return artifact_names.LAST if ended and artifacts.exists(run.id, artifact_names.LAST) else None


def verify_files(found: ResumePoint, artifacts: Artifacts) -> None:
    """Read everything that a continuation will need, so that it is refused now and not by a worker.

    StorageError if a file is damaged, missing, or belongs to something else.
    """
    run = found.run
    if found.name == artifact_names.CHECKPOINT:
        read_checkpoint(artifacts, run.id, run.experiment.digest)
        return
    for name in (artifact_names.LAST, artifact_names.BEST):
        with artifacts.fetch_model(run.id, name):
            pass
    artifacts.load_array(run.id, artifact_names.LAST_SEEDS)


@dataclass(frozen=True)
class ResumePlan:
    """A run that goes on where another one was broken off."""

    source: Run  # the run that was broken off
    experiment: Experiment  # its experiment, all epochs of it
    continues: str  # the run whose files it begins with; "" if it begins anew, for nothing was kept
    epochs: tuple[Epoch, ...]  # the epochs it takes over


def can_be_resumed(run: Run) -> bool:
    """Whether a run is over without having come to its end, and could come to it.

    A loss that is no number comes again, since all chance comes again.
    """
    broken_off = run.state in (RunState.FAILED, RunState.INTERRUPTED, RunState.STOPPED)
    return broken_off and run.reason.code not in ("not_a_number", "removed_from_queue")


def resume_plan(run: str, store: Store, artifacts: Artifacts) -> ResumePlan:
    """What to train so that a run comes to its end after all, as if nothing had happened.

    RunError if it is not over ("run_not_over") or was not broken off ("run_ended"); errors of storage as in
    `verify_files`.
    """
    source = store.undisclosed(run)
    if not source.state.is_over:
        raise RunError("run_not_over", run=run, state=source.state.value)
    if not can_be_resumed(source):
        raise RunError("run_ended", run=run)
    found = resume_point(source, store, artifacts)
    if found is None:
        return ResumePlan(source, source.experiment, "", ())
    verify_files(found, artifacts)
    return ResumePlan(source, source.experiment, found.run.id, found.epochs)
