"""The board as the teacher has it: who is there, what runs, what all have found together, the teacher's controls."""

from __future__ import annotations

import streamlit as st

from core.classroom import Classroom, Shown
from core.run import is_run_id
from dashboard.classroom.board import show_live_board
from dashboard.classroom.code_screen import show_code_screen
from dashboard.classroom.door import ANOTHER, go_to, name_of_class, show_taught
from dashboard.classroom.drawings.teacher import show_drawings, show_wall
from dashboard.classroom.seat_menu import show_seat_menu
from dashboard.classroom.steering import show_pause, show_steering
from dashboard.classroom.steering.change import attempt
from dashboard.classroom.votes.teacher import show_current, show_votes
from dashboard.classroom.whereabouts import Whereabouts
from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.presenting import PRESENT
from dashboard.shared.trouble import Refusal, told

REFUSED = Refusal("class-refused")
"""What the switches could not do; also said where the page is another one by then."""
#: The switches of the board: the setting, and whether it is on when the switch is not.
_SWITCHES = {"names": True, "pooled_only": False, "guesses": False}


def show_board(classroom: Classroom, here: Whereabouts, t: Language) -> None:
    """Lay out the board of a class that this browser teaches."""
    st.title(t("class.board.title", classroom=name_of_class(classroom)), anchor=False)
    presented = PRESENT.get() == "1"  # then there is nothing to press, and the tiles fill the screen
    with st.container(horizontal=True, vertical_alignment="center"):
        if not presented:
            _switches(classroom, t)
            _about_the_class(classroom, here, t)
    with st.container():
        REFUSED.tell(t)
    with st.container():  # holds its place, so that the board does not begin anew
        show_current(classroom, t)
    with st.container():
        show_wall(classroom, t, presented=presented)
    run, seat = show_live_board(classroom, t, presented=presented)
    if run and is_run_id(run):
        st.switch_page("run/page.py", query_params={"run": run})
    if seat:
        show_seat_menu(classroom, seat, t)
    if presented:
        return
    show_votes(classroom, t)
    show_drawings(classroom, t)
    show_steering(classroom, t)
    show_taught(here, t, but=classroom.code)


def _switches(classroom: Classroom, t: Language) -> None:
    if classroom.is_on:
        if st.button(
            t("class.code.show"), key="class-show-code", type="primary", icon=":material/qr_code_2:"
        ):
            show_code_screen(classroom, t)
        show_pause(classroom, t)
    else:
        st.badge(t("class.ended"), color="gray")
    for name, inverted in _SWITCHES.items():
        key = f"class-{name}"
        st.session_state[key] = getattr(classroom.shown, name) is not inverted
        st.toggle(
            t(f"class.shown.{name}"),
            key=key,
            help=t(f"class.shown.{name}.help"),
            on_change=_set_shown,
            args=(classroom.code, name, key),
        )


def _set_shown(code: str, name: str, key: str) -> None:
    on = bool(st.session_state[key]) is not _SWITCHES[name]

    def change(shown: Shown) -> Shown:
        return shown.model_copy(update={name: on})

    attempt(lambda: services.store().set_shown(code, change, teacher=services.owner()), REFUSED)


def _about_the_class(classroom: Classroom, here: Whereabouts, t: Language) -> None:
    """Ending and deleting the class, each with a second press."""
    store, teacher = services.store(), here.viewer.owner
    with st.popover(t("class.more"), icon=":material/more_vert:"), told(t, level="warning"):
        if classroom.is_on:
            st.markdown(t("class.end.about"))
            if st.button(t("class.end"), key="class-end", icon=":material/stop_circle:"):
                store.end_class(classroom.code, teacher=teacher)
                go_to(classroom.code)
        st.markdown(t("class.delete.about"))
        sure = st.checkbox(t("class.delete.sure"), key="class-delete-sure")
        if st.button(t("class.delete"), key="class-delete", icon=":material/delete:", disabled=not sure):
            store.delete_class(classroom.code, teacher=teacher)
            go_to("")
        if st.button(t("class.another"), key="class-another", icon=":material/add:"):
            st.session_state[ANOTHER] = True
            go_to("")
