"""The body of a page as a part that is drawn anew by itself."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard.shared.glossary import begin_part, marks
from dashboard.shared.language import Language, session_language
from dashboard.shared.trouble import told


def show_by_itself(lay_out: Callable[[Language], None]) -> None:
    """Lay out a page around which nothing changes with what is pressed on it: only it is drawn anew then.

    Errors of this program are said in it, as `main.py` says those of other pages.
    """
    _show(lay_out, marks())


@st.fragment
def _show(lay_out: Callable[[Language], None], marked_above: dict[str, str]) -> None:
    begin_part(marked_above)
    t = session_language()
    with told(t):
        lay_out(t)
