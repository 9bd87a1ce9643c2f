"""Choosing a sample of the test set: by class, only mistakes, on, back, or any; the address names it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.datasets import Dataset
from core.errors import ArtifactMissingError
from core.run import Run
from dashboard.shared import services
from dashboard.shared.controls import fitting, step
from dashboard.shared.language import Language
from dashboard.shared.url_state import Property, whole_number

#: The row of the test sample that is asked about, from 0; None where nothing of the test set is.
ROW = Property[int | None]("row", None, whole_number(999_999))


def row_key(run: Run) -> str:
    """Under which a session keeps the row of the test sample that it looks at."""
    return f"try-row-{run.id}"


def take_row(run: Run, row: int | None) -> None:
    """Look at a row of the test set, here and in the address, or at none of them."""
    ROW.set(row)
    st.session_state[row_key(run)] = row


def row_of(parameters: Mapping[str, str], samples: int) -> int:
    """The row that an address names, or the first one."""
    row = ROW.read(parameters)[0]
    return row if row is not None and row < samples else 0


def follow_address(run: Run, dataset: Dataset, take: Callable[[int], None]) -> None:
    """On the first visit a sample of the test set lies there: the one that the address names, or the first.

    Later the address goes with what is chosen here, so one that names another sample comes from a link.
    """
    row, place = row_of(st.query_params, len(dataset.y_test)), row_key(run)
    if place not in st.session_state or (ROW.name in st.query_params and row != st.session_state[place]):
        take(row)


def choose_sample(
    run: Run, dataset: Dataset, names: tuple[str, ...], take: Callable[[int], None], t: Language
) -> None:
    """The choice of a class, the switch for mistakes, and the buttons that lead to another sample.

    `take` is called with the row that was chosen, before the page is drawn anew.
    """
    probabilities = _test_probabilities(run)
    which, wrong = st.columns([3, 2], vertical_alignment="bottom")
    label = which.selectbox(
        t("try.true_label"),
        [None, *range(len(names))],
        format_func=lambda each: t("try.any") if each is None else names[each],
        key=f"try-label-{run.id}",
        persist_state="session",
    )
    mistakes = wrong.toggle(
        t("try.mistakes"),
        key=f"try-mistakes-{run.id}",
        disabled=probabilities is None,
        persist_state="session",
    )
    rows = fitting(dataset.y_test, probabilities, label=label, mistakes=bool(mistakes))
    here = st.session_state[row_key(run)]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        step(rows, -1 if here is None else here, take, t, key="try")
    st.caption(t(f"try.fitting.{dataset.facts.kind}", count=f"{len(rows):,}"))


def _test_probabilities(run: Run) -> NDArray[np.float32] | None:
    try:
        return services.test_probabilities(run.id)
    except ArtifactMissingError:
        return None
