"""An image on the try page: drawn, or taken from the test set and distorted."""

from __future__ import annotations

import streamlit as st

from core.run import Run
from dashboard.shared.language import Language
from dashboard.shared.samples.text_place import ROW
from dashboard.trying.distorting import distort_and_ask
from dashboard.trying.drawing import draw_and_ask

_WAYS = ("draw", "sample")
_WAY = "try-image-way"


def ask_about_image(run: Run, t: Language) -> None:
    """The two ways to an image, one of them open; an address that names a test image opens the second.

    Raises:
        DataError: If a test image is wanted, and the data are not on this computer.
        StorageError: If storage does not answer.
    """
    if ROW in st.query_params:
        st.session_state[_WAY] = "sample"
    st.session_state.setdefault(_WAY, _WAYS[0])
    way = st.segmented_control(
        t("try.image.way"),
        _WAYS,
        required=True,
        format_func=lambda each: t(f"try.image.{each}"),
        key=_WAY,
        on_change=_leave_row,
        persist_state="session",
        label_visibility="collapsed",
    )
    if way == "sample":
        distort_and_ask(run, t)
    else:
        draw_and_ask(run, t)


def _leave_row() -> None:
    st.query_params.pop(ROW, None)
