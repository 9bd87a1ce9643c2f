"""A pad to draw on with mouse, pen, finger or keys; what is drawn comes back as it changes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from core.datasets.drawing import SIDE
from dashboard.shared.browser import register
from dashboard.shared.language import Language

_component = register(Path(__file__).parent)

_NARROWEST, _WIDEST = 3, 30
_WORDS = ("label", "keys", "invitation", "tools", "pen", "eraser", "undo", "clear", "width", "down", "up")


@dataclass(frozen=True)
class Sent:
    """What the pad sent last, from anybody's browser and not checked.

    Attributes:
        bits: The drawing for `core.datasets.drawing.from_bits`; None if nothing was drawn since the page was opened.
        count: The number of the change; the pad sends no other before it comes back.
    """

    bits: object = None
    count: int = 0


def sent_by(key: str) -> Sent:
    """What the pad of this key sent last; may be asked before the pad is shown."""
    said = getattr(st.session_state.get(key), "drawing", None)
    if not isinstance(said, dict):
        return Sent()
    count = said.get("count")
    return Sent(said.get("bits"), count if isinstance(count, int) else 0)


def drawing_pad(t: Language, *, name: str, width: int, key: str) -> None:
    """Show the pad, with a pen so many pixels wide at first; `sent_by` of the same key finds the drawing.

    Best after what it sent was answered, for then it sends what was drawn since. While another page is open the browser
    keeps the drawing under this name.
    """
    _component(
        data=pad_data(t, name=name, width=width, seen=sent_by(key).count),
        key=key,
        default={"drawing": None},
        # Streamlit gives a default to states that have a callback; the rerun itself is what we want.
        on_drawing_change=lambda: None,
    )


def pad_data(t: Language, *, name: str, width: int, seen: int) -> dict[str, Any]:
    """All that the browser needs."""
    return {
        "name": name,
        "side": SIDE,
        "width": width,
        "narrowest": _NARROWEST,
        "widest": _WIDEST,
        "seen": seen,
        "say": {word: t(f"pad.{word}") for word in _WORDS},
    }
