"""A text whose words show what they did to an answer, one of which may be picked and left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.shared.browser import register
from dashboard.shared.language import Language
from dashboard.shared.samples.sample_html import written_in
from dashboard.trying.answers import ShownWord
from dashboard.trying.coloured import ColouredText

_component = register(Path(__file__).parent)


def word_effects(
    words: Sequence[ShownWord],
    t: Language,
    *,
    written: ColouredText | None = None,
    padding: int,
    padding_first: bool,
    key: str,
    on_leave_out: Callable[[], None],
) -> None:
    """Show a text, and how many places of the network's input are empty before it or after it.

    `written` is the text with what stands before each of the words and behind the last one; without it blanks do.
    When a word is to be left out, `on_leave_out` is called before the page is drawn anew; `left_out_place` of the same
    key then says which.
    """
    _component(
        data=word_data(words, t, written=written, padding=padding, padding_first=padding_first),
        key=key,
        on_left_out_change=on_leave_out,
    )


def left_out_place(key: str) -> int | None:
    """The place, from 0, of the word that is to be left out; None if none is."""
    place = getattr(st.session_state.get(key), "left_out", None)
    return int(place) if place is not None else None


def word_data(
    words: Sequence[ShownWord],
    t: Language,
    *,
    written: ColouredText | None = None,
    padding: int,
    padding_first: bool,
) -> dict[str, Any]:
    """All that the browser needs. Words go there as data and become text there, whatever is in them."""
    return {
        "words": [[word.text, word.kind, word.sign, word.level, word.about] for word in words],
        "between": list(written.between) if written else [],
        "shared": written is not None and written.shared,
        "lang": written_in("".join(word.text for word in words)) if written else "en",
        "padding": padding,
        "paddingFirst": padding_first,
        "say": {
            "label": t("try.text.label"),
            "hint": t("try.text.hint" if written is None else "try.text.hint.tokens"),
            "leaveOut": t("try.leave_out"),
            "padding": t("try.padding", count=f"{padding:,}"),
        },
    }
