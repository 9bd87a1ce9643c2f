"""A run that is under way: curves that move while no script runs for it, and the button that ends it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from core.analysis.loss_axis import Scale
from core.recorded import is_recorded
from core.run import Run, RunState
from dashboard.live.loss_scale import SCALE, keep_scale, kept_scale, scale_words
from dashboard.live.prediction import is_asked_for, show_prediction
from dashboard.live.replay import Speed, Start, replay_data
from dashboard.live.run_json import run_json
from dashboard.shared import browser, services
from dashboard.shared.charts import colours
from dashboard.shared.charts.template import chart_config
from dashboard.shared.ending import is_of_a_student, may_end, stop_run
from dashboard.shared.language import Language
from dashboard.shared.presenting import screen
from dashboard.shared.recorded_runs import recorded_on
from dashboard.shared.trouble import Refusal
from dashboard.shared.viewer import not_yours

# Plotly puts its own style sheet into the document's head, out of reach of a shadow root.
_component = browser.register(Path(__file__).parent, isolate_styles=False)

#: How an engine is that does not start what waits.
_ENGINES = ("starting", "no_scheduler", "no_workers", "absent", "failed")
#: What the server may answer instead of a run while storage does not answer, or with it if nothing can be written.
_TROUBLES = ("database_away", "database_unavailable", "disk_full", "home_deleted")
_PHASES = ("fetching", "preparing", "compiling", "evaluating")
_WORDS = (
    "batch", "best_accuracy", "best_loss", "chart", "highest_accuracy", "hours", "left", "loss_now",
    "lowest_loss", "minutes", "no_answer", "no_chart", "no_epoch", "no_progress", "no_sign_of_life", "of",
    "position", "progress", "said", "said_validation", "scheduler_away", "seconds", "shared", "starts", "stopping",
    "predicted", "since", "turned_accuracy", "turned_loss",
)  # fmt: skip
_REFUSED = Refusal("stop-refused")


def live_data(
    run: Run,
    t: Language,
    *,
    scale: Scale = "linear",
    hidden: bool = False,
    start: Start = "end",
    speed: Speed = "1",
) -> dict[str, Any]:
    """All that the browser needs: the run so far, words, colours, addresses, and how it is replayed once it is over.

    `hidden`: without the chart.
    """
    words: dict[str, Any] = {name: t(f"live.{name}") for name in _WORDS}
    words.update(
        {name: t(f"curve.{name}") for name in ("training", "validation", "loss", "accuracy", "epoch")}
    )
    words["states"] = {state.value: t(f"state.{state.value}") for state in RunState}
    words["states"]["replay"] = t("replay.state.recorded" if is_recorded(run.id) else "replay.state")
    # How a failure came about is for the page to say, with what can be done about it.
    good = run.state in (RunState.FINISHED, RunState.STOPPED)
    words["ended"] = t.reason(run.reason, plain=True) if good else ""
    if is_recorded(run.id):  # wherever its curves stand, also alone
        words["states"][run.state.value] = t("recorded.state")
        words["ended"] = t(
            "recorded.short", date=recorded_on(run), keras=str(run.environment.get("keras", "?"))
        )
    words["engine"] = {state: t(f"live.engine_{state}") for state in _ENGINES}
    words["troubles"] = {code: t(f"live.{code}") for code in _TROUBLES}
    words |= {"cut": t("axis.cut"), **scale_words(t)}
    words["phases"] = {phase: t(f"phase.{phase}") for phase in _PHASES}
    return {
        "run": run_json(run),
        "words": words,
        "scale": scale,
        "language": t.code,
        "plotly": browser.PLOTLY,
        "config": chart_config(t, name=f"run-{run.id}"),
        "colours": colours.BY_NAME,
        "validation": run.experiment.validation_size > 0 and not run.is_covered,
        "hidden": hidden,
        "replay": None if hidden else replay_data(run, t, start=start, speed=speed),
    }


def show_replay(run: Run, t: Language, *, key: str, start: Start) -> None:
    """Show a run that is over once more as if it were live: before its first epoch, playing at once, or at its end.

    The reader plays, pauses, steps and chooses another speed. What is covered in `run` does not reach the browser.
    """
    _show(run, t, key=key, addressed=False, start=start, speed="ten")


def _show(
    run: Run,
    t: Language,
    *,
    key: str,
    addressed: bool,
    hidden: bool = False,
    start: Start = "end",
    speed: Speed = "1",
) -> None:
    scale = kept_scale(addressed=addressed)
    key = f"live-{key}"  # by which the style sheet knows its place, too
    # When the run has ended, the browser asks for one run of the page's script, for which Streamlit wants a callback.
    data, now = live_data(run, t, scale=scale, hidden=hidden, start=start, speed=speed), screen()
    if now is not None:
        data["screen"] = {"font": now.font, "height": now.figure}
    _component(
        data=data,
        key=key,
        on_over_change=lambda: None,
        on_scale_change=partial(keep_scale, key, addressed=addressed),
    )


def show_live(run_id: str, t: Language, *, addressed: bool = False) -> Run:
    """Show a run's live curves, of whatever state, with a Stop button under them; returns the run as it was read.

    Of a covered run they are those of the training, on the axes on which its owner predicts the turning point; what was
    predicted stands under them from then on.

    `addressed` if the page keeps in its address how the loss axis is drawn, else the session keeps it.

    Nothing that comes and goes stands above the curves: Streamlit would mount them anew, and the reader's
    zoom would be lost. Callers must see to the same.
    """
    run = services.store().get(run_id)
    if run.epochs or not run.state.is_over:
        # Twice a second the browser fetches what is new by itself. One that keeps its key keeps its zoom.
        hidden = is_asked_for(run)
        _show(run, t, key=run_id, addressed=addressed, hidden=hidden)
        for note in SCALE.read(st.query_params)[1] if addressed else ():
            st.warning(note.said(t), icon=":material/link_off:")
        show_prediction(run, t, addressed=addressed)
    if run.follows:
        st.caption(t("live.shared.before" if run.taken_over else "live.shared.about"))
    if run.state.is_over:
        return run
    if may_end(run.owner):
        place = st.container()
        if is_of_a_student(run.owner):  # which takes a second press
            place = st.popover(t("run.stop.of_a_student"), icon=":material/stop_circle:")
            place.caption(t("run.stop.of_a_student.about"))
        # One label for waiting and running: the page is not run again when the one becomes the other.
        place.button(
            t("run.stop"),
            icon=":material/stop_circle:",
            key=f"stop-{run_id}",
            disabled=run.state is RunState.STOPPING,
            help=t("run.stop.help"),
            on_click=_stop,
            args=(run_id,),
        )
        _REFUSED.tell(t)
    else:
        st.caption(t(not_yours(run.owner)))
    return run


def _stop(run_id: str) -> None:
    with _REFUSED.kept():
        stop_run(run_id)
