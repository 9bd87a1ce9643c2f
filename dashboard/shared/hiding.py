"""The session's switches: whether a new training is to be predicted first, and whether its test result is sealed."""

from __future__ import annotations

from typing import TypedDict

import streamlit as st

from dashboard.shared.language import Language

PREDICT_FIRST = "predict-first"
"""The switch that a new training is predicted first, and which of two runs wins is guessed first."""


class Hiding(TypedDict):
    """What `start_once` takes."""

    covered: bool
    sealed: bool


def choose_hiding(t: Language, *, can_predict: bool = True) -> Hiding:
    """Both switches, off at first; the session keeps them, for all pages together.

    `can_predict`: whether there is a validation set, without which there is nothing to predict.
    """
    with st.container(horizontal=True, gap="medium", key="hiding"):
        covered = st.toggle(
            t("hiding.predict"),
            key=PREDICT_FIRST,
            help=t("hiding.predict.help"),
            disabled=not can_predict,
            persist_state="session",
        )
        sealed = st.toggle(
            t("hiding.seal"), key="seal-test", help=t("hiding.seal.help"), persist_state="session"
        )
    return {"covered": bool(covered) and can_predict, "sealed": bool(sealed)}
