"""Figures of steps that show runs: the reader's own or recorded ones."""

from __future__ import annotations

from dashboard.learn import figure_kinds as kinds
from dashboard.learn.figures import Scene, Values, show_figure
from dashboard.live.live_curves import show_curves


@show_figure.register
def _curves(figure: kinds.CurvesFigure, scene: Scene) -> Values:
    run = scene.run(figure)
    if run is not None:
        show_curves(run, scene.t, key=scene.key("curves"))
    return {}
