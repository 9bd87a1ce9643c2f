"""Figures as pictures for a slide, drawn by the browser: 1600 by 900 pixels, on white, with a title."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import plotly.io as pio
import streamlit as st

from core.export.web_page import Chart
from dashboard.shared import browser
from dashboard.shared.charts.template import NAME
from dashboard.shared.language import Language

WIDTH, HEIGHT = 1600, 900
_component = browser.register(Path(__file__).parent)


@dataclass(frozen=True)
class SlidePicture:
    """A picture to be had.

    Attributes:
        label: What it shows, on its button.
        title: What stands above the figure.
        file: Its file's name, without an ending.
        make: Makes the figure when it is asked for, if there is one. Without it the picture is that of the live curves
            of `run`, which the browser has already.
        scale: How large words and lines are: 2 for a slide, less where there is much to show.
    """

    key: str
    label: str
    title: str
    file: str
    make: Callable[[], Chart | None] | None = None
    run: str = ""
    scale: float = 2.0


def slide_pictures(pictures: Sequence[SlidePicture], t: Language, *, key: str) -> None:
    """A button for each picture; the browser saves it as a PNG."""
    asked = getattr(st.session_state.get(key), "asked", None)
    _component(data=pictures_data(pictures, asked, t), key=key, on_asked_change=lambda: None)


def pictures_data(pictures: Sequence[SlidePicture], asked: Any, t: Language) -> dict[str, Any]:
    """All that the browser needs, with the figure that it asked for as `{"key": ..., "time": ...}`."""
    asked = asked if isinstance(asked, dict) else {}
    wanted = next((one for one in pictures if one.key == asked.get("key") and one.make is not None), None)
    chart = wanted.make() if wanted is not None and wanted.make is not None else None
    template: Any = pio.templates[NAME]
    return {
        "pictures": [
            {
                "key": one.key,
                "label": one.label,
                "title": one.title,
                "file": f"{one.file}.png",
                "run": one.run,
                "scale": one.scale,
            }
            for one in pictures
        ],
        "figure": chart.figure if chart is not None else None,
        "asked": asked or None,
        "layout": template.layout.to_plotly_json(),
        "size": [WIDTH, HEIGHT],
        "plotly": browser.PLOTLY,
        "words": {name: t(f"takehome.picture.{name}") for name in ("busy", "failed", "saved")},
    }
