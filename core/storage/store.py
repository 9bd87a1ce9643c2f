"""The storage interface and its contract."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from core.experiment import Experiment
from core.run import Epoch, Evaluation, Progress, Reason, Run, RunState, RunSummary, Timing
from core.study import Plan, Study


class Store(ABC):
    """Keeps runs.

    Contract, held by one test suite for every back end:

    - Every method is one transaction: after it returns the change is durable and visible to every other
      process; if it raises, nothing has changed.
    - Methods may be called from any thread and from several processes at once.
    - States only move forward. Each change of state is conditional on the state before, in one statement,
      so of two callers exactly one succeeds; the loser is told by the return value, not by an exception.
    - An epoch is recorded once; recording the same number again changes nothing. Numbers come without gaps.
    - Nothing but `delete` and `delete_study` removes anything. What was recorded of a run stays readable after
      it failed.
    - Text is kept as it came; nothing in it is ever executed.
    - Methods that name a run raise `UnknownRunError` where there is none, unless they say otherwise.
    - All times are UTC and come from the process that calls.
    """

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders of this computer that it writes to; none if everything is elsewhere."""
        return ()

    # Queueing

    @abstractmethod
    def add(
        self,
        experiment: Experiment,
        *,
        owner: str,
        title: str = "",
        preset: str = "",
        continues: str = "",
        epochs: Sequence[Epoch] = (),
        worker: str = "",
        address: str = "",
    ) -> str:
        """Queue a run and return its id.

        Args:
            experiment: What is to be trained.
            title: What the owner calls it.
            preset: The preset it began from.
            epochs: Those it takes over from that run, numbered 1, 2, 3, ...
            worker: If given, the run does not wait but is under way at once, carried out by the caller under
                this name (the command line does); no engine ever gets to see it waiting.
            address: From where it was asked for; kept only while the run waits, to be counted by.
        """

    @abstractmethod
    def claim(self, worker: str, *, again: bool = False) -> str | None:
        """Move the next queued run to running and return its id; None if nothing waits.

        Next is the oldest run of the owner with the fewest runs under way. Among several such owners it is
        the turn of the one who has been given the fewest runs while the others waited, then of the one who
        has waited longest: so owners alternate on a single worker too, however many runs one of them queues.
        Two simultaneous callers never get the same run.

        Args:
            worker: Who takes it; kept with the run.
            again: Whether the same worker has asked before and may not have heard the answer, because the database
                went away just then. A run that it was given and that nobody has begun is then given again.
        """

    @abstractmethod
    def start(self, run: str, worker: str) -> bool:
        """Move this one queued run to running, past the queue (the command line does); False if it is not queued."""

    @abstractmethod
    def request_stop(self, run: str) -> RunState:
        """Ask a run to end: a queued one becomes stopped at once, a running one stopping; return its state now."""

    @abstractmethod
    def stop_requested(self, run: str) -> bool:
        """Whether a running run should end; also True if it was deleted or is over."""

    # Recording (by the one worker that has the run)

    @abstractmethod
    def beat(self, run: str) -> None:
        """Renew the heartbeat and nothing else; does nothing if the run is gone or over."""

    @abstractmethod
    def record_progress(self, run: str, progress: Progress) -> None:
        """Overwrite the progress and renew the heartbeat; does nothing if the run is gone or over."""

    @abstractmethod
    def record_epoch(self, run: str, epoch: Epoch) -> None:
        """Append an epoch and renew the heartbeat; does nothing if the run is gone or over."""

    @abstractmethod
    def record_environment(self, run: str, environment: Mapping[str, Any]) -> None:
        """Merge into what the result may depend on: versions, threads, process id."""

    @abstractmethod
    def record_evaluation(self, run: str, evaluation: Evaluation) -> None:
        """Keep the test result."""

    @abstractmethod
    def finish(
        self,
        run: str,
        state: RunState,
        reason: Reason,
        *,
        timing: Timing | None = None,
        best_epoch: int | None = None,
    ) -> bool:
        """Move an active run to a final state; False (and no change) if it was over already or is gone."""

    @abstractmethod
    def interrupt_stale(
        self,
        reason: Reason | Callable[[str], Reason],
        *,
        older_than: float | None = None,
        workers: str = "",
    ) -> list[str]:
        """Move running and stopping runs to interrupted and return their ids.

        Args:
            reason: Why, or what gives it by the name of the run's worker; `details["state"]` is filled with the
                state the run had.
            older_than: Only those whose last heartbeat is more seconds ago; None for all.
            workers: Only those taken by a worker whose name begins with this.
        """

    # Reading

    @abstractmethod
    def get(self, run: str) -> Run:
        """The whole run."""

    @abstractmethod
    def get_many(self, runs: Sequence[str]) -> list[Run]:
        """The whole runs of those ids that there are, each once, in the order of the ids, as one moment had them.

        The number of queries does not grow with the number of runs.
        """

    @abstractmethod
    def epochs_since(self, run: str, number: int) -> tuple[Epoch, ...]:
        """The epochs after `number`, in order."""

    @abstractmethod
    def summaries(
        self,
        *,
        owner: str | None = None,
        states: Collection[RunState] | None = None,
        dataset: str | None = None,
        preset: str | None = None,
        text: str = "",
        address: str | None = None,
        limit: int = 200,
        offset: int = 0,
    ) -> list[RunSummary]:
        """The runs that fit all that is given, newest first, in at most two queries.

        Args:
            states: Only those in one of these states.
            dataset: Only those on this data set.
            preset: Only those begun from this preset.
            text: Only those whose title, preset, data set or id contains it, ignoring case and how letters are
                composed; `%` and `_` mean themselves.
            address: Only those that wait and were asked for from this address.
            offset: Leave out so many first.
        """

    @abstractmethod
    def count(self, **filters: Any) -> int:
        """How many runs `summaries` would give with these filters and no limit."""

    @abstractmethod
    def queue(self) -> list[str]:
        """The ids of the waiting runs in the order in which `claim` would give them if nothing else came."""

    @abstractmethod
    def under_way(self) -> list[str]:
        """The ids of the running and stopping runs, oldest first."""

    # Studies

    @abstractmethod
    def add_study(
        self, plan: Plan, *, owner: str, title: str = "", preset: str = "", address: str = ""
    ) -> str:
        """Queue a study and return its id.

        For a member whose experiment was finished and evaluated before, whoever's it was, that run is taken (the
        newest, if there are several); for every other one a run is queued, in the order of the members.

        Args:
            owner: Whose the study and its new runs are.
            title: What the owner calls it; the new runs are called so too, each with what tells it from the others.
            preset: The preset the base began from.
            address: From where it was asked for; see `add`.

        Raises:
            ExperimentError: If a member cannot be.
            PresetError: If the base has no setting that the plan varies.
        """

    @abstractmethod
    def finished(self, experiments: Sequence[Experiment]) -> list[str | None]:
        """For each experiment the newest run that finished it and was evaluated; None where there is none."""

    @abstractmethod
    def get_study(self, study: str) -> Study:
        """The study with the ids of its runs.

        Raises:
            UnknownStudyError: If there is none of this id.
        """

    @abstractmethod
    def studies(self, *, owner: str | None = None, limit: int = 20, offset: int = 0) -> list[Study]:
        """The studies, newest first, in at most two queries.

        Args:
            offset: Leave out so many first.
        """

    @abstractmethod
    def count_studies(self, *, owner: str | None = None) -> int:
        """How many studies `studies` would give without a limit."""

    @abstractmethod
    def delete_study(self, study: str) -> None:
        """Remove a study; its runs stay.

        Raises:
            UnknownStudyError: If there is none of this id.
        """

    # Changing what is over or only shown

    @abstractmethod
    def rename(self, run: str, title: str) -> None:
        """Give a run another title, as one plain line of at most 200 characters."""

    @abstractmethod
    def expendable(self, keep: int, *, resting: float) -> list[str]:
        """The ids of the runs to delete so that `keep` are left, those to go first in front.

        Runs without a title of their own that belong to no study go first, the others after them, each time the
        oldest first. A run stays as long as it is not over, ended less than `resting` seconds ago, or has a run
        that waits or learns and continues it.
        """

    @abstractmethod
    def delete(self, run: str) -> None:
        """Remove a run that is over, with its epochs and artifacts.

        Raises:
            RunError: If it is not over ("run_not_over"), or a run that is not over goes on from it ("run_needed").
        """

    @abstractmethod
    def close(self) -> None:
        """Give back connections; the store is not used afterwards."""
