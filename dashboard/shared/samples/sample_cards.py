"""Samples of a run's data to look through and to open: images as a grid, texts by their beginnings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.datasets import ImageDataset, TextDataset
from core.datasets.dataset import Subset
from core.datasets.decoded_text import read
from core.datasets.exploration import sample
from core.run import Run
from dashboard.shared import services
from dashboard.shared.chart import show_chart
from dashboard.shared.charts.pixels import pixels
from dashboard.shared.controls import paginate
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.samples.sample_grid import Tile, picked_row, tile_grid
from dashboard.shared.samples.sample_html import excerpt_html

_IMAGES_A_PAGE, _TEXTS_A_PAGE, _NUMBERS_A_PAGE = 24, 5, 10


@dataclass(frozen=True)
class SampleCard:
    """A row of a part of the data set, and what is to be said of it.

    The lines are plain text, the most important first; of images there is room for two short ones. `about` says the
    same in a sentence for those who do not see the image; without it they are told the lines.
    """

    row: int
    lines: tuple[str, ...]
    about: str = ""


def show_cards(
    run: Run,
    rows: Sequence[int] | NDArray[np.int64],
    card: Callable[[int], SampleCard],
    part: Subset,
    key: str,
    t: Language,
) -> int | None:
    """Show samples in their order, a page at a time, each of which can be opened; returns the row that is open.

    `card` makes the card of the sample at a place in `rows`, for those on the page only. Another list of samples under
    the same key begins at its first page. `DataError` if the data set is not on this computer.
    """
    dataset = services.dataset(run.experiment.dataset)
    a_page = _IMAGES_A_PAGE if isinstance(dataset, ImageDataset) else _TEXTS_A_PAGE
    among = np.asarray(rows, dtype=np.int64)
    place = place_of(opened_row(key), among)
    with paginate(len(among), a_page, key=f"{key}-page-{hash(among.tobytes())}", showing=place) as page:
        shown = [card(each) for each in range(len(among))[page]]
        if isinstance(dataset, ImageDataset):
            _images(dataset, shown, part, key, t)
        else:
            _texts(dataset, run, shown, part, key, t)
    return None if place is None else int(among[place])


def show_numbers(
    rows: Sequence[int] | NDArray[np.int64], card: Callable[[int], SampleCard], key: str, t: Language
) -> None:
    """The same samples where the data set is not on this computer: their numbers, and what is to be said of each."""
    if not len(rows):
        return
    with paginate(len(rows), _NUMBERS_A_PAGE, key=f"{key}-numbers") as page:
        shown = [card(each) for each in range(len(rows))[page]]
        st.table(
            pd.DataFrame(
                {
                    t("sample.number"): [f"{one.row:,}" for one in shown],
                    t("sample.answer"): [escaped(one.about or one.lines[0]) for one in shown],
                }
            ).set_index(t("sample.number")),
            border="horizontal",
        )


def place_of(row: int | None, rows: NDArray[np.int64]) -> int | None:
    """Where a row stands among others; None if it does not."""
    places = np.flatnonzero(rows == row)
    return int(places[0]) if row is not None and len(places) else None


def opened_row(key: str) -> int | None:
    """The row that was opened among the cards of this key; None if none was."""
    row = st.session_state.get(f"{key}-open")
    return None if row is None else int(row)


def open_row(key: str, row: int | None) -> None:
    """Open a row among the cards of this key, or close what is open."""
    st.session_state[f"{key}-open"] = row


def _images(dataset: ImageDataset, cards: Sequence[SampleCard], part: Subset, key: str, t: Language) -> None:
    grid = f"{key}-grid"
    tile_grid(
        [
            Tile(
                card.row,
                sample(dataset, part, card.row).pixels,
                card.lines,
                card.about or ", ".join(card.lines),
            )
            for card in cards
        ],
        t("data.grid"),
        largest=dataset.facts.max_value,
        picked=opened_row(key),
        key=grid,
        on_pick=lambda: open_row(key, picked_row(grid)),
    )


def _texts(
    dataset: TextDataset, run: Run, cards: Sequence[SampleCard], part: Subset, key: str, t: Language
) -> None:
    for card in cards:
        is_open = card.row == opened_row(key)
        with st.container(border=True):
            first, *others = [escaped(line) for line in card.lines]
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{first}**", width="stretch")
                st.button(
                    t("sample.close" if is_open else "sample.open"),
                    key=f"{key}-card-{card.row}",
                    icon=":material/close:" if is_open else ":material/open_in_full:",
                    type="tertiary",
                    on_click=open_row,
                    args=(key, None if is_open else card.row),
                )
            reading = read(dataset, part, card.row, run.experiment.text_encoding.num_words)
            st.html(excerpt_html(reading, t))
            if others:
                st.caption(" · ".join(others))


def show_enlarged(
    dataset: ImageDataset,
    part: Subset,
    row: int,
    t: Language,
    *,
    key: str,
    alt: str,
    channel: int | None = None,
) -> None:
    """Show an image as large as its column, with its pixels to be pointed at; `alt` is what it is in words.

    Of one in colours a `channel` alone, if it is given.
    """
    figure = pixels(sample(dataset, part, row), dataset.facts.max_value, t, channel=channel)
    # A figure has a height in pixels, but an image is to be as high as its column is wide, on a phone too.
    st.html(f"<style>.st-key-{key}-frame {{ aspect-ratio: 1; max-height: 85vh; }}</style>")
    with st.container(key=f"{key}-frame"):
        show_chart(figure, t, key=key, alt=alt, height="stretch")
