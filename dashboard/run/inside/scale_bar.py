"""The scale of the colours in pictures of the inside of a network."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard.shared.charts.diverging import gradient
from dashboard.shared.language import Language


def scale_bar(largest: float | None, t: Language) -> None:
    """What the colours mean, from the lowest to the highest number.

    Args:
        largest: Where the scale ends on both sides; None if each picture has its own.
    """
    ends = ("−", "+") if largest is None else (f"−{largest:.3g}", f"+{largest:.3g}")
    low, high = map(escape, ends)
    st.html(
        f'<div class="tp-scale" role="img" aria-label="{escape(t("inside.scale", low=ends[0], high=ends[1]))}">'
        f'<span>{low}</span><i style="background:{gradient()}"></i><span>{high}</span></div>'
    )
