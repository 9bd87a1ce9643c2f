"""How a page asks a trained network: it waits, shows how far the work is, and says why there is no answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import streamlit as st

from core.errors import JobError, TurningPointError
from core.inference.request import AnswerT, InferenceRequest
from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.trouble import come_back_when

_PAUSE = 0.2  # seconds between two questions, while another visitor's are answered
#: Of what ends by itself, or as soon as somebody starts an engine.
_PASSING = frozenset({"answers_starting", "answers_absent", "answers_after_training"})
_warn = partial(st.warning, icon=":material/error:")


def ask(
    request: InferenceRequest[AnswerT],
    t: Language,
    *,
    key: str = "",
    working: str = "",
    tell: Callable[[str], object] = _warn,
) -> AnswerT | None:
    """What a trained network answers; None if there is no answer, and then the page says why.

    Where nobody answers for a while there is a button to ask again (by this `key`; none without it), and the page
    asks by itself if that is worth it. `working` is the key of the sentence at the bar that shows how far an answer
    is that comes bit by bit; any other error is said by `tell`.
    """
    try:
        if working:
            return _worked_out(request, lambda done: t(working, share=f"{done:.0%}"))
        with st.spinner(t("try.waiting")):
            return services.ask(request)
    except TurningPointError as error:
        if key and isinstance(error, JobError):
            st.warning(t.error(error), icon=":material/hourglass_empty:")
            st.button(t("try.again"), key=key, icon=":material/refresh:")
            if error.code in _PASSING:
                come_back_when(lambda: True)
        else:
            tell(t.error(error))
    return None


def _worked_out(request: InferenceRequest[AnswerT], told: Callable[[float], str]) -> AnswerT:
    """Ask until all is done; the bar goes again at the end."""
    place = st.empty()
    before = -1.0
    try:
        while (done := getattr(answer := services.ask(request), "done", 1.0)) < 1:
            place.progress(done, text=told(done))
            if done == before:
                time.sleep(_PAUSE)
            before = done
    finally:
        place.empty()
    return answer
