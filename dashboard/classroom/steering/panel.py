"""One big switch above the board, and the panel under it: a section for each thing that a teacher sets."""

from __future__ import annotations

import streamlit as st

from core.classroom import Classroom, Rules
from dashboard.classroom.steering.caps import show_caps
from dashboard.classroom.steering.change import STEERING_REFUSED, change_rules
from dashboard.classroom.steering.clearing import show_clearing
from dashboard.classroom.steering.fixing import show_fixing
from dashboard.classroom.steering.pacing import show_pacing
from dashboard.classroom.steering.text import in_force
from dashboard.shared.language import Language
from dashboard.shared.trouble import told


def show_steering(classroom: Classroom, t: Language) -> None:
    """Lay out the controls of a class that whoever looks teaches; of one that has ended only what concerns its runs."""
    st.subheader(t("steer.title"), anchor=False)
    with st.container():
        STEERING_REFUSED.tell(t)
    if classroom.is_on:
        st.markdown(in_force(classroom.rules, t))
        for key, icon, show in (
            ("pace", "steppers", show_pacing),
            ("fixed", "lock", show_fixing),
            ("caps", "speed", show_caps),
        ):
            with st.expander(t(f"steer.{key}"), icon=f":material/{icon}:"), told(t, level="warning"):
                show(classroom, t)
    with st.expander(t("steer.runs"), icon=":material/delete_sweep:"), told(t, level="warning"):
        show_clearing(classroom, t)


def show_pause(classroom: Classroom, t: Language) -> None:
    """The big switch, which stands in the first row of the board."""
    paused = classroom.rules.paused
    st.button(
        t("steer.go_on" if paused else "steer.pause"),
        key="steer-pause",
        type="primary" if paused else "secondary",
        icon=":material/play_arrow:" if paused else ":material/front_hand:",
        help=t("steer.pause.help"),
        on_click=_set_paused,
        args=(classroom.code, not paused),
    )
    if paused:
        st.badge(t("steer.paused"), icon=":material/front_hand:", color="orange")


def _set_paused(code: str, paused: bool) -> None:
    def change(rules: Rules) -> Rules:
        return rules.model_copy(update={"paused": paused})

    change_rules(code, change)
