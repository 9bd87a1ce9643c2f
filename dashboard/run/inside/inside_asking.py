"""What the parts of the page about the inside of a network share: asking it, and the scale of the colours."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.errors import JobError, TurningPointError
from core.inference.request import AnswerT, InferenceRequest
from dashboard.shared import services
from dashboard.shared.charts.diverging import gradient
from dashboard.shared.language import Language
from dashboard.shared.waiting import tell_nobody_answers


def ask(question: InferenceRequest[AnswerT], key: str, t: Language) -> AnswerT | None:
    """The answer to a question; None if there is none, and then the page says why.

    Args:
        key: Tells the buttons of several questions apart.
    """
    try:
        with st.spinner(t("try.waiting")):
            return services.ask(question)
    except JobError as error:
        tell_nobody_answers(error, t, key=f"inside-again-{key}")
    except TurningPointError as error:
        st.caption(t.error(error))
    return None


def scale_bar(largest: float | None, t: Language) -> None:
    """What the colours mean, from the lowest to the highest number.

    Args:
        largest: Where the scale ends on both sides; None if each picture has its own.
    """
    ends = ("−", "+") if largest is None else (f"−{largest:.3g}", f"+{largest:.3g}")
    low, high = map(escape, ends)
    st.html(
        f'<div class="tp-scale" role="img" aria-label="{escape(t("inside.scale", low=ends[0], high=ends[1]))}">'
        f'<span>{low}</span><i style="background:{gradient()}"></i><span>{high}</span></div>'
    )
