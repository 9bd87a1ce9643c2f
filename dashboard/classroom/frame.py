"""What stands on every page while one sits in a class or teaches one: which class, and what the teacher asks now."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from core.errors import ClassError, StorageError
from dashboard.classroom.snapshot import snapshots
from dashboard.classroom.watch import watch
from dashboard.classroom.whereabouts import Whereabouts, whereabouts
from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped


def show_frame(t: Language) -> None:
    """The class in the sidebar, what the teacher asks above the page, and the look-out for changes; else nothing.

    Storage that does not answer is for the page to tell.
    """
    sidebar, asked = st.sidebar.container(), st.container()
    with suppress(StorageError, ClassError):
        here = whereabouts(services.store(), services.viewer())
        with sidebar:
            _show_class(here, t)
        with asked:
            _show_asked(here, t)


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


def _show_asked(here: Whereabouts, t: Language) -> None:
    """What the teacher asks of whoever sits here: to look to the front, to vote."""
