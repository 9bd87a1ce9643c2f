"""The glossary: words of the field are marked where they first stand on a page, and open in place.

    st.markdown(marked(t("home.lead"), t))

Whatever a page says in running text can go through `marked`; `dashboard/main.py` begins each page anew.
"""

from __future__ import annotations

import streamlit as st

from dashboard.shared.glossary.marking import mark
from dashboard.shared.language import Language

_MARKED = "glossary-marked"


def begin_page() -> None:
    """From here on no term has been marked; to be called before a page is laid out."""
    st.session_state[_MARKED] = {}


def marks() -> dict[str, str]:
    """Which terms have been marked on this page so far, and where; to begin a part of it with once more."""
    return dict(st.session_state.get(_MARKED, {}))


def begin_part(before: dict[str, str]) -> None:
    """From here on only those terms have been marked; to be called where a part of a page is drawn anew by itself."""
    st.session_state[_MARKED] = dict(before)


def marked(text: str, t: Language, *, place: str = "") -> str:
    """A text in Markdown, in which each term that no text before it on this page has is a link to its meaning.

    Args:
        text: As it is shown, with all details filled in.
        t: Its language.
        place: What the text is called on this page, if its words change while a part of the page is drawn anew:
            the terms of a place stay marked. Without it, the text itself.
    """
    first: dict[str, str] = st.session_state.setdefault(_MARKED, {})
    here = place or text
    return mark(text, t, lambda name: first.setdefault(name, here) == here)
