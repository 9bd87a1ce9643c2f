"""The buttons that lead from one sample to another."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard.shared.language import Language
from dashboard.shared.samples.choosing_texts import Move

_ICONS: dict[Move, str] = {"previous": "chevron_left", "next": "chevron_right", "random": "shuffle"}


def show_move_buttons(part: str, go: Callable[[Move], None], t: Language, *, disabled: bool) -> None:
    """Buttons for the previous sample, the next one and any.

    Args:
        part: The part of the page, as the keys of its buttons begin.
        go: Called with the move that was chosen, before the page is drawn anew.
        disabled: Whether there is nowhere to go.
    """
    for move, icon in _ICONS.items():
        st.button(
            t(f"try.{move}"),
            icon=f":material/{icon}:",
            key=f"{part}-{move}",
            disabled=disabled,
            on_click=go,
            args=(move,),
        )
