"""`/run` lists all runs; `/run?run=ID` is one of them: live while it learns, then what came of it."""

from __future__ import annotations

import streamlit as st

from core.errors import UnknownRunError
from core.run import Run
from dashboard.live.live import show_live
from dashboard.run.overview import show_overview
from dashboard.run.sections import show_sections
from dashboard.shared import services
from dashboard.shared.compare_choosing import show_compare_with
from dashboard.shared.formats import moment
from dashboard.shared.language import Language, session_language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_list import change, open_run, reader_timezone, show_list
from dashboard.shared.run_words import name_of
from dashboard.shared.url_state import RUN


def _all_runs(t: Language) -> None:
    st.button(
        t("run.back"),
        key="all-runs",
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=open_run,
        args=("",),
    )


def _heading(run: Run, t: Language) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(escaped(name_of(run, t)), anchor=False, width="stretch")
        show_compare_with(run, t)
        if services.viewer().may_change(run.owner):
            with st.popover(t("run.change"), icon=":material/edit:", type="tertiary"):
                change(run.id, run.title, t, over=run.state.is_over)
    facts = [t(f"option.dataset.{run.experiment.dataset}")]
    if run.title and run.preset:
        facts.append(t(f"preset.{run.preset}.title"))
    facts += [moment(run.created, reader_timezone()), t("run.id", id=run.id)]
    st.caption(" · ".join(facts))


def _one(run_id: str, t: Language) -> None:
    _all_runs(t)
    run = services.store().get(run_id)
    with st.container():  # holds its place, so that nothing above makes the curves begin anew
        _heading(run, t)
    run = show_live(run_id, t)
    if run.state.is_over:
        show_overview(run, t)
        show_sections(run, t)


def show() -> None:
    """Lay out the page."""
    t = session_language()
    run_id = RUN.get()
    try:
        if run_id:
            _one(run_id, t)
        else:
            st.title(t("page.run.title"), anchor=False)
            show_list(t)
    except UnknownRunError:
        st.title(t("run.missing"), anchor=False)
        st.markdown(t("run.missing.about", run=escaped(run_id[:40])))


show()
