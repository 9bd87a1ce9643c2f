"""Samples that are looked back at, to look through, of which one is opened; and how the answer to that one went."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from core.errors import DataError
from core.run import Run
from dashboard.shared.chart import show_chart
from dashboard.shared.language import Language
from dashboard.shared.missing_data import missing_words
from dashboard.shared.samples.sample_cards import SampleCard, opened_row, place_of, show_cards, show_numbers


def is_narrow(run: Run) -> bool:
    """Whether cards stand side by side and have room for little: those of images."""
    return run.experiment.facts.kind == "image"


def open_one(
    run: Run,
    rows: NDArray[np.integer],
    samples: NDArray[np.integer],
    card: Callable[[int], SampleCard],
    key: str,
    t: Language,
    *,
    hint: str,
) -> int | None:
    """Show samples and return the one that is open, if any; what cannot be shown says why.

    Args:
        rows: The row of each sample in the training set.
        samples: Which of them, in their order.
        card: Makes the card of one of them.
        hint: The key of what is said while none is open.
    """
    if not len(samples):
        st.caption(t("lookback.nothing"))
        return None
    if not is_narrow(run):  # a text that is open stands alone, so that its course is seen with it
        opened = place_of(opened_row(key), rows[samples])
        samples = samples if opened is None else samples[[opened]]

    def card_at(place: int) -> SampleCard:
        return card(int(samples[place]))

    try:
        row = show_cards(run, rows[samples], card_at, "train", key, t)
    except DataError:
        show_numbers(rows[samples], card_at, key, t)
        st.caption(missing_words(run.experiment.dataset, t, "lookback.data_missing"))
        return None
    except IndexError:
        st.caption(t("lookback.other_data"))
        return None
    if row is None:
        st.caption(t(hint))
        return None
    return int(np.flatnonzero(rows == row)[0])


def show_course(sentence: str, figure: go.Figure, row: int, key: str, t: Language) -> None:
    """How the answer to an opened sample changed, in words and as a figure."""
    st.markdown(sentence)
    show_chart(figure, t, key=f"{key}-course", alt=sentence.replace("**", ""), name=f"sample-{row}")
