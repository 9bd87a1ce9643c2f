"""How axes of losses under way are drawn, linear or logarithmic: kept by the address of a page, or by the session."""

from __future__ import annotations

import streamlit as st

from core.analysis.loss_axis import SCALES, Scale
from dashboard.shared.language import Language, Message
from dashboard.shared.url_state import Property, one_of

_SCALE = "live-scale"

#: In the address of a page; one whose address says other things keeps it in the session.
SCALE: Property[Scale] = Property(
    "scale", "linear", one_of(SCALES, lambda text: Message("axis.scale.unknown", {"value": f"**{text}**"}))
)


def scale_words(t: Language) -> dict[str, object]:
    """What a switch of scales says, for the browser."""
    return {"scale": t("axis.scale"), "scales": {each: t(f"axis.scale.{each}") for each in SCALES}}


def kept_scale(*, addressed: bool) -> Scale:
    """What is chosen; `addressed` where the address keeps it."""
    return SCALE.get() if addressed else st.session_state.get(_SCALE, SCALE.default)


def keep_scale(key: str, *, addressed: bool) -> None:
    """Keep what the component of this key says was chosen, if it can be."""
    chosen = getattr(st.session_state.get(key), "scale", None)
    if chosen not in SCALES:
        return
    if addressed:
        SCALE.set(chosen)
    else:
        st.session_state[_SCALE] = chosen
