"""Showing a Plotly figure, with or without a toolbar, and in words for those who do not see it."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import streamlit as st

from dashboard.shared.charts.presented import presented
from dashboard.shared.charts.template import chart_config
from dashboard.shared.language import Language
from dashboard.shared.presenting import screen
from dashboard.shared.theme import text_colour

_STILL = {"displayModeBar": False}
# Streamlit mounts a chart anew whose data are other ones, and has each drawn twice: once more when its theme is laid
# over it. To Plotly, data of the same revision are the same, so that the second time it only compares.
_SAME_DATA = 1


def show_chart(
    figure: go.Figure, t: Language, *, key: str, alt: str | None, name: str | None = None, **more: Any
) -> None:
    """Draw a figure; with a `name`, which a picture of it is saved by, it has a toolbar.

    `alt` is the figure in words, None where they stand beside it anyway; `more` is what `st.plotly_chart` takes
    besides: `height`, `on_select`, `selection_mode`.
    """
    now = screen()
    if now is not None:
        figure = presented(figure, font=now.font, heights=(now.figure, now.highest), colour=text_colour())
        more.pop("height", None)
    figure.layout.datarevision = _SAME_DATA
    st.plotly_chart(
        figure, key=key, config=_STILL if name is None else chart_config(t, name=name), alt=alt, **more
    )
