"""Trainings as the lessons' steps begin them, each carried out once however many claims ask for it.

Files of tests that run in several processes share what is trained by the home of their laboratories.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from core.analysis.turning_point import turning_point_of
from core.experiment import Experiment
from core.experiment.changes import changed
from core.run import Run
from core.settings import Settings
from core.storage import Store, open_store
from dashboard.learn import lesson as lessons
from dashboard.learn.action_kinds import TrainAction

#: The seed that the presets have, and so every reader's first training.
SEED = 777
#: Those with which a lesson's sentences are tried; the others where time does not matter.
SEEDS = [SEED, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in (1, 2, 3, 4))]


def experiment_of(place: str, **changes: Any) -> Experiment:
    """What the step "LESSON.STEP" trains on the bundled data, with changes by path (dots as "__")."""
    name, step = place.split(".")
    action = lessons.lesson(name, "en").step(step).action
    assert isinstance(action, TrainAction), place
    return changed(action.experiment(), {path.replace("__", "."): value for path, value in changes.items()})


@dataclass
class Lab:
    """Where trainings are carried out and remembered. `seed` is that of those that name none."""

    settings: Settings
    store: Store
    seed: int = SEED
    _done: dict[Experiment, Run] = field(default_factory=dict)

    def with_seed(self, seed: int) -> Lab:
        """The same laboratory, where another seed is used."""
        return Lab(self.settings, self.store, seed, self._done)

    def run(self, place: str, **changes: Any) -> Run:
        """The finished run of a step."""
        return self.trained(experiment_of(place, **{"seed": self.seed, **changes}))

    def cure(self, place: str) -> Run:
        """A new network that stops where the run of a step turned."""
        run = self.run(place)
        return self.trained(run.experiment.with_changes(epochs=turning_point_of(run).epoch))

    def trained(self, experiment: Experiment) -> Run:
        """A finished run of an experiment."""
        if experiment not in self._done:
            (run,) = self.store.finished([experiment])
            if run is None:
                from core.training.execute import execute
                from core.training.graphs import kept_graphs

                run = self.store.add(experiment, worker="test", owner="test", title="", preset="")
                kept = kept_graphs()  # as a worker does
                execute(run, self.settings, store=self.store, artifacts=self.store.artifacts, kept=kept)
            self._done[experiment] = self.store.get(run)
        return self._done[experiment]


def home_of_all(factory: pytest.TempPathFactory, name: str) -> Path:
    """A folder of this run of the tests, the same in all of its processes."""
    own = factory.getbasetemp()
    return (own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own) / name


def a_lab(home: Path) -> Iterator[Lab]:
    """A laboratory in a home that may have trainings already."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TURNING_POINT_HOME", str(home))
        settings = Settings.from_environment()
    settings.make_home()
    with closing(open_store(settings)) as store:
        yield Lab(settings, store)
