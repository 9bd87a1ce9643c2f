"""What the class has predicted together, shown once the teacher shows predictions on the board."""

from __future__ import annotations

import streamlit as st

from core.classroom import Classroom
from core.classroom.pooled import Pooled, pooled
from dashboard.classroom.votes.figures import pooled_figure, said_pooled
from dashboard.learn import lesson as lessons
from dashboard.shared import services
from dashboard.shared.chart import show_chart
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped

_MOST = 1_000
"""Runs of a class that are looked through."""


def class_predictions(classroom: Classroom) -> tuple[Pooled, ...]:
    """The predictions of a class, without what its board does not show."""
    store = services.store()
    runs = store.summaries(classroom=classroom.code, limit=_MOST)
    uncovered = [run.id for run in runs if run.covered and not run.is_covered]
    return pooled(store.get_many(uncovered), revealed=classroom.shown.guesses)


def show_predictions(classroom: Classroom, t: Language) -> None:
    """A histogram for each step of a lesson, and one for all other runs; before, only how many there are."""
    found = class_predictions(classroom)
    if not found:
        st.caption(t("votes.pooled.none"))
        return
    if not classroom.shown.guesses:
        st.caption(t("votes.pooled.hidden"))
    for one in found:
        st.markdown(f"**{_name(one.lesson, t)}** · {t('votes.pooled.count', number=one.number)}")
        if one.predicted:
            said = said_pooled(one, t)
            show_chart(
                pooled_figure(one, t), t, key=f"votes-pooled-{one.lesson}", alt=said, name="predictions"
            )
            st.caption(said)


def _name(lesson: str, t: Language) -> str:
    """What a step of a lesson is called; by its name where an earlier version had it."""
    if not lesson:
        return t("votes.pooled.free")
    name, _, step = lesson.partition(".")
    if name not in lessons.available():
        return escaped(lesson)
    found = lessons.lesson(name, t.code)
    title = next((one.title for one in found.steps if one.id == step), escaped(step))
    return t("votes.pooled.step", lesson=found.title, step=title)
