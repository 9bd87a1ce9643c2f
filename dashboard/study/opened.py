"""A study with the runs it has now: how far it is, and which of them count. No Streamlit here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.analysis.bands import Levels
from core.run import Run, RunState
from core.storage import Store
from core.study import Member, Plan, Study

_PROGRESS = {
    RunState.QUEUED: "waiting",
    RunState.RUNNING: "running",
    RunState.STOPPING: "running",
    RunState.FINISHED: "finished",
    RunState.STOPPED: "stopped",
    RunState.FAILED: "failed",
    RunState.INTERRUPTED: "failed",
}


@dataclass(frozen=True)
class Progress:
    """How far a study is; each of its runs counts once, and again in `reused` if it was there before."""

    finished: int = 0
    running: int = 0
    waiting: int = 0
    failed: int = 0
    stopped: int = 0
    deleted: int = 0
    reused: int = 0

    @property
    def total(self) -> int:
        """All runs."""
        return self.over + self.open

    @property
    def over(self) -> int:
        """Runs to which nothing will happen any more."""
        return self.finished + self.failed + self.stopped + self.deleted

    @property
    def open(self) -> int:
        """Runs that a cancelling would end."""
        return self.running + self.waiting


def progress(study: Study, states: Mapping[str, RunState]) -> Progress:
    """How far a study is, from the state of each of its runs that is in storage."""
    number = dict.fromkeys((*_PROGRESS.values(), "deleted"), 0)
    for run in study.runs:
        number[_PROGRESS[states[run]] if run in states else "deleted"] += 1
    return Progress(**number, reused=sum(run in study.reused for run in study.runs))


@dataclass(frozen=True)
class OpenedStudy:
    """A study, and each member of its plan with its run; None where that was deleted."""

    study: Study
    members: tuple[tuple[Member, Run | None], ...]

    @property
    def plan(self) -> Plan:
        """What the study does."""
        return self.study.plan

    @property
    def runs(self) -> list[tuple[Levels, Run]]:
        """The runs there are, with their levels."""
        return [(member.levels, run) for member, run in self.members if run is not None]

    def finished(self, levels: Levels | None = None) -> list[Run]:
        """The runs that count, all or those of one level: not ones with fewer epochs than meant."""
        return [
            run
            for one, run in self.runs
            if (levels is None or levels == one) and run.state is RunState.FINISHED and run.epochs
        ]

    @property
    def states(self) -> dict[str, RunState]:
        """The state of each run there is."""
        return {run.id: run.state for _, run in self.runs}

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return progress(self.study, self.states)

    @property
    def missing(self) -> int:
        """How many runs have no result but would if trained again: not those that failed of themselves."""
        again = (RunState.STOPPED, RunState.INTERRUPTED)
        return sum(run is None or run.state in again for _, run in self.members)


def open_study(store: Store, study_id: str) -> OpenedStudy:
    """The study of this id as it is now; `UnknownStudyError` if there is none."""
    study = store.get_study(study_id)
    found = {run.id: run for run in store.get_many([run for run in study.runs if run])}
    pairs = zip(study.plan.members, study.runs, strict=True)
    return OpenedStudy(study, tuple((member, found.get(run)) for member, run in pairs))
