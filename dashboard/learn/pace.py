"""How far the lessons are open to whoever looks, and what is said in the place of what is closed."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.classroom import Pace
from dashboard.learn.lesson import Lesson
from dashboard.shared.class_rules import rules
from dashboard.shared.language import Language


def pace() -> Pace | None:
    """How far the teacher of the reader's class has opened its lesson; None where everything is open."""
    return rules().pace


def is_open(held: Pace | None, lesson: str, step: str) -> bool:
    """Whether a step of a lesson may be worked on."""
    return held is None or held.is_open(f"{lesson}.{step}")


def last_open(held: Pace, found: Lesson) -> str:
    """The last step of the paced lesson that is open; its first one if this version knows none of them."""
    return next((one.id for one in reversed(found.steps) if one.id in held.open), found.steps[0].id)


def closed_sentence(held: Pace, lesson: str, found: Lesson, step: str, t: Language) -> str:
    """Why a step is closed."""
    if lesson != held.lesson:
        return t("learn.closed.lesson")
    return t("learn.closed.step", number=found.place(step) + 1, open=held.step)


def show_closed(sentence: str, go: Callable[[], None], t: Language) -> None:
    """The sentence, and the way to where the class is."""
    st.info(sentence, icon=":material/lock:")
    st.button(
        t("learn.closed.go"),
        key="lesson-open-step",
        type="primary",
        icon=":material/arrow_forward:",
        on_click=go,
    )
