"""A student's own place: where they sit, and the ways on from there."""

from __future__ import annotations

import streamlit as st

from dashboard.classroom.door import go_to, name_of_class
from dashboard.classroom.drawings.student import show_drawing_task
from dashboard.classroom.votes.student import show_asked
from dashboard.classroom.whereabouts import Whereabouts
from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.page_links import show_run_links
from dashboard.shared.trouble import told

_RUNS = 10


def show_seat(here: Whereabouts, t: Language) -> None:
    """Lay out the seat of whoever sits here."""
    seat, classroom = here.seat, here.classroom
    if seat is None or classroom is None:
        return
    st.title(t("class.seat.title", nickname=escaped(seat.nickname)))
    st.markdown(t("class.seat.where", classroom=name_of_class(classroom), number=seat.number))
    ballot = services.store().current_ballot(classroom.code)
    with st.container():
        if ballot is not None:
            with st.container(border=True, key="votes-seat"):
                show_asked(ballot.id, t, key="seat")
    with st.container(), told(t, level="warning"):
        show_drawing_task(seat, t)
    with st.container(horizontal=True):
        for folder, icon in (("learn", "school"), ("lab", "science"), ("run", "show_chart")):
            st.page_link(f"{folder}/page.py", label=t(f"page.{folder}.title"), icon=f":material/{icon}:")
    with told(t):
        _own_runs(classroom.code, here.viewer.owner, t)
    with st.popover(t("class.leave"), icon=":material/logout:"):
        st.markdown(t("class.leave.about"))
        if st.button(t("class.leave.press"), key="class-leave"):
            with told(t, level="warning"):
                services.store().leave(classroom.code, here.viewer.owner)
                go_to("")


def _own_runs(code: str, owner: str, t: Language) -> None:
    """The newest runs of whoever sits here, of this class; so they are found again after a browser was closed."""
    runs = services.store().summaries(classroom=code, owner=owner, limit=_RUNS)
    st.subheader(t("class.seat.runs"), anchor=False)
    if not runs:
        st.caption(t("class.seat.no_runs"))
    show_run_links(runs, t)
