"""Choosing a sample of the test set on the try page: by class, only mistakes, on, back, or any."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.datasets import Dataset
from core.errors import ArtifactMissingError
from core.run import Run
from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.samples.choosing_texts import Move, fitting, moved, row_of
from dashboard.shared.samples.move_buttons import show_move_buttons
from dashboard.shared.samples.text_place import ROW


def row_key(run: Run) -> str:
    """Under which a session keeps the row of the test sample that it looks at."""
    return f"try-row-{run.id}"


def follow_address(run: Run, dataset: Dataset, take: Callable[[int], None]) -> None:
    """On the first visit a sample of the test set lies there: the one that the address names, or the first.

    Later the address goes with what is chosen here, so one that names another sample comes from a link.
    """
    named = st.query_params.get(ROW)
    row = row_of(named, len(dataset.y_test))
    place = row_key(run)
    if place not in st.session_state or (named is not None and row != st.session_state[place]):
        take(row)


def choose_sample(
    run: Run, dataset: Dataset, names: tuple[str, ...], take: Callable[[int], None], t: Language
) -> None:
    """The choice of a class, the switch for mistakes, and the buttons that lead to another sample.

    Args:
        run: The run whose network is asked.
        names: The classes' names, by label.
        take: Called with the row that was chosen, before the page is drawn anew.
    """
    probabilities = _test_probabilities(run)
    which, wrong = st.columns([3, 2], vertical_alignment="bottom")
    with which:
        label = st.selectbox(
            t("try.true_label"),
            [None, *range(len(names))],
            format_func=lambda each: t("try.any") if each is None else names[each],
            key=f"try-label-{run.id}",
            persist_state="session",
        )
    with wrong:
        mistakes = st.toggle(
            t("try.mistakes"),
            key=f"try-mistakes-{run.id}",
            disabled=probabilities is None,
            persist_state="session",
        )
    rows = fitting(dataset.y_test, probabilities, label=label, mistakes=bool(mistakes))
    here = st.session_state[row_key(run)]

    def go(move: Move) -> None:
        take(moved(rows, here if here is not None else -1, move))

    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        show_move_buttons("try", go, t, disabled=not len(rows))
    st.caption(t(f"try.fitting.{dataset.facts.kind}", count=f"{len(rows):,}"))


def _test_probabilities(run: Run) -> NDArray[np.floating[Any]] | None:
    try:
        return services.test_probabilities(run.id)
    except ArtifactMissingError:
        return None
