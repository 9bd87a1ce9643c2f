"""What the page of the lessons decides. No Streamlit."""

from __future__ import annotations

from core import presets
from dashboard.learn import figure_kinds
from dashboard.learn.action_kinds import Real
from dashboard.learn.lesson import Lesson, Step
from dashboard.learn.parts import OWN


def real_datasets(found: Lesson) -> tuple[str, ...]:
    """The real data sets that steps of a lesson may work with instead of the bundled ones, each once."""
    return tuple(dict.fromkeys(name for step in found.steps for name in _of_step(step)))


def repeats(step: Step, trained: bool) -> bool:
    """Whether the figure of a step would only repeat the curves of what was `trained` in it, which stand below."""
    return (
        trained
        and isinstance(step.figure, figure_kinds.CurvesFigure)
        and step.figure.run == f"{OWN}{step.id}"
    )


def _of_step(step: Step) -> list[str]:
    found = []
    if isinstance(step.figure, figure_kinds.OfData) and step.figure.real is not None:
        found.append(step.figure.real)
    if isinstance(step.figure, figure_kinds.OfPreset) and step.figure.real is not None:
        found.append(presets.load(step.figure.real).dataset)
    real = getattr(step.action, "real", None)
    if isinstance(real, Real):
        found.append(presets.load(real.preset).dataset)
    return found
