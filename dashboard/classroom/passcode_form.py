"""The passcode by which a browser becomes a teacher's: to open classes, or to teach one that is there already."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.classroom import Classroom
from core.settings import LONGEST_PASSCODE
from dashboard.classroom.whereabouts import Whereabouts
from dashboard.shared.language import Language
from dashboard.shared.teaching import has_passcode, may_teach, name_passcode, stop_teaching, teach_too
from dashboard.shared.trouble import told


def show_passcode_form(here: Whereabouts, t: Language) -> None:
    """Ask whoever may not open classes yet for the passcode; where there is none, say who may."""
    if not has_passcode():
        st.caption(t("class.open.only_here"))
        return
    typed = _typed("class-passcode", t("class.passcode.about"), t("class.passcode.press"), t)
    if typed is None:
        return
    with told(t, level="warning"):
        name_passcode(here.viewer, typed)
        st.rerun()


def show_way_to_teach(
    classroom: Classroom, here: Whereabouts, t: Language, *, then: Callable[[str], None]
) -> None:
    """The way to teach a class from a second computer, as the projector's; it stays folded for students.

    `then` leads to a class by its code.
    """
    if not has_passcode() and not may_teach(here.viewer):
        return
    with st.expander(t("class.teach_too"), icon=":material/co_present:"):
        if has_passcode():
            typed = _typed("class-teach-passcode", t("class.teach_too.about"), t("class.teach_too.press"), t)
        else:
            typed = "" if st.button(t("class.teach_too.press"), key="class-teach-too") else None
        if typed is None:
            return
        with told(t, level="warning"):
            teach_too(here.viewer, classroom.code, typed)
            then(classroom.code)


def show_stop_teaching(here: Whereabouts, t: Language) -> None:
    """The way to leave a computer that students use afterwards."""
    if has_passcode() and st.button(
        t("class.passcode.forget"),
        key="class-passcode-forget",
        icon=":material/logout:",
        type="tertiary",
        help=t("class.passcode.forget.help"),
    ):
        stop_teaching(here.viewer)
        st.rerun()


def _typed(key: str, about: str, press: str, t: Language) -> str | None:
    """What was typed and sent; None before."""
    with st.form(f"{key}-form", border=False, clear_on_submit=True):
        typed = st.text_input(
            t("class.passcode"), type="password", max_chars=LONGEST_PASSCODE, help=about, key=key
        )
        pressed = st.form_submit_button(press, icon=":material/key:")
    return typed if pressed else None
