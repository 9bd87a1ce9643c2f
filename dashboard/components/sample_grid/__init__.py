"""Small images with their class names, one of which may be picked: a single picture cut up by the browser."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image

from core.datasets.exploration import Sample
from dashboard.components.registration import register
from dashboard.language import Language

_component = register(Path(__file__).parent)


def sample_grid(
    samples: Sequence[Sample],
    names: Sequence[str],
    say: Language,
    *,
    largest: int,
    picked: int | None,
    key: str,
    on_pick: Callable[[], None],
) -> None:
    """Show samples in as many columns as there is room for.

    Args:
        samples: What to show; all of the same size.
        names: The classes' names, by label.
        say: The language.
        largest: The value that is shown white.
        picked: The row that is marked as picked.
        key: Under which `picked_row` finds what was pressed.
        on_pick: Called before the page is drawn anew when an image was pressed.
    """
    _component(
        data=grid_data(samples, names, say, largest=largest, picked=picked),
        key=key,
        on_picked_change=on_pick,
    )


def picked_row(key: str) -> int | None:
    """The row of the image that was just pressed; None if none was."""
    row = getattr(st.session_state.get(key), "picked", None)
    return int(row) if row is not None else None


def grid_data(
    samples: Sequence[Sample], names: Sequence[str], say: Language, *, largest: int, picked: int | None
) -> dict[str, Any]:
    """All that the browser needs: the images below each other in one PNG, and what stands under each."""
    return {
        "sheet": _sheet(samples, largest),
        "label": say("data.grid"),
        "picked": picked,
        "samples": [
            {
                "row": sample.row,
                "name": names[sample.label],
                "about": say("data.grid.sample", name=names[sample.label], row=f"{sample.row:,}"),
            }
            for sample in samples
        ],
    }


def _sheet(samples: Sequence[Sample], largest: int) -> str:
    """A grey PNG of all samples below each other, as a data address; "" of none."""
    if not samples:
        return ""
    grey = np.concatenate([sample.pixels for sample in samples]).astype(np.float32) * (255 / largest)
    stream = io.BytesIO()
    Image.fromarray(grey.round().astype(np.uint8)).save(stream, format="PNG")
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode("ascii")
