"""Small images with some words under each, one of which may be picked: a single picture cut up by the browser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.datasets.exploration import Sample
from dashboard.shared.browser import register
from dashboard.shared.language import Language
from dashboard.shared.samples.sample_html import png_address

_component = register(Path(__file__).parent)
_WIDTH = 4.6


@dataclass(frozen=True, eq=False)
class Tile:
    """One image of a grid.

    Attributes:
        row: What `picked_row` says when it was pressed.
        pixels: uint8, grey values (height, width), or colours (height, width, 3); of one size in a grid.
        lines: What stands under it; the first line weighs most.
        about: What it is in words, for a pointer that rests on it and for screen readers.
    """

    row: int
    pixels: NDArray[np.uint8]
    lines: tuple[str, ...]
    about: str


def tile_grid(
    tiles: Sequence[Tile],
    label: str,
    *,
    largest: int,
    picked: int | None,
    key: str,
    on_pick: Callable[[], None],
    width: float = _WIDTH,
) -> None:
    """Show images in as many columns as there is room for; those who do not see them are told the label.

    Args:
        largest: The value that is shown white; 255 for colours.
        picked: The row that is marked as picked.
        key: Under which `picked_row` finds what was pressed.
        on_pick: Called before the page is drawn anew when an image was pressed.
        width: How wide an image is at least, in rem.
    """
    _component(
        data=grid_data(tiles, label, largest=largest, picked=picked, width=width),
        key=key,
        on_picked_change=on_pick,
    )


def picked_row(key: str) -> int | None:
    """The row of the image that was just pressed; None if none was."""
    row = getattr(st.session_state.get(key), "picked", None)
    return int(row) if row is not None else None


def tiles_of(samples: Sequence[Sample], names: Sequence[str], t: Language) -> tuple[Tile, ...]:
    """Samples with the names of their classes under them."""
    return tuple(
        Tile(
            sample.row,
            sample.pixels,
            (names[sample.label],),
            t("data.grid.sample", name=names[sample.label], row=f"{sample.row:,}"),
        )
        for sample in samples
    )


def grid_data(
    tiles: Sequence[Tile], label: str, *, largest: int, picked: int | None, width: float = _WIDTH
) -> dict[str, Any]:
    """All that the browser needs: the images below each other in one PNG, and what stands under each."""
    return {
        "width": width,
        # What shows where a browser rounds an image's edge: of grey images, which are mostly black, nothing brighter.
        "ground": "#000" if tiles and tiles[0].pixels.ndim == 2 else "transparent",
        "sheet": _sheet(tiles, largest),
        "label": label,
        "picked": picked,
        "samples": [{"row": tile.row, "lines": list(tile.lines), "about": tile.about} for tile in tiles],
    }


def _sheet(tiles: Sequence[Tile], largest: int) -> str:
    """A PNG of all images below each other, as a data address; "" of none."""
    if not tiles:
        return ""
    return png_address(np.concatenate([tile.pixels for tile in tiles]), largest)
