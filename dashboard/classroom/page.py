"""`/class`: join a class or open one; `/class?code=BCDFGH` is that class: its board, or one's seat."""

from __future__ import annotations

import streamlit as st

from core.classroom import Classroom
from core.errors import ClassError
from dashboard.classroom.board_page import REFUSED, show_board
from dashboard.classroom.codes import CODE, class_of
from dashboard.classroom.door import ANOTHER, show_door
from dashboard.classroom.seat_page import show_seat
from dashboard.classroom.whereabouts import Whereabouts, whereabouts
from dashboard.shared import services
from dashboard.shared.language import Language, session_language
from dashboard.shared.trouble import tell

_WRONG = "class-wrong"


def _addressed(here: Whereabouts, t: Language) -> Classroom | None:
    """The class in the address, which may be anybody's; what is wrong with it is said."""
    typed = CODE.get()
    if not typed:
        return None
    try:
        # A page that stands at a wrong address may run again and again.
        again = st.session_state.get(_WRONG) == typed
        return class_of(services.store(), typed, address=here.viewer.address, again=again)
    except ClassError as error:
        st.session_state[_WRONG] = typed
        tell(error, t, "warning")
        return None


def show() -> None:
    """Lay out the page."""
    t = session_language()
    here = whereabouts(services.store(), services.viewer())
    classroom = _addressed(here, t)
    if classroom is None and not CODE.get() and not st.session_state.get(ANOTHER):
        classroom = here.classroom if here.classroom is not None else here.teaching
    if classroom is not None and any(one.code == classroom.code for one in here.taught):
        show_board(classroom, here, t)
    elif classroom is not None and here.classroom is not None and here.classroom.code == classroom.code:
        show_seat(here, t)
    else:
        REFUSED.tell(t)
        show_door(classroom, here, t)


show()
