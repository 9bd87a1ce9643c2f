"""Run and its parts: plain frozen records that storage keeps and pages show."""

from __future__ import annotations

import math
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.experiment import Experiment
from core.sentences import filled


class RunState(StrEnum):
    """Where a run stands. A run moves forward only; the last four states are final."""

    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def is_over(self) -> bool:
        """Whether nothing will happen to the run any more."""
        return self in FINAL


FINAL = frozenset({RunState.FINISHED, RunState.STOPPED, RunState.FAILED, RunState.INTERRUPTED})
ACTIVE = frozenset(RunState) - FINAL

# No 0/o, 1/i/l: they look alike on a projector. 31 ** 10 ids: 49 bits of chance.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,31}")


def new_run_id() -> str:
    """Ten characters drawn by the operating system's generator: short enough to read out, too long to be guessed."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(10))


def is_run_id(text: str) -> bool:
    """Whether a run could have this id, safe in a link and as the name of a folder."""
    return _ID.fullmatch(text) is not None


@dataclass(frozen=True)
class Reason:
    """Why a run is in its state, as a code that the language files put into words ("reason.CODE")."""

    code: str  # a key of `REASONS`
    #: what the sentence names; plain strings and numbers
    details: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return filled(REASONS[self.code], self.details)


#: The English sentences; other languages hold theirs under "reason.CODE".
REASONS: dict[str, str] = {
    "waiting": "Waiting for a free worker.",
    "training": "The network is learning.",
    "stop_requested": "Asked to stop; it ends after the current step.",
    "all_epochs": "{epochs:The only epoch was|All # epochs were} trained.",
    "early_stopping": (
        "EarlyStopping ended it after epoch {epoch}: {monitor} had not improved for {patience} "
        "{patience:epoch|epochs}."
    ),
    "stopped_by_user": "Stopped on request after epoch {epoch}.",
    "time_limit": (
        "Stopped after epoch {epoch}: one run may take {minutes} {minutes:minute|minutes} here. What it "
        "learned was kept; go on from there."
    ),
    "time_limit_no_epoch": (
        "Epoch {epoch} was not finished within the {minutes} {minutes:minute|minutes} that one run may take "
        "here. Train with fewer samples or a smaller network."
    ),
    "left_shared": (
        "Stopped on request after epoch {epoch}. Its training was shared with another run of the same experiment and "
        "goes on there, so no network was kept for this one. Train it once more to get one."
    ),
    "removed_from_queue": "Taken out of the queue before it began.",
    "not_a_number": (
        "The loss was no longer a number in epoch {epoch}, batch {batch}: the steps were too large. "
        "Try a smaller learning rate."
    ),
    "out_of_memory": ("The worker ran out of memory. Use a smaller batch, fewer units or fewer filters."),
    "worker_died": (
        "The worker process ended unexpectedly in epoch {epoch}. Go on from its last checkpoint, or start the run "
        "again."
    ),
    "server_ended": "The server was stopped before this run ended (state: {state}). Every epoch up to then was kept.",
    "disk_full": (
        "There was no room on the disk with {folder}: {free} MB {free:was|were} free, and {needed} MB "
        "{needed:was|were} needed. Every epoch up to then was kept. Delete something there, then go on from "
        "there or start the run again."
    ),
    "database_lost": (
        "The database did not answer for {seconds} {seconds:second|seconds}, so the training was given up. "
        "Every epoch that was written down has been kept. Once the database answers again, go on from there "
        "or start the run again."
    ),
    "engine_died": (
        "The engine, the process that carries out trainings, died while this run was under way (state: "
        "{state}): it was killed, it crashed, or the computer went off. Every epoch up to then was kept. "
        "Go on from there, or start the run again."
    ),
    "program_died": (
        "The program on the computer {host} that trained it has given no sign of life for {seconds} "
        "{seconds:second|seconds} (state: {state}). Every epoch up to then was kept. Go on from there, or "
        "start the run again."
    ),
    "no_sign_of_life": (
        "The process that trained it has given no sign of life for {seconds} {seconds:second|seconds} "
        "(state: {state}): its computer may be off, or cut off from the database. Every epoch up to then was "
        "kept. Go on from there, or start the run again."
    ),
    "scheduler_lost": (
        "The scheduler of the cluster was lost, and the worker with it (state: {state}). "
        "Every epoch up to then was kept. Go on from there, or start the run again."
    ),
    "ended_covered": (
        "The training is over. After how many epochs is covered as well, for EarlyStopping goes by validation."
    ),
    "error": "It ended with an error: {message}",
}


@dataclass(frozen=True)
class Epoch:
    """What was recorded of one epoch."""

    number: int  # from 1
    loss: float  # mean training loss of the epoch's batches, penalties included, as `fit` reports it
    accuracy: float  # share of training samples classified rightly while learning, 0 to 1
    val_loss: float | None  # loss on the validation samples after the epoch; None without a validation set
    val_accuracy: float | None  # accuracy on them, 0 to 1; None without a validation set
    learning_rate: float  # the learning rate used in this epoch
    seconds: float  # how long the epoch took, validation included


@dataclass(frozen=True)
class Progress:
    """How far a run has come inside an epoch; overwritten at most four times a second."""

    phase: str  # "fetching", "preparing", "compiling", "training", "evaluating"
    epoch: int = 0  # the epoch under way, from 1; 0 before the first
    epochs: int = 0  # of how many
    batch: int = 0  # batches done in this epoch
    batches: int = 0  # of how many
    loss: float | None = None  # mean loss over this epoch's batches so far; None before the first
    accuracy: float | None = None  # the same for accuracy
    eta_seconds: float | None = None  # estimated seconds to the end of training; None while unknown


@dataclass(frozen=True)
class Evaluation:
    """The final judgement on the test set, of the network as it was at the end."""

    loss: float  # mean test loss
    accuracy: float  # share of test samples classified rightly, 0 to 1
    matrix: tuple[tuple[int, ...], ...]  # confusion matrix, counts: `matrix[true][predicted]`

    @property
    def samples(self) -> int:
        """How many test samples there were."""
        return sum(map(sum, self.matrix))

    @property
    def right(self) -> int:
        """How many of them were classified rightly."""
        return sum(row[label] for label, row in enumerate(self.matrix))


@dataclass(frozen=True)
class Timing:
    """Seconds a run spent and the most memory its process held."""

    prepare: float  # loading, splitting, encoding, scaling, building
    #: training with validation, and what compiling took longer than the data, beside which it is done
    fit: float
    evaluate: float  # the test set
    peak_mb: float  # largest resident memory of the process, in 10**6 bytes


@dataclass(frozen=True)
class Prediction:
    """What the owner of a covered run said of its validation loss before seeing it."""

    epoch: int  # where it would be lowest, from 1
    sketch: tuple[
        tuple[float, float], ...
    ]  # the curve as it was drawn: (epoch, loss), epochs rising; () without
    when: datetime  # UTC
    epochs_seen: int  # how many epochs of the training's own curve could be seen by then


@dataclass(frozen=True)
class Opening:
    """How the sealed test result of a run was opened."""

    #: how many sealed test results on this data set its owner had opened by then, this one included
    looks: int
    epoch: (
        int | None
    )  # the epoch that the owner had settled on by validation; None: the design as it was trained
    when: datetime  # UTC


class _Shown:
    """What is shown of a run: all of it, but for what is covered and what is sealed (`core.disclosure`)."""

    covered: bool
    revealed: datetime | None
    sealed: bool
    opening: Opening | None

    @property
    def is_covered(self) -> bool:
        """Whether nothing that validation or test showed may be seen yet."""
        return self.covered and self.revealed is None

    @property
    def is_sealed(self) -> bool:
        """Whether nothing that the test showed may be seen yet, by its own seal."""
        return self.sealed and self.opening is None


@dataclass(frozen=True)
class Run(_Shown):
    """One training of one experiment, as far as storage knows it."""

    id: str  # short, unguessable, safe in a link
    experiment: Experiment
    state: RunState
    reason: Reason
    title: str  # what the owner calls it; "" if nothing
    preset: str  # the preset it began from; "" if none
    owner: str  # who started it: an opaque code for one browser, or "cli"
    continues: str  # the run whose weights and first epochs it took over; "" if none
    created: datetime  # when it was queued (UTC)
    started: datetime | None  # when a worker took it; None before
    ended: datetime | None  # when it reached a final state; None before
    epochs: tuple[Epoch, ...] = ()  # what was recorded so far, in order
    progress: Progress | None = None  # how far the current epoch is; None before the start and after the end
    evaluation: Evaluation | None = None  # the test result; None until there is one
    timing: Timing | None = None  # None until the end
    best_epoch: int | None = None  # the epoch whose weights are kept as "best"; None until the end
    #: what the result may also depend on: versions, threads, path of training; and how often each class
    #: occurs among its validation samples
    environment: dict[str, Any] = field(default_factory=dict)
    position: int | None = None  # place in the queue from 1; None if it is not waiting
    #: the last sign of life of whoever carries it out (UTC); None before the start
    heartbeat: datetime | None = None
    progressed: datetime | None = None  # when it last came further (UTC); None before the start
    lesson: str = ""  # in which step of a lesson it was begun, as "LESSON.STEP"; "" elsewhere
    covered: bool = False  # whether what validation showed is covered until `revealed`
    prediction: Prediction | None = None  # what its owner predicted; None without a prediction
    revealed: datetime | None = None  # when the cover was lifted (UTC)
    sealed: bool = False  # whether the test result is sealed until there is an `opening`
    opening: Opening | None = None  # how the test result was opened; None before
    notes: dict[str, str] = field(default_factory=dict)  # what its owner wrote down
    classroom: str = ""  # the code of the class in which its owner sat when it was begun; "" in none
    follows: str = ""  # the run whose training it shares; "" if it has its own
    expected: float | None = (
        None  # seconds that it was expected to take when it was queued; None if nobody said
    )

    @property
    def taken_over(self) -> bool:
        """Whether nothing was trained for it: others had just finished an equal training when it was begun."""
        return self.follows != "" and self.started is not None and self.started == self.ended


@dataclass(frozen=True)
class RunSummary(_Shown):
    """One line of the run list: a run without its epochs, cheap to read by the thousand."""

    id: str
    experiment: Experiment
    state: RunState
    title: str  # what the owner calls it
    preset: str  # the preset it began from; "" if none
    owner: str  # who started it
    created: datetime  # when it was queued (UTC)
    epochs_done: int
    best_val_loss: float | None  # lowest validation loss so far; None without one
    best_val_accuracy: float | None  # highest validation accuracy so far; None without one
    test_accuracy: float | None  # None until evaluated
    fit_seconds: float | None  # seconds of training; None until the end
    covered: bool = False  # as of `Run`, like the following
    revealed: datetime | None = None
    sealed: bool = False
    opening: Opening | None = None
    lesson: str = ""
    classroom: str = ""
    follows: str = ""
    position: int | None = None  # as of `Run`


def best_validation(epochs: Iterable[Epoch]) -> tuple[float | None, float | None]:
    """The lowest loss and the highest accuracy of validation, as a summary has them; None where none is finite."""
    told = list(epochs)
    losses = [
        epoch.val_loss for epoch in told if epoch.val_loss is not None and math.isfinite(epoch.val_loss)
    ]
    rates = [
        one.val_accuracy for one in told if one.val_accuracy is not None and math.isfinite(one.val_accuracy)
    ]
    return min(losses, default=None), max(rates, default=None)


def summarised(run: Run) -> RunSummary:
    """The line of a run in a list; those of storage are read without its epochs."""
    loss, accuracy = best_validation(run.epochs)
    same: dict[str, Any] = {
        one.name: getattr(run, one.name) for one in fields(RunSummary) if hasattr(run, one.name)
    }
    return RunSummary(
        **same,
        epochs_done=len(run.epochs),
        best_val_loss=loss,
        best_val_accuracy=accuracy,
        test_accuracy=run.evaluation.accuracy if run.evaluation else None,
        fit_seconds=run.timing.fit if run.timing else None,
    )
