"""A change of a class by a press of its teacher: done before the page is drawn, which says it if it was refused."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.classroom import Rules
from core.errors import TurningPointError
from dashboard.classroom.live_board import boards
from dashboard.classroom.snapshot import snapshots
from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.trouble import tell

_REFUSED = "class-steering-refused"


def change_rules(code: str, change: Callable[[Rules], Rules]) -> None:
    """Change what students may do; the store refuses whoever does not teach the class."""
    attempt(lambda: services.store().set_rules(code, change, teacher=services.owner()))


def attempt(action: Callable[[], object]) -> None:
    """Do what was pressed."""
    try:
        action()
    except TurningPointError as error:
        st.session_state[_REFUSED] = error
    snapshots.forget()
    boards.forget()


def tell_refused(t: Language) -> None:
    """Say why the last press did nothing, if it did nothing."""
    refused: TurningPointError | None = st.session_state.pop(_REFUSED, None)
    with st.container():
        if refused is not None:
            tell(refused, t, "warning")
