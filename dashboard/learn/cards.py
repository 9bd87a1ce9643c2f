"""The lessons as cards with what is done of each: on their own page and on the first one."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from core.classroom import Pace
from dashboard.learn import lesson as lessons
from dashboard.learn.lesson import Lesson
from dashboard.learn.pace import is_open, last_open, pace
from dashboard.shared.cards import cards
from dashboard.shared.language import Language
from dashboard.shared.lesson_record import done_steps, keep_in_browser

_A_ROW = 3


def known_steps(t: Language) -> frozenset[str]:
    """All steps there are, as "LESSON.STEP"."""
    return frozenset(f"{name}.{step.id}" for name, step in lessons.steps(t.code))


def show_cards(t: Language) -> bool:
    """A card for each lesson, leading to its first step that is not done; whether anything is done."""
    done, held = done_steps(known_steps(t)), pace()
    names = lessons.available()
    for card, (number, name) in cards(list(enumerate(names, start=1)), _A_ROW):
        with card:
            _card(number, name, lessons.lesson(name, t.code), done, t, held)
    keep_in_browser()
    return bool(done)


def next_step(name: str, found: Lesson, done: Collection[str]) -> str:
    """The step to go on with: the first that is not done, of a lesson that is done the first."""
    return next((step.id for step in found.steps if f"{name}.{step.id}" not in done), found.steps[0].id)


def _card(
    number: int, name: str, found: Lesson, done: Collection[str], t: Language, held: Pace | None
) -> None:
    finished = sum(f"{name}.{step.id}" in done for step in found.steps)
    label, step = f"**{number}. {found.title}**", next_step(name, found, done)
    if held is not None and name == held.lesson and not is_open(held, name, step):
        step = last_open(held, found)
    if is_open(held, name, step):
        st.page_link(
            "learn/page.py",
            label=label,
            icon=":material/check_circle:" if finished == len(found.steps) else ":material/school:",
            query_params={"lesson": name, "step": step},
        )
    else:
        st.markdown(f":material/lock: {label}", help=t("learn.closed.lesson"))
    if finished:
        st.caption(found.about)
        said = t("learn.progress", done=finished, steps=len(found.steps), minutes=found.minutes)
        st.progress(finished / len(found.steps), said)
    else:
        size = t("learn.size", steps=len(found.steps), minutes=found.minutes)
        st.caption(f"{found.about}\n\n{size}")
