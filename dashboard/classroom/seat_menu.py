"""What a teacher may do with one seat: give it another nickname, take it out of the class."""

from __future__ import annotations

import streamlit as st

from core.classroom import Classroom, Seat
from core.classroom.names import LONGEST_NICKNAME
from core.errors import ClassError
from dashboard.classroom.board import seat_name
from dashboard.classroom.live_board import boards
from dashboard.classroom.snapshot import snapshots
from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.page_links import run_link
from dashboard.shared.trouble import tell, told

_LONGEST_TYPED = 200


def show_seat_menu(classroom: Classroom, number: int, t: Language) -> None:
    """Open the dialog of a seat; one that was freed in between is said to be."""
    seat = next((one for one in services.store().seats(classroom.code) if one.number == number), None)
    if seat is None:
        tell(ClassError("unknown_seat", classroom=classroom.code, received=number), t, "warning")
        return
    title = escaped(shown_name(seat, t, names=classroom.shown.names))
    st.dialog(title)(_menu)(seat, t, names=classroom.shown.names)


def shown_name(seat: Seat, t: Language, *, names: bool) -> str:
    """What a seat is called before the class."""
    return seat.nickname if names else seat_name(seat.number, t)


def _menu(seat: Seat, t: Language, *, names: bool) -> None:
    store, teacher = services.store(), services.owner()
    if not names:
        st.caption(t("class.seat.hidden"))
    runs = store.summaries(classroom=seat.classroom, owner=seat.owner, limit=1)
    if runs:
        run_link(runs[0].id, t("class.seat.run"))
    with told(t, level="warning"):
        with st.form(f"class-rename-{seat.number}", border=False):
            name = st.text_input(
                t("class.nickname"),
                seat.nickname if names else "",
                max_chars=_LONGEST_TYPED,
                help=t("class.nickname.help", most=LONGEST_NICKNAME),
                key=f"class-nickname-{seat.number}",
            )
            if st.form_submit_button(t("class.rename"), icon=":material/edit:"):
                store.rename_seat(seat.classroom, seat.number, name, teacher=teacher)
                _done()
        st.markdown(t("class.remove.about"))
        if st.button(t("class.remove"), key=f"class-remove-{seat.number}", icon=":material/person_remove:"):
            store.remove_seat(seat.classroom, seat.number, teacher=teacher)
            _done()


def _done() -> None:
    snapshots.forget()
    boards.forget()
    st.rerun()
