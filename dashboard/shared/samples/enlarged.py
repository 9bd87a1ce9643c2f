"""An image as large as its column, with its pixels to be pointed at."""

from __future__ import annotations

import streamlit as st

from core.datasets import ImageDataset
from core.datasets.exploration import Subset, sample
from dashboard.shared.charts.pixels import pixels
from dashboard.shared.charts.template import STILL
from dashboard.shared.language import Language


def show_enlarged(dataset: ImageDataset, part: Subset, row: int, t: Language, *, key: str, alt: str) -> None:
    """Show one image.

    Args:
        part: From the training or the test set.
        row: Which one, from 0.
        key: Of this place on the page.
        alt: What it is, in words.

    Raises:
        IndexError: If there is no such row.
    """
    figure = pixels(sample(dataset, part, row), dataset.facts.max_value, t)
    # A figure has a height in pixels, but an image is to be as high as its column is wide, on a phone too.
    st.html(f"<style>.st-key-{key}-frame {{ aspect-ratio: 1; max-height: 85vh; }}</style>")
    with st.container(key=f"{key}-frame"):
        st.plotly_chart(figure, key=key, height="stretch", config=STILL, alt=alt)
