"""The pace: one lesson, whose steps the teacher opens one by one."""

from __future__ import annotations

import streamlit as st

from core.classroom import Classroom, Pace, Rules
from dashboard.classroom.steering.change import change_rules
from dashboard.learn import lesson as lessons
from dashboard.learn.lesson import Lesson
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped

_LESSON = "steer-lesson"


def show_pacing(classroom: Classroom, t: Language) -> None:
    """Choose a lesson; then open its steps."""
    pace = classroom.rules.pace
    st.caption(t("steer.pace.about"))
    if pace is None or pace.lesson not in lessons.available():
        st.selectbox(
            t("steer.pace.lesson"),
            lessons.available(),
            format_func=lambda one: lessons.lesson(one, t.code).title,
            key=_LESSON,
        )
        st.button(
            t("steer.pace.begin"),
            key="steer-begin",
            icon=":material/steppers:",
            on_click=_begin,
            args=(classroom.code,),
        )
        return
    found = lessons.lesson(pace.lesson, t.code)
    last = len(found.steps)
    st.markdown(f"**{escaped(found.title)}**")
    st.progress(min(1.0, pace.step / last), t("steer.pace.open", step=pace.step, steps=last))
    st.caption(_steps(found, pace.step))
    with st.container(horizontal=True):
        if pace.step < last:
            following = found.steps[pace.step]
            st.button(
                t("steer.pace.next", step=pace.step + 1, title=following.title),
                key="steer-next",
                type="primary",
                icon=":material/arrow_forward:",
                on_click=_open,
                args=_to(classroom, pace.lesson, pace.step + 1),
            )
            st.button(
                t("steer.pace.all"), key="steer-all", on_click=_open, args=_to(classroom, pace.lesson, last)
            )
        if pace.step > 1:
            st.button(
                t("steer.pace.back"),
                key="steer-back",
                on_click=_open,
                args=_to(classroom, pace.lesson, pace.step - 1),
            )
        st.button(t("steer.pace.end"), key="steer-pace-end", on_click=_open, args=_to(classroom, "", 0))


def paced(lesson: str, step: int) -> Pace | None:
    """A lesson up to the step of this number; None for no lesson. The steps are the same in every language."""
    if not lesson:
        return None
    steps = lessons.lesson(lesson, "en").steps
    return Pace(lesson=lesson, open=tuple(one.id for one in steps[: max(1, step)]))


def _to(classroom: Classroom, lesson: str, step: int) -> tuple[str, str, int]:
    return classroom.code, lesson, step


def _begin(code: str) -> None:
    _open(code, st.session_state[_LESSON], 1)


def _open(code: str, lesson: str, step: int) -> None:
    def change(rules: Rules) -> Rules:
        return rules.model_copy(update={"pace": paced(lesson, step)})

    change_rules(code, change)


def _steps(found: Lesson, step: int) -> str:
    """All steps by their titles, the closed ones marked."""
    return " · ".join(
        f"{number}\\. {escaped(one.title)}" + ("" if number <= step else " :material/lock:")
        for number, one in enumerate(found.steps, start=1)
    )
