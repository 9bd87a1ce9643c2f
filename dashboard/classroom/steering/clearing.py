"""The runs of a class as a whole: stopped at once, or deleted with all votes."""

from __future__ import annotations

import streamlit as st

from core.classroom import Classroom
from core.storage.store import clear_class, delete_all
from dashboard.classroom.steering.change import attempt
from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.trouble import told

_CLEARED, _ENDING = "class-cleared", "class-ending"
_PAUSE = 2.0  # seconds between two looks at what is still ending


def show_clearing(classroom: Classroom, t: Language) -> None:
    """How many runs and votes there are, and the two ways to end them, each with a second press."""
    store, teacher = services.store(), services.owner()
    over, active = store.class_runs(classroom.code, teacher=teacher)
    votes = store.count_ballots(classroom.code)
    st.markdown(t("steer.runs.count", runs=len(over) + len(active), active=len(active), votes=votes))
    _tell_cleared(t)
    with st.container(horizontal=True):
        if active:
            with st.popover(t("steer.stop"), icon=":material/stop_circle:"):
                st.markdown(t("steer.stop.about", active=len(active)))
                st.button(
                    t("steer.stop.press", active=len(active)),
                    key="steer-stop",
                    type="primary",
                    on_click=_stop,
                    args=(classroom.code,),
                )
        if over or active or votes:
            with st.popover(t("steer.clear"), icon=":material/delete_sweep:"):
                st.markdown(t("steer.clear.about", runs=len(over) + len(active), votes=votes))
                sure = st.checkbox(t("steer.clear.sure"), key="steer-clear-sure")
                st.button(
                    t("steer.clear.press", runs=len(over) + len(active), votes=votes),
                    key="steer-clear",
                    type="primary",
                    disabled=not sure,
                    on_click=_clear,
                    args=(classroom.code,),
                )
    st.caption(t("steer.runs.one"))


def _stop(code: str) -> None:
    attempt(lambda: services.store().stop_runs(code, teacher=services.owner()))


def _clear(code: str) -> None:
    def clear() -> None:
        deleted, ending = clear_class(services.store(), code, teacher=services.owner())
        st.session_state[_CLEARED], st.session_state[_ENDING] = deleted, (code, ending)

    st.session_state["steer-clear-sure"] = False
    attempt(clear)


def _tell_cleared(t: Language) -> None:
    """What was deleted; and what was still ending goes as soon as it has ended, as long as this page is looked at."""
    if _CLEARED not in st.session_state:
        return
    code, ending = st.session_state[_ENDING]
    if ending:
        st.info(t("steer.clear.ending", ending=len(ending)), icon=":material/hourglass_empty:")
        st.fragment(_clear_rest, run_every=_PAUSE)(code, t)
        return
    st.success(t("steer.clear.done", deleted=st.session_state.pop(_CLEARED)), icon=":material/check:")


def _clear_rest(code: str, t: Language) -> None:
    with told(t, level="warning"):
        store = services.store()
        over, active = store.class_runs(code, teacher=services.owner())
        wanted = st.session_state[_ENDING][1]
        gone = [run for run in wanted if run in over]
        if not gone and any(run in active for run in wanted):
            return
        st.session_state[_CLEARED] = st.session_state.get(_CLEARED, 0) + delete_all(store, gone)
        st.session_state[_ENDING] = code, [run for run in wanted if run in active]
        st.rerun()
