"""What stands on every page while one sits in a class or teaches one: which class, and what the teacher asks now."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from core.errors import ClassError, StorageError
from dashboard.classroom.drawings.beside import show_drawing_beside
from dashboard.classroom.pause_screen import show_pause_screen
from dashboard.classroom.seat_menu import shown_name
from dashboard.classroom.snapshot import snapshots
from dashboard.classroom.votes.student import show_asked_beside, tell_refused
from dashboard.classroom.watch import watch
from dashboard.classroom.whereabouts import Whereabouts, whereabouts
from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.url_state import RUN


def show_frame(t: Language, page: str = "") -> None:
    """The class in the sidebar, what the teacher asks above the page, and the look-out for changes; else nothing.

    `page` is the address of the page below.

    Storage that does not answer is for the page to tell.
    """
    sidebar, asked = st.sidebar.container(), st.container()
    with suppress(StorageError, ClassError):
        here = whereabouts(services.store(), services.viewer())
        with sidebar:
            _show_class(here, t)
        with asked:
            if page == "run":
                _show_whose(RUN.get(), here, t)
            _show_asked(here, t, page)


def _show_class(here: Whereabouts, t: Language) -> None:
    classroom = here.classroom if here.classroom is not None else here.teaching
    if classroom is None:
        return
    if here.seat is not None:
        label = t("class.frame.seat", code=classroom.code, nickname=escaped(here.seat.nickname))
    else:
        label = t("class.frame.teaching", code=classroom.code)
    st.page_link(
        "classroom/page.py", label=label, icon=":material/groups:", query_params={"code": classroom.code}
    )
    found = snapshots.get(services.store(), classroom.code)
    watch(classroom.code, found.stamp(here.viewer.owner) if found is not None else "")


def _show_whose(run: str, here: Whereabouts, t: Language) -> None:
    """Whose run a teacher has opened, by the name that the board shows, and the way back there."""
    if not run or not here.taught:
        return
    found = services.store().get_many((run,))
    classroom = next((one for one in here.taught if found and one.code == found[0].classroom), None)
    if classroom is None:
        return
    seats = services.store().seats(classroom.code)
    name = next(
        (shown_name(seat, t, names=classroom.shown.names) for seat in seats if seat.owner == found[0].owner),
        t("class.seat.gone"),
    )
    st.page_link(
        "classroom/page.py",
        label=t("class.frame.run", name=escaped(name)),
        icon=":material/arrow_back:",
        query_params={"code": classroom.code},
    )


def _show_asked(here: Whereabouts, t: Language, page: str) -> None:
    """What the teacher asks of whoever sits here: to look to the front, to vote.

    Their own seat, at `/class`, shows a question itself.
    """
    store = services.store()
    found = snapshots.get(store, here.classroom.code) if here.classroom is not None else None
    ballot = store.current_ballot(found.classroom.code) if found is not None and found.asked else None
    # Whoever is asked something has to see it; nothing can be begun all the same.
    votes = ballot is not None and ballot.round > 0
    if here.classroom is not None and here.classroom.rules.paused and not votes:
        show_pause_screen(here.classroom.code, t)
    if found is not None and found.draws and page != "class":
        drawing = store.current_collection(found.classroom.code)
        if drawing is not None:
            show_drawing_beside(drawing, found.classroom.code, t)
    if ballot is None:
        tell_refused(t)
    elif page != "class":
        show_asked_beside(ballot, t)
