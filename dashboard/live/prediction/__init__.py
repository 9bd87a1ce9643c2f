"""Predict, then reveal: axes on which the owner of a covered run says where validation loss will be lowest."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from core.analysis.loss_axis import Scale
from core.analysis.turning_point import turning_point_of
from core.disclosure import epochs_in_sight
from core.run import Run
from dashboard.live.loss_scale import keep_scale, kept_scale, scale_words
from dashboard.live.prediction.figures import prediction_and_truth
from dashboard.live.prediction.text import outcome, when_made
from dashboard.live.run_json import prediction_axes
from dashboard.shared import services
from dashboard.shared.browser import register
from dashboard.shared.chart import show_chart
from dashboard.shared.charts import colours
from dashboard.shared.language import Language, session_language
from dashboard.shared.trouble import Refusal, told

_component = register(Path(__file__).parent)

_WORDS = (
    "chart",
    "clear",
    "epoch_axis",
    "here",
    "hint",
    "loss",
    "said",
    "slider",
    "training",
    "undo",
    "unset",
)
_REFUSED = Refusal("prediction-refused")
_LIFTED = "prediction-lifted"


@dataclass(frozen=True)
class Sent:
    """What the axes sent last, from anybody's browser; the store checks it.

    Attributes:
        epoch: Where the mark stands; None if there is none yet.
        sketch: The points of the curve that was drawn, (epoch, loss).
        count: The number of the change.
    """

    epoch: int | None = None
    sketch: tuple[tuple[float, float], ...] = ()
    count: int = 0


def is_asked_for(run: Run) -> bool:
    """Whether whoever looks may predict this run now."""
    return run.is_covered and services.viewer().may_change(run.owner)


def show_prediction(run: Run, t: Language, *, addressed: bool = False) -> None:
    """What stands under the curves of a run: the axes to predict on, or what was predicted and what came of it.

    Nothing of a run that was never covered. `addressed` if the page keeps in its address how losses are drawn.
    """
    if is_asked_for(run):
        _ask(run.id, addressed=addressed)
    elif run.is_covered:
        st.info(t("prediction.of_another"), icon=":material/visibility_off:")
    elif run.prediction is not None:
        _tell(run, t)
    _REFUSED.tell(t)


def _tell(run: Run, t: Language) -> None:
    turning = turning_point_of(run)
    said, prediction = outcome(run, turning), run.prediction
    if said is None or prediction is None:
        return
    with st.container(border=True, key="prediction-outcome"):
        st.markdown(f":material/psychology_alt: {said.said(t)}")
        st.caption(when_made(run, prediction).said(t))
        if prediction.sketch and run.state.is_over:
            show_chart(
                prediction_and_truth(run.epochs, prediction, turning.loss, run.experiment.epochs, t),
                t,
                key=f"prediction-chart-{run.id}",
                alt=said.said(t).replace("**", ""),
            )


# Asking


@st.fragment
def _ask(run_id: str, *, addressed: bool) -> None:
    """The axes with the number field and both buttons; a change in here draws only this anew."""
    if st.session_state.pop(_LIFTED, False):
        st.rerun()  # the whole page: now there is much to show
    t = session_language()
    with told(t):
        run = services.store().get(run_id)
        if not run.is_covered:  # predicted or shown in another window
            st.rerun()
        st.subheader(t("prediction.title"), anchor=False)
        st.markdown(t("prediction.about"))
        if epochs_in_sight(run.experiment) < run.experiment.epochs:
            st.caption(t("prediction.stops_early", epochs=epochs_in_sight(run.experiment)))
        _axes(run, t, addressed=addressed)


def _axes(run: Run, t: Language, *, addressed: bool) -> None:
    key, field = _key(run.id), _field(run.id)
    _component(
        data=prediction_data(
            run,
            t,
            sent=sent_by(key),
            epoch=st.session_state.get(field),
            scale=kept_scale(addressed=addressed),
        ),
        key=key,
        default={"answer": None},
        on_answer_change=partial(_take_mark, run),
        on_scale_change=partial(keep_scale, key, addressed=addressed),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        epoch = st.number_input(
            t("prediction.epoch"),
            1,
            run.experiment.epochs,
            None,
            key=field,
            placeholder=t("prediction.epoch.none"),
            help=t("prediction.epoch.help"),
            width=220,
        )
        st.button(
            t("prediction.submit"),
            key=f"predict-{run.id}",
            type="primary",
            icon=":material/task_alt:",
            disabled=epoch is None,
            on_click=_predict,
            args=(run,),
        )
        st.button(
            t("prediction.show"),
            key=f"reveal-{run.id}",
            icon=":material/visibility:",
            help=t("prediction.show.help"),
            on_click=_reveal,
            args=(run,),
        )


def _key(run: str) -> str:
    return f"prediction-{run}"


def _field(run: str) -> str:
    return f"prediction-epoch-{run}"


def _take_mark(run: Run) -> None:
    """The number field follows the mark."""
    epoch = sent_by(_key(run.id)).epoch
    if epoch is not None and 1 <= epoch <= run.experiment.epochs:
        st.session_state[_field(run.id)] = epoch


def _predict(run: Run) -> None:
    epoch = st.session_state.get(_field(run.id))
    if epoch is None:
        return
    with _REFUSED.kept():
        services.store().predict(run.id, int(epoch), sent_by(_key(run.id)).sketch, owner=run.owner)
    st.session_state[_LIFTED] = True


def _reveal(run: Run) -> None:
    with _REFUSED.kept():
        services.store().reveal(run.id, owner=run.owner)
    st.session_state[_LIFTED] = True


# What the browser gets and sends


def prediction_data(
    run: Run, t: Language, *, sent: Sent, epoch: int | None, scale: Scale = "linear"
) -> dict[str, Any]:
    """All that the axes need: the training's own curve and the words; `epoch` is what the number field says."""
    return {
        "run": run.id,
        "losses": [one.loss if math.isfinite(one.loss) else None for one in run.epochs],
        "planned": run.experiment.epochs,
        "axes": prediction_axes(run),
        "scale": scale,
        "epoch": epoch,
        "count": sent.count,
        "colours": colours.BY_NAME,
        "language": t.code,
        "say": {word: t(f"prediction.axes.{word}") for word in _WORDS}
        | {"cut": t("axis.cut"), **scale_words(t)},
    }


def sent_by(key: str) -> Sent:
    """What the axes of this key sent last; may be asked before they are shown."""
    said = getattr(st.session_state.get(key), "answer", None)
    if not isinstance(said, dict):
        return Sent()
    epoch, count = said.get("epoch"), said.get("count")
    return Sent(
        epoch if isinstance(epoch, int) else None,
        _points(said.get("sketch")),
        count if isinstance(count, int) else 0,
    )


def _points(sent: object) -> tuple[tuple[float, float], ...]:
    """The points of a sketch, if these are any; whether they can be a curve the store says."""
    try:
        return tuple((float(epoch), float(loss)) for epoch, loss in sent)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        return ()
