"""Curves that move while a run is learning, without running the page's script for each update."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.run import Run, RunState
from dashboard.live.run_json import run_json
from dashboard.shared import browser
from dashboard.shared.browser import register
from dashboard.shared.charts import colours
from dashboard.shared.charts.template import chart_config
from dashboard.shared.language import Language

# Plotly puts its own style sheet into the document's head, out of reach of a shadow root.
_component = register(Path(__file__).parent, isolate_styles=False)

#: How an engine is that does not start what waits.
_ENGINES = ("starting", "no_scheduler", "no_workers", "absent", "failed")
#: What the server may answer instead of a run while storage does not answer, or with it if nothing can be written.
_TROUBLES = ("database_away", "database_unavailable", "disk_full", "home_deleted")
_PHASES = ("fetching", "preparing", "compiling", "evaluating")
_WORDS = (
    "batch",
    "best_accuracy",
    "best_loss",
    "chart",
    "highest_accuracy",
    "hours",
    "left",
    "loss_now",
    "lowest_loss",
    "minutes",
    "no_answer",
    "no_chart",
    "no_epoch",
    "no_progress",
    "no_sign_of_life",
    "of",
    "position",
    "progress",
    "said",
    "said_validation",
    "scheduler_away",
    "seconds",
    "stopping",
    "turned_accuracy",
    "turned_loss",
)


def live_curves(run: Run, t: Language, key: str) -> bool:
    """Show a run's progress and curves; the browser fetches what is new twice a second by itself.

    One that keeps its key keeps its zoom. True in the one run of the page's script that the browser asks for when
    the run has ended.
    """
    result = _component(data=live_data(run, t), key=key, on_over_change=_nothing)
    return bool(result.over)


def live_data(run: Run, t: Language) -> dict[str, Any]:
    """All that the browser needs: the run so far, words, colours, addresses."""
    words: dict[str, Any] = {name: t(f"live.{name}") for name in _WORDS}
    words.update(
        {name: t(f"curve.{name}") for name in ("training", "validation", "loss", "accuracy", "epoch")}
    )
    words["states"] = {state.value: t(f"state.{state.value}") for state in RunState}
    # How a failure came about is for the page to say, with what can be done about it.
    good = run.state in (RunState.FINISHED, RunState.STOPPED)
    words["ended"] = t.reason(run.reason, plain=True) if good else ""
    words["engine"] = {state: t(f"live.engine_{state}") for state in _ENGINES}
    words["troubles"] = {code: t(f"live.{code}") for code in _TROUBLES}
    words["phases"] = {phase: t(f"phase.{phase}") for phase in _PHASES}
    return {
        "run": run_json(run),
        "words": words,
        "language": t.code,
        "plotly": browser.PLOTLY,
        "config": chart_config(t, name=f"run-{run.id}"),
        "colours": {
            "training": colours.TRAINING,
            "validation": colours.VALIDATION,
            "turning_point": colours.TURNING_POINT,
        },
        "validation": run.experiment.validation_size > 0,
    }


def _nothing() -> None:
    """Streamlit gives a result to triggers that have a callback; the rerun itself is what we want."""
