"""Which steps of lessons are done, as this browser remembers it: in its own store, not on the server.

A session knows at once what was done in it; the browser tells what it remembers a moment after a page was opened, and
keeps what the session adds. Without a browser's script only the session knows.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import streamlit as st

from dashboard.shared.browser import register
from dashboard.shared.language import Language

_component = register(Path(__file__).parent)
_KEY, _DONE, _CLEARED, _OPENED = "lesson-record", "lessons-done", "lessons-cleared", "lesson-opened"
#: A browser may say anything; no more steps than lessons could ever have are listened to.
_MOST = 500


def done_steps(known: Collection[str]) -> frozenset[str]:
    """The steps that are done, as "LESSON.STEP", of those that there are."""
    told = getattr(st.session_state.get(_KEY), "done", None)
    said = [one for one in told[:_MOST] if isinstance(one, str)] if isinstance(told, list) else []
    if st.session_state.get(_CLEARED, 0) and not getattr(st.session_state.get(_KEY), "cleared", 0):
        said = []  # told before it was asked to forget
    return frozenset(st.session_state.get(_DONE, frozenset()) | set(said)) & frozenset(known)


def mark_done(step: str) -> bool:
    """Remember a step as done; whether that is new to the session."""
    done: frozenset[str] = st.session_state.get(_DONE, frozenset())
    st.session_state[_DONE] = done | {step}
    return step not in done


def forget_steps() -> None:
    """Forget all steps, here and in the browser."""
    st.session_state[_DONE] = frozenset()
    st.session_state[_CLEARED] = st.session_state.get(_CLEARED, 0) + 1


def keep_in_browser() -> None:
    """Let the browser keep what is done and tell what it remembers; stands once on a page, and is not seen."""
    done = tuple(sorted(st.session_state.get(_DONE, ())))  # into a list Streamlit would look, with pandas
    _component(
        data={"done": done, "cleared": st.session_state.get(_CLEARED, 0)},
        key=_KEY,
        default={"done": [], "cleared": 0},
        on_done_change=lambda: None,
        on_cleared_change=lambda: None,
    )


# The way back from a page that a step leads to


def remember_lesson(lesson: str, step: str) -> None:
    """This step was opened last; "" if no lesson is under way any more."""
    st.session_state[_OPENED] = (lesson, step)


def show_way_back(t: Language) -> None:
    """A link to the step that was opened last, for the pages it leads to; nothing where no lesson is under way."""
    lesson, step = st.session_state.get(_OPENED, ("", ""))
    if lesson:
        st.page_link(
            "learn/page.py",
            label=t("lesson.back"),
            icon=":material/school:",
            query_params={"lesson": lesson, "step": step},
        )
