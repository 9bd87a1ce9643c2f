"""The board as the teacher has it: who is there, what runs, what all have found together, the teacher's controls."""

from __future__ import annotations

import streamlit as st

from core.classroom import Classroom
from dashboard.classroom.door import name_of_class, show_taught
from dashboard.classroom.whereabouts import Whereabouts
from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped


def show_board(classroom: Classroom, here: Whereabouts, t: Language) -> None:
    """Lay out the board of a class that this browser teaches."""
    st.title(t("class.board.title", classroom=name_of_class(classroom)))
    for seat in services.store().seats(classroom.code):
        st.markdown(f"{seat.number}. {escaped(seat.nickname)}")
    show_taught(here, t, but=classroom.code)
