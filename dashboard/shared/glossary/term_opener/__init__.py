"""What opens the meaning of a term beside the word that was pressed, on every page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard.shared import browser
from dashboard.shared.glossary.marking import ANCHOR
from dashboard.shared.glossary.terms import PLACES, SEE, TERMS
from dashboard.shared.language import Language

# The words it belongs to stand outside of it.
_component = browser.register(Path(__file__).parent, isolate_styles=False)

_WORDS = ("all", "close", "failed", "related", "see")
_KEY = "term-opener"


def term_opener(t: Language) -> None:
    """Let terms open in place; where a reader follows one to another page, go there."""
    # Flat: to look into a value that is a mapping or a list, Streamlit loads pandas, with the first page.
    data = {
        "anchor": ANCHOR,
        "place": SEE,
        "glossary": browser.GLOSSARY.format(code=t.code),
        **{word: t(f"glossary.{word}") for word in _WORDS},
    }
    wish = _component(data=data, key=_KEY, on_go_change=lambda: None).go
    if not isinstance(wish, str):
        return
    if wish.startswith("place/") and wish[6:] in TERMS:
        place = PLACES[TERMS[wish[6:]].place]
        st.switch_page(f"{place.folder}/page.py", query_params=dict(place.parameters))
    elif wish.startswith("all/"):
        st.switch_page(
            "shared/glossary/page.py", query_params={"term": wish[4:]} if wish[4:] in TERMS else None
        )
