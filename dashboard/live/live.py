"""A run that is under way: its curves, its progress, and the button that ends it."""

from __future__ import annotations

import streamlit as st

from core.errors import TurningPointError
from core.run import Run, RunState
from dashboard.live.live_curves import live_curves
from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.viewer import not_yours

_REFUSED = "stop-refused"


def show_live(run_id: str, t: Language) -> Run:
    """Show a run's live curves, of whatever state, with a Stop button under them; returns the run as it was read.

    Nothing that comes and goes stands above the curves: Streamlit would mount them anew, and the reader's
    zoom would be lost. Callers must see to the same.

    Raises:
        UnknownRunError: If there is no such run.
        StorageError: If storage does not answer.
    """
    run = services.store().get(run_id)
    if run.epochs or not run.state.is_over:
        live_curves(run, t, key=f"live-{run_id}")
    if run.state.is_over:
        return run
    if services.viewer().may_change(run.owner):
        # One label for waiting and running: the page is not run again when the one becomes the other.
        st.button(
            t("run.stop"),
            icon=":material/stop_circle:",
            key=f"stop-{run_id}",
            disabled=run.state is RunState.STOPPING,
            help=t("run.stop.help"),
            on_click=_stop,
            args=(run_id,),
        )
        refused = st.session_state.pop(_REFUSED, None)
        if refused is not None:
            st.warning(t.error(refused), icon=":material/error:")
    else:
        st.caption(t(not_yours(run.owner)))
    return run


def _stop(run_id: str) -> None:
    try:
        services.store().request_stop(run_id)
    except TurningPointError as error:
        st.session_state[_REFUSED] = error
