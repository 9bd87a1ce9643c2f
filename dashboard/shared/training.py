"""A training that is about to start: how long it will take, whether it may, and starting it once. No Streamlit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import ExperimentError
from core.experiment import Experiment
from core.experiment.duration import duration
from core.jobs.queue import submit, submit_study
from core.plain_text import as_title
from core.run import Run, RunState, RunSummary
from core.settings import Settings
from core.storage import Store
from core.study import Plan
from dashboard.shared import pages_under_way
from dashboard.shared.viewer import Viewer


def start_once(
    store: Store,
    experiment: Experiment,
    *,
    by: Viewer,
    preset: str = "",
    title: str = "",
    lesson: str = "",
    covered: bool = False,
    sealed: bool = False,
) -> str:
    """Queue a training, or find the one that is already under way in the same step of a lesson, or in none.

    A second press, or the same press in a second window, leads to the same run while it waits or learns.
    `Store.add` says what is covered and sealed. Returns its id.
    """
    covered = covered and experiment.validation_size > 0
    expected = outlook(experiment, past_runs(store, experiment), 0).seconds
    under_way = (RunState.QUEUED, RunState.RUNNING)
    for run in store.summaries(owner=by.owner, states=under_way, lesson=lesson):
        if run.experiment == experiment and (run.covered, run.sealed) == (covered, sealed):
            return run.id
    pages_under_way.trained.set()
    return submit(
        store,
        experiment,
        owner=by.owner,
        address=by.address,
        preset=preset,
        title=title,
        lesson=lesson,
        covered=covered,
        sealed=sealed,
        expected=expected,
    )


def starts_in(store: Store, run: Run, settings: Settings) -> float | None:
    """In how many seconds a run will begin that waits for this server's own workers; None if it does not, or who knows.

    Never less than what is expected of those before it; whoever comes later and shorter may still go first.
    """
    if run.state is not RunState.QUEUED or settings.scheduler is not None:
        return None
    return store.ahead(run.id).starts_in(settings.workers)


def wait_at_most(store: Store, settings: Settings) -> float | None:
    """In how many seconds a run that came now would begin if all that waits came first; None if that is not known."""
    return None if settings.scheduler is not None else store.ahead().starts_in(settings.workers)


def past_runs(store: Store, experiment: Experiment) -> list[RunSummary]:
    """The runs by which the speed of this computer can be judged for an experiment, the newest first."""
    finished = {RunState.FINISHED}
    found = store.summaries(dataset=experiment.dataset, states=finished, limit=_PAST)
    return found or store.summaries(states=finished, limit=_PAST)


def start_study_once(store: Store, plan: Plan, *, by: Viewer, title: str = "", preset: str = "") -> str:
    """Queue a study, or find the equal one that is under way or done.

    One of which a run failed, was stopped or deleted does not count: it would not show what this one will.
    Returns its id.
    """
    for study in store.studies(owner=by.owner):
        if study.plan == plan and study.title == as_title(title) and all(study.runs):
            runs = store.get_many(study.runs)
            if all(run.state is RunState.FINISHED or not run.state.is_over for run in runs):
                return study.id
    pages_under_way.trained.set()
    return submit_study(store, plan, owner=by.owner, address=by.address, title=title, preset=preset)


LONG_WAIT, SOON = 60.0, 15.0
"""Seconds until there are results from which on a smaller setting is offered, and that its training shall take."""
_FEWEST_EPOCHS = 5
_MUCH_SMALLER = 0.7  # of the time; what saves less is not offered
_PAST = 50  # runs that are looked through
_ALIKE = 5  # runs that this computer's speed is judged by
#: Times as slow or as fast as the estimate: more of it says something about that run only.
_MOST_DIFFERENT = 10.0
_UNSURE = 3.0  # the estimate may be wrong by this factor


@dataclass(frozen=True)
class Outlook:
    """What is known in advance about the time of a run.

    Attributes:
        seconds: About how long it takes, all epochs; early stopping can only make it shorter.
        epoch: About how long one epoch takes, in seconds.
        limit: How long one run may take, in seconds; infinite if there is no limit.
        planned: How many epochs it has.
        fitting: How many of them fit into the limit.
    """

    seconds: float
    epoch: float
    limit: float
    planned: int
    fitting: int

    @property
    def too_long(self) -> bool:
        """Whether it will probably be stopped by the limit."""
        return self.seconds > self.limit

    @property
    def minutes(self) -> int:
        """How many minutes one run may take, where that is limited."""
        return round(self.limit / 60)

    @property
    def hopeless(self) -> bool:
        """Whether not even its first epoch will end within the limit, by far."""
        return self.epoch > _UNSURE * self.limit


def outlook(experiment: Experiment, past: Sequence[RunSummary], minutes: int) -> Outlook:
    """What is to be expected of a run that may take so many minutes (0: any number).

    It is judged by finished runs of this computer, the newest first.
    """
    known, slowness = duration(experiment), _slowness(experiment, past)
    epoch = slowness * known.epoch
    limit = 60.0 * minutes if minutes else math.inf
    fitting = experiment.epochs
    if math.isfinite(limit):
        fitting = min(fitting, max(0, math.floor((limit - slowness * known.start) / epoch)))
    return Outlook(slowness * known.of(experiment.epochs), epoch, limit, experiment.epochs, fitting)


def smaller(experiment: Experiment, expected: Outlook, wait: float | None) -> dict[str, int] | None:
    """A smaller setting to offer where so much waits already that it is long until there are results; None elsewhere.

    Fewer epochs if a few of them are soon trained, else fewer training samples; what results can be trained.
    """
    if wait is None or wait + expected.seconds < LONG_WAIT or expected.seconds <= 2 * SOON:
        return None
    start = expected.seconds - expected.planned * expected.epoch
    epochs = math.floor((SOON - start) / expected.epoch)
    change = {"epochs": epochs}
    if epochs < _FEWEST_EPOCHS:
        samples = experiment.train_size * SOON / expected.seconds
        change = {"train_limit": 100 * math.floor((samples + experiment.validation_size) / 100)}
    if change.get("train_limit", 1) < 1:
        return None
    try:
        found = experiment.with_changes(**change)
    except ExperimentError:
        return None
    ratio = duration(found).of(found.epochs) / duration(experiment).of(experiment.epochs)
    return change if not found.problems and ratio < _MUCH_SMALLER else None


def _slowness(experiment: Experiment, past: Sequence[RunSummary]) -> float:
    """How many times as long as estimated runs take here; those on the same data and nearest in size say it best."""
    told = [run for run in past if run.fit_seconds and run.epochs_done]
    same = [run for run in told if _data(run.experiment) == _data(experiment)]
    size = _size(experiment)
    near = sorted(same, key=lambda run: abs(math.log(_size(run.experiment) / size)))[:_ALIKE] or told[:_ALIKE]
    if not near:
        return 1.0
    ratios = sorted((run.fit_seconds or 0.0) / duration(run.experiment).of(run.epochs_done) for run in near)
    return min(_MOST_DIFFERENT, max(1 / _MOST_DIFFERENT, ratios[len(ratios) // 2]))


def _data(experiment: Experiment) -> tuple[str, str]:
    return experiment.dataset, experiment.encoding.kind


def _size(experiment: Experiment) -> float:
    return float(max(experiment.summary.trainable, 1))
