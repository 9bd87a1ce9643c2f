"""What the toolbar of a chart offers, in the reader's language."""

from __future__ import annotations

from typing import Any

from dashboard.shared.language import Language

#: Plotly's own words for what we leave in the toolbar, and the key of ours.
_WORDS = {
    "Download plot as a PNG": "chart.download",
    "Zoom": "chart.zoom",
    "Pan": "chart.pan",
    "Reset axes": "chart.reset",
    "Double-click to zoom back out": "chart.zoom_back",
    "Click to enter": "chart.enter",
    "Snapshot succeeded": "chart.downloaded",
    "Taking snapshot - this may take a few seconds": "chart.downloading",
}


def chart_config(t: Language, *, name: str = "turning-point") -> dict[str, Any]:
    """Plotly's `config` for every chart of the dashboard.

    Args:
        name: Name of the picture file that a reader may save.
    """
    return {
        "displaylogo": False,
        "modeBarButtons": [["zoom2d", "pan2d", "resetScale2d", "toImage"]],
        "toImageButtonOptions": {"filename": name, "scale": 2},
        "locale": t.code,
        "locales": {t.code: {"dictionary": {word: t(key) for word, key in _WORDS.items()}, "format": {}}},
    }
