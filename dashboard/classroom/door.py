"""The door to classes: joining one by its code, opening one, and those that one teaches or taught."""

from __future__ import annotations

import streamlit as st

from core.classroom import Classroom
from core.classroom.classroom import LONGEST_CLASS_TITLE
from core.classroom.names import LONGEST_NICKNAME
from core.errors import ClassError
from dashboard.classroom.codes import CODE, class_of
from dashboard.classroom.passcode_form import show_passcode_form, show_stop_teaching, show_way_to_teach
from dashboard.classroom.snapshot import snapshots
from dashboard.classroom.whereabouts import Whereabouts
from dashboard.shared import services
from dashboard.shared.formats import moment
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_list import reader_timezone
from dashboard.shared.teaching import check_may_teach, may_teach
from dashboard.shared.trouble import told

ANOTHER = "class-door"
"""Set in the session to see the door, though one sits in a class or teaches one, until one goes to a class."""
_LONGEST_TYPED = 200
"""More than a code or a nickname may have: what is too long is to be said, not cut in silence."""


def show_door(addressed: Classroom | None, here: Whereabouts, t: Language) -> None:
    """Join first, for most who come here are students; the class in the address is filled in."""
    st.title(t("class.title"))
    st.markdown(t("class.lead"))
    with st.container(border=True):
        _join(addressed, here, t)
    if addressed is not None and addressed.is_on:
        show_way_to_teach(addressed, here, t, then=go_to)
    with st.container(border=True):
        _open(here, t)
    show_taught(here, t)


def _join(addressed: Classroom | None, here: Whereabouts, t: Language) -> None:
    st.subheader(t("class.join"), anchor=False)
    if addressed is not None and not addressed.is_on:
        st.warning(t.error(ClassError("class_ended", classroom=addressed.code)), icon=":material/error:")
        addressed = None
    if addressed is not None and addressed.title:
        st.markdown(t("class.join.named", title=escaped(addressed.title)))
    with st.form("class-join", border=False):
        code, nickname = st.columns([1, 2])
        typed = code.text_input(
            t("class.code"),
            addressed.code if addressed is not None else "",
            max_chars=_LONGEST_TYPED,
            placeholder="BCDFGH",
            key=f"class-code-{addressed.code if addressed is not None else ''}",
        )
        name = nickname.text_input(
            t("class.nickname"),
            max_chars=_LONGEST_TYPED,
            help=t("class.nickname.help", most=LONGEST_NICKNAME),
            key="class-nickname",
        )
        pressed = st.form_submit_button(t("class.join.press"), type="primary", icon=":material/login:")
    if not pressed:
        return
    with told(t, level="warning"):
        store = services.store()
        found = class_of(store, typed, address=here.viewer.address)
        store.join(found.code, name, here.viewer.owner)
        go_to(found.code)


def _open(here: Whereabouts, t: Language) -> None:
    st.subheader(t("class.open"), anchor=False)
    if not may_teach(here.viewer):
        show_passcode_form(here, t)
        return
    show_stop_teaching(here, t)
    with st.form("class-open", border=False):
        title = st.text_input(
            t("class.open.title"),
            max_chars=LONGEST_CLASS_TITLE,
            placeholder=t("class.open.title.placeholder"),
            key="class-title",
        )
        pressed = st.form_submit_button(t("class.open.press"), icon=":material/add:")
    if not pressed:
        return
    with told(t, level="warning"):
        check_may_teach(here.viewer)
        go_to(services.store().open_class(here.viewer.owner, title=title).code)


def show_taught(here: Whereabouts, t: Language, *, but: str = "") -> None:
    """The classes that this browser teaches, the newest first, those that have ended too; `but` this one."""
    others = [one for one in here.taught if one.code != but]
    if not others:
        return
    st.subheader(t("class.taught"), anchor=False)
    for one in others:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if st.button(f"**{name_of_class(one)}**", key=f"class-{one.code}", type="tertiary"):
                go_to(one.code)
            st.caption(moment(one.opened, reader_timezone()))
            if not one.is_on:
                st.badge(t("class.ended"), color="gray")


def name_of_class(one: Classroom) -> str:
    """What a class is called, as Markdown: its title and code."""
    return f"{escaped(one.title)} · {one.code}" if one.title else one.code


def go_to(code: str) -> None:
    """To the page of a class, or with "" to the door, from within the page."""
    snapshots.forget()
    if code:
        st.session_state.pop(ANOTHER, None)
    CODE.set(code)
    st.rerun()
