"""The figure of a step: each kind is shown by a function of its own, in the module of its group."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any

import streamlit as st

from core import presets
from core.experiment import Experiment
from core.recorded import is_recorded
from core.run import Run
from dashboard.learn import figure_kinds as kinds
from dashboard.learn.own_runs import OwnRuns
from dashboard.learn.parts import OWN
from dashboard.shared.language import Language
from dashboard.shared.recorded_runs import provenance


@dataclass(frozen=True)
class Scene:
    """What a figure is shown with.

    Attributes:
        lesson: Its name; `step` is the id of the step.
        real: The real data sets that the reader works with; those that are here, where the reader wants to.
        runs: Those that names of runs lead to.
        titles: The title of each step that a run may have been begun in, by "LESSON.STEP".
        said: What has been said of recorded runs already.
    """

    t: Language
    lesson: str
    step: str
    real: Collection[str]
    runs: OwnRuns
    titles: Mapping[str, str]
    said: list[str] = field(default_factory=list)

    def key(self, part: str) -> str:
        """The key of a widget of the figure."""
        return f"lesson-{self.lesson}-{self.step}-{part}"

    def dataset(self, figure: kinds.OfData) -> str:
        """The data set to show."""
        return figure.real if figure.real is not None and figure.real in self.real else figure.dataset

    def preset(self, figure: kinds.OfPreset) -> str:
        """The preset to show."""
        real = figure.real
        return real if real is not None and self.works_with(presets.load(real)) else figure.preset

    def works_with(self, experiment: Experiment) -> bool:
        """Whether the reader works with the real data of an experiment."""
        return experiment.dataset in self.real

    def run(self, figure: kinds.OfRun, *, sealed: bool = False) -> Run | None:
        """The run to show; None if there is none that may be seen, and then it has been said.

        `sealed`: whether its test result is shown.
        """
        run = self.runs.named(figure.run)
        if run is None and figure.otherwise is not None:
            run = self.runs.named(figure.otherwise)
        return self.seen(run, figure.run, sealed=sealed)

    def seen(self, run: Run | None, name: str, *, sealed: bool = False) -> Run | None:
        """A run that was found, if it may be seen; else None, after saying why."""
        if run is None:
            place = self.runs.full(name.removeprefix(OWN))
            if name.startswith(OWN) and place in self.titles:
                st.info(
                    self.t("learn.figure.train_first", step=self.titles[place]),
                    icon=":material/hourglass_empty:",
                )
            else:
                st.info(self.t("learn.figure.no_run"), icon=":material/hourglass_empty:")
            return None
        if run.is_covered:
            st.info(self.t("learn.figure.covered"), icon=":material/visibility_off:")
            return None
        if sealed and run.is_sealed:
            st.info(self.t("learn.figure.sealed"), icon=":material/lock:")
            return None
        if is_recorded(run.id):
            said = f":material/history: {provenance(run, self.t)}"
            if said not in self.said:  # once, of several that were recorded alike
                self.said.append(said)
                st.caption(said)
        return run


Values = Mapping[str, float]
"""What the controls of a figure lead to."""


@singledispatch
def show_figure(figure: Any, scene: Scene) -> Values:
    """Show the figure of a step; gives the values that a check may look at."""
    raise TypeError(f"no way to show {type(figure).__name__}")
