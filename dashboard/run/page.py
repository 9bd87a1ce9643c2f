"""`/run` lists all runs; `/run?run=ID` is one of them: live while it learns, then what came of it."""

from __future__ import annotations

import streamlit as st

from core.errors import TurningPointError, UnknownRunError
from core.run import Run
from dashboard.live.live import show_live
from dashboard.run.result import show_result
from dashboard.shared import run_words as decide
from dashboard.shared import services
from dashboard.shared.compare_choosing import show_compare_with
from dashboard.shared.language import Language, session_language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_list import change, open_run, reader_timezone, show_list
from dashboard.shared.trouble import tell


def _all_runs(say: Language) -> None:
    st.button(
        say("run.back"),
        key="all-runs",
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=open_run,
        args=("",),
    )


def _heading(run: Run, say: Language) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(escaped(decide.name_of(run, say)), anchor=False, width="stretch")
        show_compare_with(run, say)
        if services.viewer().may_change(run.owner):
            with st.popover(say("run.change"), icon=":material/edit:", type="tertiary"):
                change(run.id, run.title, say, over=run.state.is_over)
    facts = [say(f"option.dataset.{run.experiment.dataset}")]
    if run.title and run.preset:
        facts.append(say(f"preset.{run.preset}.title"))
    facts += [decide.moment(run.created, reader_timezone()), say("run.id", id=run.id)]
    st.caption(" · ".join(facts))


def _one(run_id: str, say: Language) -> None:
    _all_runs(say)
    run = services.store().get(run_id)
    with st.container():  # holds its place, so that nothing above makes the curves begin anew
        _heading(run, say)
    run = show_live(run_id, say)
    if run.state.is_over:
        show_result(run, say)


def show() -> None:
    """Lay out the page."""
    say = session_language()
    run_id = st.query_params.get("run", "")
    try:
        if run_id:
            _one(run_id, say)
        else:
            st.title(say("page.run.title"), anchor=False)
            show_list(say)
    except UnknownRunError:
        st.title(say("run.missing"), anchor=False)
        st.markdown(say("run.missing.about", run=escaped(run_id[:40])))
    except TurningPointError as error:
        tell(error, say)


show()
